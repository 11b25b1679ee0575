//! Slack channels, and the names of secrets.

use super::context::{Context, at};
use crate::config;
use crate::document::KeyPath;
use crate::stack::*;
use indexmap::IndexMap;

impl Context<'_> {
    pub fn channels(&mut self, section: &config::SlackSection) -> IndexMap<String, Channel> {
        let mut channels = IndexMap::new();
        for (name, given) in &section.channels {
            let path = at(&["slack", "channels", name]);
            self.name(&path, name);
            self.secret(&path.key("webhook"), &given.webhook);
            channels.insert(
                name.clone(),
                Channel {
                    channel: self.slack_channel(&path.key("channel"), &given.channel),
                    webhook: given.webhook.clone(),
                },
            );
        }
        channels
    }

    fn slack_channel(&mut self, path: &KeyPath, text: &str) -> String {
        let bare = text.strip_prefix('#').unwrap_or(text);
        let legal = !bare.is_empty()
            && bare.chars().count() <= 80
            && !bare
                .chars()
                .any(|c| c.is_whitespace() || c.is_control() || "#@:/,\"'<>&{}$".contains(c));
        if !legal {
            let finding = self
                .at_value(
                    "invalid-channel",
                    path,
                    format!("`{path}`: {text:?} is not a Slack channel"),
                )
                .label("not a channel name")
                .help("Write the name as Slack shows it, such as \"#monitoring-alerts\".");
            self.report(finding);
        }
        format!("#{bare}")
    }

    /// Checks the name of a secret that is used.
    pub fn secret(&mut self, path: &KeyPath, name: &str) {
        let known = &self.universe.secrets;
        if known.contains(name) {
            if self.document.get(&at(&["secrets", name])).is_none() {
                let finding = self
                    .at_value("unknown-secret", path, format!("the secret {name:?} is not in environment {}", self.environment))
                    .label("switched off here")
                    .help(format!("[secrets.{name}] is not in this environment. Give it to it, or name another secret."));
                self.report(finding);
            }
            return;
        }
        let legal = name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            && name.len() <= 63
            && !crate::topology::is_reserved_folder(name);
        if !legal {
            let help = if name.contains("://") {
                "A secret never stands in stack.toml. Write a name, such as \"slack-webhook\", and give the value with `stackgen secrets set`."
            } else {
                "A secret is named, not written: letters, digits, `-`, `_` and `.`."
            };
            let finding = self
                .at_value(
                    "invalid-name",
                    path,
                    format!("`{path}` is not the name of a secret"),
                )
                .label("not a name")
                .help(help);
            self.report(finding);
            return;
        }
        // A name that is not declared is a file of its own; but one that is almost a declared one
        // is a typing error.
        if let Some(meant) = near_miss(name, known.iter().map(String::as_str)) {
            let finding = self
                .at_value(
                    "unknown-secret",
                    path,
                    format!("there is no secret {name:?}"),
                )
                .label("not declared")
                .help(format!(
                    "Did you mean {meant:?}? If it is another secret, declare it: [secrets.{name}]."
                ));
            self.report(finding);
        }
    }
}

/// A name that differs from a known one by a letter or two, digits aside: `slack-2` is no mistyped
/// `slack-1`.
fn near_miss<'a>(name: &str, known: impl Iterator<Item = &'a str>) -> Option<&'a str> {
    let letters = |text: &str| {
        text.chars()
            .filter(|c| !c.is_ascii_digit())
            .collect::<String>()
    };
    known
        .filter(|candidate| letters(candidate) != letters(name))
        .find(|candidate| candidate.len() >= 5 && strsim::damerau_levenshtein(name, candidate) <= 2)
}
