//! Clauses: is every quotation in the stored text of its document?
//!
//! In: the sources of a ruleset with its layers or of a register, the stored texts. Out: `plan::Clause`s. Must not know: rules.
//!
//! White space of any kind is left out on both sides, since laws are printed with line breaks and full-width blanks; every other
//! character has to be the same.

use super::report::Report;
use super::{period, text};
use crate::ast;
use crate::compile::Library;
use crate::diagnostic::{Code, Diagnostic};
use rules_core::plan;
use std::collections::BTreeMap;

/// Documents without their white space, read once.
#[derive(Default)]
pub(crate) struct Documents {
    texts: BTreeMap<String, Option<String>>,
}

impl Documents {
    fn get(&mut self, library: &dyn Library, name: &str) -> Option<&str> {
        if !self.texts.contains_key(name) {
            self.texts.insert(
                name.to_owned(),
                library.source_text(name).map(|text| squeeze(&text)),
            );
        }
        self.texts.get(name).and_then(|text| text.as_deref())
    }
}

/// Makes clauses of sources.
pub(crate) fn resolve(
    sources: &[ast::Source],
    library: &dyn Library,
    documents: &mut Documents,
    report: &mut Report,
) -> Vec<plan::Clause> {
    sources
        .iter()
        .map(|source| {
            // A register's clauses are verified once, with the register.
            let registered = library.registers().and_then(|all| all.get(&source.id.value));
            if registered.is_none_or(|(_, clause)| clause.source.id.span != source.id.span) {
                verify(source, library, documents, report);
            }
            plan::Clause {
                id: source.id.value.clone(),
                document: source.document.value.clone(),
                title: source.title.clone(),
                article: source.article.clone(),
                quote: source.quote.value.clone(),
                publisher: source.publisher.clone(),
                link: source.link.clone(),
                grade: source.grade.value.clone(),
                effective: period(source.effective),
                note: text(&source.note),
            }
        })
        .collect()
}

/// Is the quotation in the stored text of its document?
pub(crate) fn verify(
    source: &ast::Source,
    library: &dyn Library,
    documents: &mut Documents,
    report: &mut Report,
) {
    let name = &source.document.value;
    let Some(stored) = documents.get(library, name) else {
        report.push(
            Diagnostic::new(
                Code::R0304,
                source.document.span,
                format!("there is no stored text of `{name}`"),
            )
            .help(format!("store the document's text as `sources/{name}.txt`")),
        );
        return;
    };
    let quote = squeeze(&source.quote.value);
    if quote.is_empty() {
        report.say(Code::R0301, source.quote.span, "the quotation is empty");
    } else if !stored.contains(&quote) {
        let mut diagnostic = Diagnostic::new(
            Code::R0301,
            source.quote.span,
            format!("the quotation does not stand in `{name}`"),
        );
        diagnostic = match agreement(stored, &quote) {
            Some(kept) => diagnostic.help(format!("the text agrees up to `{kept}`")),
            None => diagnostic.help("quote the document's own words"),
        };
        report.push(diagnostic);
    }
}

/// The last characters of the longest beginning of the quotation that does stand in the text.
fn agreement(stored: &str, quote: &str) -> Option<String> {
    let ends: Vec<usize> = quote.char_indices().map(|(at, c)| at + c.len_utf8()).collect();
    let longest = ends.partition_point(|end| quote.get(..*end).is_some_and(|head| stored.contains(head)));
    let end = *ends.get(longest.checked_sub(1)?)?;
    let head: Vec<char> = quote.get(..end)?.chars().collect();
    let tail = head.get(head.len().saturating_sub(12)..)?;
    Some(tail.iter().collect())
}

fn squeeze(text: &str) -> String {
    text.chars()
        .filter(|c| !c.is_whitespace() && !matches!(c, '\u{200b}' | '\u{feff}'))
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn white_space_does_not_matter_and_the_agreement_is_told() {
        assert_eq!(squeeze(" 第一条\u{3000}\n甲\u{feff} 乙"), "第一条甲乙");
        assert_eq!(agreement("甲乙丙丁", "甲乙戊"), Some("甲乙".to_owned()));
        assert_eq!(agreement("甲乙丙丁", "戊"), None);
    }
}
