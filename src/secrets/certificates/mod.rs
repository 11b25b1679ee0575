//! Certificates: a private CA and what it signs, or files that the user brings.

mod authority;
mod files;
mod init;
mod key;
mod leaf;
mod reading;
mod status;
#[cfg(test)]
mod tests;

pub use init::{Issued, init};
pub use leaf::Why;
pub use status::{Row, State, Status, status};

use jiff::{SignedDuration, Timestamp};

/// A certificate is renewed this long before its end, or a third of its life before, if that is
/// less.
const EARLY: SignedDuration = SignedDuration::from_hours(30 * 24);

/// Whether a certificate should be replaced by now.
fn is_due(not_before: Timestamp, not_after: Timestamp, now: Timestamp) -> bool {
    let life = not_after.duration_since(not_before);
    not_after.duration_since(now) < EARLY.min(life / 3)
}
