//! The JavaScript boundary: what crosses it, and nothing of rules.
//!
//! In: bundles, options, answers as JSON text or packed bytes in a `Room`. Out: canonical reports as text, outcomes as words. The hot way is
//! bytes in linear memory, written and read by the TypeScript around this module. Must not know: forms on screens, files, networks.
//!
//! Without std on purpose: then nothing that formats a panic's message is linked, and a form downloads a third less. A panic is a trap either
//! way, after which the TypeScript makes a new instance. The author's build has std, because the compiler has.
#![cfg_attr(all(target_arch = "wasm32", not(feature = "author")), no_std)]

extern crate alloc;

#[cfg(feature = "author")]
mod author;
mod check;
mod failure;
mod options;
mod room;
mod session;

pub use check::{RulesetHandle, TablesHandle};
pub use room::Room;
pub use session::SessionHandle;

#[cfg(all(target_arch = "wasm32", not(feature = "author")))]
mod bare {
    //! What std would bring.

    #[global_allocator]
    static MEMORY: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

    #[panic_handler]
    fn stop(_: &core::panic::PanicInfo<'_>) -> ! {
        core::arch::wasm32::unreachable()
    }
}
