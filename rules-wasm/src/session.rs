//! A session: edits in, the rules that they moved out. Paths and values stand in the room, the path first.

use crate::failure::failure;
use crate::room::Room;
use alloc::string::String;
use alloc::vec::Vec;
use rules_core::session::EditError;
use rules_core::{Detail, Session};
use wasm_bindgen::JsValue;
use wasm_bindgen::prelude::wasm_bindgen;

/// Answers that change one at a time.
#[wasm_bindgen]
pub struct SessionHandle {
    session: Session,
    detail: Detail,
    changed: Vec<u32>,
}

impl SessionHandle {
    pub(crate) fn new(session: Session, detail: Detail) -> SessionHandle {
        SessionHandle {
            session,
            detail,
            changed: Vec::new(),
        }
    }

    /// Keeps `[words, rule …]` and gives its address.
    fn moved(&mut self, at: &str, moved: Result<Vec<u32>, EditError>) -> Result<*const u32, JsValue> {
        let moved = moved.map_err(|error| failure(error.code(), at, ""))?;
        self.changed.clear();
        self.changed.push(moved.len() as u32 + 1);
        self.changed.extend(moved);
        Ok(self.changed.as_ptr())
    }
}

#[wasm_bindgen]
impl SessionHandle {
    /// Sets a place to a value given as JSON text; gives the address of the rules that moved.
    pub fn set(&mut self, room: &Room, path: usize, text: usize) -> Result<*const u32, JsValue> {
        let (at, text) = room.path_and_text(path, text);
        let moved = self.session.set(at, text);
        self.moved(at, moved)
    }

    /// Removes an answer or an item of a list; gives the address of the rules that moved.
    pub fn remove(&mut self, room: &Room, path: usize) -> Result<*const u32, JsValue> {
        let at = room.text(path);
        let moved = self.session.remove(at);
        self.moved(at, moved)
    }

    /// Is the field or group asked?
    pub fn relevant(&self, room: &Room, path: usize) -> bool {
        self.session.relevant(room.text(path))
    }

    /// The canonical report, byte for byte that of a fresh check.
    pub fn report(&self, explain: Option<bool>, all: Option<bool>) -> String {
        let wanted = Detail {
            explain: explain.unwrap_or(self.detail.explain),
            all: all.unwrap_or(self.detail.all),
        };
        self.session.report(wanted).canonical()
    }

    /// The answers as canonical JSON.
    pub fn answers(&self) -> String {
        self.session.answers()
    }

    /// Failed findings, and findings that are open.
    pub fn counts(&self) -> Vec<u32> {
        let (failed, open) = self.session.open();
        Vec::from([failed as u32, open as u32])
    }

    /// What one rule says, as JSON text of a list: one entry for the whole, or one per item.
    pub fn outcomes(&self, rule: u32) -> String {
        self.session.told(rule)
    }
}
