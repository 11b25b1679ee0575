//! What an agent's configuration is made of: one file an emitted thing.

mod component;
mod container_logs;
mod docker;
mod exporter;
mod file_logs;
mod http_client;
mod http_target;
mod identity;
mod itself;
mod journal_logs;
mod kafka;
mod logs;
mod node;
mod page;
mod probes;
mod push;
mod scrape;

pub use component::component;
pub use container_logs::container_logs;
pub use docker::docker;
pub use file_logs::file_logs;
pub use http_target::http_target;
pub use itself::{itself, logging};
pub use journal_logs::journal_logs;
pub use kafka::{kafka_lag, kafka_node};
pub use node::node;
pub use page::page;
pub use probes::probes;
pub use push::{logs_push, metrics_push};

use crate::stack::{Host, Run, Stack};
use crate::topology::{Agent, Topology};

/// The agent that is written, and all that it can know.
#[derive(Debug, Clone, Copy)]
pub struct Site<'a> {
    pub stack: &'a Stack,
    pub topology: &'a Topology,
    pub agent: &'a Agent,
}

impl<'a> Site<'a> {
    fn host(&self) -> Option<&'a Host> {
        self.stack.hosts.get(&self.agent.host)
    }

    /// Whether it sees the machine through mounts only.
    fn in_container(&self) -> bool {
        self.agent.is_local() || self.agent.run == Run::Docker
    }
}
