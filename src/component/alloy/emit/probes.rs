//! `prometheus.exporter.blackbox`: checks from outside.

use super::Site;
use super::exporter::login;
use super::identity::{copy, own};
use super::scrape::scrape;
use crate::component::alloy::syntax::{Block, Value, identifier};
use crate::stack::{Duration, ProbeKind};
use crate::topology::{ScrapeTarget, Source};
use std::collections::BTreeMap;

/// Labels that carry a probe's identity past the exporter, which sets job and instance itself.
const JOB: &str = "__tmp_job";
const INSTANCE: &str = "__tmp_instance";

/// All probes of the agent: one exporter for each interval, as a scrape has but one.
pub fn probes(site: &Site<'_>) -> Vec<Block> {
    let mut by_interval: BTreeMap<u64, Vec<Probe<'_>>> = BTreeMap::new();
    for target in &site.agent.targets {
        if let Some(probe) = Probe::of(site, target) {
            let millis = target.interval.millis();
            by_interval.entry(millis).or_default().push(probe);
        }
    }
    by_interval
        .into_iter()
        .flat_map(|(millis, probes)| every(site, &Duration::from_millis(millis), &probes))
        .collect()
}

struct Probe<'a> {
    kind: ProbeKind,
    address: &'a str,
    target: &'a ScrapeTarget,
}

impl<'a> Probe<'a> {
    fn of(site: &Site<'a>, target: &'a ScrapeTarget) -> Option<Probe<'a>> {
        let Source::Probe(name) = &target.source else {
            return None;
        };
        let declared = site.stack.probes.get(name)?;
        Some(Probe {
            kind: declared.kind,
            address: &declared.address,
            target,
        })
    }

    fn block(&self) -> Block {
        let labels = own(self.target).map(|(name, value)| match name {
            "job" => (JOB, value),
            "instance" => (INSTANCE, value),
            _ => (name, value),
        });
        Block::unlabelled("target")
            .attr("name", self.target.job.as_str())
            .attr("address", self.address)
            .attr("module", module_name(self.kind))
            .attr("labels", Value::object(labels))
    }
}

fn every(site: &Site<'_>, interval: &Duration, probes: &[Probe<'_>]) -> Vec<Block> {
    let label = identifier(&format!("probes-{}", interval.go()));
    let exporter = Block::new("prometheus.exporter.blackbox", &label)
        .attr("config", modules(probes))
        .blocks(probes.iter().map(Probe::block));
    let relabel = Block::new("discovery.relabel", &label)
        .attr("targets", exporter.export("targets"))
        .block(copy(JOB, None, "job"))
        .block(copy(INSTANCE, None, "instance"));
    let scrape = scrape(&label, relabel.export("output"), interval).block(login(site));
    vec![exporter, relabel, scrape]
}

/// The modules in use, as the exporter's own configuration: JSON, which is YAML too.
fn modules(probes: &[Probe<'_>]) -> Value {
    let used: BTreeMap<&str, ProbeKind> = probes
        .iter()
        .map(|probe| (module_name(probe.kind), probe.kind))
        .collect();
    let modules = used.into_iter().map(|(name, kind)| (name, module(kind)));
    let config = Value::object([("modules", Value::object(modules))]);
    Value::call("encoding.to_json", [config])
}

fn module_name(kind: ProbeKind) -> &'static str {
    match kind {
        ProbeKind::Http => "http",
        ProbeKind::Tcp => "tcp",
        ProbeKind::Tls => "tls",
        ProbeKind::Icmp => "icmp",
    }
}

/// What a probe of a kind does.
///
/// Certificates are verified, always: a probe that accepts an expired one would call a website
/// reachable that no browser opens. The price: once it has expired the handshake fails and there
/// is no expiry date any more, so the alert looks at the last one known.
/// Source of fact: blackbox exporter, CONFIGURATION.md.
fn module(kind: ProbeKind) -> Value {
    let prober = match kind {
        ProbeKind::Http => "http",
        ProbeKind::Tcp | ProbeKind::Tls => "tcp",
        ProbeKind::Icmp => "icmp",
    };
    // By default IPv6 is tried alone where a name has both, also by hosts without IPv6.
    let mut settings = vec![("preferred_ip_protocol", Value::from("ip4"))];
    if kind == ProbeKind::Tls {
        settings.push(("tls", Value::from(true)));
    }
    Value::object([
        ("prober", Value::from(prober)),
        (prober, Value::object(settings)),
    ])
}
