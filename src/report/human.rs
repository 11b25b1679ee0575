//! Findings for people: the user's own line, labelled spans, help.

use super::Sources;
use crate::diagnostic::{Diagnostic, Location, Severity};
use miette::{GraphicalReportHandler, GraphicalTheme, LabeledSpan, MietteDiagnostic, NamedSource};
use std::fmt::Write;

/// How the text looks.
#[derive(Debug, Clone, Copy)]
pub struct Style {
    pub color: bool,
    /// Columns of the terminal.
    pub width: usize,
}

/// All findings, one after another, and a line that counts them.
pub fn render(findings: &[Diagnostic], sources: &Sources, style: Style) -> String {
    let theme = if style.color {
        GraphicalTheme::unicode()
    } else {
        GraphicalTheme::unicode_nocolor()
    };
    let handler = GraphicalReportHandler::new_themed(theme)
        .with_width(style.width)
        .with_links(false)
        .with_context_lines(1);
    let mut text = String::new();
    for finding in findings {
        // Writing to a string cannot fail.
        let _ = finding_text(&handler, finding, sources, &mut text);
        text.push('\n');
    }
    text.push_str(&summary(findings));
    text
}

fn finding_text(
    handler: &GraphicalReportHandler,
    finding: &Diagnostic,
    sources: &Sources,
    text: &mut String,
) -> std::fmt::Result {
    let severity = match finding.severity {
        Severity::Error => miette::Severity::Error,
        Severity::Warning => miette::Severity::Warning,
        Severity::Info => miette::Severity::Advice,
    };
    let mut report = MietteDiagnostic::new(visible(&finding.message))
        .with_code(finding.lint)
        .with_severity(severity);
    let (here, elsewhere): (Vec<_>, Vec<_>) = finding
        .related
        .iter()
        .partition(|(location, _)| location.file == finding.location.file);
    let mut help = finding.help.as_deref().map(visible).unwrap_or_default();
    for (location, message) in elsewhere {
        if !help.is_empty() {
            help.push('\n');
        }
        write!(help, "{}: {message}", place(location, sources))?;
    }
    if !help.is_empty() {
        report = report.with_help(help);
    }
    let Some(source) = sources.get(&finding.location.file) else {
        return handler.render_report(text, &report);
    };
    let label = |location: &Location, words: &str| {
        let span = location.span.start..location.span.end.max(location.span.start);
        LabeledSpan::new_with_span(Some(visible(words)), span)
    };
    report = report.and_label(LabeledSpan::new_primary_with_span(
        Some(visible(&finding.label)),
        finding.location.span.start..finding.location.span.end.max(finding.location.span.start),
    ));
    for (location, message) in here {
        report = report.and_label(label(location, message));
    }
    let named = NamedSource::new(&source.name, source.text.clone());
    let report = miette::Report::new(report).with_source_code(named);
    handler.render_report(text, report.as_ref())
}

fn place(location: &Location, sources: &Sources) -> String {
    match sources.get(&location.file) {
        Some(source) => {
            let (line, column) = source.position(location.span.start);
            format!("{}:{line}:{column}", location.file)
        }
        None => location.file.clone(),
    }
}

/// Control characters are shown, not executed by the terminal.
fn visible(text: &str) -> String {
    text.chars()
        .flat_map(|c| match c {
            '\n' => vec![c],
            c if c.is_control() => c.escape_default().collect(),
            c => vec![c],
        })
        .collect()
}

fn summary(findings: &[Diagnostic]) -> String {
    let count = |severity: Severity| findings.iter().filter(|f| f.severity == severity).count();
    let part = |number: usize, word: &str| match number {
        0 => None,
        1 => Some(format!("1 {word}")),
        n => Some(format!("{n} {word}s")),
    };
    let parts: Vec<String> = [
        part(count(Severity::Error), "error"),
        part(count(Severity::Warning), "warning"),
        part(count(Severity::Info), "note"),
    ]
    .into_iter()
    .flatten()
    .collect();
    if parts.is_empty() {
        String::new()
    } else {
        format!("{}\n", parts.join(", "))
    }
}
