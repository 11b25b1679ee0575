//! What stackgen says about a file: one finding, where it is, and what to do. Knows only `source`.

use crate::source::Span;
use serde::Serialize;

/// How bad a finding is, as it is shown.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize)]
#[serde(rename_all = "lowercase")]
pub enum Severity {
    Error,
    Warning,
    Info,
}

/// A place in one of the user's files.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Location {
    /// The name of a [`crate::source::SourceFile`].
    pub file: String,
    pub span: Span,
}

/// One finding.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Diagnostic {
    /// The finding's name in kebab-case: its identity everywhere.
    pub lint: &'static str,
    pub severity: Severity,
    /// What is wrong, in one sentence.
    pub message: String,
    /// The place that is at fault.
    pub location: Location,
    /// A few words that stand at the place itself.
    pub label: String,
    /// Why it matters and what to do.
    pub help: Option<String>,
    /// Other places that take part, such as the first of two equal names.
    pub related: Vec<(Location, String)>,
}

impl Diagnostic {
    pub fn error(lint: &'static str, location: Location, message: impl Into<String>) -> Self {
        Diagnostic {
            lint,
            severity: Severity::Error,
            message: message.into(),
            location,
            label: String::new(),
            help: None,
            related: Vec::new(),
        }
    }

    pub fn label(mut self, label: impl Into<String>) -> Self {
        self.label = label.into();
        self
    }

    pub fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    pub fn related(mut self, location: Location, message: impl Into<String>) -> Self {
        self.related.push((location, message.into()));
        self
    }
}

/// Sorts by file, offset and lint, and keeps one of each: the same fault seen in several
/// environments is one finding.
pub fn settle(mut findings: Vec<Diagnostic>) -> Vec<Diagnostic> {
    findings
        .sort_by(|a, b| (&a.location, a.lint, &a.message).cmp(&(&b.location, b.lint, &b.message)));
    findings.dedup();
    findings
}

/// The name closest to a mistyped one, for "did you mean".
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|candidate| (strsim::damerau_levenshtein(name, candidate), candidate))
        .filter(|(distance, candidate)| *distance <= candidate.chars().count().max(3) / 3)
        .min()
        .map(|(_, candidate)| candidate)
}

/// Lists names for a help text: all of a short list, the first ones of a long list.
pub fn list<'a>(names: impl IntoIterator<Item = &'a str>) -> String {
    const SHOWN: usize = 12;
    let names: Vec<&str> = names.into_iter().collect();
    match names.len() {
        0 => "none".to_owned(),
        n if n <= SHOWN => names.join(", "),
        n => format!("{} and {} more", names[..SHOWN].join(", "), n - SHOWN),
    }
}
