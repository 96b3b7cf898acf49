//! Today in China: the one place that reads a clock.

use rules_core::domain::date::{Date, DateTime};
use std::time::{SystemTime, UNIX_EPOCH};

/// The civil date in China now. A clock before 1970 or beyond the calendar gives `None`.
pub(crate) fn today() -> Option<Date> {
    let since = SystemTime::now().duration_since(UNIX_EPOCH).ok()?;
    let millis = i64::try_from(since.as_millis()).ok()?;
    DateTime::from_millis(millis).map(DateTime::date)
}
