//! Docker Compose: the services of the stack, and the agents of other hosts that run in containers.

mod agent;
mod limits;
mod lower;
mod model;
mod render;
mod service;
#[cfg(test)]
mod tests;
mod text;

pub use lower::{Model, lower};
pub use model::{Dependency, Healthcheck, Mount, Network, Project, Service, Volume};
pub use render::render;
pub use text::Text;
