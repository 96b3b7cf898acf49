//! A stream of submissions: lines in, reports out, in the same order and in constant memory.
//!
//! In: a reader. Out: canonical reports on standard output. Must not know: where the lines come from. Lines are taken in batches, a worker has a
//! batch at a time, and no more batches are under way than there is room for. Where input pauses, everything read so far is answered and
//! flushed, so that a program on the other side of two pipes can wait for its answer.

use super::{Setting, lines::Lines, status};
use crate::fault::{Fault, Result, Status};
use crate::term;
use rules_core::limits::Limits;
use rules_core::{Checker, Scratch};
use rules_functions::RhaiFunctions;
use std::io::{Read, Write};
use std::num::NonZeroUsize;
use std::sync::mpsc::{Receiver, SyncSender, sync_channel};

/// Lines of a batch: enough that handing it over costs nothing beside the checks.
const BATCH_LINES: usize = 128;
/// Bytes of a batch, at which it is full before its lines are.
const BATCH_BYTES: usize = 1 << 20;
/// Batches that a worker has before it or done.
const AHEAD: usize = 2;

struct Batch {
    text: String,
    ends: Vec<usize>,
}

#[derive(Default)]
struct Done {
    reports: String,
    lines: u64,
    worst: Worst,
}

/// What there was among the lines.
#[derive(Default)]
struct Worst {
    bad: bool,
    failed: bool,
    open: bool,
}

impl Worst {
    fn add(&mut self, status: Status) {
        match status {
            Status::Bad => self.bad = true,
            Status::Failed => self.failed = true,
            Status::Undetermined => self.open = true,
            Status::Ok | Status::Closed => {}
        }
    }

    fn join(&mut self, other: &Worst) {
        self.bad |= other.bad;
        self.failed |= other.failed;
        self.open |= other.open;
    }

    fn status(&self) -> Status {
        match (self.bad, self.failed, self.open) {
            (true, _, _) => Status::Bad,
            (false, true, _) => Status::Failed,
            (false, false, true) => Status::Undetermined,
            (false, false, false) => Status::Ok,
        }
    }
}

/// Answers every line.
pub(super) fn run(setting: &Setting, input: Box<dyn Read>, jobs: Option<NonZeroUsize>) -> Result<Status> {
    let jobs = jobs
        .or_else(|| std::thread::available_parallelism().ok())
        .map_or(1, usize::from)
        .min(64);
    std::thread::scope(|scope| {
        let mut workers = Vec::new();
        for _ in 0..jobs {
            let (give, work) = sync_channel(AHEAD);
            let (done, take) = sync_channel(AHEAD);
            scope.spawn(move || worker(setting, &work, &done));
            workers.push((give, take));
        }
        // The channels close when this returns, and the workers end.
        pump(input, &workers)
    })
}

fn worker(setting: &Setting, work: &Receiver<Batch>, done: &SyncSender<Done>) {
    let functions = RhaiFunctions::new();
    let options = setting.options(&functions);
    let checker = Checker::new(&setting.ruleset, &options);
    let mut scratch = Scratch::default();
    while let Ok(batch) = work.recv() {
        let mut out = Done::default();
        let mut start = 0;
        for end in batch.ends {
            let line = batch.text.get(start..end).unwrap_or("");
            start = end;
            let report = checker.report(line, &mut scratch);
            out.worst.add(status(&report));
            out.reports.push_str(&report.canonical());
            out.reports.push('\n');
            out.lines += 1;
        }
        if done.send(out).is_err() {
            return;
        }
    }
}

type Worker = (SyncSender<Batch>, Receiver<Done>);

fn pump(input: Box<dyn Read>, workers: &[Worker]) -> Result<Status> {
    let mut lines = Lines::new(input, Limits::DEFAULT.answer_bytes);
    let mut out = term::raw_stdout();
    let counter = term::counter();
    let mut worst = Worst::default();
    // Batch `n` is with worker `n % workers`, so that answers come back in order.
    let (mut given, mut taken) = (0, 0);
    let lost = || Fault::new("a worker ended early");
    let at = |number: usize| workers.get(number % workers.len().max(1));
    loop {
        let batch = batch(&mut lines)?;
        let ended = batch.is_none();
        if let Some(batch) = batch {
            at(given)
                .and_then(|worker| worker.0.send(batch).ok())
                .ok_or_else(lost)?;
            given += 1;
        }
        let pause = ended || !lines.ready();
        let ahead = if pause { 0 } else { workers.len() * AHEAD - 1 };
        while given - taken > ahead {
            let done = at(taken)
                .and_then(|worker| worker.1.recv().ok())
                .ok_or_else(lost)?;
            taken += 1;
            out.write_all(done.reports.as_bytes())?;
            worst.join(&done.worst);
            counter.inc(done.lines);
        }
        if pause {
            out.flush()?;
        }
        if ended {
            counter.finish_and_clear();
            return Ok(worst.status());
        }
    }
}

/// Lines until the batch is full or more would have to be waited for; `None` at the end.
fn batch(lines: &mut Lines<Box<dyn Read>>) -> Result<Option<Batch>> {
    let mut batch = Batch {
        text: String::new(),
        ends: Vec::new(),
    };
    loop {
        let line = lines.next().map_err(|error| {
            Fault::new(format!(
                "the input cannot be read: {}",
                crate::fault::reason(&error)
            ))
        })?;
        let Some(line) = line else { break };
        batch.text.push_str(line);
        batch.ends.push(batch.text.len());
        if batch.ends.len() >= BATCH_LINES || batch.text.len() >= BATCH_BYTES || !lines.ready() {
            break;
        }
    }
    Ok((!batch.ends.is_empty()).then_some(batch))
}
