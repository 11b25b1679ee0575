//! Kafka: the JMX exporter of each node, and consumer lag of each cluster.

use super::Site;
use super::exporter::scraped;
use super::http_target::endpoint;
use super::page::{content, secret_file};
use super::scrape::scrape;
use crate::component::alloy::syntax::{Block, identifier};
use crate::stack::{KafkaTls, Lag, Sasl, SaslMechanism};
use crate::topology::ScrapeTarget;

/// Scrapes the JMX exporter of a Kafka node.
pub fn kafka_node(site: &Site<'_>, cluster: &str, node: &str, target: &ScrapeTarget) -> Vec<Block> {
    let declared = site.stack.clusters.get(cluster);
    let Some(declared) = declared.and_then(|cluster| cluster.nodes.get(node)) else {
        return Vec::new();
    };
    let label = identifier(&format!("jmx-{node}"));
    let targets = [endpoint(site, &declared.jmx.to_string(), target)];
    vec![scrape(label, targets, &target.interval)]
}

/// Reads the lag of a cluster's consumers. Alloy starts only while one of the brokers answers.
pub fn kafka_lag(site: &Site<'_>, name: &str, target: &ScrapeTarget) -> Vec<Block> {
    let Some(cluster) = site.stack.clusters.get(name) else {
        return Vec::new();
    };
    let Some(lag) = &cluster.lag else {
        return Vec::new();
    };
    let label = identifier(&format!("lag-{name}"));
    let brokers: Vec<String> = cluster.brokers.iter().map(ToString::to_string).collect();
    let password = lag
        .sasl
        .as_ref()
        .map(|sasl| secret_file(&label, site.agent.secret(&sasl.password)));
    let exporter = Block::new("prometheus.exporter.kafka", &label)
        .comment("Alloy refuses to start while none of these answers.")
        .attr("kafka_uris", brokers)
        .attr("instance", target.instance.as_str())
        .attr("kafka_version", lag.version.as_str())
        .attr("groups_filter_regex", lag.groups.as_str())
        .attr("topics_filter_regex", lag.topics.as_str());
    let exporter = with_sasl(exporter, lag, password.as_ref());
    let exporter = with_tls(site, exporter, lag.tls.as_ref());
    let mut blocks: Vec<Block> = password.into_iter().collect();
    blocks.extend(scraped(site, &label, exporter, target));
    blocks
}

fn with_sasl(exporter: Block, lag: &Lag, password: Option<&Block>) -> Block {
    let (Some(sasl), Some(password)) = (&lag.sasl, password) else {
        return exporter;
    };
    exporter
        .attr("use_sasl", true)
        .attr("sasl_mechanism", mechanism(sasl))
        .attr("sasl_username", sasl.username.as_str())
        .attr("sasl_password", content(password))
}

fn mechanism(sasl: &Sasl) -> &'static str {
    match sasl.mechanism {
        SaslMechanism::Plain => "plain",
        SaslMechanism::ScramSha256 => "scram-sha256",
        SaslMechanism::ScramSha512 => "scram-sha512",
    }
}

fn with_tls(site: &Site<'_>, exporter: Block, tls: Option<&KafkaTls>) -> Block {
    let Some(tls) = tls else {
        return exporter;
    };
    let file = |secret: &Option<String>| secret.as_deref().map(|name| site.agent.secret(name));
    exporter
        .attr("use_tls", true)
        .optional_attr("tls_server_name", tls.server_name.as_deref())
        .optional_attr("ca_file", file(&tls.ca))
        .optional_attr("cert_file", file(&tls.cert))
        .optional_attr("key_file", file(&tls.key))
}
