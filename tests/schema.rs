//! The published schema is fresh, and says of the reference file what serde says.

use crate::project;
use serde_json::Value;
use stackgen::config::schema::editor_schema;

#[test]
fn the_published_schema_is_fresh() {
    let published: Value =
        serde_json::from_str(&project::read("schema/stack.schema.json")).unwrap();
    assert!(
        published == editor_schema(),
        "run: cargo run -- schema > schema/stack.schema.json"
    );
}

#[test]
fn editors_accept_the_reference_file_with_its_environments() {
    let validator = jsonschema::validator_for(&editor_schema()).unwrap();
    let file: Value = toml::from_str(&project::read("stack.toml.example")).unwrap();
    let errors: Vec<String> = validator
        .iter_errors(&file)
        .map(|e| format!("{}: {e}", e.instance_path()))
        .collect();
    assert!(errors.is_empty(), "{errors:#?}");
}

#[test]
fn editors_refuse_a_mistyped_overlay() {
    let validator = jsonschema::validator_for(&editor_schema()).unwrap();
    let file: Value = toml::from_str(
        "stack.name = \"a\"\n[environments.staging]\nprometheus.retentoin.time = \"7d\"\n",
    )
    .unwrap();
    assert_eq!(validator.iter_errors(&file).count(), 1);
}
