//! Connections: taken, given to the router, ended.
//!
//! In: a listener, a router, the word to stop. Out: nothing more to do. Must not know: addresses. `axum::serve` sets no limit on the time
//! that a request's head may take nor on the number of connections; a few thousand idle ones would keep everybody else out.

use crate::ops::metrics::Metrics;
use axum::Router;
use axum::body::Body;
use axum::extract::{ConnectInfo, Request};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::service_fn;
use hyper_util::rt::{TokioIo, TokioTimer};
use hyper_util::server::graceful::GracefulShutdown;
use std::net::SocketAddr;
use std::sync::Arc;
use std::time::Duration;
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::Semaphore;
use tower::ServiceExt;

/// How connections are kept.
#[derive(Clone, Debug)]
pub struct Connections {
    /// How many may be open; others wait to be taken.
    pub limit: usize,
    /// The longest that the head of a request may take, and that a connection may be idle.
    pub head: Duration,
    /// How long requests under way may go on once the service is told to stop.
    pub drain: Duration,
}

impl Default for Connections {
    fn default() -> Connections {
        Connections {
            limit: 4096,
            head: Duration::from_secs(15),
            drain: Duration::from_secs(10),
        }
    }
}

/// Serves until `stop` is ready; then takes no new requests and lets those under way end.
///
/// # Errors
/// None at present: a connection that cannot be taken is tried again.
pub async fn serve(
    listener: TcpListener,
    router: Router,
    connections: &Connections,
    metrics: &Metrics,
    stop: impl Future<Output = ()> + Send + 'static,
) -> std::io::Result<()> {
    let mut http = http1::Builder::new();
    http.timer(TokioTimer::new())
        .header_read_timeout(connections.head);
    let places = Arc::new(Semaphore::new(connections.limit));
    let graceful = GracefulShutdown::new();
    let mut stop = std::pin::pin!(stop);
    loop {
        let taken = async {
            let place = places.clone().acquire_owned().await;
            (place, accept(&listener).await)
        };
        let (place, (stream, peer)) = tokio::select! {
            biased;
            () = &mut stop => break,
            taken = taken => taken,
        };
        let router = router.clone();
        let service = service_fn(move |mut request: Request<Incoming>| {
            request.extensions_mut().insert(ConnectInfo(peer));
            router.clone().oneshot(request.map(Body::new))
        });
        let connection = graceful.watch(http.serve_connection(TokioIo::new(stream), service));
        let open = metrics.connection();
        tokio::spawn(async move {
            // A client that goes away is no fault of the service.
            let _ = connection.await;
            drop((open, place));
        });
    }
    tracing::info!("stopping");
    drop(listener);
    if tokio::time::timeout(connections.drain, graceful.shutdown())
        .await
        .is_err()
    {
        tracing::warn!("requests under way were cut off");
    }
    Ok(())
}

/// The next connection. Where the process has no more of what a connection needs, waiting is all that helps.
async fn accept(listener: &TcpListener) -> (TcpStream, SocketAddr) {
    loop {
        match listener.accept().await {
            Ok((stream, peer)) => {
                // Answers are written whole; waiting for more to send would only make them late.
                let _ = stream.set_nodelay(true);
                return (stream, peer);
            }
            Err(error) => {
                let client = matches!(
                    error.kind(),
                    std::io::ErrorKind::ConnectionAborted
                        | std::io::ErrorKind::ConnectionRefused
                        | std::io::ErrorKind::ConnectionReset
                );
                if !client {
                    tracing::warn!(%error, "no connection can be taken");
                    tokio::time::sleep(Duration::from_secs(1)).await;
                }
            }
        }
    }
}
