//! How access is set up: sessions, trusted proxies, the office's identity provider, retention.
//!
//! In: a file of settings. Out: values with defaults. Must not know: where the file is.

use super::oidc::OidcSettings;
use super::retention::Retention;
use super::{Role, scope};
use serde::Deserialize;
use std::net::IpAddr;

/// How access is set up.
#[derive(Clone, Debug, Deserialize)]
#[serde(default, deny_unknown_fields, rename_all = "kebab-case")]
pub struct AccessSettings {
    /// Minutes without a request after which a session ends.
    pub session_idle_minutes: u32,
    /// Hours after which a session ends in any case.
    pub session_hours: u32,
    /// Days that a device's token is good for, unless it was issued for fewer.
    pub device_days: u32,
    /// Days that a phone keeps a record after its receipt; each phone's own number, unless this says so. 0: gone at the next visit.
    pub phone_keep_days: Option<u16>,
    /// The service's address as phones and browsers know it, such as `https://weibao.example.gov.cn`. Without it, codes for devices use
    /// the address that they were asked for under.
    pub origin: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
    /// The office's identity provider. It needs `origin`.
    pub oidc: Option<OidcSettings>,
    /// When answers are purged; nothing is, unless this says so.
    pub retention: Vec<Retention>,
}

impl Default for AccessSettings {
    fn default() -> AccessSettings {
        AccessSettings {
            session_idle_minutes: 60,
            session_hours: 12,
            device_days: 365,
            phone_keep_days: None,
            origin: None,
            proxies: Vec::new(),
            oidc: None,
            retention: Vec::new(),
        }
    }
}

impl AccessSettings {
    /// What does not fit together, in words for whoever wrote it.
    ///
    /// # Errors
    /// The first thing that is wrong.
    pub fn check(&self) -> Result<(), String> {
        if self.session_idle_minutes == 0 || self.session_hours == 0 || self.device_days == 0 {
            return Err("sessions and devices last longer than 0".to_owned());
        }
        if self.phone_keep_days.is_some_and(|days| days > 3650) {
            return Err("phone-keep-days: at most 3650".to_owned());
        }
        if let Some(origin) = &self.origin
            && !is_origin(origin)
        {
            return Err(format!(
                "origin: `{origin}` is not an address such as https://weibao.example.gov.cn"
            ));
        }
        if let Some(one) = self.retention.iter().find(|one| !scope::is_area(&one.area)) {
            return Err(format!("retention: `{}` is no division code", one.area));
        }
        let Some(oidc) = &self.oidc else {
            return Ok(());
        };
        if self.origin.is_none() {
            return Err(
                "oidc: the identity provider sends browsers back to `origin`, which is not set".to_owned(),
            );
        }
        let local = ["http://127.0.0.1", "http://localhost", "http://[::1]"];
        if !oidc.issuer.starts_with("https://") && !local.iter().any(|head| oidc.issuer.starts_with(head)) {
            return Err("oidc: the issuer's address begins with https://".to_owned());
        }
        if oidc.roles.values().any(|role| !Role::STAFF.contains(role)) {
            return Err("oidc: roles are inspector, reviewer, office and admin".to_owned());
        }
        Ok(())
    }

    pub(crate) fn idle_ms(&self) -> i64 {
        i64::from(self.session_idle_minutes) * 60_000
    }

    pub(crate) fn session_ms(&self) -> i64 {
        i64::from(self.session_hours) * 3_600_000
    }
}

/// Scheme, host and perhaps a port.
pub(crate) fn is_origin(text: &str) -> bool {
    let rest = text
        .strip_prefix("https://")
        .or_else(|| text.strip_prefix("http://"))
        .unwrap_or("");
    (1..=255).contains(&rest.len())
        && rest
            .bytes()
            .all(|b| b.is_ascii_alphanumeric() || b".-:[]".contains(&b))
}
