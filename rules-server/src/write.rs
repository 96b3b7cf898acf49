//! JSON objects written member by member, so that pieces that are JSON already go in as the bytes they are.
//!
//! In: names and values. Out: text. Must not know: what it says.

use rules_core::json::write_string;

/// An object being written.
pub(crate) struct Object {
    out: String,
}

impl Object {
    pub(crate) fn new() -> Object {
        Object {
            out: String::from("{"),
        }
    }

    /// A member whose value is JSON text.
    pub(crate) fn raw(&mut self, name: &str, json: &str) {
        if self.out.len() > 1 {
            self.out.push(',');
        }
        write_string(name, &mut self.out);
        self.out.push(':');
        self.out.push_str(json);
    }

    /// A member whose value is a text.
    pub(crate) fn text(&mut self, name: &str, value: &str) {
        let mut json = String::new();
        write_string(value, &mut json);
        self.raw(name, &json);
    }

    pub(crate) fn finish(mut self) -> String {
        self.out.push('}');
        self.out
    }
}

/// An array of JSON texts.
pub(crate) fn array(items: impl IntoIterator<Item = String>) -> String {
    let items: Vec<String> = items.into_iter().collect();
    format!("[{}]", items.join(","))
}
