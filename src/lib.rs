//! stackgen compiles and lints a monitoring stack: one `stack.toml` becomes the configuration of
//! Prometheus, Alertmanager, Loki, Grafana, Alloy, nginx and Docker Compose.
//!
//! ARCHITECTURE.md tells the way through.

#![forbid(unsafe_code)]

pub mod artifact;
pub mod catalog;
pub mod component;
pub mod config;
pub mod diagnostic;
pub mod document;
pub mod io;
pub mod source;
pub mod stack;
pub mod topology;
pub mod write;
