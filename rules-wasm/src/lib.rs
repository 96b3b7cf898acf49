//! The JavaScript boundary: what crosses it, and nothing of rules.
//!
//! In: bundles, options, answers as JSON text or packed bytes in `room`. Out: canonical reports as text, outcomes as words, descriptions as
//! objects. Two ways cross: the hot one is bytes in linear memory, read and written by the TypeScript around this module; the rare
//! one is `serde-wasm-bindgen`. Must not know: forms on screens, files, networks.

mod check;
mod describe;
mod failure;
mod options;
mod outcomes;
mod room;
mod session;

pub use check::{RulesetHandle, TablesHandle};
pub use room::room;
pub use session::SessionHandle;
