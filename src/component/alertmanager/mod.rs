//! Alertmanager: `alertmanager/alertmanager.yml`, the messages to Slack in `alertmanager/templates/`,
//! and `alertmanager/client.yml` for its health check.
//!
//! Who hears what, in the order in which Alertmanager asks (the first match wins):
//! 1. Watchdog goes to the heartbeat, or nowhere if there is none: it fires always, and says nothing
//!    to a person.
//! 2. The user's routes, each split by severity, so that severity still sets how often.
//! 3. One route for each severity, to the severity's channel or the default one.
//! 4. What has no known severity goes to the default channel.
//!
//! Where alerting is disabled the tree is the same, and every route ends in a receiver that sends
//! nothing.

mod inhibit;
mod lower;
mod model;
mod render;
mod routes;
mod template;

pub use lower::{NOBODY, lower};
pub use model::{
    Config, InhibitRule, Model, Receiver, Route, SlackAction, SlackConfig, WebhookConfig,
};
pub use render::render;

#[cfg(test)]
mod tests;
