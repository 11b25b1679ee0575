//! Text → [`Document`], with every syntax error found on the way.

use super::{Document, Entry, KeyPath, Node, Part, Table, Value};
use crate::diagnostic::{Diagnostic, Location};
use crate::source::{SourceFile, Span};
use std::sync::Arc;
use toml::Spanned;
use toml::de::{DeTable, DeValue};

impl Document {
    /// Parses a file. The document holds all that could be understood.
    pub fn parse(source: &SourceFile) -> (Document, Vec<Diagnostic>) {
        let (table, errors) = DeTable::parse_recoverable(&source.text);
        let mut findings = Vec::new();
        let mut reader = Reader {
            file: &source.name,
            findings: &mut findings,
        };
        let root = Node {
            span: Span::default(),
            value: Value::Table(reader.table(table.get_ref())),
        };
        let document = Document {
            file: source.name.clone(),
            root,
        };
        findings.extend(
            errors
                .iter()
                .map(|error| syntax_error(source, &document, error)),
        );
        (document, findings)
    }
}

fn syntax_error(source: &SourceFile, document: &Document, error: &toml::de::Error) -> Diagnostic {
    let span: Span = error
        .span()
        .unwrap_or(source.text.len()..source.text.len())
        .into();
    let at = |span: Span| Location {
        file: source.name.clone(),
        span,
    };
    let message = error.message().trim().replace('\n', "; ");
    let finding = Diagnostic::error(
        "toml-syntax",
        at(span),
        format!("this is not TOML: {message}"),
    )
    .help("Findings that follow from this error are not shown. Mend it and run again.");
    match first_of_two(source, document, span).filter(|_| message.contains("duplicate key")) {
        Some(first) => finding
            .label("the second one")
            .related(at(first), "the first one"),
        None => finding.label("here"),
    }
}

/// The key that a duplicate repeats: for a header that of the same path, else the nearest one of
/// the same name above it in the same table.
fn first_of_two(source: &SourceFile, document: &Document, second: Span) -> Option<Span> {
    let text = &source.text;
    let key = text.get(second.start..second.end)?;
    let line = text[..second.start]
        .rfind('\n')
        .map_or(0, |newline| newline + 1);
    let mut best: Option<Span> = None;
    if text[line..].starts_with('[') {
        let header = text[line..].lines().next()?;
        let keys = header
            .trim_matches(['[', ']', ' '])
            .split('.')
            .map(str::trim);
        let path = KeyPath::of(keys);
        document.get(&path)?;
        best = Some(document.locate(&path, Part::Key).span);
    } else {
        nearest_above(&document.root, key, second, &mut best);
        best = best.filter(|first| !text[first.end..second.start].contains("\n["));
    }
    best.filter(|first| first.start < second.start)
}

fn nearest_above(node: &Node, key: &str, below: Span, best: &mut Option<Span>) {
    match &node.value {
        Value::Table(table) => {
            for (name, entry) in table {
                let start = entry.key_span.start;
                if name == key
                    && start < below.start
                    && best.is_none_or(|nearest| nearest.start < start)
                {
                    *best = Some(entry.key_span);
                }
                nearest_above(&entry.node, key, below, best);
            }
        }
        Value::Array(items) => {
            for item in items {
                nearest_above(item, key, below, best);
            }
        }
        _ => {}
    }
}

struct Reader<'a> {
    file: &'a str,
    findings: &'a mut Vec<Diagnostic>,
}

impl Reader<'_> {
    fn table(&mut self, table: &DeTable<'_>) -> Table {
        let mut entries: Vec<_> = table.iter().collect();
        entries.sort_by_key(|(key, _)| key.span().start);
        entries
            .into_iter()
            .map(|(key, value)| {
                let entry = Entry {
                    key_span: key.span().into(),
                    node: Arc::new(self.node(value)),
                };
                (key.get_ref().to_string(), entry)
            })
            .collect()
    }

    fn node(&mut self, spanned: &Spanned<DeValue<'_>>) -> Node {
        let span: Span = spanned.span().into();
        let value = match spanned.get_ref() {
            DeValue::String(text) => Value::String(text.to_string()),
            DeValue::Integer(number) => {
                match i64::from_str_radix(number.as_str(), number.radix()) {
                    Ok(number) => Value::Integer(number),
                    Err(_) => self.out_of_range(span, "an integer of 64 bits"),
                }
            }
            DeValue::Float(number) => match number.as_str().parse::<f64>() {
                Ok(number) if number.is_finite() => Value::Float(number),
                _ => self.out_of_range(span, "a finite number"),
            },
            DeValue::Boolean(flag) => Value::Bool(*flag),
            DeValue::Datetime(date) => Value::String(date.to_string()),
            DeValue::Array(items) => {
                Value::Array(items.iter().map(|item| Arc::new(self.node(item))).collect())
            }
            DeValue::Table(table) => Value::Table(self.table(table)),
        };
        Node { span, value }
    }

    fn out_of_range(&mut self, span: Span, wanted: &str) -> Value {
        let location = Location {
            file: self.file.to_owned(),
            span,
        };
        self.findings.push(
            Diagnostic::error("out-of-range", location, format!("this is not {wanted}"))
                .label("too large, or not a number"),
        );
        Value::Integer(0)
    }
}
