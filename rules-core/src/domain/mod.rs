//! Facts of the inspected world: places, days, people. Pure functions, no rule logic.
pub mod age;
pub mod calendar;
pub mod date;
pub mod division;
pub mod geo;
pub mod resident_id;
