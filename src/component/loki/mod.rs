//! Loki: `loki/loki.yml`.
//!
//! One process that keeps everything on its own disk. It asks nobody who they are: the gateway in
//! front of it does, and nothing else reaches it. Its ruler has no rules: alerts are Prometheus'.

mod lower;
mod model;
mod render;

pub use lower::lower;
pub use model::{
    Analytics, Common, CommonStorage, Compactor, FilesystemStorage, Index, Ingester, KvStore,
    Limits, Model, PeriodConfig, Ring, SchemaConfig, Server, Wal,
};
pub use render::render;

#[cfg(test)]
mod tests;
