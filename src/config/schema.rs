//! The JSON Schema of `stack.toml`, generated from the types, and the check of a document against it.

use super::StackFile;
use crate::diagnostic::{Diagnostic, list, nearest};
use crate::document::{Document, KeyPath, Part, Segment};
use jsonschema::error::{TypeKind, ValidationError, ValidationErrorKind};
use serde_json::{Map, Value as Json, json};
use std::sync::OnceLock;

/// The schema for editors: the file, with `[environments.*]` as partial files.
pub fn editor_schema() -> Json {
    let mut schema = merged_schema().clone();
    let mut overlay = schema.clone();
    strip_required(&mut overlay);
    let definitions = overlay_definitions(&overlay);
    let root = overlay_root(&mut overlay);
    if let Some(target) = schema.get_mut("$defs").and_then(Json::as_object_mut) {
        target.extend(definitions);
        target.insert("Environment".to_owned(), root);
    }
    if let Some(properties) = schema.get_mut("properties").and_then(Json::as_object_mut) {
        properties.insert(
            "environments".to_owned(),
            json!({
                "description": "Each table is merged over the rest of the file.",
                "type": "object",
                "additionalProperties": { "$ref": "#/$defs/Environment" },
            }),
        );
    }
    schema
}

/// The schema of one environment's merged file.
fn merged_schema() -> &'static Json {
    static SCHEMA: OnceLock<Json> = OnceLock::new();
    SCHEMA.get_or_init(|| schemars::schema_for!(StackFile).to_value())
}

/// A partial file may leave out every key, so its types are copies without `required`.
fn strip_required(schema: &mut Json) {
    match schema {
        Json::Object(map) => {
            map.remove("required");
            if let Some(Json::String(reference)) = map.get_mut("$ref") {
                *reference = reference.replace("#/$defs/", "#/$defs/Partial");
            }
            map.values_mut().for_each(strip_required);
        }
        Json::Array(items) => items.iter_mut().for_each(strip_required),
        _ => {}
    }
}

fn overlay_definitions(overlay: &Json) -> Map<String, Json> {
    let definitions = overlay.get("$defs").and_then(Json::as_object);
    definitions
        .into_iter()
        .flatten()
        .map(|(name, definition)| (format!("Partial{name}"), definition.clone()))
        .collect()
}

fn overlay_root(overlay: &mut Json) -> Json {
    let root = overlay.as_object_mut();
    let mut root = root.map(std::mem::take).unwrap_or_default();
    for key in ["$defs", "$schema", "title"] {
        root.remove(key);
    }
    Json::Object(root)
}

/// Checks a merged document. Returns the findings and the document without what is at fault, so
/// that what comes later can go on; nothing if the whole file is at fault.
pub fn check(document: &Document) -> (Option<Document>, Vec<Diagnostic>) {
    static VALIDATOR: OnceLock<Option<jsonschema::Validator>> = OnceLock::new();
    let validator = VALIDATOR.get_or_init(|| jsonschema::validator_for(merged_schema()).ok());
    let Some(validator) = validator else {
        // Cannot happen: a test compiles the schema.
        return (None, Vec::new());
    };
    let mut findings = Vec::new();
    let mut remaining = document.clone();
    let mut first = true;
    loop {
        let instance = remaining.root.to_json();
        let errors: Vec<_> = validator.iter_errors(&instance).collect();
        if errors.is_empty() {
            return (Some(remaining), findings);
        }
        for error in &errors {
            let path = document_path(&remaining, error);
            // What fails only after the first round is a consequence of what was taken out.
            if first {
                findings.extend(explain(document, error, &path));
            }
        }
        let mut faulty: Vec<KeyPath> = errors
            .iter()
            .flat_map(|error| faulty_paths(&remaining, error))
            .collect();
        // From the back, so that taking out one list entry does not move another.
        faulty.sort_by(|a, b| b.cmp(a));
        faulty.dedup();
        for path in faulty {
            if path.is_empty() {
                return (None, findings);
            }
            remaining.remove(&path);
        }
        first = false;
    }
}

/// The JSON pointer of an error as a path of the document.
fn document_path(document: &Document, error: &ValidationError<'_>) -> KeyPath {
    let mut path = KeyPath::root();
    for part in error.instance_path().as_str().split('/').skip(1) {
        let part = part.replace("~1", "/").replace("~0", "~");
        let is_array = document
            .get(&path)
            .is_some_and(|node| node.as_array().is_some());
        path = match part.parse::<usize>() {
            Ok(index) if is_array => path.index(index),
            _ => path.key(&part),
        };
    }
    path
}

fn faulty_paths(document: &Document, error: &ValidationError<'_>) -> Vec<KeyPath> {
    let path = document_path(document, error);
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => {
            unexpected.iter().map(|key| path.key(key)).collect()
        }
        _ => vec![path],
    }
}

fn explain(document: &Document, error: &ValidationError<'_>, path: &KeyPath) -> Vec<Diagnostic> {
    let at_value = || document.locate(path, Part::Value);
    let name = path.to_string();
    match error.kind() {
        ValidationErrorKind::AdditionalProperties { unexpected } => unexpected
            .iter()
            .map(|key| unknown_key(document, error, path, key))
            .collect(),
        ValidationErrorKind::Required { property } => {
            let key = property.as_str().unwrap_or_default();
            let place = match path.last_key() {
                Some(_) => format!("`{name}` has no `{key}`"),
                None => format!("the file has no `{key}`"),
            };
            let parent = document.locate(path, Part::Key);
            vec![
                Diagnostic::error("missing-key", parent, place)
                    .label(format!("needs `{key}`"))
                    .help(describe(error, Some(key))),
            ]
        }
        ValidationErrorKind::Type { kind } => {
            let wanted = match kind {
                TypeKind::Single(kind) => type_name(&kind.to_string()),
                TypeKind::Multiple(kinds) => kinds
                    .iter()
                    .map(|kind| kind.to_string())
                    .filter(|kind| kind != "null")
                    .map(|kind| type_name(&kind))
                    .collect::<Vec<_>>()
                    .join(" or "),
            };
            let found = type_of(error.instance());
            vec![
                Diagnostic::error(
                    "wrong-type",
                    at_value(),
                    format!("`{name}` must be {wanted}, not {found}"),
                )
                .label(format!("this is {found}"))
                .help(describe(error, None)),
            ]
        }
        ValidationErrorKind::Enum { options } => {
            let options = options.as_array().map(Vec::as_slice).unwrap_or_default();
            let names: Vec<&str> = options.iter().filter_map(Json::as_str).collect();
            vec![unknown_word(at_value(), &name, error.instance(), &names)]
        }
        ValidationErrorKind::AnyOf { context } | ValidationErrorKind::OneOfNotValid { context } => {
            vec![alternatives(document, error, path, context)]
        }
        ValidationErrorKind::Minimum { limit } => {
            vec![out_of_range(
                at_value(),
                &name,
                &format!("at least {limit}"),
            )]
        }
        ValidationErrorKind::Maximum { limit } => {
            vec![out_of_range(at_value(), &name, &format!("at most {limit}"))]
        }
        ValidationErrorKind::MinItems { .. } => vec![
            Diagnostic::error(
                "empty-list",
                at_value(),
                format!("`{name}` must not be empty"),
            )
            .label("nothing in it")
            .help(describe(error, None)),
        ],
        _ => vec![
            Diagnostic::error("invalid-value", at_value(), format!("`{name}`: {error}"))
                .label("here"),
        ],
    }
}

fn unknown_key(
    document: &Document,
    error: &ValidationError<'_>,
    path: &KeyPath,
    key: &str,
) -> Diagnostic {
    let known = schema_at(error)
        .and_then(|schema| schema.get("properties"))
        .and_then(Json::as_object)
        .map(|properties| properties.keys().map(String::as_str).collect::<Vec<_>>())
        .unwrap_or_default();
    let place = if path.is_empty() {
        "at the top of the file".to_owned()
    } else {
        format!("in `{path}`")
    };
    let help = match nearest(key, known.iter().copied()) {
        Some(name) => format!("Did you mean `{name}`?"),
        None => format!("Known here: {}.", list(known)),
    };
    let location = document.locate(&path.key(key), Part::Key);
    Diagnostic::error(
        "unknown-key",
        location,
        format!("there is no key `{key}` {place}"),
    )
    .label("unknown key")
    .help(help)
}

fn unknown_word(
    location: crate::diagnostic::Location,
    name: &str,
    found: &Json,
    options: &[&str],
) -> Diagnostic {
    let word = found
        .as_str()
        .map_or_else(|| found.to_string(), |word| format!("{word:?}"));
    let help = match found
        .as_str()
        .and_then(|word| nearest(word, options.iter().copied()))
    {
        Some(word) => format!("Did you mean {word:?}? Possible: {}.", options.join(", ")),
        None => format!("Possible: {}.", options.join(", ")),
    };
    Diagnostic::error(
        "unknown-value",
        location,
        format!("`{name}` cannot be {word}"),
    )
    .label("not one of the possible values")
    .help(help)
}

fn out_of_range(location: crate::diagnostic::Location, name: &str, limit: &str) -> Diagnostic {
    Diagnostic::error(
        "out-of-range",
        location,
        format!("`{name}` must be {limit}"),
    )
    .label("out of range")
}

/// An optional key is "its type, or null" in the schema: what is said is what is said of its type.
fn alternatives(
    document: &Document,
    error: &ValidationError<'_>,
    path: &KeyPath,
    context: &[Vec<ValidationError<'static>>],
) -> Diagnostic {
    // An enum whose values have descriptions is one constant after another.
    let constants: Vec<&str> = context
        .iter()
        .flatten()
        .filter_map(|inner| match inner.kind() {
            ValidationErrorKind::Constant { expected_value } => expected_value.as_str(),
            _ => None,
        })
        .collect();
    if !constants.is_empty() {
        let location = document.locate(path, Part::Value);
        return unknown_word(location, &path.to_string(), error.instance(), &constants);
    }
    let real = context.iter().flatten().find(|inner| {
        !matches!(inner.kind(), ValidationErrorKind::Type { kind: TypeKind::Single(kind) } if kind.to_string() == "null")
    });
    if let Some(inner) = real
        && let Some(finding) = explain(document, inner, &document_path(document, inner)).pop()
    {
        return finding;
    }
    let location = document.locate(path, Part::Value);
    Diagnostic::error("invalid-value", location, format!("`{path}`: {error}")).label("here")
}

fn type_name(json: &str) -> String {
    match json {
        "string" => "a string",
        "integer" => "a whole number",
        "number" => "a number",
        "boolean" => "true or false",
        "array" => "a list",
        "object" => "a table",
        other => other,
    }
    .to_owned()
}

fn type_of(value: &Json) -> &'static str {
    match value {
        Json::String(_) => "a string",
        Json::Number(number) if number.is_f64() => "a number with a fraction",
        Json::Number(_) => "a whole number",
        Json::Bool(_) => "a boolean",
        Json::Array(_) => "a list",
        Json::Object(_) => "a table",
        Json::Null => "nothing",
    }
}

/// The schema object that an error's keyword stands in.
fn schema_at(error: &ValidationError<'_>) -> Option<&'static Json> {
    let pointer = error.schema_path().as_str();
    let (parent, _) = pointer.rsplit_once('/')?;
    merged_schema().pointer(parent)
}

/// The description of a key, for the help text.
fn describe(error: &ValidationError<'_>, property: Option<&str>) -> String {
    let schema = schema_at(error);
    let schema = match property {
        Some(name) => schema
            .and_then(|s| s.get("properties"))
            .and_then(|p| p.get(name)),
        None => schema,
    };
    schema
        .and_then(|schema| schema.get("description"))
        .and_then(Json::as_str)
        .unwrap_or("`stackgen init` writes a file to begin with; `stackgen schema` has every key.")
        .to_owned()
}

impl Document {
    /// Takes out the entry at `path`.
    fn remove(&mut self, path: &KeyPath) {
        let segments: Vec<Segment> = path.iter().cloned().collect();
        self.root.remove(&segments);
    }
}
