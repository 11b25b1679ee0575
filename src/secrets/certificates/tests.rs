//! A year in the life of certificates.

use super::init::Issued;
use super::leaf::Why;
use super::*;
use crate::io::{Memory, MemoryVault, Safety, Vault};
use crate::secrets::tests::stack;
use crate::secrets::{Error, certificates};
use crate::stack::Stack;
use crate::topology::Topology;
use rcgen::{
    BasicConstraints, CertificateParams, DnType, IsCa, Issuer, KeyPair, KeyUsagePurpose,
    date_time_ymd,
};

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

const NEW_YEAR: &str = "2025-01-01T00:00:00Z";

fn init(text: &str, vault: &MemoryVault) -> Result<Issued, Error> {
    let (stack, topology) = stack(text);
    certificates::init(&stack, &topology, &Memory::default(), vault)
}

fn state(text: &str, vault: &MemoryVault, owner: &str) -> State {
    let (stack, topology) = stack(text);
    let status = certificates::status(&stack, &topology, vault).unwrap();
    let row = status.rows.iter().find(|row| row.owner == owner);
    row.unwrap().state
}

fn go_to(vault: &MemoryVault, time: &str) {
    vault.clock.set(time.parse().unwrap());
}

#[test]
fn everybody_gets_a_certificate_and_the_ca_stays_at_home() {
    let vault = MemoryVault::at(NEW_YEAR);
    let done = init(STACK, &vault).unwrap();
    assert!(done.authority);
    let owners: Vec<&str> = done
        .signed
        .iter()
        .map(|(owner, _)| owner.as_str())
        .collect();
    let expected = [
        "alloy-local",
        "alertmanager",
        "gateway",
        "grafana",
        "prometheus",
    ];
    assert_eq!(owners, [&expected[..], &["agents/app-1"]].concat());
    let key = vault.text("ca/ca.key");
    for file in vault.files().iter().filter(|file| *file != "ca/ca.key") {
        assert!(!vault.text(file).contains(&key), "{file}");
    }
    assert_eq!(vault.text("agents/app-1/ca.crt"), vault.text("ca/ca.crt"));
    let mode = |path: &str| vault.inspect(path).unwrap().unwrap().mode;
    assert_eq!(mode("ca"), 0o700);
    assert_eq!(mode("ca/ca.key"), 0o600);
    assert_eq!(mode("prometheus/tls.key"), 0o444);
    let (stack, topology) = stack(STACK);
    let status = certificates::status(&stack, &topology, &vault).unwrap();
    assert!(status.is_sound(), "{status:?}");
}

#[test]
fn again_changes_nothing_even_without_the_key_of_the_ca() {
    let vault = MemoryVault::at(NEW_YEAR);
    init(STACK, &vault).unwrap();
    let writes = vault.writes.get();
    vault.remove("ca/ca.key").unwrap();
    let done = init(STACK, &vault).unwrap();
    assert_eq!((vault.writes.get(), done.kept.len()), (writes, 6));
    vault.remove("grafana/tls.crt").unwrap();
    let error = init(STACK, &vault).unwrap_err().to_string();
    assert!(error.starts_with("ca/ca.key: is missing"), "{error}");
}

#[test]
fn a_certificate_is_renewed_a_month_before_its_end() {
    let vault = MemoryVault::at(NEW_YEAR);
    init(STACK, &vault).unwrap();
    go_to(&vault, "2025-11-30T00:00:00Z");
    assert_eq!(init(STACK, &vault).unwrap().signed, []);
    go_to(&vault, "2025-12-03T00:00:00Z");
    assert_eq!(state(STACK, &vault, "prometheus"), State::Soon);
    go_to(&vault, "2026-02-01T00:00:00Z");
    assert_eq!(state(STACK, &vault, "prometheus"), State::Expired);
    let done = init(STACK, &vault).unwrap();
    assert!(!done.authority);
    assert!(done.signed.iter().all(|(_, why)| *why == Why::Due));
    assert_eq!(state(STACK, &vault, "prometheus"), State::Valid);
}

#[test]
fn short_lives_are_not_renewed_each_time() {
    let text = format!("{STACK}[tls]\nvalidity = \"7d\"\n");
    let vault = MemoryVault::at(NEW_YEAR);
    init(&text, &vault).unwrap();
    assert_eq!(init(&text, &vault).unwrap().signed, []);
    go_to(&vault, "2025-01-06T00:00:00Z");
    assert_eq!(init(&text, &vault).unwrap().signed.len(), 6);
}

#[test]
fn a_certificate_ends_with_its_ca() {
    let vault = MemoryVault::at(NEW_YEAR);
    init(STACK, &vault).unwrap();
    go_to(&vault, "2034-10-01T00:00:00Z");
    init(STACK, &vault).unwrap();
    let ends = |path: &str| reading::read(vault.text(path).as_bytes()).unwrap()[0].not_after;
    assert_eq!(ends("grafana/tls.crt"), ends("ca/ca.crt"));
    go_to(&vault, "2036-01-01T00:00:00Z");
    let error = init(STACK, &vault).unwrap_err().to_string();
    assert!(error.contains("has expired"), "{error}");
}

#[test]
fn what_does_not_fit_is_replaced() {
    let vault = MemoryVault::at(NEW_YEAR);
    init(STACK, &vault).unwrap();
    let renamed = STACK.replace("monitoring.example", "other.example");
    assert_eq!(
        state(&renamed, &vault, "grafana"),
        State::Unfit("has other names than it should")
    );
    let done = init(&renamed, &vault).unwrap();
    assert_eq!(done.signed.len(), 5);
    assert!(done.signed.iter().all(|(_, why)| *why == Why::OtherNames));
    // Broken off between the two files.
    let other = vault.text("gateway/tls.key");
    vault
        .replace("grafana/tls.key", other.as_bytes(), 0o444, Safety::Copy)
        .unwrap();
    let done = init(&renamed, &vault).unwrap();
    assert_eq!(done.signed, [("grafana".to_owned(), Why::OtherKey)]);
    // A new CA.
    vault.remove("ca/ca.key").unwrap();
    vault.remove("ca/ca.crt").unwrap();
    let done = init(&renamed, &vault).unwrap();
    assert!(
        done.signed
            .iter()
            .all(|(_, why)| *why == Why::OtherAuthority)
    );
    assert_eq!(vault.text("agents/app-1/ca.crt"), vault.text("ca/ca.crt"));
}

#[test]
fn a_host_that_is_gone_leaves_no_certificate() {
    let vault = MemoryVault::at(NEW_YEAR);
    init(STACK, &vault).unwrap();
    let smaller = STACK.replace("[hosts.app-1]\ncollect = [\"node\"]", "");
    let done = init(&smaller, &vault).unwrap();
    let gone = ["ca.crt", "tls.crt", "tls.key"].map(|file| format!("agents/app-1/{file}"));
    assert_eq!(done.changes.removed, gone);
    assert_eq!(vault.inspect("agents").unwrap(), None);
}

/// A CA, one below it, and a certificate for a host: (ca, chain, key).
fn brought(host: &str) -> (String, String, String) {
    let made = |name: &str, ca: bool| {
        let mut params = CertificateParams::new(if ca { vec![] } else { vec![name.to_owned()] });
        let params = params.as_mut().unwrap();
        params.distinguished_name.push(DnType::CommonName, name);
        params.not_before = date_time_ymd(2024, 12, 1);
        params.not_after = date_time_ymd(2025, 12, 1);
        if ca {
            params.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
            params.key_usages = vec![KeyUsagePurpose::KeyCertSign];
        }
        (params.clone(), KeyPair::generate().unwrap())
    };
    let (root, root_key) = made("root", true);
    let root_pem = root.self_signed(&root_key).unwrap().pem();
    let (between, between_key) = made("between", true);
    let root = Issuer::new(root, root_key);
    let between_pem = between.signed_by(&between_key, &root).unwrap().pem();
    let (leaf, leaf_key) = made(host, false);
    let between = Issuer::new(between, between_key);
    let leaf_pem = leaf.signed_by(&leaf_key, &between).unwrap().pem();
    (root_pem, leaf_pem + &between_pem, leaf_key.serialize_pem())
}

fn with_files(domain: &str) -> (Stack, Topology) {
    let mut text = STACK.replace("monitoring.example", domain);
    text.push_str("[tls]\nmode = \"files\"\nca = \"tls/ca.pem\"\n[tls.certificates]\n");
    for service in ["grafana", "prometheus", "alertmanager", "gateway", "alloy"] {
        text.push_str(&format!(
            "{service} = {{ cert = \"tls/c.pem\", key = \"tls/k.pem\" }}\n"
        ));
    }
    stack(&text)
}

fn project((ca, chain, key): (String, String, String)) -> Memory {
    let files = [("tls/ca.pem", ca), ("tls/c.pem", chain), ("tls/k.pem", key)];
    Memory(
        files
            .map(|(path, text)| (path.to_owned(), text.into_bytes()))
            .into(),
    )
}

fn faults(domain: &str, files: (String, String, String), time: &str) -> Vec<String> {
    let (stack, topology) = with_files(domain);
    let vault = MemoryVault::at(time);
    let done = certificates::init(&stack, &topology, &project(files), &vault).unwrap();
    assert_eq!(
        vault.files().contains(&"grafana/tls.key".to_owned()),
        done.faults.is_empty()
    );
    done.faults
}

#[test]
fn files_of_the_users_are_checked_and_installed() {
    let files = brought("*.example");
    let (stack, topology) = with_files("monitoring.example");
    let vault = MemoryVault::at(NEW_YEAR);
    let done = certificates::init(&stack, &topology, &project(files.clone()), &vault).unwrap();
    assert_eq!(done.faults, [""; 0]);
    assert_eq!(vault.text("prometheus/tls.crt"), files.1);
    assert_eq!(vault.text("agents/app-1/ca.crt"), files.0);
    assert!(
        certificates::status(&stack, &topology, &vault)
            .unwrap()
            .is_sound()
    );
    let writes = vault.writes.get();
    certificates::init(&stack, &topology, &project(files), &vault).unwrap();
    assert_eq!(vault.writes.get(), writes);
}

#[test]
fn each_fault_of_a_file_is_said_once() {
    let files = brought("monitoring.example");
    let one = |faults: Vec<String>| {
        assert_eq!(faults.len(), 1, "{faults:?}");
        faults.into_iter().next().unwrap()
    };
    let said = one(faults("other.example", files.clone(), NEW_YEAR));
    assert_eq!(
        said,
        "tls/c.pem is not for other.example, but for monitoring.example"
    );
    let said = one(faults(
        "monitoring.example",
        files.clone(),
        "2026-01-01T00:00:00Z",
    ));
    assert!(
        said.starts_with("tls/c.pem expired on 2025-12-01"),
        "{said}"
    );
    let alone = files
        .1
        .split_inclusive("-----END CERTIFICATE-----\n")
        .next()
        .unwrap();
    let alone = (files.0.clone(), alone.to_owned(), files.2.clone());
    let said = one(faults("monitoring.example", alone, NEW_YEAR));
    assert!(said.contains("certificates between"), "{said}");
    let other = brought("monitoring.example");
    let mixed = (files.0.clone(), files.1.clone(), other.2);
    let said = one(faults("monitoring.example", mixed, NEW_YEAR));
    assert_eq!(said, "tls/k.pem is not the key of tls/c.pem");
    let stranger = (other.0, files.1, files.2);
    let said = one(faults("monitoring.example", stranger, NEW_YEAR));
    assert!(said.contains("does not lead to the CA"), "{said}");
}
