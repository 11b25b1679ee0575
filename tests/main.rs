//! One binary for all tests that look at stackgen from outside.

mod command;
mod findings;
mod golden;
mod project;
mod schema;
mod secrets;
mod validators;
