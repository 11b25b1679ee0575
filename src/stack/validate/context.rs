//! What every part of validation works with: the document, the findings, and readers of scalars.

use super::universe::Universe;
use crate::diagnostic::Diagnostic;
use crate::document::{Document, KeyPath, Part};
use crate::io::Project;
use crate::stack::{Address, Duration, Labels, Size, UserFile};
use std::net::IpAddr;

/// One environment while it is validated.
pub(super) struct Context<'a> {
    pub document: &'a Document,
    pub universe: &'a Universe,
    pub project: &'a dyn Project,
    pub environment: &'a str,
    pub findings: Vec<Diagnostic>,
}

/// Labels that stackgen or Prometheus sets.
const RESERVED_LABELS: [&str; 8] = [
    "job",
    "instance",
    "host",
    "environment",
    "service",
    "severity",
    "alertname",
    "le",
];

/// How far Prometheus looks back for the last sample of a series.
const LONGEST_SCRAPE_INTERVAL: u64 = 300_000;
/// Loki's limit of a label's value (`max_label_value_length`).
const LONGEST_LABEL_VALUE: usize = 2048;

/// Words that PromQL does not read as a label's name in `by (...)`, in upper case or lower (its
/// grammar's `maybe_label`).
const PROMQL_WORDS: [&str; 3] = ["inf", "nan", "without"];

impl Context<'_> {
    /// A new finding at a value. Finish it with [`Context::report`].
    pub fn at_value(&self, lint: &'static str, path: &KeyPath, message: String) -> Diagnostic {
        Diagnostic::error(lint, self.document.locate(path, Part::Value), message)
    }

    /// A new finding at a key.
    pub fn at_key(&self, lint: &'static str, path: &KeyPath, message: String) -> Diagnostic {
        Diagnostic::error(lint, self.document.locate(path, Part::Key), message)
    }

    pub fn report(&mut self, finding: Diagnostic) {
        self.findings.push(finding);
    }

    /// Reads a duration, or takes the default where there is none or a wrong one.
    pub fn duration(&mut self, path: KeyPath, text: Option<&str>, default: &str) -> Duration {
        let given = text.and_then(|text| self.some_duration(&path, text));
        // Defaults are literals of this crate, tested below.
        given
            .or_else(|| Duration::parse(default))
            .unwrap_or_else(|| Duration::from_millis(0))
    }

    /// Reads a duration that must be longer than nothing.
    pub fn some_duration(&mut self, path: &KeyPath, text: &str) -> Option<Duration> {
        match Duration::parse(text) {
            Some(duration) if duration.millis() > 0 => Some(duration),
            Some(_) => {
                let message = format!("`{path}` must be longer than nothing");
                self.report(
                    self.at_value("out-of-range", path, message)
                        .label("no time at all"),
                );
                None
            }
            None => {
                self.wrong_duration(path, text);
                None
            }
        }
    }

    /// Reads how often something is scraped.
    pub fn scrape_interval(
        &mut self,
        path: KeyPath,
        text: Option<&str>,
        default: &str,
    ) -> Duration {
        let interval = self.duration(path.clone(), text, default);
        if text.is_some() && interval.millis() > LONGEST_SCRAPE_INTERVAL {
            let finding = self
                .at_value("out-of-range", &path, format!("`{path}` must be at most 5m"))
                .label("too seldom")
                .help("Prometheus looks back five minutes: between two scrapes the series would be gone.");
            self.report(finding);
        }
        interval
    }

    /// Reads a duration that may be nothing, such as `for = "0s"`.
    pub fn any_duration(&mut self, path: &KeyPath, text: &str) -> Option<Duration> {
        let duration = Duration::parse(text);
        if duration.is_none() {
            self.wrong_duration(path, text);
        }
        duration
    }

    fn wrong_duration(&mut self, path: &KeyPath, text: &str) {
        let finding = self
            .at_value(
                "invalid-duration",
                path,
                format!("`{path}`: {text:?} is not a duration"),
            )
            .label("not a duration")
            .help("Write whole numbers with units, largest first: \"30s\", \"1h30m\", \"15d\".");
        self.report(finding);
    }

    pub fn size(&mut self, path: &KeyPath, text: &str) -> Option<Size> {
        let size = Size::parse(text).filter(|size| size.0 > 0);
        if size.is_none() {
            let finding = self
                .at_value(
                    "invalid-size",
                    path,
                    format!("`{path}`: {text:?} is not a size"),
                )
                .label("not a size")
                .help(
                    "Write a number and a unit: \"500MB\" (powers of 1000) or \"4GiB\" (of 1024).",
                );
            self.report(finding);
        }
        size
    }

    pub fn address(&mut self, path: &KeyPath, text: &str) -> Option<Address> {
        let address = Address::parse(text);
        if address.is_none() {
            let help = if text.contains("://") {
                "Leave out the scheme: an address is host:port, such as \"localhost:8080\"."
            } else {
                "An address is host:port, such as \"localhost:8080\" or \"[::1]:8080\"."
            };
            let finding = self
                .at_value(
                    "invalid-address",
                    path,
                    format!("`{path}`: {text:?} is not host:port"),
                )
                .label("not an address")
                .help(help);
            self.report(finding);
        }
        address
    }

    pub fn ip(&mut self, path: &KeyPath, text: &str) -> Option<IpAddr> {
        let address = text.parse().ok();
        if address.is_none() {
            let finding = self
                .at_value("invalid-address", path, format!("`{path}`: {text:?} is not an IP address"))
                .label("not an IP address")
                .help("Ports bind to an address of this machine: \"127.0.0.1\", or \"0.0.0.0\" for all.");
            self.report(finding);
        }
        address
    }

    /// Checks a name that becomes a file name, a label value and part of a user name.
    pub fn name(&mut self, path: &KeyPath, name: &str) -> bool {
        let legal = name.starts_with(|c: char| c.is_ascii_alphanumeric())
            && name
                .chars()
                .all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c))
            && name.len() <= 63;
        if !legal {
            let finding = self
                .at_key("invalid-name", path, format!("{name:?} cannot be a name here"))
                .label("not a name")
                .help("Names become folders and labels: letters, digits, `-`, `_` and `.`, starting with a letter or digit, 63 at most.");
            self.report(finding);
        }
        legal
    }

    /// Checks a label's name that stands as a value.
    pub fn label_name(&mut self, path: &KeyPath, name: &str) -> bool {
        let legal = is_label_name(name);
        if !legal {
            let finding = self
                .at_value(
                    "invalid-label",
                    path,
                    format!("{name:?} is not a label name"),
                )
                .label("not a label name")
                .help("Label names have letters, digits and `_`, and do not start with a digit.");
            self.report(finding);
        }
        legal
    }

    pub fn labels(&mut self, path: &KeyPath, labels: &Labels) -> Labels {
        for (name, value) in labels {
            let at = path.key(name);
            if value.len() > LONGEST_LABEL_VALUE {
                let finding = self
                    .at_value(
                        "invalid-label",
                        &at,
                        format!("`{at}` is {} bytes long", value.len()),
                    )
                    .label("too long")
                    .help(format!(
                        "Loki refuses logs with a label of more than {LONGEST_LABEL_VALUE} bytes."
                    ));
                self.report(finding);
            }
            if !is_label_name(name) {
                let finding = self
                    .at_key(
                        "invalid-label",
                        &at,
                        format!("{name:?} is not a label name"),
                    )
                    .label("not a label name")
                    .help(
                        "Label names have letters, digits and `_`, and do not start with a digit.",
                    );
                self.report(finding);
            } else if PROMQL_WORDS
                .iter()
                .any(|word| word.eq_ignore_ascii_case(name))
            {
                let finding = self
                    .at_key(
                        "invalid-label",
                        &at,
                        format!("PromQL reads {name:?} as something else than a label"),
                    )
                    .label("a word of PromQL")
                    .help("Expressions could not group by it: choose another name.");
                self.report(finding);
            } else if RESERVED_LABELS.contains(&name.as_str()) || name.starts_with("__") {
                let finding = self
                    .at_key("reserved-label", &at, format!("the label `{name}` is not free"))
                    .label("set by stackgen")
                    .help("job, instance, host, environment and service are set from the tables themselves; choose another name.");
                self.report(finding);
            }
        }
        labels.clone()
    }

    /// Files that one glob of the user's stands for. A plain path must exist.
    pub fn files(&mut self, path: &KeyPath, pattern: &str) -> Vec<UserFile> {
        if !self.inside_project(path, pattern) {
            return Vec::new();
        }
        let is_glob = pattern.contains(['*', '?', '[', '{']);
        let paths = if is_glob {
            self.project.glob(pattern)
        } else {
            Ok(vec![pattern.trim_start_matches("./").to_owned()])
        };
        match paths {
            Ok(paths) => paths
                .iter()
                .filter_map(|file| self.file(path, file))
                .collect(),
            Err(error) => {
                self.unreadable(path, pattern, &error.to_string());
                Vec::new()
            }
        }
    }

    /// Reads a text file of the user's.
    pub fn file(&mut self, path: &KeyPath, file: &str) -> Option<UserFile> {
        let bytes = match self.project.read(file) {
            Ok(bytes) => bytes,
            Err(error) => {
                let why = match error.kind() {
                    std::io::ErrorKind::NotFound => "there is no such file".to_owned(),
                    _ => error.to_string(),
                };
                self.unreadable(path, file, &why);
                return None;
            }
        };
        match String::from_utf8(bytes) {
            Ok(text) => Some(UserFile {
                path: file.to_owned(),
                text,
            }),
            Err(_) => {
                self.unreadable(path, file, "it is not UTF-8 text");
                None
            }
        }
    }

    fn unreadable(&mut self, path: &KeyPath, file: &str, why: &str) {
        let finding = self
            .at_value(
                "missing-file",
                path,
                format!("{file:?} cannot be read: {why}"),
            )
            .label("named here")
            .help("Paths are relative to stack.toml. Only a pattern with `*` may match nothing.");
        self.report(finding);
    }

    /// Checks that a path stays in the project's folder.
    pub fn inside_project(&mut self, path: &KeyPath, file: &str) -> bool {
        let outside = file.starts_with('/')
            || file.contains('\\')
            || file.split('/').any(|part| part == "..")
            || file.is_empty();
        if outside {
            let finding = self
                .at_value("path-outside-project", path, format!("{file:?} leaves the project"))
                .label("outside of stack.toml's folder")
                .help("Use a path below the folder of stack.toml, with `/`, so that the same input builds everywhere.");
            self.report(finding);
        }
        !outside
    }
}

/// Whether a text is an absolute URL that browsers and Go's programs read alike: without what some
/// of them take out or turn around in silence.
pub(super) fn is_web_url(text: &str) -> bool {
    let escapes = || {
        text.split('%').skip(1).all(|rest| {
            let digits = rest.bytes().take(2).filter(u8::is_ascii_hexdigit);
            digits.count() == 2
        })
    };
    (text.starts_with("http://") || text.starts_with("https://"))
        && !text.contains(|c: char| c.is_whitespace() || c.is_control() || c == '\\')
        && escapes()
        && url::Url::parse(text).is_ok_and(|url| url.host().is_some() && url.password().is_none())
}

/// A path of keys.
pub(super) fn at(keys: &[&str]) -> KeyPath {
    KeyPath::of(keys.iter().copied())
}

/// Whether a text is a label name as every version of Prometheus reads it.
pub(super) fn is_label_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// Whether a text is a metric name as every version of Prometheus reads it.
pub(super) fn is_metric_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || c == '_' || c == ':')
}
