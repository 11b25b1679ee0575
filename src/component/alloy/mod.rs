//! Grafana Alloy: the agent of every host.
//!
//! Users build on two names in every generated file: `prometheus.remote_write.central.receiver` and
//! `loki.write.central.receiver` take what their own components send.

mod emit;
mod lower;
mod model;
mod render;
pub mod syntax;
#[cfg(test)]
mod tests;

pub use lower::lower;
pub use model::{Alloy, Configuration};
pub use render::render;
