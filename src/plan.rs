//! [`Plan`]: one typed model per component, and how they become files.

use crate::artifact::ArtifactSet;
use crate::component::Fault;
use crate::stack::Stack;
use crate::topology::Topology;

/// One environment, as the configuration of each program.
#[derive(Debug, Clone)]
pub struct Plan {}

impl Plan {
    pub fn of(_stack: &Stack, _topology: &Topology) -> Result<Plan, Fault> {
        Ok(Plan {})
    }

    pub fn render(&self) -> Result<ArtifactSet, Fault> {
        Ok(ArtifactSet::default())
    }
}
