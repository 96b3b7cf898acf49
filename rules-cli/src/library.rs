//! What is stored beside the rulesets: `sources/ID.txt` and `tables/NAME.csv` of the root.
//!
//! In: the root. Out: texts. Must not know: who asks for them.

use crate::fault::Result;
use crate::files;
use rules_compiler::compile::{Library, Registers};
use rules_compiler::diagnostic::Sink;
use std::borrow::Cow;
use std::cell::RefCell;
use std::path::{Path, PathBuf};

/// A text of a law. The longest is below 100 kB.
const SOURCE_BYTES: usize = 8 << 20;
/// A table: a province's register of schools is a few megabytes.
pub(crate) const TABLE_BYTES: usize = 64 << 20;

/// The folders of a root. Files that are there and cannot be read are remembered, because the compiler only hears that they are absent.
pub(crate) struct Folders {
    root: Option<PathBuf>,
    faults: RefCell<Vec<crate::fault::Fault>>,
    registers: Registers,
}

impl Folders {
    /// Of this root, if there is one.
    pub(crate) fn new(root: Option<&Path>) -> Folders {
        Folders {
            root: root.map(Path::to_path_buf),
            faults: RefCell::default(),
            registers: Registers::default(),
        }
    }

    /// With the registers of clauses that were read from it.
    pub(crate) fn with_registers(mut self, registers: Registers) -> Folders {
        self.registers = registers;
        self
    }

    /// Looks the registers' quotations up.
    pub(crate) fn verify(&self, sink: &mut Sink) {
        self.registers.verify(self, sink);
    }

    /// The registers back.
    pub(crate) fn into_registers(self) -> Registers {
        self.registers
    }

    /// The first thing that could not be read.
    pub(crate) fn fault(&self) -> Option<crate::fault::Fault> {
        self.faults.borrow_mut().drain(..).next()
    }

    fn text(&self, folder: &str, name: &str, ending: &str, limit: usize) -> Option<String> {
        // Names are given by rulesets; they stay inside of their folder.
        let plain = |c: char| c.is_alphanumeric() || c == '-' || c == '_' || c == '.';
        if name.is_empty() || name.starts_with('.') || !name.chars().all(plain) {
            return None;
        }
        let path = self.root.as_ref()?.join(folder).join(format!("{name}{ending}"));
        if !path.exists() {
            return None;
        }
        self.keep(files::read(&path, limit))
    }

    fn keep(&self, text: Result<String>) -> Option<String> {
        text.map_err(|fault| self.faults.borrow_mut().push(fault)).ok()
    }
}

impl Library for Folders {
    /// The document without the lines that describe it.
    fn source_text(&self, document: &str) -> Option<Cow<'_, str>> {
        let text = self.text("sources", document, ".txt", SOURCE_BYTES)?;
        let lines: Vec<&str> = text.lines().filter(|line| !line.starts_with("# ")).collect();
        Some(Cow::Owned(lines.join("\n")))
    }

    fn table(&self, include: &str) -> Option<String> {
        self.text("tables", include, ".csv", TABLE_BYTES)
    }

    fn registers(&self) -> Option<&Registers> {
        Some(&self.registers)
    }
}
