//! Grafana: its data sources, and dashboards for all that the stack watches.
//!
//! Facts on keys are from the provisioning documentation and the published dashboard types
//! (`@grafana/schema`) of Grafana 12.0.2.

mod dashboards;
mod lower;
pub mod model;
mod render;

pub use lower::lower;
pub use render::render;

#[cfg(test)]
mod tests;
