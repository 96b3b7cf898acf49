//! What the service takes from the world: the time and chance. Given in, so that a test can repeat them.
//!
//! In: nothing. Out: milliseconds, random bytes. Must not know: what they are for.

use std::time::{SystemTime, UNIX_EPOCH};

/// The time.
pub trait Clock: Send + Sync + std::fmt::Debug {
    /// Milliseconds since 1970 in UTC.
    fn now_ms(&self) -> i64;
}

/// Chance.
pub trait Random: Send + Sync + std::fmt::Debug {
    /// Bytes that nobody can guess.
    ///
    /// # Errors
    /// Where the system has none to give.
    fn bytes(&self) -> std::io::Result<[u8; 32]>;
}

/// The system's own.
#[derive(Clone, Copy, Debug, Default)]
pub struct System;

impl Clock for System {
    fn now_ms(&self) -> i64 {
        let since = SystemTime::now()
            .duration_since(UNIX_EPOCH)
            .map_or(0, |since| since.as_millis());
        i64::try_from(since).unwrap_or(i64::MAX)
    }
}

impl Random for System {
    fn bytes(&self) -> std::io::Result<[u8; 32]> {
        let mut bytes = [0; 32];
        getrandom::fill(&mut bytes).map_err(std::io::Error::other)?;
        Ok(bytes)
    }
}

/// `2026-11-27T11:00:00.123Z`
pub fn rfc3339(ms: i64) -> String {
    jiff::Timestamp::from_millisecond(ms).map_or_else(|_| String::new(), |time| format!("{time:.3}"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_have_three_digits_and_a_z() {
        assert_eq!(rfc3339(1_795_777_200_120), "2026-11-27T11:00:00.120Z");
        assert_eq!(rfc3339(0), "1970-01-01T00:00:00.000Z");
    }
}
