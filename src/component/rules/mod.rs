//! Prometheus rules: the shipped packs, and what a stack makes of them.
//!
//! [`crate::catalog::packs`] reads `rules/*.yml` (embedded), [`feed`] finds what feeds each alert, [`expand`] makes
//! one rule of each distinct rendering, and [`lower`] puts them into files. The rule files of
//! Prometheus themselves are in [`model`].

pub mod catalog;
mod context;
pub mod expand;
pub mod feed;
mod gather;
mod inventory;
pub mod lower;
pub mod model;
pub mod render;
pub mod selector;
pub mod setting;
mod settle;
pub mod template;
#[cfg(test)]
mod tests;
pub mod text;

pub use catalog::{Catalog, catalog};
pub use feed::Feed;
pub use lower::{Model, PackFile, lower};
pub use render::render;
pub use setting::Setting;

use super::Fault;

/// A fault of a shipped pack: never the user's.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("rule pack {pack}, {rule}: {message}")]
pub struct Error {
    pub pack: String,
    /// Name of the alert or record.
    pub rule: String,
    pub message: String,
}

impl From<Error> for Fault {
    fn from(error: Error) -> Fault {
        Fault {
            component: "rules",
            message: error.to_string(),
        }
    }
}

impl Error {
    fn new(pack: &str, rule: &str, message: impl ToString) -> Error {
        Error {
            pack: pack.to_owned(),
            rule: rule.to_owned(),
            message: message.to_string(),
        }
    }
}
