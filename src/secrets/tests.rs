//! First start, later starts, and what people do to the files in between.

use super::hash::Scheme;
use super::*;
use crate::io::{self, MemoryVault, Safety};
use crate::source::SourceFile;
use crate::topology::Topology;
use std::cell::RefCell;
use std::collections::BTreeMap;

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

/// One environment of a file.
pub fn stack(text: &str) -> (Stack, Topology) {
    let source = SourceFile::new("stack.toml", text);
    let validated = crate::stack::validate::validate(&source, &io::Memory::default());
    assert!(validated.findings.is_empty(), "{:?}", validated.findings);
    let stack = validated.stacks.into_values().next().unwrap();
    let topology = Topology::of(&stack);
    (stack, topology)
}

/// Variables, and what a person types; nothing: nobody is there.
#[derive(Default)]
struct Surroundings {
    variables: BTreeMap<String, String>,
    typed: Option<RefCell<Vec<&'static str>>>,
}

impl Outside for Surroundings {
    fn variable(&self, name: &str) -> Option<Vec<u8>> {
        self.variables.get(name).map(|value| value.clone().into())
    }

    fn output(&self, command: &[String]) -> Result<Vec<u8>, String> {
        Err(format!("{} ended with exit status: 1", command[0]))
    }

    fn ask(&self, _: &str) -> std::io::Result<Option<String>> {
        let typed = self.typed.as_ref();
        Ok(typed.map(|typed| typed.borrow_mut().pop().unwrap_or_default().to_owned()))
    }
}

fn memory() -> MemoryVault {
    MemoryVault::at("2025-06-01T00:00:00Z")
}

/// A stack that has all it needs.
fn complete(text: &str) -> (Stack, Topology, MemoryVault) {
    let (stack, topology) = stack(text);
    let vault = memory();
    set(
        &stack,
        &topology,
        &vault,
        "slack-webhook",
        WEBHOOK.as_bytes(),
    )
    .unwrap();
    let done = init(&stack, &topology, &vault, &Surroundings::default()).unwrap();
    assert_eq!(done.missing, []);
    (stack, topology, vault)
}

#[test]
fn the_first_start_makes_everything_but_what_only_people_have() {
    let (stack, topology) = stack(STACK);
    let vault = memory();
    let done = init(&stack, &topology, &vault, &Surroundings::default()).unwrap();
    assert!(done.made.contains(&"prometheus-password".to_owned()));
    let [missing] = &done.missing[..] else {
        panic!("{:?}", done.missing)
    };
    assert_eq!(missing.name, "slack-webhook");
    assert!(missing.purpose.contains("#monitoring"));
    assert!(missing.settable);
    let files = vault.files();
    assert!(!files.contains(&"alertmanager/slack-webhook".to_owned()));
    let prometheus = files.iter().filter(|file| file.starts_with("prometheus/"));
    assert_eq!(
        prometheus.collect::<Vec<_>>(),
        [
            "prometheus/alertmanager-prometheus-password",
            "prometheus/prometheus-prometheus-password",
            "prometheus/web.yml"
        ]
    );
}

#[test]
fn again_changes_nothing() {
    let (stack, topology, vault) = complete(STACK);
    let files = vault.entries.borrow().clone();
    let writes = vault.writes.get();
    let done = init(&stack, &topology, &vault, &Surroundings::default()).unwrap();
    assert_eq!(vault.writes.get(), writes);
    assert_eq!(*vault.entries.borrow(), files);
    assert!(done.made.is_empty() && done.changes.written.is_empty());
    assert!(status(&topology, &vault).unwrap().is_sound());
}

#[test]
fn modes_are_the_layouts() {
    let (_, _, vault) = complete(STACK);
    for (path, (bytes, mode)) in &*vault.entries.borrow() {
        let reader = path.contains('/') || (bytes.is_none() && !path.is_empty());
        let expected = match (bytes.is_some(), reader) {
            (true, true) => 0o444,
            (true, false) => 0o600,
            (false, true) => 0o755,
            (false, false) => 0o700,
        };
        assert_eq!(*mode, expected, "{path}");
    }
}

#[test]
fn the_gateway_reads_no_token() {
    let (_, _, vault) = complete(STACK);
    let token = vault.text("agent-app-1-token");
    assert_eq!(vault.text("agents/app-1/token"), token);
    let users = vault.text("gateway/agents.htpasswd");
    let hash = users.trim().strip_prefix("app-1:").unwrap();
    let credential = Scheme::Ssha;
    let (_, topology) = stack(STACK);
    let owner = topology
        .credentials
        .iter()
        .find(|c| c.name == "agent-app-1-token");
    let secret = Secret::parse(token.as_bytes(), owner.unwrap()).unwrap();
    assert!(credential.opens(hash, &secret));
    for file in vault
        .files()
        .iter()
        .filter(|file| file.starts_with("gateway/"))
    {
        assert!(!vault.text(file).contains(&token), "{file}");
    }
    let query = vault.text("gateway/query.htpasswd");
    let users: Vec<&str> = query
        .lines()
        .filter_map(|l| Some(l.split_once(':')?.0))
        .collect();
    assert_eq!(users, ["admin", "grafana"]);
    let push = vault.text("gateway/push.htpasswd");
    assert!(push.starts_with("alloy-local:{SSHA}") && push.lines().count() == 1);
    let header = vault.text("gateway/prometheus-authorization.conf");
    assert!(
        header.starts_with("proxy_set_header Authorization \"Basic "),
        "{header}"
    );
}

#[test]
fn a_new_password_changes_only_its_own_hash() {
    let (stack, topology, vault) = complete(STACK);
    let before = vault.text("prometheus/web.yml");
    let new = b"correct horse battery staple\n";
    let done = set(&stack, &topology, &vault, "prometheus-password", new).unwrap();
    assert!(done.changed);
    assert_eq!(done.changes.written, ["prometheus/web.yml"]);
    let after = vault.text("prometheus/web.yml");
    let differing = before.lines().zip(after.lines()).filter(|(a, b)| a != b);
    assert_eq!(differing.count(), 1);
    let again = set(&stack, &topology, &vault, "prometheus-password", new).unwrap();
    assert!(!again.changed && again.changes.written.is_empty());
}

#[test]
fn what_a_running_service_does_not_notice_is_said() {
    let (stack, topology, vault) = complete(STACK);
    let note = |name: &str| {
        let done = set(&stack, &topology, &vault, name, b"correct-horse-battery").unwrap();
        done.note.unwrap_or_default()
    };
    assert!(note("grafana-password").contains("first start only"));
    assert!(note("prometheus-gateway-password").contains("restart gateway"));
    for name in ["loki-grafana-password", "grafana-alloy-local-password"] {
        assert!(note(name).contains("restart grafana"), "{name}");
    }
    for name in ["alloy-password", "agent-app-1-token"] {
        assert!(note(name).contains("again"), "{name}");
    }
    for name in ["prometheus-password", "alertmanager-prometheus-password"] {
        assert_eq!(note(name), "");
    }
}

#[test]
fn where_nothing_is_sent_no_webhook_is_asked_for() {
    let silent =
        format!("{STACK}[alerting]\nenabled = false\n[alerting.heartbeat]\nwebhook = \"beat\"\n");
    let (stack, topology) = stack(&silent);
    let done = init(&stack, &topology, &memory(), &Surroundings::default()).unwrap();
    assert_eq!(done.missing, []);
}

#[test]
fn an_unknown_name_is_asked_back() {
    let (stack, topology, vault) = complete(STACK);
    let error = set(&stack, &topology, &vault, "slack-webhok", b"x").unwrap_err();
    assert!(
        error
            .to_string()
            .contains("Did you mean \"slack-webhook\"?")
    );
}

#[test]
fn an_error_never_holds_the_value() {
    let (stack, topology, vault) = complete(STACK);
    let value = "http://hooks.slack.com/services/hush";
    let error = set(&stack, &topology, &vault, "slack-webhook", value.as_bytes()).unwrap_err();
    assert!(!format!("{error} {error:?}").contains("hush"));
    assert_eq!(vault.text("alertmanager/slack-webhook"), WEBHOOK);
}

#[test]
fn the_key_of_encrypted_data_stays() {
    let (stack, topology, vault) = complete(STACK);
    let key = vault.text("grafana-secret-key");
    let other = b"another-key-of-some-length";
    assert!(set(&stack, &topology, &vault, "grafana-secret-key", other).is_err());
    assert_eq!(vault.text("grafana-secret-key"), key);
    set(
        &stack,
        &topology,
        &vault,
        "grafana-secret-key",
        key.as_bytes(),
    )
    .unwrap();
}

#[test]
fn a_person_is_asked_until_the_value_fits() {
    let (stack, topology) = stack(STACK);
    let vault = memory();
    let outside = Surroundings {
        typed: Some(RefCell::new(vec![WEBHOOK, "not a url"])),
        ..Default::default()
    };
    let done = init(&stack, &topology, &vault, &outside).unwrap();
    assert_eq!(done.taken, ["slack-webhook"]);
    assert_eq!(vault.text("alertmanager/slack-webhook"), WEBHOOK);
}

#[test]
fn variables_are_followed_but_need_not_be_set_again() {
    let text = format!("{STACK}\n[secrets.slack-webhook]\nenv = \"SLACK_WEBHOOK\"\n");
    let (stack, topology) = stack(&text);
    let vault = memory();
    let unset = Surroundings::default();
    let done = init(&stack, &topology, &vault, &unset).unwrap();
    assert!(!done.missing[0].settable);
    assert_eq!(
        done.missing[0].reason.as_deref(),
        Some("the variable SLACK_WEBHOOK is not set")
    );
    for webhook in [WEBHOOK, "https://hooks.slack.com/services/new"] {
        let mut outside = Surroundings::default();
        outside
            .variables
            .insert("SLACK_WEBHOOK".into(), webhook.into());
        let done = init(&stack, &topology, &vault, &outside).unwrap();
        assert_eq!(done.taken, ["slack-webhook"]);
        assert_eq!(vault.text("alertmanager/slack-webhook"), webhook);
        assert!(
            init(&stack, &topology, &vault, &unset)
                .unwrap()
                .missing
                .is_empty()
        );
    }
    assert!(
        set(
            &stack,
            &topology,
            &vault,
            "slack-webhook",
            WEBHOOK.as_bytes()
        )
        .is_err()
    );
}

#[test]
fn what_nobody_reads_any_more_is_removed_and_nothing_else() {
    let (_, _, vault) = complete(STACK);
    vault
        .replace("agents/app-1/notes", b"mine", 0o644, Safety::Copy)
        .unwrap();
    vault
        .replace("alertmanager/notes", b"mine", 0o644, Safety::Copy)
        .unwrap();
    let smaller = STACK.replace("[hosts.app-1]\ncollect = [\"node\"]", "");
    let smaller = smaller.replace("\"slack-webhook\"", "\"other-webhook\"");
    let (stack, topology) = stack(&smaller);
    let done = init(&stack, &topology, &vault, &Surroundings::default()).unwrap();
    assert_eq!(
        done.changes.removed,
        [
            "agents/app-1/alloy-password",
            "agents/app-1/token",
            "alertmanager/slack-webhook"
        ]
    );
    assert_eq!(vault.text("gateway/agents.htpasswd"), "");
    let files = vault.files();
    for kept in ["agents/app-1/notes", "alertmanager/notes", "slack-webhook"] {
        assert!(files.contains(&kept.to_owned()), "{kept}");
    }
    vault.remove("agents/app-1/notes").unwrap();
    let (_, _, vault) = complete(STACK);
    init(&stack, &topology, &vault, &Surroundings::default()).unwrap();
    assert_eq!(vault.inspect("agents").unwrap(), None);
}

#[test]
fn lax_modes_are_seen_and_tightened() {
    let (stack, topology, vault) = complete(STACK);
    vault.set_mode("", 0o755).unwrap();
    vault.set_mode("slack-webhook", 0o644).unwrap();
    vault.set_mode("prometheus/web.yml", 0o600).unwrap();
    let seen = status(&topology, &vault).unwrap();
    assert_eq!(seen.problems.len(), 2, "{:?}", seen.problems);
    let row = seen
        .rows
        .iter()
        .find(|row| row.name == "slack-webhook")
        .unwrap();
    assert!(matches!(&row.state, State::Unsafe(faults) if faults[0].contains("0644")));
    let done = init(&stack, &topology, &vault, &Surroundings::default()).unwrap();
    assert_eq!(done.changes.modes.len(), 3, "{:?}", done.changes.modes);
    assert!(status(&topology, &vault).unwrap().is_sound());
}

#[test]
fn status_tells_who_has_an_old_value() {
    let (_, topology, vault) = complete(STACK);
    vault
        .replace(
            "prometheus-grafana-password",
            b"by-hand-and-long\n",
            0o600,
            Safety::Copy,
        )
        .unwrap();
    vault
        .replace("loki-password", b"short", 0o600, Safety::Copy)
        .unwrap();
    vault.remove("alertmanager-password").unwrap();
    let seen = status(&topology, &vault).unwrap();
    let row = |name: &str| seen.rows.iter().find(|row| row.name == name).unwrap();
    assert_eq!(
        row("prometheus-grafana-password").behind,
        ["grafana/prometheus-grafana-password", "prometheus/web.yml"]
    );
    assert!(matches!(row("loki-password").state, State::Unsafe(_)));
    assert_eq!(row("loki-password").behind, ["gateway/query.htpasswd"]);
    assert_eq!(row("alertmanager-password").state, State::Missing);
    assert!(!seen.is_sound());
}
