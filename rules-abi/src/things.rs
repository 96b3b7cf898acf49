//! What lives between calls, by handle. A handle is a number that was never used before in this instance, so a stale one finds nothing.

use crate::failure::{BAD_HANDLE, Failure};
use crate::options::Prepared;
use alloc::boxed::Box;
use alloc::rc::Rc;
use alloc::vec::Vec;
use rules_core::{Ruleset, Session, Tables};

/// Something that a host holds by its handle.
pub(crate) enum Thing {
    Ruleset(Ruleset),
    /// Data with the ruleset whose columns it fits.
    Tables(Ruleset, Rc<Tables>),
    Prepared(Box<Prepared>),
    Session(Box<Session>),
}

/// All of them.
pub(crate) struct Things {
    all: Vec<(usize, Thing)>,
    last: usize,
}

impl Things {
    pub(crate) const fn new() -> Things {
        Things {
            all: Vec::new(),
            last: 0,
        }
    }

    /// Keeps a thing and gives its handle.
    pub(crate) fn keep(&mut self, thing: Thing) -> usize {
        self.last += 1;
        self.all.push((self.last, thing));
        self.last
    }

    pub(crate) fn forget(&mut self, handle: usize) -> Result<(), Failure> {
        let found = self.all.iter().position(|(number, _)| *number == handle);
        found.map_or_else(
            || Err(Failure::of(BAD_HANDLE)),
            |at| {
                self.all.swap_remove(at);
                Ok(())
            },
        )
    }

    fn get(&mut self, handle: usize) -> Result<&mut Thing, Failure> {
        let found = self.all.iter_mut().find(|(number, _)| *number == handle);
        found
            .map(|(_, thing)| thing)
            .ok_or_else(|| Failure::of(BAD_HANDLE))
    }

    pub(crate) fn ruleset(&mut self, handle: usize) -> Result<&Ruleset, Failure> {
        match self.get(handle)? {
            Thing::Ruleset(ruleset) => Ok(ruleset),
            Thing::Tables(..) | Thing::Prepared(_) | Thing::Session(_) => Err(Failure::of(BAD_HANDLE)),
        }
    }

    pub(crate) fn tables(&mut self, handle: usize) -> Result<(&Ruleset, &mut Rc<Tables>), Failure> {
        match self.get(handle)? {
            Thing::Tables(ruleset, tables) => Ok((ruleset, tables)),
            Thing::Ruleset(_) | Thing::Prepared(_) | Thing::Session(_) => Err(Failure::of(BAD_HANDLE)),
        }
    }

    pub(crate) fn prepared(&mut self, handle: usize) -> Result<&mut Prepared, Failure> {
        match self.get(handle)? {
            Thing::Prepared(prepared) => Ok(prepared),
            Thing::Ruleset(_) | Thing::Tables(..) | Thing::Session(_) => Err(Failure::of(BAD_HANDLE)),
        }
    }

    pub(crate) fn session(&mut self, handle: usize) -> Result<&mut Session, Failure> {
        match self.get(handle)? {
            Thing::Session(session) => Ok(session),
            Thing::Ruleset(_) | Thing::Tables(..) | Thing::Prepared(_) => Err(Failure::of(BAD_HANDLE)),
        }
    }
}
