//! The files of a compilation: text in, places out; and the reader that makes YAML nodes of them.
//!
//! In: names and texts, read by somebody else. Out: texts by number, and for a span its line and column. Must not know: rulesets.
//!
//! Positions are bytes everywhere inside. This module is the one place that turns bytes into lines, characters and UTF-16 units,
//! and characters (which the YAML reader counts) into bytes.

pub mod map;
pub mod yaml;

use crate::ast::Span;

/// One file.
#[derive(Clone, Debug)]
pub struct File {
    /// As people call it.
    pub name: String,
    /// Its text.
    pub text: String,
    /// First byte of each line.
    lines: Vec<u32>,
}

/// A place for people and editors.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Place {
    /// Line from 1.
    pub line: u32,
    /// Character of the line from 1.
    pub column: u32,
    /// UTF-16 unit of the line from 0, as editors count.
    pub utf16: u32,
}

/// All files of a compilation.
#[derive(Clone, Debug, Default)]
pub struct Files {
    files: Vec<File>,
}

impl Files {
    /// None.
    pub fn new() -> Files {
        Files::default()
    }

    /// Adds a file and gives its number.
    pub fn add(&mut self, name: impl Into<String>, text: impl Into<String>) -> u32 {
        let text = text.into();
        let starts = text
            .bytes()
            .enumerate()
            .filter(|(_, byte)| *byte == b'\n')
            .map(|(at, _)| to_u32(at + 1));
        let lines = std::iter::once(0).chain(starts).collect();
        self.files.push(File {
            name: name.into(),
            text,
            lines,
        });
        to_u32(self.files.len() - 1)
    }

    /// The file of this number.
    pub fn get(&self, id: u32) -> Option<&File> {
        self.files.get(to_usize(id))
    }

    /// Numbers and files.
    pub fn iter(&self) -> impl Iterator<Item = (u32, &File)> {
        self.files.iter().enumerate().map(|(id, file)| (to_u32(id), file))
    }

    /// The text of a span; empty if it lies outside of its file.
    pub fn text(&self, span: Span) -> &str {
        self.get(span.file)
            .and_then(|file| file.text.get(to_usize(span.start)..to_usize(span.end)))
            .unwrap_or("")
    }

    /// Where a span starts.
    pub fn line_column(&self, span: Span) -> Place {
        self.place(span.file, span.start)
    }

    /// Where a byte of a file stands.
    pub fn place(&self, file: u32, byte: u32) -> Place {
        let Some(file) = self.get(file) else {
            return Place {
                line: 1,
                column: 1,
                utf16: 0,
            };
        };
        let line = file
            .lines
            .partition_point(|start| *start <= byte)
            .saturating_sub(1);
        let start = file.lines.get(line).copied().unwrap_or(0);
        let before = file.text.get(to_usize(start)..to_usize(byte)).unwrap_or("");
        Place {
            line: to_u32(line + 1),
            column: to_u32(before.chars().count() + 1),
            utf16: to_u32(before.encode_utf16().count()),
        }
    }
}

/// A file is far below 4 GiB: texts are limited before they are read.
pub(crate) fn to_u32(n: usize) -> u32 {
    u32::try_from(n).unwrap_or(u32::MAX)
}

/// The way back.
pub(crate) fn to_usize(n: u32) -> usize {
    usize::try_from(n).unwrap_or(usize::MAX)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_place_counts_characters_and_utf16_units() {
        let mut files = Files::new();
        let id = files.add("a.yaml", "甲: 1\n𠮷乙: x\n");
        let at = files.get(id).unwrap().text.find('x').unwrap() as u32;
        assert_eq!(
            files.place(id, at),
            Place {
                line: 2,
                column: 5,
                utf16: 5
            }
        );
        assert_eq!(
            files.place(id, 0),
            Place {
                line: 1,
                column: 1,
                utf16: 0
            }
        );
        assert_eq!(
            files.text(Span {
                file: id,
                start: at,
                end: at + 1
            }),
            "x"
        );
    }
}
