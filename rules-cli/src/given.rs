//! What the commands that run rules are given: a ruleset or a bundle, tables, a place.
//!
//! In: words of the command line. Out: what the engine takes. Must not know: what is done with it.

use crate::fault::{Fault, Result};
use crate::files;
use crate::library::TABLE_BYTES;
use crate::project::Project;
use rules_compiler::csv;
use rules_core::domain::date::Date;
use rules_core::limits::{BUNDLE_BYTES, Limits};
use rules_core::{Ruleset, Tables};
use std::path::{Path, PathBuf};

/// Loads a bundle, or compiles a ruleset with its base and layers.
pub(crate) fn ruleset(path: &Path) -> Result<Ruleset> {
    if is_bundle(path) {
        let text = files::read(path, BUNDLE_BYTES)?;
        return Ruleset::load(&text).map_err(|error| {
            Fault::new(format!(
                "`{}` does not load: {} ({})",
                path.display(),
                error.text().1,
                error.code()
            ))
            .help("`rules build` makes bundles; a ruleset file ends in .yaml")
        });
    }
    let project = Project::load(&[path.to_owned()])?.sound()?;
    match project.families.as_slice() {
        [family] => family.ruleset(),
        [] => Err(Fault::new(format!("`{}` holds no ruleset", path.display()))),
        several => {
            let ids: Vec<&str> = several.iter().map(|family| family.id.as_str()).collect();
            Err(Fault::new(format!(
                "`{}` holds {} rulesets: {}",
                path.display(),
                ids.len(),
                ids.join(", ")
            ))
            .help("name the file of one, or the folder of one topic"))
        }
    }
}

fn is_bundle(path: &Path) -> bool {
    path.extension()
        .is_some_and(|ending| ending.eq_ignore_ascii_case("json"))
}

/// `NAME=FILE`
#[derive(Clone, Debug)]
pub(crate) struct TableFile {
    name: String,
    file: PathBuf,
}

/// Reads `NAME=FILE`.
pub(crate) fn table_file(text: &str) -> std::result::Result<TableFile, String> {
    match text.split_once('=') {
        Some((name, file)) if !name.is_empty() && !file.is_empty() => Ok(TableFile {
            name: name.to_owned(),
            file: PathBuf::from(file),
        }),
        _ => Err("write NAME=FILE, for example schools=schools.csv".to_owned()),
    }
}

/// Loads tables: JSON, or CSV where the file's name ends so.
pub(crate) fn tables(ruleset: &Ruleset, given: &[TableFile]) -> Result<Tables> {
    let mut tables = Tables::new(ruleset);
    for TableFile { name, file } in given {
        let text = files::read(file, TABLE_BYTES)?;
        let mut declared = ruleset.plans().flat_map(|plan| &plan.tables);
        let Some(table) = declared.find(|table| table.name == *name) else {
            let mut names: Vec<&str> = ruleset
                .plans()
                .flat_map(|plan| &plan.tables)
                .map(|table| table.name.as_str())
                .collect();
            names.dedup();
            let fault = Fault::new(format!("the ruleset has no table `{name}`"));
            return Err(if names.is_empty() {
                fault.help("it has no tables at all")
            } else {
                fault.help(format!("it has {}", names.join(", ")))
            });
        };
        let is_csv = file
            .extension()
            .is_some_and(|ending| ending.eq_ignore_ascii_case("csv"));
        let json = if is_csv {
            csv::to_json(&text, &table.kind)
                .map_err(|error| Fault::new(format!("`{}`, {error}", file.display())))?
        } else {
            text
        };
        tables
            .insert(ruleset, name, &json, &Limits::DEFAULT)
            .map_err(|error| {
                let place = match row(&error.at) {
                    Some((number, rest)) => format!("row {}{rest}", number + 1),
                    None if error.at.is_empty() => "the whole file".to_owned(),
                    None => error.at.clone(),
                };
                let what = format!(
                    "`{}` does not fit the table `{name}`: {place}: {}",
                    file.display(),
                    error.code
                );
                Fault::new(what)
            })?;
    }
    Ok(tables)
}

/// The row number and the rest of a pointer into rows.
fn row(pointer: &str) -> Option<(usize, String)> {
    let mut parts = pointer.strip_prefix('/')?.splitn(2, '/');
    let number = parts.next()?.parse().ok()?;
    Some((
        number,
        parts.next().map(|rest| format!(", {rest}")).unwrap_or_default(),
    ))
}

/// Reads a day.
pub(crate) fn day(text: &str) -> std::result::Result<Date, String> {
    Date::parse(text).map_err(|_| "a day is written 2026-03-01".to_owned())
}

/// Reads a division code.
pub(crate) fn division(text: &str) -> std::result::Result<u32, String> {
    let digits = text.len() == 6 && text.bytes().all(|byte| byte.is_ascii_digit());
    text.parse()
        .ok()
        .filter(|_| digits)
        .ok_or_else(|| "a division code has six digits: 520402".to_owned())
}
