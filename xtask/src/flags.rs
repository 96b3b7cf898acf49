//! Command-line words after the command's name. A word that nobody asked for is a fault, so a misspelt flag never passes
//! for one that was obeyed.

use crate::fault::{Fault, Result};
use std::str::FromStr;

/// The words not yet taken.
pub(crate) struct Flags {
    rest: Vec<String>,
}

impl Flags {
    pub(crate) fn new(words: Vec<String>) -> Self {
        Flags { rest: words }
    }

    /// Takes `--name`; true if it was there.
    pub(crate) fn switch(&mut self, name: &str) -> bool {
        let before = self.rest.len();
        self.rest.retain(|word| word != name);
        self.rest.len() < before
    }

    /// Takes `--name VALUE` or `--name=VALUE`.
    pub(crate) fn value(&mut self, name: &str) -> Result<Option<String>> {
        let joined = format!("{name}=");
        let Some(at) = self
            .rest
            .iter()
            .position(|word| word == name || word.starts_with(&joined))
        else {
            return Ok(None);
        };
        let word = self.rest.remove(at);
        if let Some(value) = word.strip_prefix(&joined) {
            return Ok(Some(value.to_owned()));
        }
        if at < self.rest.len() {
            return Ok(Some(self.rest.remove(at)));
        }
        Err(Fault::new(
            format!("`{name}` lacks its value"),
            format!("write `{name} VALUE`"),
        ))
    }

    /// Takes the number `--name VALUE`; `usual` where it is not given.
    pub(crate) fn number<N: FromStr>(&mut self, name: &str, usual: N) -> Result<N> {
        match self.value(name)? {
            None => Ok(usual),
            Some(text) => text.parse().map_err(|_| {
                Fault::new(
                    format!("`{text}` is no number for `{name}`"),
                    "write it in digits",
                )
            }),
        }
    }

    /// Takes the next word, if any is left.
    pub(crate) fn word(&mut self) -> Option<String> {
        (!self.rest.is_empty()).then(|| self.rest.remove(0))
    }

    /// Takes all words that are left; none of them may be a flag.
    pub(crate) fn rest(self) -> Result<Vec<String>> {
        match self.rest.iter().find(|word| word.starts_with('-')) {
            None => Ok(self.rest),
            Some(word) => Err(Fault::new(
                format!("`{word}` is not understood here"),
                "see `cargo xtask help`",
            )),
        }
    }

    /// Says that no further word is expected.
    pub(crate) fn finish(self) -> Result<()> {
        match self.rest.first() {
            None => Ok(()),
            Some(word) => Err(Fault::new(
                format!("`{word}` is not understood here"),
                "see `cargo xtask help`",
            )),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::Flags;

    fn flags(line: &str) -> Flags {
        Flags::new(line.split_whitespace().map(str::to_owned).collect())
    }

    #[test]
    fn switches_and_values_are_taken_once() {
        let mut flags = flags("--fast --only clippy");
        assert!(flags.switch("--fast"));
        assert!(!flags.switch("--fast"));
        assert!(matches!(flags.value("--only"), Ok(Some(value)) if value == "clippy"));
        assert!(flags.finish().is_ok());
    }

    #[test]
    fn both_spellings_of_a_value() {
        assert!(matches!(flags("--port=1").value("--port"), Ok(Some(value)) if value == "1"));
        assert!(matches!(flags("").value("--port"), Ok(None)));
        assert!(flags("--port").value("--port").is_err());
    }

    #[test]
    fn a_left_over_word_is_a_fault() {
        assert!(flags("--fats").finish().is_err());
    }
}
