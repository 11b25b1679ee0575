//! What the schema accepts, serde accepts, and the other way round: else a user would be told of an
//! error without a place.

use super::cases;
use super::mutate::mutate;
use super::random::Random;
use crate::project;
use jsonschema::Validator;
use serde_json::{Value, json};
use stackgen::config::StackFile;
use stackgen::config::schema::editor_schema;
use stackgen::document::Document;
use stackgen::source::SourceFile;

struct Both {
    schema: Validator,
    /// Without limits, which serde does not know.
    types: Validator,
}

impl Both {
    fn new() -> Both {
        let mut types = editor_schema();
        without_limits(&mut types);
        Both {
            schema: jsonschema::validator_for(&editor_schema()).unwrap(),
            types: jsonschema::validator_for(&types).unwrap(),
        }
    }

    fn compare(&self, file: &Value, what: &str) {
        let serde = serde_json::from_value::<StackFile>(file.clone());
        if self.schema.is_valid(file) {
            assert!(serde.is_ok(), "{what}: {}", serde.unwrap_err());
        }
        if serde.is_ok() {
            let error = self.types.iter_errors(file).next();
            assert!(error.is_none(), "{what}: {}", error.unwrap());
        }
    }
}

fn without_limits(schema: &mut Value) {
    match schema {
        Value::Object(map) => {
            for limit in ["minimum", "maximum", "minItems"] {
                map.remove(limit);
            }
            map.values_mut().for_each(without_limits);
        }
        Value::Array(items) => items.iter_mut().for_each(without_limits),
        _ => {}
    }
}

/// Paths of all values of a file.
fn pointers(value: &Value, path: &str, found: &mut Vec<String>) {
    found.push(path.to_owned());
    match value {
        Value::Object(map) => {
            for (key, value) in map {
                pointers(value, &format!("{path}/{key}"), found);
            }
        }
        Value::Array(items) => {
            for (index, value) in items.iter().enumerate() {
                pointers(value, &format!("{path}/{index}"), found);
            }
        }
        _ => {}
    }
}

fn json_of(text: &str, environment: &str) -> Value {
    let (document, _) = Document::parse(&SourceFile::new("stack.toml", text));
    document.for_environment(environment).root.to_json()
}

#[test]
fn the_schema_and_serde_agree_on_every_value_of_the_reference_file() {
    let both = Both::new();
    let file = json_of(&project::read("stack.toml.example"), "production");
    both.compare(&file, "the reference file");
    let mut paths = Vec::new();
    pointers(&file, "", &mut paths);
    let values = [
        json!(true),
        json!(0),
        json!(-1),
        json!(65536),
        json!(1.5),
        json!(1e300),
        json!(""),
        json!("x"),
        json!([]),
        json!(["x"]),
        json!([1]),
        json!({}),
        json!({ "x": "y" }),
        json!({ "x": {} }),
    ];
    for path in &paths[1..] {
        for value in &values {
            // serde would read a list as a table without names; the schema comes first.
            if value.is_array() && file.pointer(path).is_some_and(Value::is_object) {
                continue;
            }
            let mut changed = file.clone();
            *changed.pointer_mut(path).unwrap() = value.clone();
            both.compare(&changed, &format!("{path} = {value}"));
        }
    }
}

#[test]
fn the_schema_and_serde_agree_on_broken_files() {
    let both = Both::new();
    let reference = project::read("stack.toml.example");
    for seed in 0..cases(200) {
        let text = mutate(&reference, &mut Random::new(seed));
        both.compare(&json_of(&text, "staging"), &format!("seed {seed}"));
    }
}

/// For a schema `3000.0` is a whole number, and serde read a fraction in it.
#[test]
fn a_whole_number_may_be_written_with_a_point() {
    let text = project::read("stack.toml.example").replace("port = 3000", "port = 3000.0");
    let validated = project::validate_text(&text);
    assert!(validated.findings.is_empty(), "{:#?}", validated.findings);
    assert_eq!(validated.stacks["production"].grafana.port, 3000);
}
