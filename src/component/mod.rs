//! One folder a program: its configuration as a typed model, how a stack becomes one, and how it
//! is written. No component sees another; what two share is in the topology.

pub mod alertmanager;
pub mod alloy;
pub mod compose;
pub mod gateway;
pub mod grafana;
pub mod host;
pub mod http_client;
pub mod jmx;
pub mod loki;
pub mod prometheus;
pub mod rules;
#[cfg(test)]
pub(crate) mod testing;
pub mod yaml;

/// A fault of stackgen's own, found before anything is written: what a component made is not what
/// its program reads.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("internal error in {component}: {message}")]
pub struct Fault {
    pub component: &'static str,
    pub message: String,
}
