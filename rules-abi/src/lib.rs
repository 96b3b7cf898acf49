//! The core as a module for hosts that are old or odd: WebAssembly as it was in its first version, no imports, bytes in and bytes out.
//!
//! In: addresses and lengths of bytes that the host wrote into memory that it asked for. Out: a number, and where the answer's bytes stand.
//! `docs/hosts.md` is the protocol. Must not know: JavaScript, languages of hosts, files.
//!
//! Nothing here believes an address: it must lie in memory that was handed out, or the call fails with a code. So `unsafe` is only what the
//! linker and the one static ask for, both in `exports`.
#![cfg_attr(target_arch = "wasm32", no_std)]

extern crate alloc;

mod answer;
mod buffers;
mod engine;
mod exports;
mod failure;
mod options;
mod things;

#[cfg(target_arch = "wasm32")]
mod bare {
    //! What std would bring.

    #[global_allocator]
    static MEMORY: dlmalloc::GlobalDlmalloc = dlmalloc::GlobalDlmalloc;

    #[panic_handler]
    fn stop(_: &core::panic::PanicInfo<'_>) -> ! {
        core::arch::wasm32::unreachable()
    }
}
