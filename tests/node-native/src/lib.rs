//! The core as a native addon of Node.js: what the benchmark holds the WebAssembly module against.
//!
//! In: a bundle, a day, submissions as JSON text. Out: canonical reports, outcomes as words. Must not know: what they are compared with. It does for a
//! call what `rules-wasm/src/check.rs` does, and no more.

use napi::bindgen_prelude::{Uint32Array, Utf16String};
use napi::{Error, Result};
use napi_derive::napi;
use rules_core::domain::date::Date;
use rules_core::{Checker, Options, Ruleset, Scratch};

/// A loaded ruleset, and memory that checks reuse.
#[napi]
pub struct NativeRuleset {
    ruleset: Ruleset,
    as_of: Date,
    scratch: Scratch,
    out: Vec<u32>,
}

#[napi]
impl NativeRuleset {
    /// Loads a bundle for checks of one day.
    #[napi(constructor)]
    pub fn new(bundle: String, as_of: String) -> Result<NativeRuleset> {
        Ok(NativeRuleset {
            ruleset: Ruleset::load(&bundle).map_err(|error| Error::from_reason(error.code()))?,
            as_of: Date::parse(&as_of).map_err(|_| Error::from_reason("bad_as_of"))?,
            scratch: Scratch::default(),
            out: Vec::new(),
        })
    }

    /// The canonical report of a submission, in the units that JavaScript keeps: Node.js' own way from UTF-8 takes longer.
    #[napi]
    pub fn report(&mut self, text: String) -> Utf16String {
        let options = Options::on(self.as_of);
        Checker::new(&self.ruleset, &options)
            .report(&text, &mut self.scratch)
            .canonical()
            .into()
    }

    /// The outcomes of a submission as words.
    #[napi]
    pub fn outcomes(&mut self, text: String) -> Uint32Array {
        let options = Options::on(self.as_of);
        let checker = Checker::new(&self.ruleset, &options);
        checker.read(&text, &mut self.scratch);
        checker.words(&mut self.scratch, &mut self.out);
        Uint32Array::with_data_copied(&self.out)
    }
}
