//! The room: bytes that JavaScript writes and the next call reads. One for the whole instance, because calls do not nest.

use alloc::vec::Vec;
use wasm_bindgen::prelude::wasm_bindgen;

/// Bytes in linear memory.
#[wasm_bindgen]
#[derive(Default)]
pub struct Room {
    bytes: Vec<u8>,
}

#[wasm_bindgen]
impl Room {
    /// An empty room.
    #[wasm_bindgen(constructor)]
    pub fn new() -> Room {
        Room::default()
    }

    /// Makes the room at least `size` bytes large and gives its address. Memory may have grown: views on it are stale.
    pub fn grow(&mut self, size: usize) -> *const u8 {
        if self.bytes.len() < size {
            self.bytes.resize(size, 0);
        }
        self.bytes.as_ptr()
    }
}

impl Room {
    /// The first bytes; empty where there are not so many.
    pub(crate) fn bytes(&self, len: usize) -> &[u8] {
        self.bytes.get(..len).unwrap_or_default()
    }

    /// The first bytes as text. JavaScript encodes it, so it is UTF-8; if it were not, it would be no JSON.
    pub(crate) fn text(&self, len: usize) -> &str {
        core::str::from_utf8(self.bytes(len)).unwrap_or_default()
    }

    /// A path and what follows it.
    pub(crate) fn path_and_text(&self, path: usize, text: usize) -> (&str, &str) {
        self.text(path.saturating_add(text))
            .split_at_checked(path)
            .unwrap_or_default()
    }
}
