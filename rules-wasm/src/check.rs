//! A loaded ruleset, tables for it, and checks: one call each.

use crate::failure::failure;
use crate::options::Kept;

use crate::room::Room;
use crate::session::SessionHandle;
use alloc::rc::Rc;
use alloc::string::String;
use alloc::vec::Vec;
use rules_core::bundle::BundleError;
use rules_core::limits::Limits;
use rules_core::{Checker, Chosen, Detail, Ruleset, Scratch, Session, Tables};
use rules_core::{measuring, outcomes};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Where the checker's plan is found when the ruleset does not hold.
const NOT_HELD: i32 = -1;

/// A loaded ruleset with the options of its last check and memory that checks reuse.
#[wasm_bindgen]
pub struct RulesetHandle {
    ruleset: Ruleset,
    kept: Option<Kept>,
    scratch: Scratch,
    out: Vec<u32>,
}

/// Data for a ruleset's tables.
#[wasm_bindgen]
pub struct TablesHandle {
    tables: Rc<Tables>,
}

#[wasm_bindgen]
impl RulesetHandle {
    /// Loads a bundle.
    #[wasm_bindgen(constructor)]
    pub fn new(bundle: &str) -> Result<RulesetHandle, JsValue> {
        let refuse = |error: BundleError| failure(error.code(), "", error.text().1);
        let ruleset = Ruleset::load(bundle).map_err(refuse)?;
        if ruleset.has_functions() {
            return Err(refuse(BundleError::Functions));
        }
        Ok(RulesetHandle {
            ruleset,
            kept: None,
            scratch: Scratch::default(),
            out: Vec::new(),
        })
    }

    /// `sha256:…` of the bundle's content.
    pub fn digest(&self) -> String {
        self.ruleset.digest().into()
    }

    /// The words of reasons and of faults, for outcomes.
    pub fn words(&self) -> String {
        outcomes::words()
    }

    /// Empty tables.
    pub fn tables(&self) -> TablesHandle {
        TablesHandle {
            tables: Rc::new(Tables::new(&self.ruleset)),
        }
    }

    /// Takes options for the calls that follow. Gives the variant that decides, or −1 where the ruleset does not hold.
    pub fn configure(
        &mut self,
        as_of: &str,
        jurisdiction: Option<String>,
        explain: bool,
        all: bool,
        limits: &[u32],
        tables: Option<TablesHandle>,
    ) -> Result<i32, JsValue> {
        let tables = tables.map(|tables| tables.tables);
        let kept = Kept::read(
            as_of,
            jurisdiction.as_deref(),
            Detail { explain, all },
            limits,
            tables,
        )?;
        let chosen = self.ruleset.choose(kept.jurisdiction, kept.as_of);
        self.kept = Some(kept);
        Ok(match chosen {
            Chosen::Variant(number) => number as i32,
            Chosen::OutOfForce | Chosen::OtherArea => NOT_HELD,
        })
    }

    /// Checks JSON text that stands in the room; gives the canonical report.
    pub fn check(&mut self, room: &Room, len: usize) -> Option<String> {
        let kept = self.kept.as_ref()?;
        let options = kept.options();
        let checker = Checker::new(&self.ruleset, &options);
        Some(checker.report(room.text(len), &mut self.scratch).canonical())
    }

    /// Checks JSON text that stands in the room; gives the address of the outcomes' words.
    #[wasm_bindgen(js_name = outcomesOfText)]
    pub fn outcomes_of_text(&mut self, room: &Room, len: usize) -> *const u32 {
        self.outcomes(|checker, scratch| {
            checker.read(room.text(len), scratch);
            true
        })
    }

    /// Checks packed answers that stand in the room. 0 where they do not fit: then JSON text has to tell why.
    #[wasm_bindgen(js_name = outcomesOfPacked)]
    pub fn outcomes_of_packed(&mut self, room: &Room, len: usize) -> *const u32 {
        self.outcomes(|checker, scratch| checker.read_packed(room.bytes(len), scratch))
    }

    /// Distances between places given as JSON text in the room, by the rules' own measure: JSON text.
    pub fn distances(&self, room: &Room, len: usize) -> String {
        measuring::distances(room.text(len))
    }

    /// Begins a session with JSON text that stands in the room.
    pub fn session(&self, room: &Room, len: usize) -> Option<SessionHandle> {
        let kept = self.kept.as_ref()?;
        let session = Session::new(&self.ruleset, room.text(len), &kept.options(), None);
        Some(SessionHandle::new(session, kept.detail))
    }
}

impl RulesetHandle {
    fn outcomes(&mut self, read: impl FnOnce(&Checker<'_>, &mut Scratch) -> bool) -> *const u32 {
        let Some(kept) = &self.kept else {
            return core::ptr::null();
        };
        let options = kept.options();
        let checker = Checker::new(&self.ruleset, &options);
        if !read(&checker, &mut self.scratch) {
            return core::ptr::null();
        }
        checker.words(&mut self.scratch, &mut self.out);
        self.out.as_ptr()
    }
}

#[wasm_bindgen]
impl TablesHandle {
    /// Takes the data of a table as JSON text.
    pub fn insert(&mut self, ruleset: &RulesetHandle, name: &str, text: &str) -> Result<(), JsValue> {
        let tables = Rc::make_mut(&mut self.tables);
        tables
            .insert(&ruleset.ruleset, name, text, &Limits::DEFAULT)
            .map_err(|error| {
                let mut path = String::from("/");
                path.push_str(&name.replace('~', "~0").replace('/', "~1"));
                path.push_str(&error.at);
                failure("bad_table", &path, error.code)
            })
    }

    /// The same tables, for another call that takes them.
    pub fn share(&self) -> TablesHandle {
        TablesHandle {
            tables: Rc::clone(&self.tables),
        }
    }
}
