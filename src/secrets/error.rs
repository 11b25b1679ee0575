//! What can go wrong. No text ever holds a value.

use std::io;

/// Why a command on secrets or certificates stopped.
#[derive(Debug, thiserror::Error)]
pub enum Error {
    #[error("{path}: {source}")]
    File { path: String, source: io::Error },
    #[error("{path} is not a plain {wanted}: move it away, and run this again")]
    NotPlain { path: String, wanted: &'static str },
    #[error("the machine gives no random numbers: {source}")]
    Random { source: io::Error },
    #[error("the secret {name} {reason}")]
    Value { name: String, reason: String },
    #[error("there is no secret {name:?} in environment {environment}. {hint}")]
    Unknown {
        name: String,
        environment: String,
        hint: String,
    },
    #[error("{server} has two users called {username:?}: choose another user name in [{server}]")]
    DuplicateUser { server: String, username: String },
    #[error("{path}: {reason}")]
    Certificate { path: String, reason: String },
    #[error("internal error in secrets: {0}")]
    Fault(String),
}
