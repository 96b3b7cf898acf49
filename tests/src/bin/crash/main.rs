//! `crash`: kills a real server at random points under load and asks for everything that it promised.
//!
//! In: the `rules` program, bundles, a seed, perhaps a PostgreSQL cluster. Out: what was sent, killed and found again; status 1 where a receipt
//! is not what it was. Must not know: how the server stores anything. `cargo xtask crash` starts it.
//!
//! A run: the server starts, clients send submissions, edits and parts, whole and in pieces; somewhere in between it gets SIGKILL. It is
//! started again, and every receipt of that run is asked for by sending the same bytes again: the answer has to be 200 (201 would mean that it
//! was lost) and the receipt the same bytes. At the end all receipts are asked for, what was never answered is sent until it is, and `rules
//! audit verify` must find as many receipts as were given, none more.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    reason = "whatever is not as it must be ends the program"
)]

mod chance;
mod client;
mod faults;
mod fill;
mod http;
mod server;

use chance::Chance;
use client::{Client, Ended};
use server::{Given, Program, Server};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::{Duration, Instant};

const CLIENTS: u64 = 6;

/// Earlier receipts that are asked for after each run, beside those of the run.
const SAMPLE: usize = 20;

fn main() -> ExitCode {
    let given = Given::read();
    if let Some(count) = given.write {
        fill::write(&given, count);
        return ExitCode::SUCCESS;
    }
    if let Some(count) = given.fill {
        fill::fill(&given, count);
        return ExitCode::SUCCESS;
    }
    match given.fault.as_deref() {
        None => kill(&given),
        Some("full") => faults::full(&given),
        Some("away") => faults::away(&given),
        Some(other) => panic!("there is no fault `{other}`"),
    }
    ExitCode::SUCCESS
}

fn kill(given: &Given) {
    let start = Instant::now();
    let program = Program::new(given);
    let mut chance = Chance::new(given.seed);
    let server = program.start(true);
    let token = server.token.clone();
    let ruleset = server.ruleset(&given.ruleset);
    let mut clients: Vec<Client> = (0..CLIENTS)
        .map(|number| Client::new(number, given.seed, &token, &ruleset))
        .collect();
    drop(server);
    let (mut broken, mut down) = (0, Vec::new());
    for run in 0..given.runs {
        let server = program.start(false);
        let before: Vec<usize> = clients.iter().map(|client| client.given.len()).collect();
        let (kept, ends) = load(
            server,
            clients,
            Duration::from_micros(chance.below(400_000) + 5_000),
        );
        clients = kept;
        broken += ends;
        let restart = Instant::now();
        let server = program.start(false);
        down.push(restart.elapsed());
        for (client, before) in clients.iter().zip(before) {
            let fresh = before..client.given.len();
            let sample = (0..SAMPLE).map(|_| chance.below(before.max(1) as u64) as usize);
            for number in fresh.chain(sample).filter(|number| *number < client.given.len()) {
                client.ask_again(&server, number);
            }
        }
        server.kill();
        if run % 20 == 19 {
            program.audit();
            println!("  {} runs, {} receipts", run + 1, count(&clients));
        }
    }
    let server = program.start(false);
    for client in &mut clients {
        client.settle(&server);
        for number in 0..client.given.len() {
            client.ask_again(&server, number);
        }
    }
    server.stop();
    let (receipts, parts) = program.audit();
    assert_eq!(
        receipts,
        count(&clients),
        "stored receipts are not those that were given"
    );
    let named: BTreeMap<&str, ()> = clients
        .iter()
        .flat_map(Client::parts)
        .map(|part| (part, ()))
        .collect();
    assert_eq!(
        parts,
        named.len() as u64,
        "stored parts are not those that were sent"
    );
    down.sort();
    println!(
        "{}: {} kills under load, seed {}: {receipts} receipts and {parts} parts, each once and byte for byte; {broken} requests were broken off; \
         restart {} ms (median); {:.0} s",
        program.name(),
        given.runs,
        given.seed,
        down.get(down.len() / 2).unwrap_or(&Duration::ZERO).as_millis(),
        start.elapsed().as_secs_f64()
    );
}

fn count(clients: &[Client]) -> u64 {
    clients.iter().map(|client| client.given.len() as u64).sum()
}

/// Lets the clients send until the time is over and the server dead. Gives how many requests were broken off.
fn load(server: Server, clients: Vec<Client>, time: Duration) -> (Vec<Client>, u64) {
    let stop = Arc::new(AtomicBool::new(false));
    let address = server.address.clone();
    let threads: Vec<_> = clients
        .into_iter()
        .map(|mut client| {
            let (stop, address) = (stop.clone(), address.clone());
            std::thread::spawn(move || {
                let mut broken = 0;
                while !stop.load(Ordering::Relaxed) {
                    match client.step(&address) {
                        Ended::Answered => {}
                        Ended::Broken | Ended::Refused(_) => {
                            broken += 1;
                            std::thread::sleep(Duration::from_millis(2));
                        }
                    }
                }
                (client, broken)
            })
        })
        .collect();
    std::thread::sleep(time);
    server.kill();
    stop.store(true, Ordering::Relaxed);
    let (mut clients, mut broken) = (Vec::new(), 0);
    for thread in threads {
        let (client, count) = thread.join().unwrap();
        clients.push(client);
        broken += count;
    }
    (clients, broken)
}
