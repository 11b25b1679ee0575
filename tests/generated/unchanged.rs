//! What a user wrote arrives as it was written.

use super::stack::{matcher, toml};
use super::words::ANY;
use crate::project;
use stackgen::artifact::ArtifactSet;
use std::collections::BTreeSet;

/// A stack in which some texts are labels of everything, matchers, and what else is free.
fn stack(words: &[&str]) -> String {
    let label = |(index, word): (usize, &&str)| format!("w{index} = {}", toml(word));
    let labels: Vec<String> = words.iter().enumerate().map(label).collect();
    let labels = format!("labels = {{ {} }}", labels.join(", "));
    let mut text = format!(
        r##"
        [stack]
        name = "a"
        [slack.channels.a]
        channel = "#a"
        webhook = "slack-webhook"
        [hosts.local]
        collect = ["node", "docker", "journal"]
        {labels}
        [targets.target]
        kind = "generic"
        host = "local"
        address = "[::1]:1"
        path = "/m?x={}"
        logs.docker.container = "a.b"
        {labels}
        [targets.unit]
        kind = "nodejs"
        host = "local"
        address = "a:65535"
        logs.journal.unit = 'a\x2d.service'
        {labels}
        [targets.file]
        kind = "nodejs"
        host = "local"
        address = "a:2"
        logs.file.path = '/srv/{{a,b}}/"${{X}}" *.log'
        {labels}
        [probes.probe]
        kind = "http"
        host = "local"
        url = 'https://[::1]/"${{X}}"{{{{x}}}}'
        {labels}
        "##,
        words
            .iter()
            .flat_map(|word| url::form_urlencoded::byte_serialize(word.as_bytes()))
            .collect::<String>()
    );
    for (index, word) in words.iter().enumerate() {
        text += &format!(
            r##"
            [[alerting.routes]]
            name = "r{index}"
            match = [{}]
            channel = "a"
            [kafka.clusters.c{index}]
            brokers = ["b{index}:1"]
            lag.host = "local"
            lag.groups = {}
            lag.sasl = {{ mechanism = "plain", username = {}, password = "kafka" }}
            "##,
            toml(&matcher("team", "=", word)),
            toml(&regex_syntax::escape(word)),
            toml(&format!("user{word}")),
        );
    }
    text
}

fn text<'a>(artifacts: &'a ArtifactSet, path: &str) -> &'a str {
    let artifact = artifacts.iter().find(|artifact| artifact.path == path);
    std::str::from_utf8(&artifact.unwrap().bytes).unwrap()
}

/// The strings of an Alloy file, as Go reads them.
fn literals(alloy: &str) -> BTreeSet<String> {
    let mut found = BTreeSet::new();
    let mut chars = alloy.chars();
    while let Some(c) = chars.next() {
        match c {
            '/' if chars.as_str().starts_with('/') => {
                chars.by_ref().find(|c| *c == '\n');
            }
            '"' => {
                let mut literal = String::new();
                while let Some(c) = chars.next().filter(|c| *c != '"') {
                    let code = |chars: &mut std::str::Chars<'_>, digits: usize| {
                        let code: String = chars.take(digits).collect();
                        u32::from_str_radix(&code, 16)
                            .ok()
                            .and_then(char::from_u32)
                            .unwrap()
                    };
                    literal.push(match c {
                        '\\' => match chars.next().unwrap() {
                            'n' => '\n',
                            't' => '\t',
                            'r' => '\r',
                            'a' => '\x07',
                            'b' => '\x08',
                            'f' => '\x0c',
                            'v' => '\x0b',
                            'x' => code(&mut chars, 2),
                            'u' => code(&mut chars, 4),
                            'U' => code(&mut chars, 8),
                            other => other,
                        },
                        c => c,
                    });
                }
                found.insert(literal);
            }
            _ => {}
        }
    }
    found
}

/// The value of a quoted matcher, as Alertmanager's classic parser reads it.
fn value_of(matcher: &str) -> String {
    let quoted = matcher
        .strip_prefix("team=\"")
        .unwrap()
        .strip_suffix('"')
        .unwrap();
    let mut value = String::new();
    let mut chars = quoted.chars();
    while let Some(c) = chars.next() {
        value.push(match c {
            '\\' => match chars.next().unwrap() {
                'n' => '\n',
                other => other,
            },
            c => c,
        });
    }
    value
}

fn check(words: &[&str]) {
    let validated = project::validate_text(&stack(words));
    assert!(validated.findings.is_empty(), "{:#?}", validated.findings);
    let artifacts = stackgen::compile(&validated.stacks["production"]).unwrap();

    let inventory: serde_yaml::Value =
        serde_yaml::from_str(text(&artifacts, "prometheus/rules/inventory.yml")).unwrap();
    let rules = inventory["groups"][0]["rules"].as_sequence().unwrap();
    let own = ["target", "unit", "file", "probe", "node", "docker"];
    for job in own {
        let rule = rules.iter().find(|rule| rule["labels"]["job"] == *job);
        let labels = &rule.unwrap_or_else(|| panic!("no {job}"))["labels"];
        for (index, word) in words.iter().enumerate() {
            assert_eq!(labels[format!("w{index}")], **word, "{job}");
        }
    }

    let literals = literals(text(&artifacts, "alloy/local.alloy"));
    let has = |text: String| assert!(literals.contains(&text), "{text:?} is not in {literals:#?}");
    has(words.concat());
    has("/srv/{a,b}/\"${X}\" *.log".to_owned());
    has("https://[::1]/\"${X}\"{{x}}".to_owned());
    has("/a\\.b".to_owned());
    has("a\\\\x2d\\.service".to_owned());
    for word in words {
        has((*word).to_owned());
        // In a rule's replacement `$` starts a group.
        has(word.replace('$', "$$"));
        has(regex_syntax::escape(word));
        has(format!("user{word}"));
    }

    let alertmanager: serde_yaml::Value =
        serde_yaml::from_str(text(&artifacts, "alertmanager/alertmanager.yml")).unwrap();
    let routes = alertmanager["route"]["routes"].as_sequence().unwrap();
    let matchers: Vec<String> = routes
        .iter()
        .filter_map(|route| route["matchers"][0].as_str())
        .filter(|matcher| matcher.starts_with("team="))
        .map(value_of)
        .collect();
    assert_eq!(matchers, words);
}

#[test]
fn texts_arrive_unchanged() {
    for words in ANY.chunks(12) {
        check(words);
    }
    check(&["x".repeat(2048).as_str()]);
    let longer = stack(&["x".repeat(2049).as_str()]);
    let findings = project::validate_text(&longer).findings;
    assert!(
        findings
            .iter()
            .all(|finding| finding.lint == "invalid-label")
    );
    assert_eq!(findings.len(), 5, "one for each table of labels");
}
