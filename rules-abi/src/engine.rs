//! The calls, without what the linker asks for: each takes addresses and handles, and gives a number and an answer.
//!
//! In: what the host says. Out: 0 and why, or another number and what was asked for. Must not know: how a host reaches these.

use crate::answer::Answer;
use crate::buffers::Buffers;
use crate::failure::{BAD_HANDLE, Failure};
use crate::options::{Prepared, Told};
use crate::things::{Thing, Things};
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::string::String;
use rules_core::bundle::BundleError;
use rules_core::limits::Limits;
use rules_core::session::EditError;
use rules_core::{Checker, Chosen, Detail, Ruleset, Scratch, Session, Tables};
use rules_core::{measuring, outcomes};

/// What a call gives that has no number to give.
const DONE: usize = 1;

type Given = Result<usize, Failure>;

/// Bytes of the host's: address and length.
pub(crate) type At = (usize, usize);

/// One instance with everything in it.
pub(crate) struct Engine {
    pub(crate) buffers: Buffers,
    things: Things,
    pub(crate) answer: Answer,
}

impl Engine {
    pub(crate) const fn new() -> Engine {
        Engine {
            buffers: Buffers::new(),
            things: Things::new(),
            answer: Answer::new(),
        }
    }

    /// Makes the call; where it fails, 0 with the reason as its answer.
    pub(crate) fn call(&mut self, run: impl FnOnce(&mut Engine) -> Given) -> usize {
        self.answer.clear();
        run(self).unwrap_or_else(|failure| {
            self.answer.tell(failure.text());
            0
        })
    }

    /// Takes memory back.
    pub(crate) fn free(&mut self, at: usize) -> Given {
        self.buffers.take_back(at).map(|()| DONE)
    }

    /// Ends the life of a thing.
    pub(crate) fn forget(&mut self, handle: usize) -> Given {
        self.things.forget(handle).map(|()| DONE)
    }

    /// Loads a bundle.
    pub(crate) fn load(&mut self, bundle: At) -> Given {
        let refuse = |error: BundleError| Failure::new(error.code(), "", error.text().1);
        let ruleset = Ruleset::load(self.buffers.text(bundle.0, bundle.1)?).map_err(refuse)?;
        if ruleset.has_functions() {
            return Err(refuse(BundleError::Functions));
        }
        Ok(self.things.keep(Thing::Ruleset(ruleset)))
    }

    /// Digest of the bundle's content.
    pub(crate) fn digest(&mut self, ruleset: usize) -> Given {
        self.answer.tell(self.things.ruleset(ruleset)?.digest().into());
        Ok(DONE)
    }

    /// The words of reasons and of faults, for outcomes.
    pub(crate) fn words(&mut self) -> Given {
        self.answer.tell(outcomes::words());
        Ok(DONE)
    }

    /// Empty tables.
    pub(crate) fn tables(&mut self, ruleset: usize) -> Given {
        let ruleset = self.things.ruleset(ruleset)?.clone();
        let tables = Rc::new(Tables::new(&ruleset));
        Ok(self.things.keep(Thing::Tables(ruleset, tables)))
    }

    /// Takes the data of a table as JSON text. Checks that are prepared keep what they had.
    pub(crate) fn insert(&mut self, tables: usize, name: At, text: At) -> Given {
        let (name, text) = (
            self.buffers.text(name.0, name.1)?,
            self.buffers.text(text.0, text.1)?,
        );
        let (ruleset, tables) = self.things.tables(tables)?;
        let inserted = Rc::make_mut(tables).insert(ruleset, name, text, &Limits::DEFAULT);
        inserted.map_err(|error| {
            let mut path = String::new();
            rules_core::json::push_key(&mut path, name);
            path.push_str(&error.at);
            Failure::new("bad_table", &path, error.code)
        })?;
        Ok(DONE)
    }

    /// Prepares checks: a ruleset with its options, and tables where the handle is not 0.
    pub(crate) fn prepare(&mut self, ruleset: usize, tables: usize, options: At) -> Given {
        let ruleset = self.things.ruleset(ruleset)?.clone();
        let tables = match tables {
            0 => None,
            tables => {
                let (of, tables) = self.things.tables(tables)?;
                // Columns are numbers: of another ruleset they would mean something else.
                if of.digest() != ruleset.digest() {
                    return Err(Failure::of(BAD_HANDLE));
                }
                Some(Rc::clone(tables))
            }
        };
        let prepared = Prepared {
            told: Told::read(self.buffers.text(options.0, options.1)?, tables)?,
            ruleset,
            scratch: Scratch::default(),
        };
        Ok(self.things.keep(Thing::Prepared(Box::new(prepared))))
    }

    /// Number of the variant that decides, from 1; 0 with an empty answer where the ruleset does not hold.
    pub(crate) fn variant(&mut self, prepared: usize) -> Given {
        let prepared = self.things.prepared(prepared)?;
        let options = prepared.told.options();
        Ok(
            match prepared.ruleset.choose(options.jurisdiction, options.as_of) {
                Chosen::Variant(number) => number + 1,
                Chosen::OutOfForce | Chosen::OtherArea => 0,
            },
        )
    }

    /// Checks answers given as JSON text: the canonical report.
    pub(crate) fn check(&mut self, prepared: usize, answers: At) -> Given {
        let text = self.buffers.text(answers.0, answers.1)?;
        let prepared = self.things.prepared(prepared)?;
        let options = prepared.told.options();
        let checker = Checker::new(&prepared.ruleset, &options);
        self.answer
            .tell(checker.report(text, &mut prepared.scratch).canonical());
        Ok(DONE)
    }

    /// Checks answers given as JSON text: outcomes as words.
    pub(crate) fn outcomes(&mut self, prepared: usize, answers: At) -> Given {
        let text = self.buffers.text(answers.0, answers.1)?;
        let prepared = self.things.prepared(prepared)?;
        let options = prepared.told.options();
        let checker = Checker::new(&prepared.ruleset, &options);
        let scratch = &mut prepared.scratch;
        checker.read(text, scratch);
        self.answer.count(|words| checker.words(scratch, words));
        Ok(DONE)
    }

    /// Distances between places given as JSON text: JSON text.
    pub(crate) fn distances(&mut self, places: At) -> Given {
        let told = measuring::distances(self.buffers.text(places.0, places.1)?);
        self.answer.tell(told);
        Ok(DONE)
    }

    /// Begins a session with answers given as JSON text.
    pub(crate) fn session(&mut self, prepared: usize, answers: At) -> Given {
        let text = self.buffers.text(answers.0, answers.1)?;
        let prepared = self.things.prepared(prepared)?;
        let session = Session::new(&prepared.ruleset, text, &prepared.told.options(), None);
        Ok(self.things.keep(Thing::Session(Box::new(session))))
    }

    /// Sets a place to a value given as JSON text: the numbers of the rules that moved.
    pub(crate) fn set(&mut self, session: usize, path: At, value: At) -> Given {
        let (path, value) = (
            self.buffers.text(path.0, path.1)?,
            self.buffers.text(value.0, value.1)?,
        );
        let moved = self.things.session(session)?.set(path, value);
        moved_rules(&mut self.answer, path, moved)
    }

    /// Removes an answer or an item of a list: the numbers of the rules that moved.
    pub(crate) fn remove(&mut self, session: usize, path: At) -> Given {
        let path = self.buffers.text(path.0, path.1)?;
        let moved = self.things.session(session)?.remove(path);
        moved_rules(&mut self.answer, path, moved)
    }

    /// Is the field or group asked? 1 or, with an empty answer, 0.
    pub(crate) fn relevant(&mut self, session: usize, path: At) -> Given {
        let path = self.buffers.text(path.0, path.1)?;
        Ok(usize::from(self.things.session(session)?.relevant(path)))
    }

    /// The canonical report of a session.
    pub(crate) fn report(&mut self, session: usize, explain: bool, all: bool) -> Given {
        let report = self.things.session(session)?.report(Detail { explain, all });
        self.answer.tell(report.canonical());
        Ok(DONE)
    }

    /// The answers of a session as canonical JSON.
    pub(crate) fn answers(&mut self, session: usize) -> Given {
        let answers = self.things.session(session)?.answers();
        self.answer.tell(answers);
        Ok(DONE)
    }

    /// Two words: failed findings, and findings that are open.
    pub(crate) fn open(&mut self, session: usize) -> Given {
        let (failed, open) = self.things.session(session)?.open();
        self.answer.count(|words| {
            words.clear();
            words.extend([failed as u32, open as u32]);
        });
        Ok(DONE)
    }

    /// What one rule of a session says, as JSON text.
    pub(crate) fn rule(&mut self, session: usize, rule: usize) -> Given {
        let told = self.things.session(session)?.told(rule as u32);
        self.answer.tell(told);
        Ok(DONE)
    }
}

/// `[words, rule …]`.
fn moved_rules(answer: &mut Answer, path: &str, moved: Result<alloc::vec::Vec<u32>, EditError>) -> Given {
    let moved = moved.map_err(|error| Failure::new(error.code(), path, ""))?;
    answer.count(|words| {
        words.clear();
        words.push(moved.len() as u32 + 1);
        words.extend(moved);
    });
    Ok(DONE)
}

#[cfg(test)]
mod tests {
    use super::{At, Engine};

    fn refused(engine: &mut Engine, run: impl FnOnce(&mut Engine) -> super::Given) -> String {
        assert_eq!(engine.call(run), 0);
        engine.answer.read().lines().next().unwrap_or_default().to_owned()
    }

    #[test]
    fn a_stranger_is_refused_with_a_code() {
        let mut engine = Engine::new();
        let nothing: At = (0, 0);
        assert_eq!(refused(&mut engine, |e| e.load(nothing)), "B0101");
        assert_eq!(refused(&mut engine, |e| e.load((8, 8))), "bad_buffer");
        assert_eq!(refused(&mut engine, |e| e.free(8)), "bad_buffer");
        assert_eq!(refused(&mut engine, |e| e.forget(1)), "bad_handle");
        assert_eq!(refused(&mut engine, |e| e.prepare(1, 0, nothing)), "bad_handle");
        assert_eq!(refused(&mut engine, |e| e.check(1, nothing)), "bad_handle");
        assert_eq!(refused(&mut engine, |e| e.set(1, nothing, nothing)), "bad_handle");
        assert_eq!(refused(&mut engine, |e| e.relevant(1, nothing)), "bad_handle");
    }

    #[test]
    fn an_answer_lasts_until_the_next_call() {
        let mut engine = Engine::new();
        assert_eq!(engine.call(Engine::words), 1);
        assert!(engine.answer.read().starts_with("missing|"));
        assert_eq!(refused(&mut engine, |e| e.forget(1)), "bad_handle");
        let at = engine.buffers.hand_out(1);
        assert_eq!(engine.call(|e| e.free(at)), 1);
        assert_eq!(engine.answer.read(), "");
    }
}
