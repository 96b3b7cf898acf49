//! `demo [--port N]`: builds everything and serves the page and the recheck on one port, in the foreground.

use crate::fault::{Fault, Result};
use crate::flags::Flags;
use crate::repo::Repo;
use crate::{build, run, setup};
use std::net::TcpListener;

/// The port that the docs name.
const USUAL_PORT: u16 = 8787;

/// How many ports after the wanted one are tried.
const NEIGHBOURS: u16 = 50;

pub(crate) fn run(repo: &Repo, mut flags: Flags) -> Result<()> {
    let wanted = match flags.value("--port")? {
        None => USUAL_PORT,
        Some(text) => text
            .parse()
            .map_err(|_| Fault::new(format!("`{text}` is not a port"), "give a number from 1 to 65535"))?,
    };
    flags.finish()?;
    setup::run(repo, setup::Browser::NotNeeded)?;
    build::run(repo)?;
    let port = free_port(wanted)?;
    if port != wanted {
        println!("Port {wanted} is taken, using {port}.");
    }
    println!("\n  Open  http://localhost:{port}/   (Ctrl-C stops it)\n");
    let mut serve = repo.command(repo.rules_binary());
    serve
        .args(["serve", "--static", "web-demo/dist", "--bundles"])
        .arg(repo.target("bundles"));
    run::visible(serve.args(["--port", &port.to_string()]))
}

/// The wanted port, or the nearest one above it that nobody listens on.
fn free_port(wanted: u16) -> Result<u16> {
    let last = wanted.saturating_add(NEIGHBOURS);
    (wanted..=last)
        .find(|port| TcpListener::bind(("127.0.0.1", *port)).is_ok())
        .ok_or_else(|| {
            Fault::new(
                format!("no port from {wanted} to {last} is free"),
                "choose another with `--port N`",
            )
        })
}

#[cfg(test)]
mod tests {
    use super::free_port;
    use std::net::TcpListener;

    #[test]
    fn a_taken_port_is_passed_over() {
        let taken = TcpListener::bind(("127.0.0.1", 0)).and_then(|listener| {
            let port = listener.local_addr()?.port();
            Ok((listener, port))
        });
        if let Ok((_listener, port)) = taken {
            assert!(free_port(port).is_ok_and(|free| free > port));
        }
    }
}
