//! Every code that the compiler can give: what it is called, how severe it is, and one line of what it means.
//!
//! In: nothing. Out: the table. Must not know: who gives a code, or how it is drawn.
//!
//! To add a diagnostic: a line here, a page `docs/diagnostics/R….md`, a case in `tests/cases/diagnostics/`. A code is never given a
//! second meaning; one that is no longer given is taken out and its number stays free.

use std::fmt;

/// How much a diagnostic matters.
#[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord)]
pub enum Severity {
    /// The ruleset does not load.
    Error,
    /// The ruleset loads; the author should look.
    Warning,
    /// Said for the record.
    Note,
}

impl Severity {
    /// The word in reports.
    pub fn word(self) -> &'static str {
        match self {
            Severity::Error => "error",
            Severity::Warning => "warning",
            Severity::Note => "note",
        }
    }
}

macro_rules! codes {
    ($($code:ident $severity:ident $title:literal)*) => {
        /// A diagnostic code. Families: `R00` file, `R01` expression syntax, `R02` names and types, `R03` sources and clauses,
        /// `R04` rules and messages, `R05` marks of the law of completion, `R06` layers, `R07` cases.
        #[derive(Clone, Copy, PartialEq, Eq, Debug, PartialOrd, Ord, Hash)]
        pub enum Code {
            $(#[doc = $title] $code,)*
        }

        impl Code {
            /// All codes in order.
            pub const ALL: &'static [Code] = &[$(Code::$code),*];

            /// `R0001`.
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Code::$code => stringify!($code),)*
                }
            }

            /// One line of what is wrong, for indexes.
            pub fn title(self) -> &'static str {
                match self {
                    $(Code::$code => $title,)*
                }
            }

            /// How severe it is.
            pub fn severity(self) -> Severity {
                match self {
                    $(Code::$code => Severity::$severity,)*
                }
            }
        }
    };
}

codes! {
    // The file: given by `source` and `syntax`.
    R0001 Error   "the file is not valid YAML"
    R0002 Error   "a key that nobody reads"
    R0003 Error   "a key stands twice"
    R0004 Error   "an anchor, an alias or a tag"
    R0005 Error   "a second document in the file"
    R0006 Error   "another kind of YAML node is expected"
    R0007 Error   "a key is missing"
    R0008 Error   "a word that is not in the list"
    R0009 Error   "a literal that does not fit"
    R0010 Error   "not a date"
    R0011 Error   "not a semantic version"
    R0012 Error   "not a name or an id"
    R0013 Error   "not a division code"
    R0014 Error   "the file is too large"
    R0015 Warning "a text has no English"
    R0016 Error   "the file is empty"

    // The syntax of expressions: given by `syntax`.
    R0101 Error   "the expression does not parse"
    R0102 Error   "a statement stands in an expression"
    R0103 Error   "an assignment stands in an expression"
    R0104 Error   "a loop stands in an expression"
    R0105 Error   "a construct that the language does not have"
    R0106 Error   "the expression is nested too deeply"
    R0107 Error   "the expression is too long"
    R0108 Error   "a number that is not exact"
    R0109 Error   "the expression is empty"
    R0110 Error   "a closure of another shape"
    R0111 Error   "`each` is not `NAME in LIST`"
    R0112 Error   "`${` is not closed"
    R0113 Error   "a reserved word as a name"
    R0114 Error   "the body of a function does not parse"
    R0115 Error   "`if` without `else`"

    // Names and types: given by `resolve`.
    R0201 Error   "an unknown name"
    R0202 Error   "a name is declared twice"
    R0203 Error   "another type is expected"
    R0204 Error   "an unknown function"
    R0205 Error   "another number of arguments is expected"
    R0206 Error   "an option that the field does not have"
    R0207 Error   "units that do not fit"
    R0208 Error   "a comparison that is always the same"
    R0209 Error   "two coordinate systems"
    R0210 Error   "a derived value depends on itself"
    R0211 Error   "a literal is expected"
    R0212 Error   "not a regular expression of this language"
    R0213 Error   "a key that does not fit the field's type"
    R0214 Error   "a table does not fit its use"
    R0215 Error   "the ruleset is too large"
    R0216 Error   "an unknown section"

    // Sources and clauses.
    R0301 Error   "the quotation does not stand in the document"
    R0302 Error   "a rule without a clause"
    R0303 Error   "an unknown clause"
    R0304 Error   "an unknown document"
    R0305 Warning "a clause that nothing cites"
    R0306 Error   "a value without a clause"
    R0307 Error   "a unit that the register does not name"

    // Rules and messages.
    R0401 Error   "a rule needs exactly one of `require` and `forbid`"
    R0402 Error   "`where` without `each`"
    R0410 Error   "a sensitive field in a message"

    // Marks of the law of completion.
    R0501 Note    "filling in an answer may turn this rule"

    // Layers.
    R0601 Error   "an unknown base"
    R0602 Error   "a layer sets what the base does not declare"
    R0603 Error   "two layers overlap"
    R0604 Error   "a layer disables a rule that is not there"
    R0605 Error   "the layer's area lies outside of its base's"
    R0606 Error   "layers in a circle"

    // Cases.
    R0701 Error   "a case comes out otherwise"
    R0702 Error   "a case names an unknown rule"
    R0703 Error   "the cases are of another ruleset"
    R0704 Warning "a rule lacks a case"
}

impl fmt::Display for Code {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn codes_are_in_order_and_titles_follow_the_style() {
        for pair in Code::ALL.windows(2) {
            assert!(pair[0].as_str() < pair[1].as_str());
        }
        for code in Code::ALL {
            assert!(!code.title().ends_with('.'), "{code}");
            assert!(!code.title().starts_with(char::is_uppercase), "{code}");
        }
    }
}
