//! Numbers about the service's work, in the text format of OpenMetrics that Prometheus reads.
//!
//! In: what happened. Out: a page of numbers. Must not know: who asked for what. Labels are methods, patterns of addresses and classes of
//! status, so their number is bounded, and none of them comes from a request's content.

use prometheus_client::encoding::{EncodeLabelSet, text};
use prometheus_client::metrics::counter::Counter;
use prometheus_client::metrics::family::Family;
use prometheus_client::metrics::gauge::Gauge;
use prometheus_client::metrics::histogram::Histogram;
use prometheus_client::registry::{Registry, Unit};
use std::sync::Arc;
use std::time::Duration;

/// Media type of the page.
pub const MEDIA_TYPE: &str = "application/openmetrics-text; version=1.0.0; charset=utf-8";

/// From a check (below a millisecond) to a large export.
const SECONDS: [f64; 14] = [
    0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 10.0, 30.0,
];

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Request {
    method: String,
    route: String,
    status: u16,
}

#[derive(Clone, Debug, PartialEq, Eq, Hash, EncodeLabelSet)]
struct Route {
    method: String,
    route: String,
}

/// The numbers of one service. Cloning is cheap, and clones count together.
#[derive(Clone, Debug)]
pub struct Metrics {
    registry: Arc<Registry>,
    requests: Family<Request, Counter>,
    seconds: Family<Route, Histogram>,
    judging: Histogram,
    refused: Counter,
    open: Gauge,
}

impl Default for Metrics {
    fn default() -> Metrics {
        Metrics::new()
    }
}

impl Metrics {
    /// All at zero.
    pub fn new() -> Metrics {
        let requests = Family::default();
        let seconds = Family::new_with_constructor(histogram as fn() -> Histogram);
        let judging = histogram();
        let refused = Counter::default();
        let open = Gauge::default();
        let mut registry = Registry::with_prefix("weibao");
        registry.register(
            "requests",
            "Requests answered, by address pattern",
            requests.clone(),
        );
        registry.register_with_unit(
            "request",
            "Time from a request's head to its answer's head",
            Unit::Seconds,
            seconds.clone(),
        );
        registry.register_with_unit(
            "judging",
            "Time that one check of an entry takes",
            Unit::Seconds,
            judging.clone(),
        );
        registry.register(
            "rate_limited",
            "Requests refused by the rate limit",
            refused.clone(),
        );
        registry.register("connections", "Connections that are open", open.clone());
        Metrics {
            registry: Arc::new(registry),
            requests,
            seconds,
            judging,
            refused,
            open,
        }
    }

    /// The numbers as text.
    pub fn text(&self) -> String {
        let mut out = String::new();
        // Writing into a string cannot fail.
        let _ = text::encode(&mut out, &self.registry);
        out
    }

    /// A request was answered.
    pub(crate) fn request(&self, method: &str, route: &str, status: u16, time: Duration) {
        let (method, route) = (method.to_owned(), route.to_owned());
        let labels = Route {
            method: method.clone(),
            route: route.clone(),
        };
        self.seconds.get_or_create(&labels).observe(time.as_secs_f64());
        let labels = Request {
            method,
            route,
            status,
        };
        self.requests.get_or_create(&labels).inc();
    }

    /// An entry was judged.
    pub(crate) fn judged(&self, time: Duration) {
        self.judging.observe(time.as_secs_f64());
    }

    /// The rate limit refused a request.
    pub(crate) fn refused(&self) {
        self.refused.inc();
    }

    /// A connection opened; it counts until the guard is dropped.
    pub(crate) fn connection(&self) -> Open {
        self.open.inc();
        Open(self.open.clone())
    }
}

fn histogram() -> Histogram {
    Histogram::new(SECONDS)
}

/// An open connection.
#[derive(Debug)]
pub(crate) struct Open(Gauge);

impl Drop for Open {
    fn drop(&mut self) {
        self.0.dec();
    }
}

#[cfg(test)]
mod tests {
    use super::Metrics;
    use std::time::Duration;

    #[test]
    fn what_happened_is_counted_by_pattern() {
        let metrics = Metrics::new();
        metrics.request("GET", "/v1/bundles/{id}", 200, Duration::from_millis(3));
        metrics.request("GET", "/v1/bundles/{id}", 304, Duration::from_millis(1));
        metrics.judged(Duration::from_micros(400));
        metrics.refused();
        let open = metrics.connection();
        let text = metrics.text();
        for line in [
            "weibao_requests_total{method=\"GET\",route=\"/v1/bundles/{id}\",status=\"304\"} 1",
            "weibao_request_seconds_count{method=\"GET\",route=\"/v1/bundles/{id}\"} 2",
            "weibao_judging_seconds_bucket{le=\"0.0005\"} 1",
            "weibao_rate_limited_total 1",
            "weibao_connections 1",
        ] {
            assert!(text.contains(line), "{line}\n{text}");
        }
        drop(open);
        assert!(metrics.text().contains("weibao_connections 0"));
    }
}
