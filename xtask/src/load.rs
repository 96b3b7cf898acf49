//! `load [--seconds N] [--connections N] [--database …]`: how much the server does, asked by wrk from this machine. Numbers, no verdict: machines differ.
//!
//! In: a built server, bodies of all rulesets. Out: a table. Must not know: what is in a body. wrk uses one thread, the server both cores and what
//! wrk leaves of them; the share of judging is the server's own count of it (`/metrics`) in its processor time.

use crate::crash::{self, databases};
use crate::fault::{Fault, Result};
use crate::flags::Flags;
use crate::repo::Repo;
use crate::serving::Serving;
use crate::{build, run, setup};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;

/// Bodies of each kind.
const BODIES: &str = "2000";

/// Where the server shows its numbers, for as long as this runs.
const METRICS: &str = "127.0.0.1:19187";

struct Row {
    name: String,
    requests: f64,
    seconds: f64,
    failed: f64,
    middle: f64,
    high: f64,
    /// Processor time of the server, in seconds.
    work: f64,
    judging: f64,
    peak: String,
}

pub(crate) fn run(repo: &Repo, mut flags: Flags) -> Result<()> {
    let seconds = flags.value("--seconds")?.unwrap_or_else(|| "10".to_owned());
    let connections = flags.value("--connections")?.unwrap_or_else(|| "32".to_owned());
    let (sqlite, postgres) = databases(&mut flags)?;
    flags.finish()?;
    build::command_line(repo)?;
    setup::wrk(repo)?;
    let folder = crash::prepare(repo, "load-bodies")?;
    let mut write = crash::program(repo, &folder);
    run::visible(write.args(["--write", BODIES]))?;
    let ask = |serving: &Serving, name: &str, mode: &str, connections: &str| {
        ask(repo, serving, name, mode, &folder, connections, &seconds)
    };
    let start = |database: Option<&str>| Serving::start(repo, "load", database, &["--metrics", METRICS]);
    let mut rows = Vec::new();
    {
        let serving = start(None)?;
        rows.push(ask(&serving, "no work (/healthz)", "empty", &connections)?);
        rows.push(ask(
            &serving,
            "recheck, nothing stored",
            "rechecks",
            &connections,
        )?);
        rows.push(ask(&serving, "recheck, one connection", "rechecks", "1")?);
    }
    if sqlite {
        let name = "submission stored, SQLite";
        rows.push(ask(&start(None)?, name, "submissions", &connections)?);
    }
    if postgres {
        let cluster = setup::postgres(repo)?;
        let serving = start(Some(&cluster.create("load")?))?;
        let name = "submission stored, PostgreSQL";
        rows.push(ask(&serving, name, "submissions", &connections)?);
    }
    println!(
        "\n{BODIES} bodies of all rulesets, {} bytes on average",
        mean(&folder.join("submissions"))
    );
    println!(
        "\n| {connections} connections, {seconds} s each | a second | p50 ms | p99 ms | failed | µs of processor | judging | peak memory |"
    );
    println!("| --- | ---: | ---: | ---: | ---: | ---: | ---: | ---: |");
    for row in rows {
        println!(
            "| {} | {:.0} | {:.1} | {:.1} | {} | {:.0} | {:.0} % | {} |",
            row.name,
            row.requests / row.seconds,
            row.middle / 1e3,
            row.high / 1e3,
            row.failed,
            row.work * 1e6 / row.requests,
            100.0 * row.judging / row.work,
            row.peak
        );
    }
    Ok(())
}

fn ask(
    repo: &Repo,
    serving: &Serving,
    name: &str,
    mode: &str,
    folder: &Path,
    connections: &str,
    seconds: &str,
) -> Result<Row> {
    let mut wrk = repo.command("wrk");
    wrk.args([
        "-t",
        "1",
        "-c",
        connections,
        "-d",
        seconds,
        "--timeout",
        "30",
        "-s",
    ])
    .arg(repo.path("tests/load/requests.lua"))
    .arg(&serving.address)
    .env("MODE", mode)
    .env("FILE", folder.join(mode))
    .env("TOKEN", &serving.device);
    let (before, judged) = (work(serving), judging());
    let mut line = String::new();
    run::lines(&mut wrk, |said| {
        if said.starts_with("load ") {
            said.clone_into(&mut line);
        } else {
            println!("{said}");
        }
    })?;
    let numbers: Vec<f64> = line.split(' ').filter_map(|word| word.parse().ok()).collect();
    let &[requests, duration, failed, middle, high] = numbers.as_slice() else {
        return Err(Fault::new("wrk gave no summary", "read its output above"));
    };
    Ok(Row {
        name: name.to_owned(),
        requests,
        seconds: duration / 1e6,
        failed,
        middle,
        high,
        work: work(serving) - before,
        judging: judging() - judged,
        peak: status(serving, "VmHWM:"),
    })
}

/// Bytes of a body.
fn mean(file: &Path) -> usize {
    let text = std::fs::read_to_string(file).unwrap_or_default();
    text.len() / text.lines().count().max(1)
}

/// Processor time of the server so far, in seconds; 0 where the system does not tell it as Linux does.
fn work(serving: &Serving) -> f64 {
    let text = std::fs::read_to_string(format!("/proc/{}/stat", serving.process())).unwrap_or_default();
    // The second field is in parentheses and may hold anything.
    let fields: Vec<&str> = text.rsplit(')').next().unwrap_or("").split_whitespace().collect();
    let ticks = |at: usize| fields.get(at).and_then(|ticks| ticks.parse::<f64>().ok());
    // utime and stime, in hundredths of a second on every Linux that is used.
    (ticks(11).unwrap_or(0.0) + ticks(12).unwrap_or(0.0)) / 100.0
}

fn status(serving: &Serving, name: &str) -> String {
    let text = std::fs::read_to_string(format!("/proc/{}/status", serving.process())).unwrap_or_default();
    let line = text.lines().find_map(|line| line.strip_prefix(name));
    let kilobytes = line.and_then(|line| line.trim().split(' ').next()?.parse::<u64>().ok());
    kilobytes.map_or_else(|| "?".to_owned(), |kilobytes| format!("{} MB", kilobytes / 1024))
}

/// Seconds that the server has judged.
fn judging() -> f64 {
    let mut text = String::new();
    let asked = TcpStream::connect(METRICS).and_then(|mut stream| {
        stream.write_all(b"GET /metrics HTTP/1.1\r\nhost: localhost\r\nconnection: close\r\n\r\n")?;
        stream.read_to_string(&mut text)
    });
    if asked.is_err() {
        return 0.0;
    }
    let sum = text
        .lines()
        .find_map(|line| line.strip_prefix("weibao_judging_seconds_sum "));
    sum.and_then(|sum| sum.trim().parse().ok()).unwrap_or(0.0)
}
