//! amtool on Alertmanager's configuration, templates and client file.

use super::Rejection;
use super::program::{Answer, command, run};
use super::prometheus::understood;
use super::tree::Tree;
use serde_json::Value;

const PROGRAM: &str = "amtool";
const CONFIGURATION: &str = "alertmanager/alertmanager.yml";
const CLIENT: &str = "alertmanager/client.yml";
const TEMPLATES: &str = "alertmanager/templates";

pub fn judge(tree: &Tree) -> Vec<Rejection> {
    let mut rejections = configuration(tree);
    rejections.extend(templates(tree));
    rejections.extend(messages(tree));
    rejections.extend(client(tree));
    rejections
}

/// The three ways to read matchers. amtool warns where the new and the old way differ; that it was
/// told which way to take is a warning too, and the only one that is no fault.
fn configuration(tree: &Tree) -> Vec<Rejection> {
    if !tree.has(CONFIGURATION) {
        return Vec::new();
    }
    let modes = [
        "--enable-feature=",
        "--enable-feature=utf8-strict-mode",
        "--enable-feature=classic-mode",
    ];
    modes
        .iter()
        .filter_map(|mode| {
            let answer =
                run(command(PROGRAM, &tree.root).args([mode, "check-config", CONFIGURATION]));
            let mut warnings = answer.warnings();
            warnings.retain(|line| !line.contains("source=featurecontrol.go"));
            let warnings = warnings.join("\n");
            if !answer.accepted {
                Some(Rejection::new(PROGRAM, CONFIGURATION, answer.text()))
            } else if !warnings.is_empty() {
                Some(Rejection::new(PROGRAM, CONFIGURATION, warnings))
            } else {
                None
            }
        })
        .collect()
}

/// Renders every named template, with a notification or with one alert of it.
fn templates(tree: &Tree) -> Vec<Rejection> {
    tree.files_in(TEMPLATES, ".tmpl")
        .into_iter()
        .flat_map(|file| {
            let text = tree.read(file);
            let names = defined(&text);
            let all: String = names
                .iter()
                .map(|name| format!("{{{{ template {name} . }}}}"))
                .collect();
            if render(tree, &all).accepted {
                return Vec::new();
            }
            let faults = names.iter().filter_map(|name| {
                let answer = render(tree, &format!("{{{{ template {name} . }}}}"));
                let of_one_alert = format!("{{{{ template {name} (index .Alerts 0) }}}}");
                let accepted = answer.accepted || render(tree, &of_one_alert).accepted;
                (!accepted).then(|| Rejection::new(PROGRAM, file, answer.text()))
            });
            let mut faults: Vec<Rejection> = faults.collect();
            // All of them fail alike where a file cannot be parsed.
            faults.dedup();
            if names.is_empty() {
                faults.push(Rejection::new(PROGRAM, file, "it defines no template"));
            }
            faults
        })
        .collect()
}

/// The quoted names after `define` in a template file.
fn defined(text: &str) -> Vec<&str> {
    text.split("{{")
        .skip(1)
        .map(|action| action.trim_start_matches('-').trim_start())
        .filter_map(|action| action.strip_prefix("define"))
        .filter_map(|rest| {
            let rest = rest.trim_start();
            let quote = rest.chars().next().filter(|quote| "\"`".contains(*quote))?;
            let length = rest[1..].find(quote)?;
            Some(&rest[..length + 2])
        })
        .collect()
}

/// Renders the texts of the receivers, which check-config does not look into.
fn messages(tree: &Tree) -> Vec<Rejection> {
    let mut texts = Vec::new();
    if let Some(configuration) = tree.yaml(CONFIGURATION) {
        collect_templates(&configuration["receivers"], &mut texts);
    }
    if texts.is_empty() || render(tree, &texts.concat()).accepted {
        return Vec::new();
    }
    texts
        .iter()
        .filter_map(|text| {
            let answer = render(tree, text);
            (!answer.accepted).then(|| {
                Rejection::new(PROGRAM, CONFIGURATION, format!("{text}: {}", answer.text()))
            })
        })
        .collect()
}

fn collect_templates(value: &Value, texts: &mut Vec<String>) {
    match value {
        Value::String(text) if text.contains("{{") => texts.push(text.clone()),
        Value::Array(items) => items.iter().for_each(|item| collect_templates(item, texts)),
        Value::Object(fields) => fields
            .values()
            .for_each(|field| collect_templates(field, texts)),
        _ => {}
    }
}

fn render(tree: &Tree, text: &str) -> Answer {
    let glob = format!("--template.glob={TEMPLATES}/*.tmpl");
    let text = format!("--template.text={text}");
    run(command(PROGRAM, &tree.root).args(["template", "render", &glob, &text]))
}

fn client(tree: &Tree) -> Option<Rejection> {
    if !tree.has(CLIENT) {
        return None;
    }
    let option = format!("--http.config.file={CLIENT}");
    let answer = run(command(PROGRAM, &tree.root).args([
        "--alertmanager.url=https://127.0.0.1:1",
        "--no-version-check",
        "--timeout=5s",
        &option,
        "alert",
        "query",
    ]));
    let text = answer.text();
    (!understood(&text)).then(|| Rejection::new(PROGRAM, CLIENT, text))
}
