//! YAML nodes as JSON: the answers of a case, and the content that a file's digest is made of.
//!
//! In: nodes. Out: JSON. Must not know: what the nodes mean.

use super::reader::{Scalar, number};
use crate::source::yaml::{Kind, Node};
use rules_core::json::{Json, write_string};

/// A node as JSON text; numbers keep their digits, so that a case can hold what a submission must not.
pub(super) fn text(node: &Node) -> String {
    let mut out = String::new();
    write(node, &mut out);
    out
}

fn write(node: &Node, out: &mut String) {
    match &node.kind {
        Kind::Scalar(value, _) => {
            let plain = node.plain();
            match plain.map(number) {
                Some(_) if node.is_null() => out.push_str("null"),
                Some(Scalar::Bool(value)) => out.push_str(if value { "true" } else { "false" }),
                Some(Scalar::Int(_) | Scalar::Num(_)) => out.push_str(value),
                // Too large for a double or for exact integers, but written as JSON writes numbers.
                Some(Scalar::Odd(_)) if is_json_number(value) => out.push_str(value),
                Some(Scalar::Odd(_) | Scalar::Text) | None => write_string(value, out),
            }
        }
        Kind::Sequence(items) => {
            out.push('[');
            for (index, item) in items.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write(item, out);
            }
            out.push(']');
        }
        Kind::Mapping(entries) => {
            out.push('{');
            for (index, (key, value)) in entries.iter().enumerate() {
                if index > 0 {
                    out.push(',');
                }
                write_string(key.scalar().unwrap_or(""), out);
                out.push(':');
                write(value, out);
            }
            out.push('}');
        }
    }
}

fn is_json_number(text: &str) -> bool {
    let digits = text.strip_prefix('-').unwrap_or(text);
    let zero = digits.starts_with('0') && digits.as_bytes().get(1).is_some_and(u8::is_ascii_digit);
    digits.starts_with(|c: char| c.is_ascii_digit())
        && !zero
        && !digits.ends_with('.')
        && !digits.contains(['x', 'o'])
}

/// A node as a JSON value, without some keys.
pub(super) fn value(node: &Node, without: &[&str]) -> Json {
    match &node.kind {
        Kind::Scalar(text, _) => match node.plain().map(number) {
            Some(_) if node.is_null() => Json::Null,
            Some(Scalar::Bool(value)) => Json::Bool(value),
            Some(Scalar::Int(_) | Scalar::Num(_)) => text.parse().map_or(Json::Null, Json::Num),
            Some(Scalar::Odd(_) | Scalar::Text) | None => Json::Str(text.clone()),
        },
        Kind::Sequence(items) => Json::Arr(items.iter().map(|item| value(item, &[])).collect()),
        Kind::Mapping(entries) => {
            let kept = entries.iter().filter_map(|(key, item)| {
                let key = key.scalar().filter(|key| !without.contains(key))?;
                Some((key.to_owned(), value(item, &[])))
            });
            Json::Obj(kept.collect())
        }
    }
}
