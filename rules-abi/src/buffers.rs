//! Memory that the host asked for, wrote into, and gives back. In: addresses. Out: the bytes there, if they lie inside of one buffer.

use crate::failure::{BAD_BUFFER, Failure, NOT_UTF8};
use alloc::vec::Vec;

/// Buffers that were handed out.
pub(crate) struct Buffers {
    all: Vec<Vec<u8>>,
}

impl Buffers {
    pub(crate) const fn new() -> Buffers {
        Buffers { all: Vec::new() }
    }

    /// Address of a fresh buffer; 0 where there is no room for it.
    pub(crate) fn hand_out(&mut self, len: usize) -> usize {
        let mut bytes = Vec::new();
        // One byte at least: a buffer without any has no address of its own.
        if bytes.try_reserve_exact(len.max(1)).is_err() || self.all.try_reserve(1).is_err() {
            return 0;
        }
        bytes.resize(len.max(1), 0);
        let at = address(&bytes);
        self.all.push(bytes);
        at
    }

    /// Takes a buffer back.
    pub(crate) fn take_back(&mut self, at: usize) -> Result<(), Failure> {
        let found = self.all.iter().position(|bytes| address(bytes) == at);
        found.map_or_else(
            || Err(Failure::of(BAD_BUFFER)),
            |number| {
                self.all.swap_remove(number);
                Ok(())
            },
        )
    }

    /// Bytes inside of a buffer. No bytes may stand anywhere.
    pub(crate) fn bytes(&self, at: usize, len: usize) -> Result<&[u8], Failure> {
        if len == 0 {
            return Ok(&[]);
        }
        let inside = |bytes: &Vec<u8>| at >= address(bytes) && at - address(bytes) < bytes.len();
        let found = self.all.iter().find(|bytes| inside(bytes));
        found
            .and_then(|bytes| bytes.get(at - address(bytes)..)?.get(..len))
            .ok_or_else(|| Failure::of(BAD_BUFFER))
    }

    /// The same as text.
    pub(crate) fn text(&self, at: usize, len: usize) -> Result<&str, Failure> {
        core::str::from_utf8(self.bytes(at, len)?).map_err(|_| Failure::of(NOT_UTF8))
    }
}

fn address(bytes: &[u8]) -> usize {
    bytes.as_ptr() as usize
}

#[cfg(test)]
mod tests {
    use super::Buffers;
    use crate::failure::{BAD_BUFFER, Failure};

    #[test]
    fn only_what_was_handed_out_is_read() {
        let mut buffers = Buffers::new();
        let bad = Err(Failure::of(BAD_BUFFER));
        let at = buffers.hand_out(8);
        assert_eq!(buffers.bytes(at, 8), Ok(&[0; 8][..]));
        assert_eq!(buffers.bytes(at + 6, 2), Ok(&[0; 2][..]));
        assert_eq!(buffers.bytes(at + 7, 2), bad);
        assert_eq!(buffers.bytes(at + 8, 1), bad);
        assert_eq!(buffers.bytes(at.wrapping_sub(1), 1), bad);
        assert_eq!(buffers.bytes(at, usize::MAX), bad);
        assert_eq!(buffers.bytes(0, 0), Ok(&[][..]));
        assert_eq!(buffers.take_back(at + 1), Err(Failure::of(BAD_BUFFER)));
        assert_eq!(buffers.take_back(at), Ok(()));
        assert_eq!(buffers.take_back(at), Err(Failure::of(BAD_BUFFER)));
        assert_eq!(buffers.bytes(at, 1), bad);
    }

    #[test]
    fn too_much_is_refused_and_nothing_has_an_address() {
        let mut buffers = Buffers::new();
        assert_eq!(buffers.hand_out(usize::MAX), 0);
        let (one, other) = (buffers.hand_out(0), buffers.hand_out(0));
        assert!(one != 0 && other != 0 && one != other);
    }
}
