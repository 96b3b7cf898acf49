//! Lines of a stream, in memory that does not grow with it: of a line beyond the limit only its beginning is kept.
//!
//! In: bytes. Out: for each line what the engine is to be given in its place. Must not know: JSON.

use std::io::{self, BufRead, BufReader, Read};

/// Bytes kept beyond the limit, so that what is kept is still beyond it after half of a character was cut off.
pub(super) const OVER: usize = 4;

/// What stands for a line that is no text: as little JSON as the line itself.
const NO_TEXT: &str = "\u{fffd}";

/// Lines one after the other.
pub(super) struct Lines<R> {
    input: BufReader<R>,
    line: Vec<u8>,
    limit: usize,
    first: bool,
}

impl<R: Read> Lines<R> {
    /// Lines of `input`, none of which is kept beyond `limit` bytes by more than `OVER`.
    pub(super) fn new(input: R, limit: usize) -> Lines<R> {
        Lines {
            input: BufReader::with_capacity(64 << 10, input),
            line: Vec::new(),
            limit,
            first: true,
        }
    }

    /// Could a line be given without waiting for more input?
    pub(super) fn ready(&self) -> bool {
        self.input.buffer().contains(&b'\n')
    }

    /// The next line without its end.
    pub(super) fn next(&mut self) -> io::Result<Option<&str>> {
        self.line.clear();
        let mut begun = false;
        loop {
            let chunk = match self.input.fill_buf() {
                Ok(chunk) => chunk,
                Err(error) if error.kind() == io::ErrorKind::Interrupted => continue,
                Err(error) => return Err(error),
            };
            if chunk.is_empty() {
                break;
            }
            begun = true;
            let end = chunk.iter().position(|byte| *byte == b'\n');
            let part = chunk.get(..end.unwrap_or(chunk.len())).unwrap_or(chunk);
            let room = (self.limit + OVER).saturating_sub(self.line.len());
            self.line
                .extend_from_slice(part.get(..room.min(part.len())).unwrap_or(part));
            let used = part.len() + usize::from(end.is_some());
            self.input.consume(used);
            if end.is_some() {
                break;
            }
        }
        if !begun {
            return Ok(None);
        }
        let text = text(&self.line).unwrap_or(NO_TEXT);
        let mark = std::mem::take(&mut self.first);
        Ok(Some(if mark {
            text.strip_prefix('\u{feff}').unwrap_or(text)
        } else {
            text
        }))
    }
}

/// Bytes as text; a character that was cut off at the end does not count. `None` if they are not UTF-8.
pub(super) fn text(bytes: &[u8]) -> Option<&str> {
    match std::str::from_utf8(bytes) {
        Ok(text) => Some(text),
        Err(error) if error.error_len().is_none() && bytes.len() > OVER => {
            std::str::from_utf8(bytes.get(..error.valid_up_to())?).ok()
        }
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn all(input: &[u8], limit: usize) -> Vec<String> {
        let mut lines = Lines::new(input, limit);
        let mut out = Vec::new();
        while let Ok(Some(line)) = lines.next() {
            out.push(line.to_owned());
        }
        out
    }

    #[test]
    fn one_line_one_answer() {
        assert_eq!(all(b"", 9), [""; 0]);
        assert_eq!(all(b"a\nb", 9), ["a", "b"]);
        assert_eq!(all(b"a\n\n\r\nb\n", 9), ["a", "", "\r", "b"]);
        assert_eq!(all("\u{feff}a\n\u{feff}b\n".as_bytes(), 9), ["a", "\u{feff}b"]);
        assert_eq!(all(b"\xff\xfe\na\n", 9), ["\u{fffd}", "a"]);
    }

    #[test]
    fn a_long_line_is_cut_and_still_too_long() {
        let long = format!("{}\nb\n", "长".repeat(50_000));
        for limit in 10..20 {
            let lines = all(long.as_bytes(), limit);
            assert_eq!(lines.len(), 2);
            assert!(
                lines
                    .first()
                    .is_some_and(|line| line.len() > limit && line.len() <= limit + OVER)
            );
        }
    }
}
