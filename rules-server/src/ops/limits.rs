//! How many requests one client may make.
//!
//! In: requests. Out: the same, or a 429 with the time to wait. Must not know: what is asked. A client is its token where it sends one, else
//! its network address: phones of one office share an address, and must not be held up by each other.

use crate::ops::metrics::Metrics;
use crate::problem::{Kind, Problem};
use axum::extract::{ConnectInfo, Request, State};
use axum::http::{HeaderMap, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use governor::clock::{Clock, DefaultClock};
use governor::{DefaultKeyedRateLimiter, Quota, RateLimiter};
use sha2::{Digest, Sha256};
use std::net::{IpAddr, SocketAddr};
use std::num::NonZeroU32;
use std::sync::Arc;
use std::sync::atomic::{AtomicU32, Ordering};

/// Requests after which clients that have been quiet are forgotten.
const TIDY_EVERY: u32 = 4096;

/// How many requests one client may make.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Rate {
    /// Requests a second, on the average.
    pub per_second: NonZeroU32,
    /// Requests at once after a quiet time: a phone that was offline for a day sends what has gathered.
    pub burst: NonZeroU32,
    /// The last entry of `x-forwarded-for` is the client. Only where a proxy of one's own is in front, for anybody can send that header.
    pub behind_proxy: bool,
}

/// Clients and what is left of their quota.
#[derive(Clone, Debug)]
pub(crate) struct Limits(Arc<Inner>);

#[derive(Debug)]
struct Inner {
    limiter: DefaultKeyedRateLimiter<[u8; 16]>,
    behind_proxy: bool,
    seen: AtomicU32,
    metrics: Metrics,
}

impl Limits {
    pub(crate) fn new(rate: Rate, metrics: Metrics) -> Limits {
        let quota = Quota::per_second(rate.per_second).allow_burst(rate.burst);
        Limits(Arc::new(Inner {
            limiter: RateLimiter::keyed(quota),
            behind_proxy: rate.behind_proxy,
            seen: AtomicU32::new(0),
            metrics,
        }))
    }
}

/// Lets a request through, or says when to come back.
pub(crate) async fn limit(State(Limits(limits)): State<Limits>, request: Request, next: Next) -> Response {
    if limits
        .seen
        .fetch_add(1, Ordering::Relaxed)
        .is_multiple_of(TIDY_EVERY)
    {
        limits.limiter.retain_recent();
    }
    let peer = request
        .extensions()
        .get::<ConnectInfo<SocketAddr>>()
        .map(|info| info.0.ip());
    let key = key(request.headers(), peer, limits.behind_proxy);
    match limits.limiter.check_key(&key) {
        Ok(()) => next.run(request).await,
        Err(early) => {
            limits.metrics.refused();
            let wait = early.wait_time_from(DefaultClock::default().now());
            let seconds = wait.as_secs() + u64::from(wait.subsec_nanos() > 0);
            Problem::new(Kind::RateLimited, "")
                .retry_after(seconds.max(1))
                .into_response()
        }
    }
}

/// Who asks, as a hash: the limiter holds no token and no address.
fn key(headers: &HeaderMap, peer: Option<IpAddr>, behind_proxy: bool) -> [u8; 16] {
    let token = headers.get(header::AUTHORIZATION).map(|value| value.as_bytes());
    let forwarded = headers
        .get_all("x-forwarded-for")
        .iter()
        .next_back()
        .and_then(|value| value.to_str().ok())
        .and_then(|list| list.rsplit(',').next())
        .and_then(|last| last.trim().parse::<IpAddr>().ok())
        .filter(|_| behind_proxy);
    let digest = match (token, forwarded.or(peer)) {
        (Some(token), _) => Sha256::digest(token),
        (None, Some(address)) => Sha256::digest(network(address).to_string()),
        (None, None) => Sha256::digest(b""),
    };
    let mut key = [0; 16];
    for (to, from) in key.iter_mut().zip(digest) {
        *to = from;
    }
    key
}

/// The address of IPv4; of IPv6 the network of 64 bits, since a client has all of it.
fn network(address: IpAddr) -> IpAddr {
    match address.to_canonical() {
        IpAddr::V6(six) => IpAddr::V6((u128::from(six) & !u128::from(u64::MAX)).into()),
        four => four,
    }
}

#[cfg(test)]
mod tests {
    use super::{key, network};
    use axum::http::{HeaderMap, HeaderValue, header};
    use std::net::IpAddr;

    fn ip(text: &str) -> Option<IpAddr> {
        text.parse().ok()
    }

    #[test]
    fn a_client_is_its_token_else_its_address() {
        let none = HeaderMap::new();
        let mut token = HeaderMap::new();
        token.insert(header::AUTHORIZATION, HeaderValue::from_static("Bearer a"));
        let mut proxy = HeaderMap::new();
        proxy.insert(
            "x-forwarded-for",
            HeaderValue::from_static("192.0.2.9, 192.0.2.7"),
        );
        let (one, two) = (ip("192.0.2.1"), ip("192.0.2.2"));
        assert_eq!(key(&token, one, false), key(&token, two, false));
        assert_ne!(key(&none, one, false), key(&none, two, false));
        // The header counts behind a proxy only, and only what the proxy itself wrote.
        assert_eq!(key(&proxy, one, false), key(&none, one, false));
        assert_eq!(key(&proxy, one, true), key(&none, ip("192.0.2.7"), false));
        assert_ne!(key(&none, None, false), key(&none, one, false));
    }

    #[test]
    fn all_of_a_network_of_ipv6_is_one_client() {
        assert_eq!(
            ip("2001:db8::1").map(network),
            ip("2001:db8::ffff:1:2:3").map(network)
        );
        assert_ne!(ip("2001:db8:0:1::1").map(network), ip("2001:db8::1").map(network));
        assert_eq!(ip("::ffff:192.0.2.1").map(network), ip("192.0.2.1"));
    }
}
