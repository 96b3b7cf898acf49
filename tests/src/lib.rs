//! The engine seen from outside: a second evaluator and generators that the test files share.

pub mod oracle;
