//! One binary for all tests that look at stackgen from outside.

// Tests lay out files and look at the clock; the bans are for what a build depends on.
#![allow(clippy::disallowed_methods)]

mod agreement;
mod command;
mod findings;
mod generated;
mod golden;
mod packs;
mod project;
mod schema;
mod secrets;
mod validators;
