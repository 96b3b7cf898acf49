//! How often somebody may be wrong.
//!
//! In: a key (an address, a name) and the time. Out: whether it has to wait. Must not know: what was tried. In memory: a restart forgets, and
//! several processes count apart.

use axum::extract::ConnectInfo;
use axum::http::request::Parts;
use std::collections::HashMap;
use std::net::{IpAddr, SocketAddr};
use std::sync::{Mutex, MutexGuard, PoisonError};

/// Keys that are remembered; beyond it those whose window is over go first.
const KEYS: usize = 20_000;

/// So many mistakes in so much time.
#[derive(Debug)]
pub(crate) struct Limit {
    mistakes: u32,
    window_ms: i64,
    seen: Mutex<HashMap<String, (i64, u32)>>,
}

impl Limit {
    pub(crate) fn new(mistakes: u32, window_ms: i64) -> Limit {
        Limit {
            mistakes,
            window_ms,
            seen: Mutex::default(),
        }
    }

    fn seen(&self) -> MutexGuard<'_, HashMap<String, (i64, u32)>> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Seconds until the key may try again, if it has to wait.
    pub(crate) fn waits(&self, key: &str, now_ms: i64) -> Option<u64> {
        let (since, count) = *self.seen().get(key)?;
        let left = since.saturating_add(self.window_ms).saturating_sub(now_ms);
        (count >= self.mistakes && left > 0).then(|| u64::try_from(left).unwrap_or(0).div_ceil(1000))
    }

    /// Counts a mistake.
    pub(crate) fn wrong(&self, key: &str, now_ms: i64) {
        let mut seen = self.seen();
        if seen.len() >= KEYS {
            seen.retain(|_, (since, _)| since.saturating_add(self.window_ms) > now_ms);
        }
        if seen.len() >= KEYS {
            seen.clear();
        }
        let (since, count) = seen.entry(key.to_owned()).or_insert((now_ms, 0));
        if since.saturating_add(self.window_ms) <= now_ms {
            (*since, *count) = (now_ms, 0);
        }
        *count = count.saturating_add(1);
    }

    /// Forgets the mistakes of a key that was right.
    pub(crate) fn right(&self, key: &str) {
        self.seen().remove(key);
    }
}

/// Where a request comes from, as far as it can be counted by: the peer, or what a proxy that is trusted says. Of IPv6 the network of
/// 64 bits that one customer has.
pub(crate) fn origin(parts: &Parts, proxies: &[IpAddr]) -> String {
    let peer = parts.extensions.get::<ConnectInfo<SocketAddr>>();
    let Some(peer) = peer.map(|info| info.0.ip().to_canonical()) else {
        return "unknown".to_owned();
    };
    let told = || {
        let last = parts.headers.get_all("x-forwarded-for").iter().next_back()?;
        last.to_str().ok()?.rsplit(',').next()?.trim().parse().ok()
    };
    let ip = if proxies.contains(&peer) {
        told().unwrap_or(peer)
    } else {
        peer
    };
    match ip {
        IpAddr::V4(ip) => ip.to_string(),
        IpAddr::V6(ip) => {
            let [a, b, c, d, ..] = ip.segments();
            format!("{a:x}:{b:x}:{c:x}:{d:x}::/64")
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use axum::http::Request;

    #[test]
    fn mistakes_count_and_time_heals() {
        let limit = Limit::new(2, 10_000);
        assert_eq!(limit.waits("a", 0), None);
        limit.wrong("a", 0);
        assert_eq!(limit.waits("a", 1), None);
        limit.wrong("a", 1_000);
        assert_eq!(limit.waits("a", 1_500), Some(9));
        assert_eq!(limit.waits("b", 1_500), None);
        assert_eq!(limit.waits("a", 10_000), None);
        limit.wrong("a", 10_000);
        assert_eq!(limit.waits("a", 10_001), None);
        limit.wrong("a", 10_001);
        limit.right("a");
        assert_eq!(limit.waits("a", 10_002), None);
    }

    #[test]
    fn memory_is_bounded() {
        let limit = Limit::new(2, 10_000);
        for number in 0..50_000 {
            limit.wrong(&number.to_string(), 0);
        }
        assert!(limit.seen().len() <= KEYS);
    }

    #[test]
    fn only_a_trusted_proxy_is_believed() {
        let proxy: IpAddr = [10, 0, 0, 1].into();
        let of = |peer: IpAddr, told: &str| {
            let request = Request::builder().header("x-forwarded-for", told);
            let request = request.extension(ConnectInfo(SocketAddr::new(peer, 1)));
            let parts = request.body(()).map(|request| request.into_parts().0);
            parts.map_or_else(|_| String::new(), |parts| origin(&parts, &[proxy]))
        };
        assert_eq!(of(proxy, "6.6.6.6, 1.2.3.4"), "1.2.3.4");
        assert_eq!(of(proxy, "2001:db8:1:2:3::4"), "2001:db8:1:2::/64");
        assert_eq!(of(proxy, "nonsense"), "10.0.0.1");
        assert_eq!(of([9, 9, 9, 9].into(), "1.2.3.4"), "9.9.9.9");
    }
}
