//! Hostile inputs: whatever stands in a `stack.toml`, it is refused on a line of its own, or what
//! comes of it is accepted by every official program and says what the user said.
//!
//! More cases: `STACKGEN_CASES=2000 cargo test generated`.

mod mutate;
mod random;
mod schema;
mod stack;
mod unchanged;
mod words;

use crate::{project, validators};
use mutate::mutate;
use random::Random;
use stack::Generator;
use stackgen::artifact::ArtifactSet;
use stackgen::diagnostic::{Diagnostic, settle};
use stackgen::io::Memory;
use stackgen::source::SourceFile;
use stackgen::stack::validate::{Validated, validate};
use stackgen::write::Manifest;
use std::fs;
use std::panic::{AssertUnwindSafe, catch_unwind};

/// How many cases are tried: more where a developer asks for them.
fn cases(usual: u64) -> u64 {
    std::env::var("STACKGEN_CASES")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(usual)
}

/// What must be true of every finding.
fn are_sound(text: &str, findings: &[Diagnostic]) -> Result<(), String> {
    if settle(findings.to_vec()) != findings {
        return Err("findings are not in order".to_owned());
    }
    for finding in findings {
        let message = &finding.message;
        if message.trim().is_empty() {
            return Err(format!("{} says nothing", finding.lint));
        }
        if message.contains("cannot be read: ") && finding.lint == "invalid-value" {
            return Err(format!("the schema accepts what serde does not: {message}"));
        }
        let related = finding.related.iter().map(|(location, _)| location);
        for location in std::iter::once(&finding.location).chain(related) {
            if location.file == "stack.toml"
                && text.get(location.span.start..location.span.end).is_none()
            {
                return Err(format!(
                    "{} at {:?}: {message}",
                    finding.lint, location.span
                ));
            }
        }
    }
    project::human(text, findings);
    Ok(())
}

enum Outcome {
    Refused,
    Built(Vec<(String, ArtifactSet)>),
}

/// Validates in a folder whose files have hostile names, which the default patterns find.
fn validated(text: &str) -> Validated {
    let name = "ü ${X} {{x}} 'q' \"q\" <<x>> [a] #";
    let rules = "groups:\n  - name: \"{{ yes }}\"\n    rules:\n      - record: a:b:c\n        expr: vector(1)\n";
    let dashboard = r#"{ "uid": "own", "title": "${X} {{ x }}", "schemaVersion": 41, "panels": [
        { "id": 1, "type": "text", "title": "x", "gridPos": { "h": 1, "w": 1, "x": 0, "y": 0 } }
    ] }"#;
    let files = [
        (format!("rules/{name}.yml"), rules),
        (format!("dashboards/{name}.json"), dashboard),
    ];
    let files = files.map(|(path, text)| (path, text.as_bytes().to_vec()));
    validate(&SourceFile::new("stack.toml", text), &Memory(files.into()))
}

/// Refuses, then builds what is left of a text without what was at fault.
fn build(text: &mut String) -> Result<Outcome, String> {
    for _ in 0..20 {
        let validated = validated(text);
        are_sound(text, &validated.findings)?;
        if validated.findings.is_empty() {
            return trees(&validated);
        }
        *text = without_faults(text, &validated.findings);
    }
    Ok(Outcome::Refused)
}

fn trees(validated: &Validated) -> Result<Outcome, String> {
    let mut trees = Vec::new();
    for (environment, stack) in &validated.stacks {
        let fault = |fault| format!("{environment}: {fault}");
        let artifacts = stackgen::compile(stack).map_err(fault)?;
        let again = stackgen::compile(stack).map_err(fault)?;
        if !artifacts
            .iter()
            .map(|a| &a.bytes)
            .eq(again.iter().map(|a| &a.bytes))
        {
            return Err("two builds differ".to_owned());
        }
        trees.push((environment.clone(), artifacts));
    }
    Ok(Outcome::Built(trees))
}

fn judge(trees: &[(String, ArtifactSet)]) -> Result<(), String> {
    for (environment, artifacts) in trees {
        let folder = tempfile::tempdir().unwrap();
        let manifest = Manifest::of(environment, "-".to_owned(), artifacts);
        let write = |path: &str, bytes: &[u8]| {
            let whole = folder.path().join(path);
            fs::create_dir_all(whole.parent().unwrap()).unwrap();
            fs::write(whole, bytes).unwrap();
        };
        for artifact in artifacts.iter() {
            write(&artifact.path, &artifact.bytes);
        }
        write("manifest.json", manifest.to_json().as_bytes());
        let rejections = validators::judge(folder.path());
        if !rejections.is_empty() {
            return Err(format!("{rejections:#?}"));
        }
    }
    Ok(())
}

/// The text without the lines that are at fault, so that what is left can be built. A table's header
/// goes with what stands in the table.
fn without_faults(text: &str, findings: &[Diagnostic]) -> String {
    let mut kept = String::new();
    let mut skipping = false;
    let mut start = 0;
    for line in text.split_inclusive('\n') {
        let end = start + line.len();
        let at_fault = findings
            .iter()
            .any(|finding| (start..end).contains(&finding.location.span.start));
        let header = line.starts_with('[');
        skipping = if header { at_fault } else { skipping };
        if !skipping && !at_fault {
            kept.push_str(line);
        }
        start = end;
    }
    kept
}

/// Keeps the input of a failure where a developer finds it.
fn fail(seed: u64, text: &str, why: &str) -> ! {
    let path = std::env::temp_dir().join(format!("stackgen-generated-{seed}.toml"));
    fs::write(&path, text).unwrap();
    panic!("seed {seed}, kept in {}: {why}", path.display());
}

/// Validates and builds; what does not end well is kept and shown.
fn tried(seed: u64, mut text: String, judged: bool) -> bool {
    let original = text.clone();
    let outcome = catch_unwind(AssertUnwindSafe(|| build(&mut text)));
    let result = outcome.unwrap_or_else(|_| Err("it panics".to_owned()));
    match result {
        Ok(Outcome::Built(trees)) => {
            if judged {
                judge(&trees).unwrap_or_else(|why| fail(seed, &text, &why));
            }
            true
        }
        Ok(Outcome::Refused) => false,
        Err(why) => fail(seed, &original, &why),
    }
}

#[test]
fn a_generated_stack_is_accepted_by_all_programs() {
    for seed in 0..cases(8) {
        tried(seed, Generator::stack(seed, seed % 4 == 3), true);
    }
}

#[test]
fn a_generated_stack_is_refused_or_built() {
    let all = cases(150);
    let built = (10_000..10_000 + all)
        .filter(|seed| tried(*seed, Generator::stack(*seed, seed % 4 == 3), false))
        .count() as u64;
    assert!(built * 10 > all * 9, "only {built} of {all} could be built");
}

#[test]
fn a_broken_reference_is_refused_or_built() {
    let reference = project::read("stack.toml.example");
    for seed in 0..cases(300) {
        let text = mutate(&reference, &mut Random::new(seed));
        let findings = validated(&text).findings;
        are_sound(&text, &findings).unwrap_or_else(|why| fail(seed, &text, &why));
    }
}
