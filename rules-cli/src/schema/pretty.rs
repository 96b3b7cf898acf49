//! JSON for people: indented, members in their own order, short things on one line.
//!
//! In: a tree. Out: text. Must not know: what it says.

use rules_core::json::{Json, write_string};

/// A container whose canonical text is at most so long stands on one line.
const SHORT: usize = 72;

/// The text of a tree, with a line break at its end.
pub(crate) fn pretty(value: &Json) -> String {
    let mut out = String::new();
    write(value, 0, &mut out);
    out.push('\n');
    out
}

fn write(value: &Json, depth: usize, out: &mut String) {
    let members: Vec<(Option<&str>, &Json)> = match value {
        Json::Arr(items) => items.iter().map(|item| (None, item)).collect(),
        Json::Obj(members) => members
            .iter()
            .map(|(key, item)| (Some(key.as_str()), item))
            .collect(),
        Json::Null | Json::Bool(_) | Json::Num(_) | Json::Str(_) => Vec::new(),
    };
    if members.is_empty() {
        out.push_str(&value.canonical());
        return;
    }
    let (open, close) = if matches!(value, Json::Arr(_)) {
        ('[', ']')
    } else {
        ('{', '}')
    };
    let flat =
        members.iter().all(|(_, item)| !matches!(item, Json::Obj(_))) && value.canonical().len() <= SHORT;
    let (between, before) = if flat {
        (", ", String::new())
    } else {
        (",", indent(depth + 1))
    };
    out.push(open);
    for (number, (key, item)) in members.iter().enumerate() {
        if number > 0 {
            out.push_str(between);
        }
        out.push_str(&before);
        if let Some(key) = key {
            write_string(key, out);
            out.push_str(": ");
        }
        write(item, depth + 1, out);
    }
    if !flat {
        out.push_str(&indent(depth));
    }
    out.push(close);
}

fn indent(depth: usize) -> String {
    format!("\n{}", "  ".repeat(depth))
}

#[cfg(test)]
mod tests {
    use super::pretty;

    #[test]
    fn order_stays_and_short_things_stand_on_one_line() {
        let (tree, _) = rules_core::json::parse(r#"{"b":[1,2],"a":{"c":{}},"d":"x"}"#, 9).unwrap_or_default();
        assert_eq!(
            pretty(&tree),
            "{\n  \"b\": [1, 2],\n  \"a\": {\n    \"c\": {}\n  },\n  \"d\": \"x\"\n}\n"
        );
    }
}
