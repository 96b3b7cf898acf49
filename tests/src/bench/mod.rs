//! The parts of the benchmark behind docs/benchmarks.md.

pub mod hand;
pub mod inputs;
pub mod ours;
#[cfg(feature = "peers")]
pub mod peers;
pub mod timing;
