//! Probes: what agents look at from outside.

use super::context::{Context, at, is_web_url};
use crate::config;
use crate::document::{KeyPath, Part};
use crate::stack::*;
use indexmap::IndexMap;

impl Context<'_> {
    pub fn probes(
        &mut self,
        sections: &config::Named<config::ProbeSection>,
        targets: &config::Named<config::TargetSection>,
        hosts: &IndexMap<String, Host>,
    ) -> IndexMap<String, Probe> {
        let mut probes = IndexMap::new();
        for (name, section) in sections {
            let path = at(&["probes", name]);
            self.job(&path, name);
            if targets.contains_key(name) {
                let finding = self
                    .at_key("duplicate-job", &path, format!("a target is called {name:?} too"))
                    .label("the second one")
                    .help("Names of targets and probes become the label `job`: their series would mix.")
                    .related(self.document.locate(&at(&["targets", name]), Part::Key), "the first one");
                self.report(finding);
            }
            let here = self.known_host(&path.key("host"), &section.host, hosts);
            let address = self.probe_address(&path, section);
            let service = section.service.clone().unwrap_or_else(|| name.clone());
            self.name(&path.key("service"), &service);
            let probe = Probe {
                kind: section.kind,
                host: section.host.clone(),
                address: address.unwrap_or_default(),
                service,
                interval: self.interval(&path, section.interval.as_deref()),
                labels: self.labels(&path.key("labels"), &section.labels),
                thresholds: self.thresholds(&path.key("thresholds"), &section.thresholds),
            };
            if here {
                probes.insert(name.clone(), probe);
            }
        }
        probes
    }

    fn probe_address(&mut self, path: &KeyPath, section: &config::ProbeSection) -> Option<String> {
        let (key, other) = match section.kind {
            ProbeKind::Http => ("url", "address"),
            _ => ("address", "url"),
        };
        let (given, misplaced) = match section.kind {
            ProbeKind::Http => (&section.url, &section.address),
            _ => (&section.address, &section.url),
        };
        if misplaced.is_some() {
            let finding = self
                .at_key(
                    "misplaced-key",
                    &path.key(other),
                    format!("a probe of this kind has `{key}`, not `{other}`"),
                )
                .label("has no effect here");
            self.report(finding);
        }
        let Some(text) = given else {
            let finding = self
                .at_key("missing-key", path, format!("`{path}` has no `{key}`"))
                .label(format!("needs `{key}`"));
            self.report(finding);
            return None;
        };
        let path = path.key(key);
        let legal = match section.kind {
            ProbeKind::Http => {
                let legal = is_web_url(text);
                if !legal {
                    let finding = self
                        .at_value("invalid-url", &path, format!("`{path}`: {text:?} is not a URL to fetch"))
                        .label("not a URL")
                        .help("Write http:// or https://, a host, and no password: \"https://www.example.com/health\".");
                    self.report(finding);
                }
                legal
            }
            ProbeKind::Icmp => {
                let legal = text.parse::<std::net::IpAddr>().is_ok()
                    || Address::parse(&format!("{text}:1")).is_some();
                if !legal {
                    let finding = self
                        .at_value(
                            "invalid-address",
                            &path,
                            format!("`{path}`: {text:?} is not a host"),
                        )
                        .label("not a host")
                        .help("kind \"icmp\" wants a host name or an IP address, without a port.");
                    self.report(finding);
                }
                legal
            }
            ProbeKind::Tcp | ProbeKind::Tls => self.address(&path, text).is_some(),
        };
        legal.then(|| text.clone())
    }
}
