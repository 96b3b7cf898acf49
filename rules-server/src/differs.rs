//! Where two reports differ: for the person who has to find out why a form and the server disagree.
//!
//! In: the client's report and ours. Out: places with both values. Must not know: what the members mean.

use rules_core::json::{Json, push_index, push_key};

/// Differences that are listed; the rest is counted. One change of a ruleset can move every finding.
pub const LISTED: usize = 100;

/// One difference.
#[derive(Clone, PartialEq, Debug)]
pub struct Difference {
    /// JSON Pointer into the report.
    pub at: String,
    /// What the client had there.
    pub client: Option<Json>,
    /// What we have there.
    pub server: Option<Json>,
}

/// The differences and how many more there are.
#[derive(Clone, PartialEq, Debug, Default)]
pub struct Differences {
    /// In the order of our report, then what only the client has.
    pub list: Vec<Difference>,
    /// Not listed.
    pub more: usize,
}

/// Compares the client's report with ours.
pub fn differences(client: &Json, server: &Json) -> Differences {
    let mut out = Differences::default();
    compare(client, server, &mut String::new(), &mut out);
    out
}

// Both trees were read with a limit on their depth, so the recursion has one.
fn compare(client: &Json, server: &Json, at: &mut String, out: &mut Differences) {
    match (client, server) {
        (Json::Obj(theirs), Json::Obj(ours)) => {
            for (key, value) in ours {
                below(
                    at,
                    |at| push_key(at, key),
                    |at| match client.get(key) {
                        Some(other) => compare(other, value, at, out),
                        None => out.add(at, None, Some(value)),
                    },
                );
            }
            for (key, value) in theirs.iter().filter(|(key, _)| server.get(key).is_none()) {
                below(at, |at| push_key(at, key), |at| out.add(at, Some(value), None));
            }
        }
        (Json::Arr(theirs), Json::Arr(ours)) => {
            for number in 0..theirs.len().max(ours.len()) {
                below(
                    at,
                    |at| push_index(at, number),
                    |at| match (theirs.get(number), ours.get(number)) {
                        (Some(other), Some(value)) => compare(other, value, at, out),
                        (client, server) => out.add(at, client, server),
                    },
                );
            }
        }
        (client, server) if client == server => {}
        (client, server) => out.add(at, Some(client), Some(server)),
    }
}

fn below(at: &mut String, step: impl FnOnce(&mut String), work: impl FnOnce(&mut String)) {
    let length = at.len();
    step(at);
    work(at);
    at.truncate(length);
}

impl Differences {
    /// Adds one, up to the limit.
    pub fn add(&mut self, at: &str, client: Option<&Json>, server: Option<&Json>) {
        if self.list.len() < LISTED {
            self.list.push(Difference {
                at: at.to_owned(),
                client: client.cloned(),
                server: server.cloned(),
            });
        } else {
            self.more += 1;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// `client ~ server = places`
    fn check(client: &str, server: &str, places: &[&str]) {
        let read = |text| {
            rules_core::json::parse(text, 64)
                .map(|(tree, _)| tree)
                .unwrap_or_default()
        };
        let found = differences(&read(client), &read(server));
        let found: Vec<&str> = found
            .list
            .iter()
            .map(|difference| difference.at.as_str())
            .collect();
        assert_eq!(found, places, "{client} ~ {server}");
    }

    #[test]
    fn every_difference_has_its_place() {
        check("{}", "{}", &[]);
        check(r#"{"a":1,"b":[1,2]}"#, r#"{"b":[1,2],"a":1.0}"#, &[]);
        check(r#"{"a":1}"#, r#"{"a":2}"#, &["/a"]);
        check(r#"{"a":[1]}"#, r#"{"a":[1,2]}"#, &["/a/1"]);
        check(r#"{"x/y":1}"#, "{}", &["/x~1y"]);
        check("[]", "{}", &[""]);
        check(
            r#"{"v":{"f":[{"o":"pass"}]}}"#,
            r#"{"v":{"f":[{"o":"fail"}]}}"#,
            &["/v/f/0/o"],
        );
    }

    #[test]
    fn a_flood_is_counted() {
        let many = |value: f64| Json::Arr(vec![Json::Num(value); LISTED + 7]);
        let found = differences(&many(1.0), &many(2.0));
        assert_eq!((found.list.len(), found.more), (LISTED, 7));
    }
}
