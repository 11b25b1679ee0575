//! The layout of `alloy fmt`. Source of fact: Grafana Alloy syntax v0.1.0, `printer`.
//!
//! What that printer decides: tabs; a blank line before a block that follows a statement; `{ }` for a block without
//! statements; the `=` of neighbouring attributes, or of the keys of an object, in one column. Such a run ends at a blank
//! line, a comment or a block, and after a value that takes several lines (whose first line still belongs to it).
//!
//! What it leaves to the author, and how it is decided here: a blank line after a block, and before a comment on a block;
//! an object with keys takes a line a key, each with a comma; an array with an element that takes several lines takes a
//! line an element, each with a comma; everything else stays on its line.

use super::text::{comment_lines, key, quoted};
use super::{Block, Body, Statement, Value};
use std::fmt;
use std::iter::repeat_n;

impl fmt::Display for Body {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        write_body(&mut out, self, 0);
        if out.is_empty() {
            out.push('\n');
        }
        formatter.write_str(&out)
    }
}

impl fmt::Display for Value {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = String::new();
        write_value(&mut out, self, 0);
        formatter.write_str(&out)
    }
}

fn write_body(out: &mut String, body: &Body, depth: usize) {
    let columns = columns(body.statements.iter().map(|statement| match statement {
        Statement::Attribute(attribute) => Some(Cell::new(&attribute.name, &attribute.value)),
        _ => None,
    }));
    let mut previous = None;
    let mut blank = false;
    for (index, statement) in body.statements.iter().enumerate() {
        if let Statement::Blank = statement {
            blank = true;
            continue;
        }
        if previous.is_some_and(|previous| blank || parted(previous, &body.statements[index..])) {
            out.push('\n');
        }
        blank = false;
        previous = Some(statement);
        match statement {
            Statement::Blank => {}
            Statement::Comment(text) => {
                for line in comment_lines(text) {
                    indent(out, depth);
                    out.push_str(&line);
                    out.push('\n');
                }
            }
            Statement::Attribute(attribute) => {
                indent(out, depth);
                write_entry(
                    out,
                    &attribute.name,
                    columns[index],
                    &attribute.value,
                    depth,
                );
                out.push('\n');
            }
            Statement::Block(block) => write_block(out, block, depth),
        }
    }
}

/// Whether a blank line belongs between a statement and those that follow it.
fn parted(previous: &Statement, rest: &[Statement]) -> bool {
    let next = rest.iter().find(|s| !matches!(s, Statement::Comment(_)));
    match previous {
        Statement::Block(_) => true,
        Statement::Attribute(_) => matches!(next, Some(Statement::Block(_))),
        Statement::Comment(_) | Statement::Blank => false,
    }
}

fn write_block(out: &mut String, block: &Block, depth: usize) {
    indent(out, depth);
    out.push_str(&block.name);
    if let Some(label) = &block.label {
        out.push(' ');
        out.push_str(&quoted(label.as_str()));
    }
    out.push_str(" {");
    if block
        .body
        .statements
        .iter()
        .all(|s| matches!(s, Statement::Blank))
    {
        out.push(' ');
    } else {
        out.push('\n');
        write_body(out, &block.body, depth + 1);
        indent(out, depth);
    }
    out.push_str("}\n");
}

fn write_value(out: &mut String, value: &Value, depth: usize) {
    match value {
        Value::Null => out.push_str("null"),
        Value::Bool(value) => out.push_str(if *value { "true" } else { "false" }),
        Value::Integer(number) => out.push_str(&number.to_string()),
        // Debug always shows a point or an exponent, and no more digits than it takes to read the number back.
        Value::Float(number) => out.push_str(&format!("{number:?}")),
        Value::String(text) => out.push_str(&quoted(text)),
        Value::Reference(path) => out.push_str(path),
        Value::Call { function, args } => {
            out.push_str(function);
            out.push('(');
            write_list(out, args, depth);
            out.push(')');
        }
        Value::Array(elements) if takes_lines(value) => {
            out.push_str("[\n");
            for element in elements {
                indent(out, depth + 1);
                write_value(out, element, depth + 1);
                out.push_str(",\n");
            }
            indent(out, depth);
            out.push(']');
        }
        Value::Array(elements) => {
            out.push('[');
            write_list(out, elements, depth);
            out.push(']');
        }
        Value::Object(fields) if fields.is_empty() => out.push_str("{}"),
        Value::Object(fields) => write_object(out, fields, depth),
    }
}

fn write_list(out: &mut String, values: &[Value], depth: usize) {
    for (index, value) in values.iter().enumerate() {
        if index > 0 {
            out.push_str(", ");
        }
        write_value(out, value, depth);
    }
}

fn write_object(out: &mut String, fields: &[(String, Value)], depth: usize) {
    let keys: Vec<String> = fields.iter().map(|(name, _)| key(name)).collect();
    let columns = columns(
        keys.iter()
            .zip(fields)
            .map(|(key, (_, value))| Some(Cell::new(key, value))),
    );
    out.push_str("{\n");
    for ((key, column), (_, value)) in keys.iter().zip(columns).zip(fields) {
        indent(out, depth + 1);
        write_entry(out, key, column, value, depth + 1);
        out.push_str(",\n");
    }
    indent(out, depth);
    out.push('}');
}

fn write_entry(out: &mut String, name: &str, column: usize, value: &Value, depth: usize) {
    out.push_str(&format!("{name:<column$} = "));
    write_value(out, value, depth);
}

fn indent(out: &mut String, depth: usize) {
    out.extend(repeat_n('\t', depth));
}

fn takes_lines(value: &Value) -> bool {
    match value {
        Value::Object(fields) => !fields.is_empty(),
        Value::Array(values) | Value::Call { args: values, .. } => values.iter().any(takes_lines),
        _ => false,
    }
}

/// What stands left of a `=`, for its column.
#[derive(Clone, Copy)]
struct Cell {
    width: usize,
    ends_run: bool,
}

impl Cell {
    fn new(name: &str, value: &Value) -> Self {
        Self {
            width: name.chars().count(),
            ends_run: takes_lines(value),
        }
    }
}

/// The column of each `=`: the widest name of its run. `None` is a line without one, which ends the run before it.
fn columns(cells: impl Iterator<Item = Option<Cell>>) -> Vec<usize> {
    let cells: Vec<_> = cells.collect();
    cells
        .chunk_by(|left, right| left.is_some_and(|cell| !cell.ends_run) && right.is_some())
        .flat_map(|run| {
            let width = run.iter().flatten().map(|cell| cell.width).max();
            repeat_n(width.unwrap_or(0), run.len())
        })
        .collect()
}
