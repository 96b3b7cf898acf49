//! Facts of the inspected world: places, days, people. Pure functions, no rule logic.
