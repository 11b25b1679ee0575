//! Where the logs of targets are.

use super::context::Context;
use crate::config;
use crate::document::KeyPath;
use crate::stack::*;
use indexmap::IndexMap;

impl Context<'_> {
    /// Logs of containers and units come with what the host's agent collects.
    pub fn collected_logs(
        &mut self,
        path: &KeyPath,
        target: &Target,
        hosts: &IndexMap<String, Host>,
    ) {
        let (key, needed) = match &target.logs {
            Some(Logs::Docker { .. }) => ("docker", Collect::Docker),
            Some(Logs::Journal { .. }) => ("journal", Collect::Journal),
            Some(Logs::File { .. }) | None => return,
        };
        let host = &target.host;
        if hosts
            .get(host)
            .is_some_and(|host| host.collect.contains(&needed))
        {
            return;
        }
        let finding = self
            .at_value(
                "uncollected-logs",
                &path.key("logs").key(key),
                format!("nothing reads these logs: {host} does not collect \"{key}\""),
            )
            .label("would stay empty")
            .help(format!(
                "Add it: [hosts.{host}] collect = [..., \"{key}\"]."
            ));
        self.report(finding);
    }

    pub fn logs(&mut self, path: &KeyPath, section: &config::LogsSection) -> Option<Logs> {
        let given = [
            section.docker.as_ref().map(|logs| Logs::Docker {
                container: logs.container.clone(),
            }),
            section.file.as_ref().map(|logs| Logs::File {
                path: logs.path.clone(),
            }),
            section.journal.as_ref().map(|logs| Logs::Journal {
                unit: logs.unit.clone(),
            }),
        ];
        let mut given = given.into_iter().flatten();
        let logs = given.next();
        if let Some(logs) = &logs {
            self.log_source(path, logs);
        }
        if logs.is_none() || given.next().is_some() {
            let finding = self
                .at_key(
                    "conflicting-keys",
                    path,
                    "logs come from one place".to_owned(),
                )
                .label("needs one of docker, file and journal")
                .help("Write, for example, logs = { docker = { container = \"accounts\" } }.");
            self.report(finding);
        }
        logs
    }

    /// What names no log would stay empty in silence.
    pub fn log_source(&mut self, path: &KeyPath, logs: &Logs) {
        let (key, lint, text, legal, label, help) = match logs {
            Logs::Docker { container } => (
                path.key("docker").key("container"),
                "invalid-name",
                container,
                is_container(container),
                "not a container's name",
                "Docker's names have letters, digits, `-`, `_` and `.`, and start with a letter or digit.",
            ),
            Logs::Journal { unit } => (
                path.key("journal").key("unit"),
                "invalid-name",
                unit,
                is_unit(unit),
                "not a unit's name",
                "The journal knows units by their whole name, such as \"accounts.service\".",
            ),
            Logs::File { path: file } => (
                path.key("file").key("path"),
                "invalid-path",
                file,
                is_log_path(file),
                "not an absolute path below a folder",
                "Write the file or a pattern as it is on the host, such as \"/var/log/accounts/*.log\".",
            ),
        };
        if !legal {
            let message = format!("`{key}`: {text:?} cannot have logs");
            let finding = self.at_value(lint, &key, message).label(label).help(help);
            self.report(finding);
        }
    }
}

/// Docker's names of containers (moby, names.RestrictedNameChars).
fn is_container(name: &str) -> bool {
    name.starts_with(|c: char| c.is_ascii_alphanumeric())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
}

/// systemd's names of units, with their type (systemd.unit(5)).
fn is_unit(name: &str) -> bool {
    const TYPES: [&str; 11] = [
        "service",
        "socket",
        "device",
        "mount",
        "automount",
        "swap",
        "target",
        "path",
        "timer",
        "slice",
        "scope",
    ];
    name.len() <= 255
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || ":-_.\\@".contains(c))
        && name
            .rsplit_once('.')
            .is_some_and(|(prefix, kind)| !prefix.is_empty() && TYPES.contains(&kind))
}

/// An agent in a container sees the folder of the file, so that it may not be the whole machine.
fn is_log_path(text: &str) -> bool {
    let mut parts = text.split('/');
    let from_root = parts.next() == Some("");
    let folder = parts.next().unwrap_or_default();
    from_root
        && !folder.is_empty()
        && !folder.contains(['*', '?', '[', '{'])
        && parts.next().is_some()
        && !text.split('/').any(|part| part == "..")
        && !text.contains(char::is_control)
        && globset::GlobBuilder::new(text)
            .backslash_escape(true)
            .build()
            .is_ok()
}
