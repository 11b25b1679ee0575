//! Prometheus: `prometheus/prometheus.yml`, and `prometheus/client.yml` for its health check.
//!
//! Agents push, so nothing is scraped. How long it keeps data and who may ask are flags and a file
//! of the secrets folder, not part of this configuration.

mod lower;
mod model;
mod render;

pub use lower::lower;
pub use model::{Alerting, AlertmanagerConfig, Config, Global, Model, StaticConfig, Storage, Tsdb};
pub use render::render;

#[cfg(test)]
mod tests;
