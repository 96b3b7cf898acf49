//! Timing on a machine that has other work: contenders take turns, and of many short rounds the median counts.

use std::hint::black_box;
use std::time::{Duration, Instant};

/// Something that is timed.
pub struct Contender<'a> {
    /// Name in the table.
    pub name: String,
    work: Box<dyn FnMut() -> usize + 'a>,
    /// Units that one call works through.
    units: f64,
    rounds: Vec<f64>,
    calls: u32,
}

impl<'a> Contender<'a> {
    /// A contender whose call does `units` of work and gives a number that depends on all of it.
    pub fn new(name: impl Into<String>, units: usize, work: impl FnMut() -> usize + 'a) -> Contender<'a> {
        Contender {
            name: name.into(),
            work: Box::new(work),
            units: units as f64,
            rounds: Vec::new(),
            calls: 1,
        }
    }

    fn round(&mut self) -> Duration {
        let start = Instant::now();
        for _ in 0..self.calls {
            black_box((self.work)());
        }
        start.elapsed()
    }
}

/// Times contenders in turns; gives nanoseconds per unit of each, the median of the rounds.
pub fn race(mut contenders: Vec<Contender<'_>>, rounds: usize, round: Duration) -> Vec<(String, f64)> {
    for contender in &mut contenders {
        // Warm up and find how many calls fill a round.
        loop {
            let took = contender.round();
            if took >= round / 2 {
                let calls = f64::from(contender.calls) * round.as_secs_f64() / took.as_secs_f64();
                contender.calls = (calls as u32).max(1);
                break;
            }
            contender.calls = contender.calls.saturating_mul(2);
        }
    }
    for _ in 0..rounds {
        for contender in &mut contenders {
            let took = contender.round().as_secs_f64() * 1e9;
            let per_unit = took / f64::from(contender.calls) / contender.units;
            contender.rounds.push(per_unit);
        }
    }
    contenders
        .into_iter()
        .map(|mut contender| {
            contender.rounds.sort_by(f64::total_cmp);
            let middle = contender.rounds[contender.rounds.len() / 2];
            (contender.name, middle)
        })
        .collect()
}
