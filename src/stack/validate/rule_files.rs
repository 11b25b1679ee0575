//! Rule files of the user's own: YAML of Prometheus' form, and PromQL that parses.

use super::context::Context;
use crate::diagnostic::{Diagnostic, Location};
use crate::document::{KeyPath, Part};
use crate::source::Span;
use crate::stack::UserFile;
use serde::Deserialize;
use serde_saphyr::Spanned;

/// As much of a rule file as is needed to find a rule that cannot be loaded.
#[derive(Deserialize)]
struct RuleFile {
    #[serde(default)]
    groups: Vec<Group>,
}

#[derive(Deserialize)]
struct Group {
    #[serde(default)]
    rules: Vec<Rule>,
}

#[derive(Deserialize)]
struct Rule {
    expr: Spanned<String>,
}

/// Whether a YAML file is another kind than a rule file: promtool's unit tests, or a rule pack of
/// stackgen's own.
pub(super) fn is_something_else(text: &str) -> bool {
    text.lines()
        .any(|line| line.starts_with("tests:") || line.starts_with("pack:"))
        && !text.lines().any(|line| line.starts_with("groups:"))
}

impl Context<'_> {
    /// Checks that Prometheus could read a rule file.
    pub(super) fn rule_file(&mut self, named_at: &KeyPath, file: &UserFile) {
        let parsed: Result<RuleFile, _> = serde_saphyr::from_str(&file.text);
        let rules = match parsed {
            Ok(rules) => rules,
            Err(error) => {
                let offset = error.location().map_or(0, |at| {
                    offset(&file.text, at.line() as usize, at.column() as usize)
                });
                let why = error.without_snippet().to_string();
                let mut finding = in_file(
                    file,
                    offset,
                    offset,
                    format!("this is not a rule file: {why}"),
                )
                .label("here")
                .help("A rule file has `groups`, each with `name` and `rules`, each rule with `expr`.");
                if self.document.get(named_at).is_some() {
                    finding = finding.related(
                        self.document.locate(named_at, Part::Value),
                        "read because of this pattern",
                    );
                }
                self.report(finding);
                return;
            }
        };
        for rule in rules.groups.iter().flat_map(|group| &group.rules) {
            if let Err(why) = promql_parser::parser::parse(&rule.expr.value) {
                let span = rule.expr.referenced.span();
                let start = span.byte_offset().unwrap_or(0) as usize;
                let end = start + span.byte_len().unwrap_or(0) as usize;
                let finding = in_file(file, start, end, format!("this is not PromQL: {why}"))
                    .label("cannot be evaluated")
                    .help("Prometheus refuses the whole file for it. Mend the expression.");
                self.report(finding);
            }
        }
    }
}

/// The byte at a line and a column, both counted from 1, the column in characters.
fn offset(text: &str, line: usize, column: usize) -> usize {
    let mut lines = text.split_inclusive('\n');
    let before: usize = lines
        .by_ref()
        .take(line.saturating_sub(1))
        .map(str::len)
        .sum();
    let within = lines.next().unwrap_or_default();
    let character = within.char_indices().nth(column.saturating_sub(1));
    before + character.map_or(within.len(), |(at, _)| at)
}

fn in_file(file: &UserFile, start: usize, end: usize, message: String) -> Diagnostic {
    let location = Location {
        file: file.path.clone(),
        span: Span { start, end },
    };
    Diagnostic::error("invalid-rules", location, message)
}
