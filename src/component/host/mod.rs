//! What other hosts need beside their agent's configuration: a systemd unit where the agent is a
//! program of the host's own, and the list of the secrets to copy there.

mod lower;
mod render;
mod secrets;
mod systemd;

pub use lower::{Host, lower};
pub use render::render;
pub use secrets::{SecretFile, Secrets};
pub use systemd::Unit;
