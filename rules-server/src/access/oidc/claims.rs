//! What an identity provider's claims mean here.
//!
//! In: claims of a token. Out: role, area, names. Must not know: how the token was fetched and verified.

use super::super::{Role, scope};
use crate::problem::{Kind, Problem};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;

/// The office's identity provider.
#[derive(Clone, Deserialize)]
#[serde(deny_unknown_fields, rename_all = "kebab-case")]
pub struct OidcSettings {
    /// What people call it, on the page's button.
    pub name: String,
    /// Its address; `/.well-known/openid-configuration` is found below it.
    pub issuer: String,
    /// Who this service is to it. It must know the address `ORIGIN/v1/oidc/callback`.
    pub client_id: String,
    /// What this service proves that by, if the provider wants it.
    #[serde(default)]
    pub client_secret: Option<String>,
    /// Scopes besides `openid`.
    #[serde(default)]
    pub scopes: Vec<String>,
    /// The claim with roles, a text or a list: a name, or a JSON Pointer such as `/realm_access/roles`.
    pub role_claim: String,
    /// From the provider's words to roles. Of several the one that may most counts.
    pub roles: BTreeMap<String, Role>,
    /// The claim with the division code.
    pub area_claim: String,
}

impl std::fmt::Debug for OidcSettings {
    /// Without the secret.
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("OidcSettings")
            .field("issuer", &self.issuer)
            .field("client_id", &self.client_id)
            .finish_non_exhaustive()
    }
}

/// Somebody whom the provider vouches for.
#[derive(Clone, PartialEq, Eq, Debug)]
pub(crate) struct Person {
    pub(crate) subject: String,
    pub(crate) name: Option<String>,
    pub(crate) display: String,
    pub(crate) role: Role,
    pub(crate) area: String,
}

fn claim<'c>(claims: &'c Value, path: &str) -> Option<&'c Value> {
    if path.starts_with('/') {
        claims.pointer(path)
    } else {
        claims.get(path)
    }
}

/// Reads the claims.
///
/// # Errors
/// 403 where they have no role or no area here.
pub(crate) fn person(
    settings: &OidcSettings,
    subject: String,
    name: Option<String>,
    display: Option<String>,
    claims: &Value,
) -> Result<Person, Problem> {
    let words: Vec<&str> = match claim(claims, &settings.role_claim) {
        Some(Value::String(word)) => vec![word],
        Some(Value::Array(words)) => words.iter().filter_map(Value::as_str).collect(),
        _ => Vec::new(),
    };
    let roles = words.iter().filter_map(|word| settings.roles.get(*word));
    let rank = |role: &&Role| Role::STAFF.iter().position(|one| one == *role);
    let role = roles.filter(|role| rank(role).is_some()).max_by_key(rank);
    let role = role.copied().ok_or_else(|| {
        Problem::new(
            Kind::Forbidden,
            "the identity provider gives you no role in this service",
        )
    })?;
    let area = claim(claims, &settings.area_claim).and_then(Value::as_str);
    let area = area.filter(|area| scope::is_area(area)).ok_or_else(|| {
        Problem::new(
            Kind::Forbidden,
            "the identity provider gives you no division code",
        )
    })?;
    let shown = display.or_else(|| name.clone());
    let shown: String = shown
        .unwrap_or_else(|| "OIDC".to_owned())
        .chars()
        .filter(|c| !c.is_control())
        .take(100)
        .collect();
    Ok(Person {
        subject,
        name,
        display: shown,
        role,
        area: area.to_owned(),
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn settings(role_claim: &str) -> OidcSettings {
        let roles = [
            ("wb-admin", Role::Admin),
            ("wb-view", Role::Reviewer),
            ("wb-phone", Role::Device),
        ];
        OidcSettings {
            name: String::new(),
            issuer: String::new(),
            client_id: String::new(),
            client_secret: Some("secret".to_owned()),
            scopes: Vec::new(),
            role_claim: role_claim.to_owned(),
            roles: roles.map(|(word, role)| (word.to_owned(), role)).into(),
            area_claim: "division".to_owned(),
        }
    }

    #[test]
    fn roles_and_areas_come_from_claims() {
        let cases = [
            (
                "roles",
                json!({"roles": "wb-view", "division": "520400"}),
                Some(Role::Reviewer),
            ),
            (
                "roles",
                json!({"roles": ["x", "wb-view", "wb-admin"], "division": "520400"}),
                Some(Role::Admin),
            ),
            (
                "/realm/roles",
                json!({"realm": {"roles": ["wb-view"]}, "division": "520400"}),
                Some(Role::Reviewer),
            ),
            ("roles", json!({"roles": ["admin"], "division": "520400"}), None),
            (
                "roles",
                json!({"roles": ["wb-phone"], "division": "520400"}),
                None,
            ),
            ("roles", json!({"roles": 7, "division": "520400"}), None),
            ("roles", json!({"roles": "wb-view"}), None),
            ("roles", json!({"roles": "wb-view", "division": "52%"}), None),
            ("roles", json!({"roles": "wb-view", "division": 520400}), None),
        ];
        for (path, claims, role) in cases {
            let found = person(&settings(path), "1".to_owned(), None, None, &claims);
            assert_eq!(found.ok().map(|person| person.role), role, "{claims}");
        }
    }

    #[test]
    fn the_secret_is_not_shown() {
        assert!(!format!("{:?}", settings("roles")).contains("secret"));
    }
}
