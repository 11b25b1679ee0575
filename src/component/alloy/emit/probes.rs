//! `prometheus.exporter.blackbox`: checks from outside.

use super::Site;
use super::exporter::login;
use super::http_client::version;
use super::identity::{copy, own};
use super::scrape::scrape;
use crate::component::alloy::syntax::{Block, Value, identifier};
use crate::stack::{CertificateSource, Duration, ProbeKind};
use crate::topology::{CA_FILE, Endpoint, ScrapeTarget, Source};
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
    module: Module,
    address: String,
    target: &'a ScrapeTarget,
}

impl<'a> Probe<'a> {
    fn of(site: &Site<'a>, target: &'a ScrapeTarget) -> Option<Probe<'a>> {
        let (module, address) = match &target.source {
            Source::Probe(name) => {
                let declared = site.stack.probes.get(name)?;
                (Module::Of(declared.kind), declared.address.clone())
            }
            Source::Certificate(service) => {
                let endpoint = Endpoint::of(site.stack, *service);
                (Module::Stack, endpoint.authority())
            }
            _ => return None,
        };
        Some(Probe {
            module,
            address,
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
            .attr("address", self.address.as_str())
            .attr("module", self.module.name())
            .attr("labels", Value::object(labels))
    }
}

fn every(site: &Site<'_>, interval: &Duration, probes: &[Probe<'_>]) -> Vec<Block> {
    let label = identifier(&format!("probes-{}", interval.go()));
    let exporter = Block::new("prometheus.exporter.blackbox", &label)
        .attr("config", modules(site, probes))
        .blocks(probes.iter().map(Probe::block));
    let relabel = Block::new("discovery.relabel", &label)
        .attr("targets", exporter.export("targets"))
        .block(copy(JOB, None, "job"))
        .block(copy(INSTANCE, None, "instance"));
    let scrape = scrape(&label, relabel.export("output"), interval).block(login(site));
    vec![exporter, relabel, scrape]
}

/// The modules in use, as the exporter's own configuration: JSON, which is YAML too.
fn modules(site: &Site<'_>, probes: &[Probe<'_>]) -> Value {
    let used: BTreeMap<&str, Module> = probes
        .iter()
        .map(|probe| (probe.module.name(), probe.module))
        .collect();
    let modules = used
        .into_iter()
        .map(|(name, module)| (name, module.config(site)));
    let config = Value::object([("modules", Value::object(modules))]);
    Value::call("encoding.to_json", [config])
}

/// What a probe does.
///
/// Certificates are verified, always: a probe that accepts an expired one would call a website
/// reachable that no browser opens. The price: once it has expired the handshake fails and there
/// is no expiry date any more, so the alert looks at the last one known.
/// Source of fact: blackbox exporter, CONFIGURATION.md.
#[derive(Debug, Clone, Copy)]
enum Module {
    /// A probe of the user's.
    Of(ProbeKind),
    /// TLS with a service of the stack, by the stack's own CA.
    Stack,
}

impl Module {
    fn name(self) -> &'static str {
        match self {
            Module::Of(ProbeKind::Http) => "http",
            Module::Of(ProbeKind::Tcp) => "tcp",
            Module::Of(ProbeKind::Tls) => "tls",
            Module::Of(ProbeKind::Icmp) => "icmp",
            Module::Stack => "stack",
        }
    }

    fn config(self, site: &Site<'_>) -> Value {
        let prober = match self {
            Module::Of(ProbeKind::Http) => "http",
            Module::Of(ProbeKind::Icmp) => "icmp",
            Module::Of(ProbeKind::Tcp | ProbeKind::Tls) | Module::Stack => "tcp",
        };
        // By default IPv6 is tried alone where a name has both, also by hosts without IPv6.
        let mut settings = vec![("preferred_ip_protocol", Value::from("ip4"))];
        if matches!(self, Module::Of(ProbeKind::Tls) | Module::Stack) {
            settings.push(("tls", Value::from(true)));
        }
        if matches!(self, Module::Stack) {
            settings.push(("tls_config", stack_tls(site)));
        }
        Value::object([
            ("prober", Value::from(prober)),
            (prober, Value::object(settings)),
        ])
    }
}

fn stack_tls(site: &Site<'_>) -> Value {
    let mut settings = vec![
        ("ca_file", site.agent.secret(CA_FILE)),
        (
            "min_version",
            version(site.stack.tls.min_version).to_owned(),
        ),
    ];
    // The user's own certificates carry the domain, and not the name that the agent calls.
    if let CertificateSource::Files { .. } = site.stack.tls.source {
        settings.push(("server_name", site.stack.domain.clone()));
    }
    Value::object(settings)
}
