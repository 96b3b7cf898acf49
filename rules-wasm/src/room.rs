//! The room: bytes that JavaScript writes and the next call reads. One for the whole module, because calls do not nest.

use std::cell::RefCell;
use wasm_bindgen::prelude::wasm_bindgen;

thread_local! {
    static ROOM: RefCell<Vec<u8>> = const { RefCell::new(Vec::new()) };
}

/// Makes the room at least `size` bytes large and gives its address. Memory may have grown: views on it are stale.
#[wasm_bindgen]
pub fn room(size: usize) -> *const u8 {
    ROOM.with_borrow_mut(|room| {
        if room.len() < size {
            room.resize(size, 0);
        }
        room.as_ptr()
    })
}

/// Lends the first bytes of the room; empty where there are not so many.
pub(crate) fn bytes<T>(len: usize, run: impl FnOnce(&[u8]) -> T) -> T {
    ROOM.with_borrow(|room| run(room.get(..len).unwrap_or_default()))
}

/// Lends the room's first bytes as text. JavaScript encodes it, so it is UTF-8; if it were not, it would be no JSON.
pub(crate) fn text<T>(len: usize, run: impl FnOnce(&str) -> T) -> T {
    bytes(len, |bytes| run(core::str::from_utf8(bytes).unwrap_or_default()))
}
