//! Hostile inputs: whatever stands in a `stack.toml`, it is refused on a line of its own, or what
//! comes of it is accepted by every official program and says what the user said.
//!
//! More cases: `STACKGEN_CASES=2000 cargo test generated`.

mod random;
mod stack;
mod words;

use crate::{project, validators};
use stack::Generator;
use stackgen::artifact::ArtifactSet;
use stackgen::diagnostic::{Diagnostic, settle};
use stackgen::stack::validate::Validated;
use stackgen::write::Manifest;
use std::fs;

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

/// Refuses, then builds what is left of a text without what was at fault.
fn build(text: &mut String) -> Result<Outcome, String> {
    for _ in 0..20 {
        let validated = project::validate_text(text);
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
            if std::env::var("JUDGE").is_ok() {
                let m: Vec<String> = rejections
                    .iter()
                    .map(|r| {
                        format!(
                            "Rejection {{ {} {} {}",
                            r.program,
                            r.file,
                            r.message
                                .lines()
                                .filter(|l| !l.contains("SUCCESS")
                                    && (r.program != "promtool" || !l.starts_with("Checking")))
                                .collect::<Vec<_>>()
                                .join("\n")
                        )
                    })
                    .collect();
                return Err(m.concat());
            }
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

#[test]
fn a_generated_stack_is_refused_or_accepted_by_all() {
    let mut built = 0;
    let mut failed = 0;
    let from: u64 = std::env::var("FROM")
        .ok()
        .and_then(|t| t.parse().ok())
        .unwrap_or(0);
    let mut kinds = std::collections::BTreeMap::<String, (u64, usize)>::new();
    for seed in from..from + cases(20) {
        let mut text = Generator::stack(seed, seed % 4 == 3);
        let result = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| build(&mut text)))
            .unwrap_or_else(|_| Err("PANIC".into()));
        let result = result.and_then(|o| match o {
            Outcome::Refused => {
                if std::env::var("SHOW").is_ok() && seed % 4 != 3 {
                    for f in project::validate_text(&text).findings {
                        kinds
                            .entry(format!(
                                "refused {} {}",
                                f.lint,
                                f.message.chars().take(110).collect::<String>()
                            ))
                            .or_default()
                            .1 += 1;
                    }
                }
                Ok(())
            }
            Outcome::Built(t) => {
                built += 1;
                if std::env::var("JUDGE").is_ok() {
                    judge(&t)
                } else {
                    Ok(())
                }
            }
        });
        if let Err(e) = result {
            failed += 1;
            let _ = fs::write(format!("/tmp/gen/{seed}.toml"), &text);
            for l in e.split("Rejection {").take(4) {
                let k: String = l
                    .chars()
                    .filter(|c| !c.is_ascii_digit())
                    .take(330)
                    .collect();
                let e = kinds.entry(k).or_insert((seed, 0));
                e.1 += 1;
            }
        }
    }
    for (k, (seed, n)) in &kinds {
        println!("=== {n}x seed {seed}: {k}");
    }
    println!("built {built} failed {failed}");
}
