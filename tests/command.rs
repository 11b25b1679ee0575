//! The command line as users and pipelines see it.

use crate::project;
use std::fs;
use std::path::Path;
use std::process::{Command, Output};

fn stackgen(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_stackgen"))
        .args(arguments)
        .current_dir(folder)
        .env("NO_COLOR", "1")
        .output()
        .unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn errors(output: &Output) -> String {
    String::from_utf8_lossy(&output.stderr).into_owned()
}

fn reference() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(
        folder.path().join("stack.toml"),
        project::read("stack.toml.example"),
    )
    .unwrap();
    folder
}

/// Modification times and contents of all files.
fn state(root: &Path) -> Vec<(String, std::time::SystemTime, Vec<u8>)> {
    walkdir::WalkDir::new(root)
        .sort_by_file_name()
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let modified = entry.metadata().unwrap().modified().unwrap();
            let bytes = fs::read(entry.path()).unwrap();
            (entry.path().display().to_string(), modified, bytes)
        })
        .collect()
}

#[test]
fn build_writes_the_default_environment_and_then_touches_nothing() {
    let folder = reference();
    let output = stackgen(folder.path(), &["build"]);
    assert_eq!(code(&output), 0, "{}", errors(&output));
    assert!(folder.path().join("dist/production/manifest.json").exists());
    assert!(!folder.path().join("dist/staging").exists());
    let before = state(folder.path());
    assert_eq!(code(&stackgen(folder.path(), &["build"])), 0);
    assert_eq!(state(folder.path()), before);
}

#[test]
fn check_says_what_differs_and_writes_nothing() {
    let folder = reference();
    let check = ["build", "--all-envs", "--check"];
    let output = stackgen(folder.path(), &check);
    assert_eq!(code(&output), 1);
    assert!(
        errors(&output).contains("prometheus.yml is missing"),
        "{}",
        errors(&output)
    );
    assert!(!folder.path().join("dist").exists());
    assert_eq!(code(&stackgen(folder.path(), &["build", "--all-envs"])), 0);
    assert_eq!(code(&stackgen(folder.path(), &check)), 0);
    let edited = folder.path().join("dist/staging/prometheus/prometheus.yml");
    fs::write(&edited, "by hand").unwrap();
    let output = stackgen(folder.path(), &check);
    assert_eq!(code(&output), 1);
    assert!(errors(&output).contains("dist/staging/prometheus/prometheus.yml differs"));
    assert_eq!(fs::read_to_string(&edited).unwrap(), "by hand");
}

#[test]
fn diff_shows_what_changes() {
    let folder = reference();
    assert_eq!(code(&stackgen(folder.path(), &["build"])), 0);
    let text = project::read("stack.toml.example").replacen(
        "evaluation_interval = \"15s\"",
        "evaluation_interval = \"20s\"",
        1,
    );
    fs::write(folder.path().join("stack.toml"), text).unwrap();
    let output = stackgen(folder.path(), &["build", "--check", "--diff"]);
    assert_eq!(code(&output), 1);
    let diff = String::from_utf8_lossy(&output.stdout).into_owned();
    assert!(
        diff.contains("--- a/dist/production/prometheus/prometheus.yml"),
        "{diff}"
    );
    assert!(diff.contains("+  evaluation_interval: 20s"), "{diff}");
}

#[test]
fn an_error_in_any_environment_leaves_the_tree_as_it_was() {
    let folder = reference();
    assert_eq!(code(&stackgen(folder.path(), &["build", "--all-envs"])), 0);
    let before = state(&folder.path().join("dist"));
    let text = project::read("stack.toml.example").replacen(
        "domain = \"monitoring.staging.lcx.example\"",
        "domain = \"not a domain\"",
        1,
    );
    fs::write(folder.path().join("stack.toml"), text).unwrap();
    let output = stackgen(folder.path(), &["build", "--env", "production"]);
    assert_eq!(code(&output), 1);
    assert!(
        errors(&output).contains("invalid-address"),
        "{}",
        errors(&output)
    );
    assert_eq!(state(&folder.path().join("dist")), before);
}

#[test]
fn usage_and_files_that_cannot_be_read_exit_with_2() {
    let folder = tempfile::tempdir().unwrap();
    let output = stackgen(folder.path(), &["build"]);
    assert_eq!(code(&output), 2);
    assert!(
        errors(&output).contains("stackgen init"),
        "{}",
        errors(&output)
    );
    let folder = reference();
    let output = stackgen(folder.path(), &["build", "--env", "prodution"]);
    assert_eq!(code(&output), 2);
    assert!(
        errors(&output).contains("Did you mean production?"),
        "{}",
        errors(&output)
    );
    assert_eq!(code(&stackgen(folder.path(), &["biuld"])), 2);
}

#[test]
fn a_users_own_file_in_the_tree_is_never_touched() {
    let folder = reference();
    let own = folder.path().join("dist/production/notes.txt");
    fs::create_dir_all(own.parent().unwrap()).unwrap();
    fs::write(&own, "mine").unwrap();
    assert_eq!(code(&stackgen(folder.path(), &["build"])), 0);
    assert_eq!(fs::read_to_string(&own).unwrap(), "mine");
}

#[test]
fn completions_exist_for_the_usual_shells() {
    for shell in ["bash", "zsh", "fish", "powershell", "elvish"] {
        let output = stackgen(Path::new("."), &["completions", shell]);
        assert_eq!(code(&output), 0);
        assert!(String::from_utf8_lossy(&output.stdout).contains("stackgen"));
    }
}
