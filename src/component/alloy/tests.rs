//! A few lines of stack.toml, and what becomes of them.

use super::syntax::{Body, Statement};
use super::{Alloy, lower, render};
use crate::artifact::Artifact;
use crate::io::Memory;
use crate::source::SourceFile;
use crate::stack::validate::validate;
use crate::topology::Topology;

const HEAD: &str = r##"
stack.name = "monitoring"
stack.domain = "monitoring.example"
gateway.bind = "0.0.0.0"
slack.channels.a = { channel = "#a", webhook = "a" }
"##;

fn alloy(more: &str) -> Alloy {
    let source = SourceFile::new("stack.toml", format!("{HEAD}{more}"));
    let own = ("own.alloy".to_owned(), b"logging { }\n".to_vec());
    let validated = validate(&source, &Memory([own].into()));
    assert!(validated.findings.is_empty(), "{:?}", validated.findings);
    let stack = &validated.stacks["production"];
    lower(stack, &Topology::of(stack))
}

fn files(more: &str) -> Vec<Artifact> {
    render(&alloy(more)).unwrap()
}

/// The text of one component of a host's file.
fn component(model: &Alloy, host: &str, name: &str, label: &str) -> String {
    let agent = model
        .agents
        .iter()
        .find(|agent| agent.host == host)
        .unwrap();
    let found = agent
        .body
        .statements
        .iter()
        .find_map(|statement| match statement {
            Statement::Block(block) if block.name == name => {
                let same = block.label.as_ref().map(|label| label.as_str()) == Some(label);
                same.then(|| Body::from(block.clone()).to_string())
            }
            _ => None,
        });
    found.unwrap_or_else(|| panic!("{host} has no {name} {label:?}"))
}

#[track_caller]
fn assert_has(text: &str, lines: &str) {
    assert!(text.contains(lines), "{lines}\nis not in\n{text}");
}

#[test]
fn a_target_arrives_with_its_labels() {
    let model = alloy(
        r#"
        [hosts.app-1]
        labels = { datacenter = "vaduz" }
        [targets.accounts]
        kind = "nodejs"
        host = "app-1"
        address = "localhost:8080"
        interval = "5s"
        labels = { team = "core" }
        "#,
    );
    assert_eq!(
        component(&model, "app-1", "prometheus.scrape", "target_accounts"),
        r#"prometheus.scrape "target_accounts" {
	targets = [
		{
			__address__ = "localhost:8080",
			job         = "accounts",
			instance    = "app-1:8080",
			service     = "accounts",
			datacenter  = "vaduz",
			team        = "core",
			host        = "app-1",
			environment = "production",
		},
	]
	forward_to      = [prometheus.remote_write.central.receiver]
	scrape_interval = "5s"
	scrape_timeout  = "5s"
	scheme          = "http"
	metrics_path    = "/metrics"
	// An endpoint that runs away fails its own scrape and harms nobody else.
	sample_limit    = 100000
	body_size_limit = "64MiB"
}
"#
    );
}

#[test]
fn an_agent_pushes_through_the_public_door_as_itself() {
    let model = alloy("[hosts.app-1]\nlabels = { datacenter = \"vaduz\" }");
    assert_eq!(
        component(&model, "app-1", "loki.write", "central"),
        r#"loki.write "central" {
	external_labels = {
		environment = "production",
		host        = "app-1",
		datacenter  = "vaduz",
	}

	endpoint {
		url = "https://monitoring.example:8443/loki/api/v1/push"
		// Eight hours of tries. Meanwhile Docker, the journal and files keep the lines.
		max_backoff_period  = "1m"
		max_backoff_retries = 480

		basic_auth {
			username      = "app-1"
			password_file = "/run/secrets/token"
		}

		tls_config {
			ca_file     = "/run/secrets/ca.crt"
			server_name = "monitoring.example"
			min_version = "TLS12"
		}
	}
}
"#
    );
}

#[test]
fn no_sample_is_sent_that_prometheus_finds_too_old() {
    for (window, limit, kept) in [
        ("10m", "55m", "8h"),
        ("2h", "1h55m", "8h"),
        ("1d", "23h55m", "24h"),
    ] {
        let model = alloy(&format!("prometheus.out_of_order_window = {window:?}"));
        let push = component(&model, "local", "prometheus.remote_write", "central");
        assert_has(&push, &format!("sample_age_limit = {limit:?}"));
        assert_has(&push, &format!("max_keepalive_time = {kept:?}"));
    }
}

#[test]
fn exporters_inside_the_agent_get_its_login_and_their_own_names() {
    let model = alloy(
        "[hosts.app-1]\ncollect = [\"node\"]\nrun = \"systemd\"\nlabels = { price = \"$1\" }",
    );
    let exporter = component(&model, "app-1", "prometheus.exporter.unix", "node");
    assert!(!exporter.contains("procfs_path"), "{exporter}");
    let relabel = component(&model, "app-1", "discovery.relabel", "node");
    assert_has(
        &relabel,
        "target_label = \"job\"\n\t\treplacement  = \"node\"",
    );
    assert_has(
        &relabel,
        "target_label = \"instance\"\n\t\treplacement  = \"app-1\"",
    );
    assert_has(
        &relabel,
        "target_label = \"price\"\n\t\treplacement  = \"$$1\"",
    );
    let scrape = component(&model, "app-1", "prometheus.scrape", "node");
    assert_has(
        &scrape,
        "password_file = \"/etc/alloy/secrets/alloy-password\"",
    );
}

#[test]
fn on_the_stacks_bridge_the_network_is_not_the_machines() {
    let model = alloy("hosts.app-1.collect = [\"node\"]");
    let local = component(&model, "local", "prometheus.exporter.unix", "node");
    assert_has(&local, "disable_collectors = [\"arp\", ");
    assert_has(&local, "procfs_path    = \"/host/proc\"");
    let remote = component(&model, "app-1", "prometheus.exporter.unix", "node");
    assert!(!remote.contains("disable_collectors"), "{remote}");
}

#[test]
fn probes_of_one_interval_share_an_exporter() {
    let model = alloy(
        r#"
        [hosts.app-1]
        [probes.website]
        kind = "http"
        host = "app-1"
        url = "https://www.example/"
        [probes.mail]
        kind = "tls"
        host = "app-1"
        address = "mail.example:993"
        [probes.slow]
        kind = "icmp"
        host = "app-1"
        address = "10.0.0.1"
        interval = "1m"
        "#,
    );
    let exporter = component(
        &model,
        "app-1",
        "prometheus.exporter.blackbox",
        "probes_15s",
    );
    assert_has(
        &exporter,
        r#"	target {
		name    = "mail"
		address = "mail.example:993"
		module  = "tls"
		labels  = {
			__tmp_job      = "mail",
			__tmp_instance = "mail.example:993",
			service        = "mail",
		}
	}
"#,
    );
    assert_has(&exporter, "name    = \"website\"");
    assert!(!exporter.contains("icmp"), "{exporter}");
    component(&model, "app-1", "prometheus.scrape", "probes_1m");
}

#[test]
fn kafka_lag_is_read_with_secrets_from_files() {
    let model = alloy(
        r#"
        [hosts.kafka-1]
        [kafka.clusters.main]
        brokers = ["kafka-1:9092", "kafka-2:9092"]
        [kafka.clusters.main.lag]
        host = "kafka-1"
        groups = "shop-.*"
        sasl = { mechanism = "scram-sha512", username = "lag", password = "kafka-lag-password" }
        tls = { ca = "kafka-ca" }
        [kafka.clusters.main.nodes.kafka-node1]
        host = "kafka-1"
        jmx = "localhost:9991"
        "#,
    );
    assert_eq!(
        component(&model, "kafka-1", "prometheus.exporter.kafka", "lag_main"),
        r#"prometheus.exporter.kafka "lag_main" {
	// Alloy refuses to start while none of these answers.
	kafka_uris          = ["kafka-1:9092", "kafka-2:9092"]
	instance            = "main"
	kafka_version       = "2.0.0"
	groups_filter_regex = "shop-.*"
	topics_filter_regex = ".*"
	use_sasl            = true
	sasl_mechanism      = "scram-sha512"
	sasl_username       = "lag"
	sasl_password       = string.trim_space(convert.nonsensitive(local.file.lag_main.content))
	use_tls             = true
	ca_file             = "/run/secrets/kafka-ca"
}
"#
    );
    let node = component(&model, "kafka-1", "prometheus.scrape", "jmx_kafka_node1");
    assert_has(&node, "instance    = \"kafka-node1\"");
}

#[test]
fn loki_is_scraped_through_the_gateway() {
    let model = alloy("");
    let loki = component(&model, "local", "prometheus.scrape", "loki");
    assert_has(&loki, "__address__ = \"gateway:3100\"");
    assert_has(
        &loki,
        "password_file = \"/run/secrets/loki-alloy-local-password\"",
    );
    assert_has(&loki, "server_name = \"gateway\"");
}

#[test]
fn certificates_of_the_stack_are_watched() {
    let model = alloy("");
    let probes = component(
        &model,
        "local",
        "prometheus.exporter.blackbox",
        "probes_15s",
    );
    assert_has(&probes, "ca_file     = \"/run/secrets/ca.crt\"");
    assert_has(&probes, "__tmp_instance = \"gateway\"");
}

#[test]
fn lines_of_a_container_are_those_of_its_target() {
    let model = alloy(
        r#"
        [hosts.app-1]
        collect = ["docker"]
        [targets."shop.web"]
        kind = "nodejs"
        host = "app-1"
        address = "localhost:8080"
        service = "shop"
        logs = { docker = { container = "shop.web" } }
        "#,
    );
    let names = component(&model, "app-1", "discovery.relabel", "container_logs");
    assert_has(
        &names,
        r#"	rule {
		source_labels = ["__meta_docker_container_name"]
		regex         = "/shop\\.web"
		target_label  = "service"
		replacement   = "shop"
	}
"#,
    );
    let process = component(&model, "app-1", "loki.process", "docker");
    assert_has(&process, r#"selector = "{job=~\"shop\\\\.web\"}""#);
}

#[test]
fn lines_of_units_and_files_too() {
    let model = alloy(
        r#"
        [hosts.app-1]
        collect = ["journal"]
        [targets.a]
        kind = "generic"
        host = "app-1"
        address = "localhost:1"
        logs = { journal = { unit = "a.service" } }
        [targets.b]
        kind = "generic"
        host = "app-1"
        address = "localhost:2"
        logs = { file = { path = "/var/log/b/*.log" } }
        labels = { team = "core" }
        "#,
    );
    let units = component(&model, "app-1", "discovery.relabel", "journal");
    assert_has(&units, r#"regex         = "a\\.service""#);
    let files = component(&model, "app-1", "local.file_match", "files");
    assert_has(
        &files,
        "__path__ = \"/var/log/b/*.log\",\n\t\t\tjob      = \"b\"",
    );
    assert_has(&files, "team     = \"core\"");
    let process = component(&model, "app-1", "loki.process", "files");
    assert!(!process.contains("multiline"), "{process}");
}

#[test]
fn own_files_stand_beside_the_generated_one() {
    let files = files("[hosts.app-1]\nalloy = [\"own.alloy\"]");
    let paths: Vec<&str> = files.iter().map(|file| file.path.as_str()).collect();
    assert_eq!(
        paths,
        [
            "alloy/local.alloy",
            "agents/app-1/config.alloy",
            "agents/app-1/own.alloy"
        ]
    );
    assert_eq!(files[0].restarts.as_deref(), Some("alloy-local"));
    assert_eq!(files[1].restarts.as_deref(), Some("agents/app-1"));
    assert_eq!(files[2].caused_by, ["hosts.app-1.alloy"]);
    assert_eq!(files[2].bytes, b"logging { }\n");
}

#[test]
fn any_name_makes_a_file_that_alloy_reads() {
    files(
        r#"
        [hosts."1st.host_x"]
        collect = ["node", "docker", "journal"]
        labels = { a = "quote \" backslash \\ line\nbreak $1", b = "" }
        [targets."true"]
        kind = "generic"
        host = "1st.host_x"
        address = "[::1]:1"
        [targets.true-true]
        kind = "generic"
        host = "1st.host_x"
        address = "localhost:2"
        service = "a"
        [targets.true_true]
        kind = "generic"
        host = "1st.host_x"
        address = "localhost:3"
        service = "b"
        "#,
    );
}
