//! The Compose files of small stacks.

use super::{Model, Mount, Service, lower, render};
use crate::component::testing::small_stack;
use crate::stack::Stack;
use crate::topology::{Credential, Owner, Topology};
use std::collections::BTreeMap;

const REMOTE: &str = "[gateway]\nbind = \"0.0.0.0\"\n[hosts.app-1]\n";

fn model(more: &str) -> (Stack, Model) {
    let stack = small_stack(more);
    let model = lower(&stack, &Topology::of(&stack));
    (stack, model)
}

fn text(model: &Model, path: &str) -> String {
    let artifacts = render(model, &BTreeMap::new()).unwrap();
    let artifact = artifacts.into_iter().find(|a| a.path == path).unwrap();
    String::from_utf8(artifact.bytes).unwrap()
}

fn targets(service: &Service) -> Vec<String> {
    let target = |mount: &Mount| {
        let value = serde_json::to_value(mount).unwrap();
        value["target"].as_str().unwrap().to_owned()
    };
    service.volumes.iter().map(target).collect()
}

#[test]
fn every_service_is_fenced() {
    let (_, model) = model(REMOTE);
    let all = model.agents.values().flat_map(|project| &project.services);
    for (name, service) in model.stack.services.iter().chain(all) {
        assert!(service.read_only, "{name}");
        assert_eq!(service.cap_drop, ["ALL"], "{name}");
        assert_eq!(service.security_opt, ["no-new-privileges:true"], "{name}");
        assert!(service.mem_limit > 0 && service.cpus > 0.0 && service.pids_limit > 0);
        assert!(service.user.contains(':') && !service.healthcheck.test.is_empty());
    }
}

#[test]
fn loki_and_dockers_api_are_out_of_reach() {
    let (_, model) = model("");
    let services = &model.stack.services;
    let on = |network: &str| -> Vec<&str> {
        let on = services
            .iter()
            .filter(|(_, s)| s.networks.iter().any(|n| n == network));
        on.map(|(name, _)| name.as_str()).collect()
    };
    assert_eq!(on("loki"), ["loki", "gateway"]);
    assert_eq!(on("docker-api"), ["alloy-local", "docker-socket-proxy"]);
    assert!(services["loki"].ports.is_empty() && services["docker-socket-proxy"].ports.is_empty());
    assert!(model.stack.networks["loki"].internal && model.stack.networks["docker-api"].internal);
    let sees_socket = services
        .iter()
        .filter(|(_, s)| targets(s).iter().any(|t| t.ends_with(".sock")));
    assert_eq!(sees_socket.count(), 1);
}

#[test]
fn without_containers_to_collect_nothing_asks_docker() {
    let (_, model) = model("[hosts.local]\ncollect = [\"node\"]\n");
    assert!(!model.stack.services.contains_key("docker-socket-proxy"));
    assert!(!targets(&model.stack.services["alloy-local"]).contains(&"/rootfs".to_owned()));
}

#[test]
fn what_a_user_chose_is_no_variable() {
    let logs = "[targets.shop]\nkind = \"nodejs\"\nhost = \"local\"\naddress = \"shop:80\"\n\
                logs.file.path = \"/srv/pa$word/*.log\"\n";
    let (_, model) = model(logs);
    let text = text(&model, "docker-compose.yml");
    assert!(text.contains("/srv/pa$$word\n"), "{text}");
}

#[test]
fn secrets_are_found_beside_the_output_or_where_the_deployer_says() {
    let (_, model) = model(REMOTE);
    let stack = text(&model, "docker-compose.yml");
    assert!(stack.contains("source: ${STACKGEN_SECRETS:-../../secrets/production}/gateway\n"));
    let host = text(&model, "agents/app-1/docker-compose.yml");
    assert!(host.contains("source: ${STACKGEN_SECRETS:-./secrets}\n"));
}

#[test]
fn every_secret_that_grafana_names_is_in_its_folder() {
    let (stack, model) = model("");
    let topology = Topology::of(&stack);
    let readers = |credential: &&Credential| {
        let owner = Owner::Service(crate::topology::Service::Grafana);
        credential.readers.contains_key(&owner)
    };
    let files: Vec<String> = topology
        .credentials
        .iter()
        .filter(readers)
        .map(|credential| format!("/run/secrets/{}", credential.name))
        .collect();
    for (name, value) in &model.stack.services["grafana"].environment {
        if name.ends_with("__FILE") {
            let value = serde_json::to_value(value).unwrap();
            assert!(files.iter().any(|file| value == file.as_str()), "{name}");
        }
    }
}

#[test]
fn volumes_of_a_running_stack_are_taken_over() {
    let (_, model) = model("[volumes]\nprometheus = \"old_prom_data\"\n");
    let text = text(&model, "docker-compose.yml");
    assert!(
        text.contains("  prometheus:\n    name: old_prom_data\n    external: true\n"),
        "{text}"
    );
    assert!(text.contains("  grafana: {}\n"));
}

#[test]
fn an_external_network_may_be_called_like_one_of_the_stacks() {
    let (_, model) = model("networks = [\"loki\"]\n");
    let text = text(&model, "docker-compose.yml");
    assert!(
        text.contains("  external-loki:\n    name: loki\n    external: true\n"),
        "{text}"
    );
}

#[test]
fn the_journal_is_read_by_a_root_without_capabilities() {
    let (_, model) = model("[hosts.local]\ncollect = [\"journal\"]\n");
    let agent = &model.stack.services["alloy-local"];
    assert_eq!(
        (agent.user.as_str(), agent.cap_drop.as_slice()),
        ("0:0", &["ALL"][..])
    );
    assert!(targets(agent).contains(&"/var/log".to_owned()));
    assert!(model.stack.volumes.contains_key("alloy-root"));
}

#[test]
fn only_an_agent_that_pings_on_the_network_of_its_host_may_send_what_it_likes() {
    let probe = |host: &str| {
        format!("[probes.router]\nkind = \"icmp\"\nhost = \"{host}\"\naddress = \"192.0.2.1\"\n")
    };
    let (_, remote) = model(&format!("{REMOTE}{}", probe("app-1")));
    let agent = &remote.agents["app-1"].services["alloy"];
    // Docker gives capabilities to user 0 alone.
    assert_eq!(
        (agent.user.as_str(), agent.cap_add.as_slice()),
        ("0:0", &["NET_RAW"][..])
    );
    let (_, local) = model(&format!("{REMOTE}{}", probe("local")));
    assert!(local.stack.services["alloy-local"].cap_add.is_empty());
    assert!(local.agents["app-1"].services["alloy"].cap_add.is_empty());
}

#[test]
fn a_log_file_is_where_the_agent_looks_for_it() {
    let logs = "[targets.shop]\nkind = \"nodejs\"\nhost = \"app-1\"\naddress = \"localhost:80\"\n\
                logs.file.path = \"/srv/shop/*.log\"\n";
    let (_, model) = model(&format!("{REMOTE}{logs}"));
    let agent = &model.agents["app-1"].services["alloy"];
    assert!(targets(agent).contains(&"/srv/shop".to_owned()));
}

#[test]
fn a_changed_hash_is_a_changed_label() {
    let (_, model) = model(REMOTE);
    let hashes = BTreeMap::from([
        ("loki".to_owned(), "1234".to_owned()),
        ("agents/app-1".to_owned(), "5678".to_owned()),
    ]);
    let artifacts = render(&model, &hashes).unwrap();
    let labels = |path: &str| -> Vec<String> {
        let artifact = artifacts.iter().find(|a| a.path == path).unwrap();
        let text = String::from_utf8_lossy(&artifact.bytes).into_owned();
        let label = |line: &str| {
            line.trim()
                .strip_prefix("stackgen.restart-hash: ")
                .map(str::to_owned)
        };
        text.lines().filter_map(label).collect()
    };
    assert!(labels("docker-compose.yml").contains(&"\"1234\"".to_owned()));
    assert_eq!(labels("agents/app-1/docker-compose.yml"), ["\"5678\""]);
}

#[test]
fn ports_are_bound_as_the_stack_says() {
    let (_, model) = model("[prometheus]\nport = 19090\n[gateway]\nbind = \"::\"\n");
    let services = &model.stack.services;
    assert_eq!(services["prometheus"].ports, ["127.0.0.1:19090:9090"]);
    assert_eq!(
        services["gateway"].ports,
        ["127.0.0.1:3100:3100", "[::]:8443:8443"]
    );
}
