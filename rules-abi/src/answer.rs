//! The answer of the last call: its bytes, and the two words that tell the host where they stand.

use alloc::string::String;
use alloc::vec::Vec;

/// Address and length first: the host reads them from memory.
#[repr(C)]
pub(crate) struct Answer {
    at: usize,
    len: usize,
    text: String,
    words: Vec<u32>,
}

impl Answer {
    pub(crate) const fn new() -> Answer {
        Answer {
            at: 0,
            len: 0,
            text: String::new(),
            words: Vec::new(),
        }
    }

    /// Answers nothing.
    pub(crate) fn clear(&mut self) {
        self.tell(String::new());
    }

    /// Answers with text.
    pub(crate) fn tell(&mut self, text: String) {
        self.text = text;
        self.at = self.text.as_ptr() as usize;
        self.len = self.text.len();
    }

    /// Answers with words that `write` leaves in a list that is used again and again.
    pub(crate) fn count(&mut self, write: impl FnOnce(&mut Vec<u32>)) {
        write(&mut self.words);
        self.at = self.words.as_ptr() as usize;
        self.len = self.words.len() * size_of::<u32>();
    }

    /// Where the two words stand. The answer must not move.
    pub(crate) fn address(&self) -> usize {
        core::ptr::from_ref(self) as usize
    }

    #[cfg(test)]
    pub(crate) fn read(&self) -> &str {
        &self.text
    }
}
