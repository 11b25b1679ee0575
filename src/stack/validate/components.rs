//! Sections of the programs, TLS, the gateway, volumes and secrets.

use super::context::Context;
use crate::config::{self, StackFile};
use crate::document::KeyPath;
use crate::stack::*;
use crate::topology::{Service, TLS_SERVICES};
use std::collections::BTreeMap;

fn at(keys: &[&str]) -> KeyPath {
    KeyPath::of(keys.iter().copied())
}

impl Context<'_> {
    pub fn prometheus(&mut self, section: &config::PrometheusSection) -> Prometheus {
        let retention = section.retention.clone().unwrap_or_default();
        let size = retention.size.as_deref().unwrap_or("10GB");
        let path = at(&["prometheus", "retention", "size"]);
        if !is_prometheus_size(size) {
            let finding = self
                .at_value("invalid-size", &path, format!("`{path}`: {size:?} is not a size"))
                .label("Prometheus does not read this")
                .help("Prometheus wants a whole number and one of B, KB, MB, GB, TB, PB, EB, such as \"10GB\".");
            self.report(finding);
        }
        Prometheus {
            version: self.version("prometheus", section.version.as_deref(), "3.5.0"),
            port: section.port.unwrap_or(9090),
            retention_time: self.duration(
                at(&["prometheus", "retention", "time"]),
                retention.time.as_deref(),
                "15d",
            ),
            retention_size: size.to_owned(),
            evaluation_interval: self.duration(
                at(&["prometheus", "evaluation_interval"]),
                section.evaluation_interval.as_deref(),
                "15s",
            ),
            out_of_order_window: self.duration(
                at(&["prometheus", "out_of_order_window"]),
                section.out_of_order_window.as_deref(),
                "10m",
            ),
            username: self.username("prometheus", "username", section.username.as_deref()),
            resources: self.resources("prometheus", section.resources.as_ref()),
        }
    }

    pub fn alertmanager(&mut self, section: &config::AlertmanagerSection) -> Alertmanager {
        Alertmanager {
            version: self.version("alertmanager", section.version.as_deref(), "0.28.1"),
            port: section.port.unwrap_or(9093),
            retention: self.duration(
                at(&["alertmanager", "retention"]),
                section.retention.as_deref(),
                "120h",
            ),
            username: self.username("alertmanager", "username", section.username.as_deref()),
            resources: self.resources("alertmanager", section.resources.as_ref()),
        }
    }

    pub fn loki(&mut self, section: &config::LokiSection) -> Loki {
        let path = at(&["loki", "retention"]);
        let retention = self.duration(path.clone(), section.retention.as_deref(), "30d");
        if retention.millis() < 86_400_000 {
            let finding = self
                .at_value(
                    "out-of-range",
                    &path,
                    "`loki.retention` must be at least 24h".to_owned(),
                )
                .label("shorter than one index period")
                .help("Loki keeps its index in periods of a day and cannot delete less.");
            self.report(finding);
        }
        let periods = section.schema.as_deref().unwrap_or_default();
        let schema = periods
            .iter()
            .enumerate()
            .filter_map(|(index, period)| self.schema_period(periods, index, period))
            .collect();
        Loki {
            version: self.version("loki", section.version.as_deref(), "3.4.5"),
            port: section.port.unwrap_or(3100),
            retention,
            username: self.username("loki", "username", section.username.as_deref()),
            schema,
            resources: self.resources("loki", section.resources.as_ref()),
        }
    }

    fn schema_period(
        &mut self,
        periods: &[config::SchemaPeriodSection],
        index: usize,
        period: &config::SchemaPeriodSection,
    ) -> Option<SchemaPeriod> {
        let path = at(&["loki", "schema"]).index(index);
        if period.from.parse::<jiff::civil::Date>().is_err() || period.from.len() != 10 {
            let path = path.key("from");
            let finding = self
                .at_value(
                    "invalid-date",
                    &path,
                    format!("`{path}`: {:?} is not a day", period.from),
                )
                .label("not a day")
                .help("Write year, month and day: \"2024-01-01\".");
            self.report(finding);
            return None;
        }
        if index > 0 && periods[index - 1].from >= period.from {
            let finding = self
                .at_value(
                    "out-of-range",
                    &path.key("from"),
                    "schema periods must follow one another".to_owned(),
                )
                .label("not later than the one before")
                .related(
                    self.document.locate(
                        &at(&["loki", "schema"]).index(index - 1).key("from"),
                        crate::document::Part::Value,
                    ),
                    "the period before",
                );
            self.report(finding);
        }
        const VERSIONS: [&str; 5] = ["v9", "v10", "v11", "v12", "v13"];
        if !VERSIONS.contains(&period.version.as_str()) {
            let path = path.key("version");
            let finding = self
                .at_value(
                    "unknown-value",
                    &path,
                    format!("`{path}` cannot be {:?}", period.version),
                )
                .label("not a schema version")
                .help(format!("Possible: {}.", VERSIONS.join(", ")));
            self.report(finding);
        }
        Some(SchemaPeriod {
            from: period.from.clone(),
            version: period.version.clone(),
        })
    }

    pub fn grafana(&mut self, section: &config::GrafanaSection) -> Grafana {
        let patterns = section
            .dashboards
            .clone()
            .unwrap_or_else(|| vec!["dashboards/*.json".to_owned()]);
        let mut dashboards: Vec<UserFile> = Vec::new();
        for (index, pattern) in patterns.iter().enumerate() {
            let path = at(&["grafana", "dashboards"]).index(index);
            for file in self.files(&path, pattern) {
                if let Err(error) = serde_json::from_str::<serde_json::Value>(&file.text) {
                    let finding = self
                        .at_value(
                            "invalid-dashboard",
                            &path,
                            format!("{} is not JSON: {error}", file.path),
                        )
                        .label("read because of this pattern")
                        .help("Export the dashboard again, or take it out of the folder.");
                    self.report(finding);
                }
                self.unique_file(&path, &dashboards, &file);
                if crate::catalog::DASHBOARDS.contains(&file.file_name()) {
                    self.generated_name(&path, &file);
                }
                dashboards.push(file);
            }
        }
        Grafana {
            version: self.version("grafana", section.version.as_deref(), "12.0.2"),
            edition: section.edition.unwrap_or(GrafanaEdition::Enterprise),
            port: section.port.unwrap_or(3000),
            admin_user: self.username("grafana", "admin_user", section.admin_user.as_deref()),
            dashboards,
            resources: self.resources("grafana", section.resources.as_ref()),
        }
    }

    pub fn alloy(&mut self, section: &config::AlloySection) -> Alloy {
        Alloy {
            version: self.version("alloy", section.version.as_deref(), "1.10.1"),
            port: section.port.unwrap_or(12345),
            username: self.username("alloy", "username", section.username.as_deref()),
            scrape_interval: self.scrape_interval(
                at(&["alloy", "scrape_interval"]),
                section.scrape_interval.as_deref(),
                "15s",
            ),
            resources: self.resources("alloy", section.resources.as_ref()),
        }
    }

    pub fn gateway(&mut self, section: Option<&config::GatewaySection>) -> Gateway {
        let bind = section.and_then(|section| section.bind.as_deref());
        let public = bind.and_then(|bind| {
            Some(PublicDoor {
                bind: self.ip(&at(&["gateway", "bind"]), bind)?,
                port: section.and_then(|section| section.port).unwrap_or(8443),
            })
        });
        let version = section.and_then(|section| section.version.as_deref());
        Gateway {
            version: self.version("gateway", version, crate::catalog::images::NGINX_VERSION),
            public,
            resources: self.resources("gateway", section.and_then(|s| s.resources.as_ref())),
        }
    }

    pub fn tls(&mut self, section: &config::TlsSection) -> Tls {
        let source = match section.mode {
            Some(config::TlsMode::Files) => self.certificate_files(section),
            _ => CertificateSource::SelfSigned,
        };
        Tls {
            source,
            min_version: section.min_version.unwrap_or(TlsVersion::TLS12),
            validity: self.duration(
                at(&["tls", "validity"]),
                section.validity.as_deref(),
                "365d",
            ),
        }
    }

    fn certificate_files(&mut self, section: &config::TlsSection) -> CertificateSource {
        let path = at(&["tls"]);
        let wanted: BTreeMap<&str, Service> = TLS_SERVICES
            .iter()
            .map(|service| (key_of(*service), *service))
            .collect();
        let mut certificates = BTreeMap::new();
        for (name, files) in &section.certificates {
            let entry = path.key("certificates").key(name);
            let Some(service) = wanted.get(name.as_str()) else {
                let finding = self
                    .at_key(
                        "unknown-service",
                        &entry,
                        format!("no service {name:?} shows a certificate"),
                    )
                    .label("unknown service")
                    .help(format!(
                        "Possible: {}.",
                        crate::diagnostic::list(wanted.keys().copied())
                    ));
                self.report(finding);
                continue;
            };
            self.inside_project(&entry.key("cert"), &files.cert);
            self.inside_project(&entry.key("key"), &files.key);
            certificates.insert(
                service.name().to_owned(),
                CertificateFiles {
                    cert: files.cert.clone(),
                    key: files.key.clone(),
                },
            );
        }
        for (name, service) in &wanted {
            if !certificates.contains_key(service.name()) {
                let finding = self
                    .at_key("missing-key", &path, format!("`tls.certificates` has no `{name}`"))
                    .label("mode \"files\" needs a certificate for every service")
                    .help(format!("Add `certificates.{name} = {{ cert = \"...\", key = \"...\" }}`, or use mode \"self-signed\"."));
                self.report(finding);
            }
        }
        match &section.ca {
            Some(ca) => {
                self.inside_project(&path.key("ca"), ca);
            }
            None => {
                let finding = self
                    .at_key("missing-key", &path, "`tls` has no `ca`".to_owned())
                    .label("mode \"files\" needs the CA that signed the certificates")
                    .help("Services trust no other CA. Name its PEM file: `ca = \"...\"`.");
                self.report(finding);
            }
        }
        CertificateSource::Files {
            ca: section.ca.clone().unwrap_or_default(),
            certificates,
        }
    }

    pub fn volumes(&mut self, section: &config::VolumesSection) -> Volumes {
        let mut read = |key: &str, name: &Option<String>| {
            if let Some(name) = name {
                self.name(&at(&["volumes", key]), name);
            }
            name.clone()
        };
        Volumes {
            prometheus: read("prometheus", &section.prometheus),
            alertmanager: read("alertmanager", &section.alertmanager),
            loki: read("loki", &section.loki),
            grafana: read("grafana", &section.grafana),
            alloy: read("alloy", &section.alloy),
        }
    }

    pub fn secrets(&mut self, file: &StackFile) -> BTreeMap<String, SecretSource> {
        let mut sources = BTreeMap::new();
        for (name, section) in &file.secrets {
            let path = at(&["secrets", name]);
            if !self.name(&path, name) {
                continue;
            }
            if crate::topology::is_reserved_folder(name) {
                let finding = self
                    .at_key(
                        "reserved-name",
                        &path,
                        format!("a secret cannot be called {name:?}"),
                    )
                    .label("a folder of the secrets has this name")
                    .help("Choose a longer name, such as \"grafana-license\".");
                self.report(finding);
            }
            let given = [
                section.file.clone().map(SecretSource::File),
                section.env.clone().map(SecretSource::Env),
                section.command.clone().map(SecretSource::Command),
            ];
            let mut given = given.into_iter().flatten();
            let source = given
                .next()
                .unwrap_or_else(|| SecretSource::File(name.clone()));
            if given.next().is_some() {
                let finding = self
                    .at_key(
                        "conflicting-keys",
                        &path,
                        format!("the secret {name:?} comes from several places"),
                    )
                    .label("keep one of file, env and command");
                self.report(finding);
            }
            if let SecretSource::File(file) = &source {
                self.inside_project(&path.key("file"), file);
            }
            if let SecretSource::Command(command) = &source
                && command.is_empty()
            {
                let finding = self
                    .at_value(
                        "empty-list",
                        &path.key("command"),
                        "the command is empty".to_owned(),
                    )
                    .label("nothing to run");
                self.report(finding);
            }
            sources.insert(name.clone(), source);
        }
        sources
    }

    fn version(&mut self, section: &str, text: Option<&str>, default: &str) -> String {
        let Some(text) = text else {
            return default.to_owned();
        };
        let legal = text.starts_with(|c: char| c.is_ascii_digit())
            && text
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || ".-_".contains(c));
        if !legal {
            let path = at(&[section, "version"]);
            let help = match text.strip_prefix('v') {
                Some(bare) if !bare.is_empty() => format!("Leave out the v: {bare:?}."),
                _ => format!("Pin one version, such as {default:?}."),
            };
            let finding = self
                .at_value(
                    "invalid-version",
                    &path,
                    format!("`{path}`: {text:?} is not a version"),
                )
                .label("not a version")
                .help(help);
            self.report(finding);
        }
        text.to_owned()
    }

    fn username(&mut self, section: &str, key: &str, text: Option<&str>) -> String {
        let name = text.unwrap_or("admin");
        let path = at(&[section, key]);
        let legal = !name.is_empty()
            && name.len() <= 64
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.@".contains(c));
        if !legal {
            let finding = self
                .at_value(
                    "invalid-name",
                    &path,
                    format!("`{path}`: {name:?} cannot be a user's name"),
                )
                .label("not a user name")
                .help("Use letters, digits, `-`, `_`, `.` and `@`.");
            self.report(finding);
        }
        let taken = TLS_SERVICES.iter().any(|service| service.name() == name);
        if taken {
            let finding = self
                .at_value(
                    "reserved-name",
                    &path,
                    format!("`{path}`: a service signs in as {name:?}"),
                )
                .label("taken")
                .help("Services have users of their own, called as they are. Choose another name.");
            self.report(finding);
        }
        name.to_owned()
    }

    fn resources(&mut self, section: &str, given: Option<&config::ResourcesSection>) -> Resources {
        let Some(given) = given else {
            return Resources::default();
        };
        let path = at(&[section, "resources", "memory"]);
        Resources {
            memory: given
                .memory
                .as_deref()
                .and_then(|text| self.size(&path, text)),
            cpus: given.cpus,
        }
    }
}

/// The key of a service in [tls.certificates]: the section that configures it.
fn key_of(service: Service) -> &'static str {
    match service {
        Service::AlloyLocal => "alloy",
        other => other.name(),
    }
}

/// What Prometheus' flags read as a size (alecthomas/units Base2Bytes).
fn is_prometheus_size(text: &str) -> bool {
    let digits = text.bytes().take_while(u8::is_ascii_digit).count();
    digits > 0
        && text[..digits].parse::<u32>().is_ok_and(|n| n > 0)
        && [
            "B", "KB", "MB", "GB", "TB", "PB", "EB", "KiB", "MiB", "GiB", "TiB", "PiB", "EiB",
        ]
        .contains(&&text[digits..])
}
