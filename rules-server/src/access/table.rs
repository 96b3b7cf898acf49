//! Who may do what: every address of the service, once.
//!
//! In: nothing. Out: the table. Must not know: how an address is served. `gate` serves nothing that has no row here, and the access matrix in
//! the tests is made of these rows, so that an address without a thought about who may use it does not come about.

use super::Role::{self, Admin, Device, Inspector, Office, Reviewer};

/// What of the stored things an address reaches; the handler asks the principal for it.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub enum Scope {
    /// Nothing that belongs to an area.
    None,
    /// What the principal sent or is.
    Own,
    /// What lies in the principal's area or below; of an inspector, what is its own.
    Area,
}

/// One address and method.
#[derive(Clone, Copy, PartialEq, Eq, Debug)]
pub struct Row {
    /// `GET`, …
    pub method: &'static str,
    /// As the router spells it.
    pub path: &'static str,
    /// Who may; nobody listed means that no token is asked for.
    pub who: &'static [Role],
    /// What of it.
    pub scope: Scope,
    /// Does it give entries or data of minors, so that it needs `x-purpose` and a line in the access log?
    pub purpose: bool,
}

const PUBLIC: &[Role] = &[];
const ALL: &[Role] = &[Device, Inspector, Reviewer, Office, Admin];
const STAFF: &[Role] = &[Inspector, Reviewer, Office, Admin];
const READERS: &[Role] = &[Reviewer, Office, Admin];
const OFFICES: &[Role] = &[Office, Admin];
const ADMINS: &[Role] = &[Admin];

const fn row(method: &'static str, path: &'static str, who: &'static [Role], scope: Scope) -> Row {
    Row {
        method,
        path,
        who,
        scope,
        purpose: false,
    }
}

/// An address that gives entries or data of minors.
const fn reads(method: &'static str, path: &'static str, who: &'static [Role], scope: Scope) -> Row {
    let mut row = row(method, path, who, scope);
    row.purpose = true;
    row
}

/// The table. One line an address, grouped by the module that serves it.
pub const TABLE: &[Row] = &[
    // routes
    row("GET", "/healthz", PUBLIC, Scope::None),
    row("GET", "/v1/rulesets", PUBLIC, Scope::None),
    row("GET", "/v1/bundles/{id}", PUBLIC, Scope::None),
    row("POST", "/v1/recheck", PUBLIC, Scope::None),
    // ops
    row("GET", "/readyz", PUBLIC, Scope::None),
    row("GET", "/v1/keys", PUBLIC, Scope::None),
    // library
    row("GET", "/v1/bundles/by-digest/{hex}", PUBLIC, Scope::None),
    row("GET", "/v1/rulesets/{id}/versions", PUBLIC, Scope::None),
    row("POST", "/v1/rulesets", ADMINS, Scope::None),
    row("POST", "/v1/rulesets/trial", ADMINS, Scope::Area),
    // registers
    row("GET", "/v1/tables", PUBLIC, Scope::None),
    row("GET", "/v1/tables/{name}", PUBLIC, Scope::None),
    row("GET", "/v1/tables/{name}/versions", PUBLIC, Scope::None),
    row("GET", "/v1/tables/by-digest/{hex}", PUBLIC, Scope::None),
    row("PUT", "/v1/tables/{name}", ADMINS, Scope::None),
    // reading
    reads("GET", "/v1/submissions", STAFF, Scope::Area),
    reads("GET", "/v1/submissions/{id}", STAFF, Scope::Area),
    reads("GET", "/v1/export", READERS, Scope::Area),
    row("GET", "/v1/statistics", READERS, Scope::Area),
    row("GET", "/v1/verify/{hex}", PUBLIC, Scope::None),
    // ledger
    row("GET", "/v1/rectifications", READERS, Scope::Area),
    row("GET", "/v1/rectifications/export", READERS, Scope::Area),
    row("GET", "/v1/rectifications/{id}", READERS, Scope::Area),
    row("PATCH", "/v1/rectifications/{id}", OFFICES, Scope::Area),
    // submissions
    row("PUT", "/v1/submissions/{id}", ALL, Scope::Own),
    row("GET", "/v1/submissions/{id}/receipt", ALL, Scope::Own),
    // parts
    row("PUT", "/v1/submissions/{id}/parts/{hex}", ALL, Scope::Own),
    row("HEAD", "/v1/submissions/{id}/parts/{hex}", ALL, Scope::Own),
    row("PATCH", "/v1/submissions/{id}/parts/{hex}", ALL, Scope::Own),
    reads("GET", "/v1/submissions/{id}/parts/{hex}", STAFF, Scope::Area),
    // replay, audit
    reads("GET", "/v1/submissions/{id}/replay", READERS, Scope::Area),
    row("POST", "/v1/replay", ADMINS, Scope::None),
    row("GET", "/v1/audit/head", PUBLIC, Scope::None),
    // access
    row("GET", "/v1/me", ALL, Scope::Own),
    row("PUT", "/v1/me/password", STAFF, Scope::Own),
    row("GET", "/v1/login", PUBLIC, Scope::None),
    row("GET", "/v1/oidc/start", PUBLIC, Scope::None),
    row("GET", "/v1/oidc/callback", PUBLIC, Scope::None),
    row("POST", "/v1/setup", PUBLIC, Scope::None),
    row("POST", "/v1/sessions", PUBLIC, Scope::None),
    row("DELETE", "/v1/sessions/current", STAFF, Scope::Own),
    row("POST", "/v1/devices", OFFICES, Scope::Area),
    row("GET", "/v1/devices", OFFICES, Scope::Area),
    row("DELETE", "/v1/devices/{id}", OFFICES, Scope::Area),
    row("GET", "/v1/users", ADMINS, Scope::Area),
    row("POST", "/v1/users", ADMINS, Scope::Area),
    row("PATCH", "/v1/users/{id}", ADMINS, Scope::Area),
    row("GET", "/v1/access-log", ADMINS, Scope::Area),
];

/// The row of an address. A `HEAD` is a `GET` of which the body is kept back, unless it has a row of its own.
pub(crate) fn find(method: &str, path: &str) -> Option<&'static Row> {
    let of = |method: &str| TABLE.iter().find(|row| row.method == method && row.path == path);
    of(method).or_else(|| (method == "HEAD").then(|| of("GET")).flatten())
}

/// The methods that an address takes, as the header `Allow` lists them.
pub(crate) fn methods(path: &str) -> String {
    let mut all: Vec<&str> = Vec::new();
    for row in TABLE.iter().filter(|row| row.path == path) {
        all.push(row.method);
        if row.method == "GET" && find("HEAD", path) == Some(row) {
            all.push("HEAD");
        }
    }
    all.join(", ")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_address_stands_once_and_a_device_reads_no_entries() {
        for (number, row) in TABLE.iter().enumerate() {
            let again = |other: &Row| (other.method, other.path) == (row.method, row.path);
            assert!(!TABLE.iter().skip(number + 1).any(again), "{row:?}");
            assert!(!row.purpose || !row.who.is_empty(), "{row:?}");
            assert!(!(row.purpose && row.who.contains(&Device)), "{row:?}");
            assert!(
                !(row.scope == Scope::Area && row.who.contains(&Device)),
                "{row:?}"
            );
        }
    }

    #[test]
    fn a_head_is_a_get() {
        assert_eq!(find("HEAD", "/v1/me"), find("GET", "/v1/me"));
        assert_eq!(find("DELETE", "/v1/me"), None);
        assert_eq!(methods("/v1/me"), "GET, HEAD");
        assert_eq!(methods("/v1/nothing"), "");
    }
}
