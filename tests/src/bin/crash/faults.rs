//! The disk full, and the database away: everything is refused in order, nothing that was acknowledged is lost, and the server recovers by
//! itself.
//!
//! In: where it keeps its data, how to give it room, how to stop its database. Out: what was refused. Must not know: how it stores anything.

use crate::client::{Client, Ended};
use crate::http::send;
use crate::server::{Given, Program, Server};
use std::process::Command;
use std::time::{Duration, Instant};

/// Sends until the disk is full, and then for a while; gives it room; everything has to be there.
pub(crate) fn full(given: &Given) {
    let program = Program::new(given);
    let server = program.start(true);
    let mut client = Client::new(0, given.seed, &server.token, &server.ruleset(&given.ruleset));
    let mut refused = std::collections::BTreeMap::new();
    while refused.values().sum::<u64>() < 40 {
        match client.step(&server.address) {
            Ended::Answered => {}
            Ended::Broken => panic!("the connection broke: the server has ended"),
            Ended::Refused(status) => *refused.entry(status).or_insert(0) += 1,
        }
        assert!(client.given.len() < 200_000, "the disk does not get full");
    }
    assert!(
        refused.contains_key(&507),
        "never told that there is no room: {refused:?}"
    );
    for number in 0..client.given.len() {
        client.ask_again(&server, number);
    }
    let before = client.given.len();
    let room = given.room.as_ref().unwrap();
    assert!(Command::new("sh").args(["-c", room]).status().unwrap().success());
    recovered(&server, &mut client, 30);
    finish(&program, server, &client);
    println!(
        "{}, disk full: {before} receipts before, refusals {refused:?}, {} receipts after it had room again, without a restart; none lost",
        program.name(),
        client.given.len()
    );
}

/// Stops the database under load, lets clients try, starts it again.
pub(crate) fn away(given: &Given) {
    let program = Program::new(given);
    let server = program.start(true);
    let mut client = Client::new(0, given.seed, &server.token, &server.ruleset(&given.ruleset));
    let cluster = |words: &[&str]| {
        let (first, rest) = given.cluster.split_first().unwrap();
        let done = Command::new(first).args(rest).args(words).status().unwrap();
        assert!(done.success(), "{words:?}");
    };
    let (mut refused, mut back) = (0, Duration::ZERO);
    for round in 0..given.runs {
        let had = client.given.len();
        while client.given.len() < had + 20 {
            client.step(&server.address);
        }
        // In turn as an operator stops it, and as if the machine lost its power.
        let mode = if round % 2 == 0 { "fast" } else { "immediate" };
        cluster(&["stop", "-m", mode]);
        for _ in 0..4 {
            match client.step(&server.address) {
                Ended::Refused(503) => refused += 1,
                other => panic!("the database is away and the answer is {other:?}"),
            }
            let health = send(&server.address, "GET", "/healthz", &[], &[]).unwrap();
            let ready = send(&server.address, "GET", "/readyz", &[], &[]).unwrap();
            assert_eq!((health.status, ready.status), (200, 503));
        }
        cluster(&["start", "-w"]);
        let start = Instant::now();
        recovered(&server, &mut client, 20);
        back = back.max(start.elapsed());
    }
    finish(&program, server, &client);
    println!(
        "{}, database away {} times: {} receipts, {refused} refusals with 503, 20 submissions later at most {} ms after it was back; none lost",
        program.name(),
        given.runs,
        client.given.len(),
        back.as_millis()
    );
}

/// It has to take this many more within a minute.
fn recovered(server: &Server, client: &mut Client, more: usize) {
    let (wanted, start) = (client.given.len() + more, Instant::now());
    while client.given.len() < wanted {
        if client.step(&server.address) != Ended::Answered {
            assert!(start.elapsed() < Duration::from_secs(60), "it does not recover");
            std::thread::sleep(Duration::from_millis(50));
        }
    }
}

fn finish(program: &Program<'_>, server: Server, client: &Client) {
    for number in 0..client.given.len() {
        client.ask_again(&server, number);
    }
    server.stop();
    let (receipts, _) = program.audit();
    assert_eq!(
        receipts,
        client.given.len() as u64,
        "stored receipts are not those that were given"
    );
}
