//! Text → [`Document`], with every syntax error found on the way.

use super::{Document, Entry, Node, Table, Value};
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
        for error in &errors {
            findings.push(syntax_error(source, error));
        }
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
        (document, findings)
    }
}

fn syntax_error(source: &SourceFile, error: &toml::de::Error) -> Diagnostic {
    let span = error.span().unwrap_or(source.text.len()..source.text.len());
    let location = Location {
        file: source.name.clone(),
        span: span.into(),
    };
    let message = error.message().trim().replace('\n', "; ");
    Diagnostic::error(
        "toml-syntax",
        location,
        format!("this is not TOML: {message}"),
    )
    .label("here")
    .help("Findings that follow from this error are not shown. Mend it and run again.")
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
