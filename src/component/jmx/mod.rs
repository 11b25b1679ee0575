//! The rule file of the JMX exporter that runs inside each Kafka node as a Java agent:
//! `-javaagent:jmx_prometheus_javaagent.jar=<port>:jmx-exporter.yml`.

mod lower;
mod model;
mod render;
mod rules;

pub use lower::{Model, lower};
pub use model::{Configuration, Kind, Rule};
pub use render::render;
