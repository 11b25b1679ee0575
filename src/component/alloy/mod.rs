//! Grafana Alloy: the agent of every host.

pub mod syntax;
