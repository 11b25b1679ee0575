//! stackgen compiles and lints a monitoring stack: one `stack.toml` becomes the configuration of
//! Prometheus, Alertmanager, Loki, Grafana, Alloy, nginx and Docker Compose.
//!
//! ARCHITECTURE.md tells the way through.

#![forbid(unsafe_code)]

pub mod artifact;
pub mod catalog;
pub mod cli;
pub mod component;
pub mod config;
pub mod diagnostic;
pub mod document;
pub mod io;
pub mod plan;
pub mod report;
pub mod scaffold;
pub mod secrets;
pub mod source;
pub mod stack;
pub mod topology;
pub mod verify;
pub mod write;

use artifact::ArtifactSet;
use component::Fault;
use plan::Plan;
use stack::Stack;
use topology::Topology;

/// A valid stack → its files, each of which parses back.
pub fn compile(stack: &Stack) -> Result<ArtifactSet, Fault> {
    let topology = Topology::of(stack);
    let plan = Plan::of(stack, &topology)?;
    let artifacts = plan.render()?;
    verify::verify(&artifacts)?;
    Ok(artifacts)
}
