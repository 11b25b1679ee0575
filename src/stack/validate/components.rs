//! Sections of the programs, the gateway and volumes.

use super::context::{Context, at};
use crate::config;
use crate::document::Part;
use crate::stack::*;
use crate::topology::TLS_SERVICES;

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

    pub fn volumes(&mut self, section: &config::VolumesSection) -> Volumes {
        let mut taken: Vec<(String, String)> = Vec::new();
        let mut read = |key: &str, name: &Option<String>| {
            if let Some(name) = name {
                let path = at(&["volumes", key]);
                self.name(&path, name);
                if let Some((other, _)) = taken.iter().find(|(_, used)| used == name) {
                    let first = self.document.locate(&at(&["volumes", other]), Part::Value);
                    let finding = self
                        .at_value(
                            "duplicate-name",
                            &path,
                            format!("{other} and {key} would share the volume {name:?}"),
                        )
                        .label("the second one")
                        .help("Each program needs a volume of its own: they would overwrite each other's data.")
                        .related(first, "the first one");
                    self.report(finding);
                }
                taken.push((key.to_owned(), name.clone()));
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
