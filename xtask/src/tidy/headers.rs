//! Every Rust file starts by saying what its job is: a `//!` paragraph before anything else.

use super::{Finding, Tree};
use crate::fault::Result;

pub(super) fn check(tree: &Tree) -> Result<Vec<Finding>> {
    let lacks = |file: &&str| {
        tree.text(file)
            .is_some_and(|text| !text.trim_start().starts_with("//!"))
    };
    let say = |file| {
        Finding::new(
            file,
            "starts without a `//!` paragraph that says its job, what comes in and what goes out",
        )
    };
    Ok(tree.ending(&[".rs"]).filter(lacks).map(say).collect())
}
