//! From a stack to Alertmanager's configuration.

use super::model::{Config, Model, Receiver, Route, SlackAction, SlackConfig, WebhookConfig};
use super::{inhibit, routes, template};
use crate::component::http_client::HttpClientConfig;
use crate::stack::{Channel, Stack};
use crate::topology::{Door, SECRETS_PATH, Service};

/// The receiver that sends nothing.
pub const NOBODY: &str = "nobody";
/// The receiver of Watchdog, outside of the stack.
pub(super) const HEARTBEAT: &str = "heartbeat";
/// Where the templates are, as seen from alertmanager.yml.
const TEMPLATES: &str = "templates/*.tmpl";

/// Makes Alertmanager's configuration.
pub fn lower(stack: &Stack) -> Model {
    let route = routes::tree(stack);
    Model {
        config: Config {
            templates: vec![TEMPLATES.to_owned()],
            receivers: receivers(stack, &route),
            inhibit_rules: inhibit::rules(stack),
            route,
        },
        slack_template: template::slack(&Door::public_url(stack, Service::Grafana)),
        client: HttpClientConfig::between(stack, Service::Alertmanager, Service::Alertmanager),
    }
}

/// The name of a channel's receiver.
pub(super) fn receiver_of(channel: &str) -> String {
    format!("slack-{channel}")
}

/// One receiver a channel, also for a channel that no route names: so the file says which exist.
/// Where alerting is disabled there is but the silent one.
fn receivers(stack: &Stack, route: &Route) -> Vec<Receiver> {
    let mut receivers = Vec::new();
    if stack.alerting.enabled {
        receivers.extend(stack.channels.iter().map(|(name, channel)| Receiver {
            name: receiver_of(name),
            slack_configs: vec![slack(channel)],
            webhook_configs: Vec::new(),
        }));
        receivers.extend(stack.alerting.heartbeat.iter().map(|heartbeat| Receiver {
            name: HEARTBEAT.to_owned(),
            slack_configs: Vec::new(),
            webhook_configs: vec![WebhookConfig {
                // It counts beats; an end of Watchdog is told by their absence.
                send_resolved: false,
                url_file: format!("{SECRETS_PATH}/{}", heartbeat.webhook),
            }],
        }));
    }
    if uses(route, NOBODY) {
        receivers.push(Receiver {
            name: NOBODY.to_owned(),
            slack_configs: Vec::new(),
            webhook_configs: Vec::new(),
        });
    }
    receivers
}

fn uses(route: &Route, receiver: &str) -> bool {
    route.receiver.as_deref() == Some(receiver)
        || route.routes.iter().any(|child| uses(child, receiver))
}

/// An app's webhook ignores the channel; it is stated all the same, to be read, and for webhooks
/// and tokens that heed it.
fn slack(channel: &Channel) -> SlackConfig {
    SlackConfig {
        send_resolved: true,
        api_url_file: format!("{SECRETS_PATH}/{}", channel.webhook),
        channel: channel.channel.clone(),
        color: template::call("color"),
        title: template::call("title"),
        title_link: template::call("alerts_url"),
        text: template::call("text"),
        fallback: template::call("title"),
        actions: vec![
            SlackAction {
                kind: "button",
                text: "Alerts",
                url: template::call("alerts_url"),
            },
            SlackAction {
                kind: "button",
                text: "Silence",
                url: template::call("silence_url"),
            },
        ],
    }
}
