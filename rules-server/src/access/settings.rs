//! How access is set up: sessions, trusted proxies, the office's identity provider, retention.
//!
//! In: a file of settings. Out: values with defaults. Must not know: where the file is.

use super::retention::Retention;
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
    /// The service's address as phones and browsers know it, such as `https://weibao.example.gov.cn`. Without it, codes for devices use
    /// the address that they were asked for under.
    pub origin: Option<String>,
    /// Proxies whose `X-Forwarded-For` is believed.
    pub proxies: Vec<IpAddr>,
    /// When answers and attachments are purged; nothing is, unless this says so.
    pub retention: Vec<Retention>,
}

impl Default for AccessSettings {
    fn default() -> AccessSettings {
        AccessSettings {
            session_idle_minutes: 60,
            session_hours: 12,
            device_days: 365,
            origin: None,
            proxies: Vec::new(),
            retention: Vec::new(),
        }
    }
}

impl AccessSettings {
    pub(crate) fn idle_ms(&self) -> i64 {
        i64::from(self.session_idle_minutes) * 60_000
    }

    pub(crate) fn session_ms(&self) -> i64 {
        i64::from(self.session_hours) * 3_600_000
    }
}
