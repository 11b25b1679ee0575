//! The gateway: an nginx with one door to Loki, which has no users of its own, and one that agents
//! of other hosts push to.

mod doors;
mod lower;
mod model;
mod render;
#[cfg(test)]
mod tests;

pub use lower::lower;
pub use model::{Configuration, Directive};
pub use render::render;
