//! The shipped packs, parsed and with their templates compiled.

use super::template::{self, Sources, Templates};
use super::{Error, Feed};
use crate::catalog::packs::{self, AlertText, PackText, RecordText, Unit};
use crate::stack::Duration;
use minijinja::Environment;
use std::collections::BTreeMap;
use std::sync::OnceLock;

/// Every shipped pack.
#[derive(Debug)]
pub struct Catalog {
    pub packs: Vec<Pack>,
    /// A pack that cannot be read. Tests prove that there is none.
    pub fault: Option<Error>,
    environment: Environment<'static>,
}

/// Alerts and records that belong together.
#[derive(Debug)]
pub struct Pack {
    pub name: String,
    pub title: String,
    /// Texts that its templates can use.
    pub definitions: BTreeMap<String, String>,
    pub records: Vec<RecordSpec>,
    pub alerts: Vec<AlertSpec>,
}

/// A shipped alert.
#[derive(Debug)]
pub struct AlertSpec {
    /// What `[rules.thresholds.<key>]` names; the alert's name too, but for `ServiceDown`.
    pub key: String,
    /// Name of its pack.
    pub pack: String,
    pub feed: Feed,
    pub severity: String,
    pub hold: Duration,
    pub threshold: Option<f64>,
    pub unit: Option<Unit>,
    /// Markdown for its manual page.
    pub manual: Option<String>,
    /// Fires also when the agent of its host is silent.
    pub absence: bool,
    /// Key of an alert that leaves out the targets that this one watches.
    pub replaces: Option<String>,
    /// Needs a finite bucket of the target's http histogram above the threshold.
    pub bucket_above: bool,
    /// As it is written in the pack.
    pub text: AlertText,
    pub templates: Templates,
}

/// A shipped recording rule.
#[derive(Debug)]
pub struct RecordSpec {
    pub name: String,
    pub pack: String,
    pub feed: Feed,
    pub templates: Templates,
}

/// The shipped packs.
pub fn catalog() -> &'static Catalog {
    static CATALOG: OnceLock<Catalog> = OnceLock::new();
    CATALOG.get_or_init(Catalog::shipped)
}

impl Catalog {
    fn shipped() -> Catalog {
        let packs = packs::shipped().map_err(|fault| Error::new(fault.pack, "", &fault.why));
        packs
            .and_then(Catalog::compile)
            .unwrap_or_else(|fault| Catalog {
                packs: Vec::new(),
                fault: Some(fault),
                environment: Environment::empty(),
            })
    }

    /// Compiles the templates of packs.
    pub fn compile(texts: &[PackText]) -> Result<Catalog, Error> {
        let mut environment = template::environment().map_err(|error| Error::new("", "", error))?;
        let mut packs = Vec::new();
        for text in texts {
            packs.push(Pack::compile(text.clone(), &mut environment)?);
        }
        Ok(Catalog {
            packs,
            fault: None,
            environment,
        })
    }

    /// Every alert, pack by pack.
    pub fn alerts(&self) -> impl Iterator<Item = &AlertSpec> {
        self.packs.iter().flat_map(|pack| &pack.alerts)
    }

    /// The alert with this key.
    pub fn alert(&self, key: &str) -> Option<&AlertSpec> {
        self.alerts().find(|alert| alert.key == key)
    }

    /// The alert whose rules have this name: `AccountsServiceDown` is made by `ServiceDown`.
    pub fn alert_named(&self, name: &str) -> Option<&AlertSpec> {
        let made = |alert: &&AlertSpec| {
            alert.text.name.is_some() && name.len() > alert.key.len() && name.ends_with(&alert.key)
        };
        self.alert(name).or_else(|| self.alerts().find(made))
    }

    /// The pack of this name.
    pub fn pack(&self, name: &str) -> Option<&Pack> {
        self.packs.iter().find(|pack| pack.name == name)
    }

    /// Names of packs that a user may choose.
    pub fn pack_names(&self) -> impl Iterator<Item = &str> {
        let names = self.packs.iter().map(|pack| pack.name.as_str());
        names.filter(|name| !packs::ALWAYS.contains(name))
    }

    pub(super) fn environment(&self) -> &Environment<'static> {
        &self.environment
    }
}

impl Pack {
    fn compile(text: PackText, environment: &mut Environment<'static>) -> Result<Pack, Error> {
        let PackText {
            pack: name,
            title,
            feed,
            definitions,
            alerts,
            records,
        } = text;
        let mut compiled = Pack {
            name,
            title,
            definitions,
            records: Vec::new(),
            alerts: Vec::new(),
        };
        for record in records {
            let spec = RecordSpec::compile(record, &compiled.name, feed, environment)?;
            compiled.records.push(spec);
        }
        for alert in alerts {
            let spec = AlertSpec::compile(alert, &compiled.name, feed, environment)?;
            compiled.alerts.push(spec);
        }
        Ok(compiled)
    }
}

impl AlertSpec {
    fn compile(
        text: AlertText,
        pack: &str,
        feed: Feed,
        environment: &mut Environment<'static>,
    ) -> Result<AlertSpec, Error> {
        let mut annotations = text.annotations.clone();
        annotations.insert("summary".to_owned(), text.summary.clone());
        annotations.insert("description".to_owned(), text.description.clone());
        let sources = Sources {
            pack,
            key: &text.alert,
            name: text.name.as_deref().unwrap_or(&text.alert),
            expr: &text.expr,
            labels: &text.labels,
            annotations,
        };
        let templates = Templates::compile(environment, &sources)?;
        let fault = |message: &str| Error::new(pack, &text.alert, message);
        let hold = Duration::parse(&text.hold).ok_or_else(|| fault("`for` is not a duration"))?;
        if text.threshold.is_some() != text.unit.is_some() {
            return Err(fault("a threshold has a unit, and a unit a threshold"));
        }
        Ok(AlertSpec {
            key: text.alert.clone(),
            pack: pack.to_owned(),
            feed: text.feed.unwrap_or(feed),
            severity: text.severity.clone(),
            hold,
            threshold: text.threshold,
            unit: text.unit,
            manual: text.manual.clone(),
            absence: text.absence,
            replaces: text.replaces.clone(),
            bucket_above: text.bucket_above,
            text,
            templates,
        })
    }
}

impl RecordSpec {
    fn compile(
        text: RecordText,
        pack: &str,
        feed: Feed,
        environment: &mut Environment<'static>,
    ) -> Result<RecordSpec, Error> {
        let sources = Sources {
            pack,
            key: &text.record,
            name: &text.record,
            expr: &text.expr,
            labels: &text.labels,
            annotations: BTreeMap::new(),
        };
        Ok(RecordSpec {
            templates: Templates::compile(environment, &sources)?,
            name: text.record,
            pack: pack.to_owned(),
            feed: text.feed.unwrap_or(feed),
        })
    }
}
