//! Docker Compose, and its published schema, on the stack's file and on each host's.

use super::Rejection;
use super::program::{command, installed, run};
use super::tree::Tree;
use jsonschema::Validator;
use serde_json::Value;
use std::fs;
use std::path::Path;
use std::sync::LazyLock;

const FILE: &str = "docker-compose.yml";

pub fn judge(tree: &Tree) -> Vec<Rejection> {
    let folders =
        std::iter::once(String::new()).chain(tree.agents().into_iter().map(|folder| folder + "/"));
    folders
        .map(|folder| folder + FILE)
        .filter(|file| tree.has(file))
        .flat_map(|file| [program(tree, &file), schema(tree, &file)])
        .flatten()
        .collect()
}

fn program(tree: &Tree, file: &str) -> Option<Rejection> {
    let secrets = tempfile::tempdir().expect("a folder for secrets can be made");
    let path = tree.root.join(file);
    let folder = path.parent().unwrap_or(Path::new("/"));
    let mut compose = command("docker-compose", folder);
    compose
        .env("STACKGEN_SECRETS", secrets.path())
        .args(["-f", FILE, "config", "-q"]);
    let answer = run(&mut compose);
    let refused = !answer.accepted || !answer.stderr.trim().is_empty();
    refused.then(|| Rejection::new("docker compose", file, answer.text()))
}

static SCHEMA: LazyLock<Validator> = LazyLock::new(|| {
    let text = fs::read_to_string(installed("compose-spec.json")).expect("the schema can be read");
    let schema: Value = serde_json::from_str(&text).expect("the schema is JSON");
    jsonschema::validator_for(&schema).expect("the schema is one")
});

fn schema(tree: &Tree, file: &str) -> Option<Rejection> {
    let value = tree.yaml(file)?;
    let faults: Vec<String> = SCHEMA
        .iter_errors(&value)
        .map(|fault| format!("{}: {fault}", fault.instance_path()))
        .collect();
    (!faults.is_empty()).then(|| Rejection::new("compose schema", file, faults.join("\n")))
}
