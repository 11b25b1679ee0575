//! Secrets and certificates on a real disk: modes whatever the umask, and nothing said aloud.

use std::fs;
use std::io::Write;
use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::{Command, Output, Stdio};

const WEBHOOK: &str = "https://hooks.slack.com/services/T0/B0/hush";

const STACK: &str = r##"
[stack]
name = "monitoring"
domain = "monitoring.example"
[gateway]
bind = "0.0.0.0"
[slack.channels.monitoring]
channel = "#monitoring"
webhook = "slack-webhook"
[hosts.app-1]
collect = ["node"]
"##;

fn project() -> tempfile::TempDir {
    let folder = tempfile::tempdir().unwrap();
    fs::write(folder.path().join("stack.toml"), STACK).unwrap();
    folder
}

fn stackgen(folder: &Path, umask: &str, words: &str, input: &str) -> Output {
    let program = env!("CARGO_BIN_EXE_stackgen");
    let mut child = Command::new("sh")
        .args(["-c", &format!("umask {umask}; exec {program} {words}")])
        .current_dir(folder)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .unwrap();
    // A command that reads nothing may be gone by now.
    let _ = child.stdin.take().unwrap().write_all(input.as_bytes());
    child.wait_with_output().unwrap()
}

fn code(output: &Output) -> i32 {
    output.status.code().unwrap()
}

fn said(output: &Output) -> String {
    let both = [&output.stdout[..], &output.stderr[..]].concat();
    String::from_utf8(both).unwrap()
}

/// A first start, as a person does it; and all that was said.
fn start(folder: &Path, umask: &str) -> String {
    let first = stackgen(folder, umask, "secrets init", "");
    assert_eq!(code(&first), 1);
    assert!(
        said(&first).contains("stackgen secrets set slack-webhook"),
        "{}",
        said(&first)
    );
    let mut all = said(&first);
    for (words, input) in [
        ("secrets set slack-webhook", WEBHOOK),
        ("secrets init -v", ""),
        ("certs init -v", ""),
        ("secrets status", ""),
        ("certs status", ""),
    ] {
        let output = stackgen(folder, umask, words, input);
        assert_eq!(code(&output), 0, "{words}: {}", said(&output));
        all.push_str(&said(&output));
    }
    all
}

/// Modes by path below the environment's folder, which is the empty path.
fn modes(folder: &Path) -> Vec<(String, u32)> {
    let root = folder.join("secrets/production");
    let entries = walkdir::WalkDir::new(&root).sort_by_file_name();
    entries
        .into_iter()
        .map(|entry| {
            let entry = entry.unwrap();
            let path = entry.path().strip_prefix(&root).unwrap();
            let mode = entry.metadata().unwrap().permissions().mode() & 0o7777;
            (path.display().to_string(), mode)
        })
        .collect()
}

#[test]
fn modes_do_not_depend_on_the_umask() {
    for umask in ["000", "022", "077"] {
        let folder = project();
        start(folder.path(), umask);
        for (path, mode) in modes(folder.path()) {
            let is_folder = folder
                .path()
                .join("secrets/production")
                .join(&path)
                .is_dir();
            let expected = match path.as_str() {
                "" | "ca" => 0o700,
                "ca/ca.key" => 0o600,
                _ if is_folder => 0o755,
                path if path.contains('/') => 0o444,
                _ => 0o600,
            };
            assert_eq!(mode, expected, "{path} under umask {umask}");
        }
    }
}

#[test]
fn no_command_says_a_value() {
    let folder = project();
    let said = start(folder.path(), "022");
    let root = folder.path().join("secrets/production");
    let mut values = 0;
    for entry in fs::read_dir(root).unwrap() {
        let entry = entry.unwrap();
        let is_record = entry.file_name() == ".stackgen-files";
        if entry.file_type().unwrap().is_file() && !is_record {
            let value = fs::read_to_string(entry.path()).unwrap();
            assert!(!said.contains(&value), "{:?}", entry.file_name());
            values += 1;
        }
    }
    assert!(values > 15, "{values}");
}

#[test]
fn a_bad_value_or_name_changes_nothing() {
    let folder = project();
    start(folder.path(), "022");
    let before = modes(folder.path());
    for (words, input) in [
        ("secrets set slack-webhook", "http://hush"),
        ("secrets set slack-webhook", ""),
        ("secrets set slack-webhok", WEBHOOK),
        ("secrets set slack-webhook https://hush", ""),
        ("secrets status slack-webhok", ""),
    ] {
        let output = stackgen(folder.path(), "022", words, input);
        assert_eq!(code(&output), 2, "{words}: {}", said(&output));
        assert!(!said(&output).contains("hush"), "{}", said(&output));
    }
    assert_eq!(modes(folder.path()), before);
    let webhook = folder
        .path()
        .join("secrets/production/alertmanager/slack-webhook");
    assert_eq!(fs::read_to_string(webhook).unwrap(), WEBHOOK);
}

#[test]
fn a_value_that_others_may_read_is_found_and_closed() {
    let folder = project();
    start(folder.path(), "022");
    let file = folder.path().join("secrets/production/prometheus-password");
    fs::set_permissions(&file, fs::Permissions::from_mode(0o644)).unwrap();
    let status = stackgen(folder.path(), "022", "secrets status", "");
    assert_eq!(code(&status), 1);
    assert!(said(&status).contains("others may read it (mode 0644)"));
    let init = stackgen(folder.path(), "022", "secrets init", "");
    assert!(
        said(&init).contains("prometheus-password had mode 0644"),
        "{}",
        said(&init)
    );
    assert_eq!(
        code(&stackgen(folder.path(), "022", "secrets status", "")),
        0
    );
}

#[test]
fn a_value_for_all_environments_goes_to_those_that_know_it() {
    let folder = project();
    let file = folder.path().join("stack.toml");
    let text = fs::read_to_string(&file).unwrap();
    let environments = "environments = [\"production\"]\n[environments.production]\n[environments.development]\nalerting.enabled = false\n";
    fs::write(&file, text + environments).unwrap();
    let value = "https://hooks.slack.com/services/T0/B0/hush";
    let words = "secrets set slack-webhook - --all-envs";
    let done = stackgen(folder.path(), "022", words, value);
    assert_eq!(code(&done), 0, "{}", said(&done));
    assert_eq!(said(&done).trim(), "production: slack-webhook set");
    let words = "secrets set slack-webhook - --env development";
    assert_eq!(code(&stackgen(folder.path(), "022", words, value)), 2);
}
