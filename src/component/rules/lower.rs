//! From a stack to rule files: one a pack.

use super::Error;
use super::catalog::{Catalog, Pack, catalog};
use super::expand::{Expanded, Expander, Replaced};
use super::gather::{Feeders, gather};
use super::inventory::expected_targets;
use super::model::{Alert, Group, Record, Rule, RuleFile};
use super::selector::Universe;
use super::setting::Setting;
use super::text::go_literal;
use crate::catalog::packs;
use crate::stack::{Stack, UserFile};
use crate::topology::Topology;

/// One rule file of the output.
#[derive(Debug, Clone, PartialEq)]
pub struct PackFile {
    /// `inventory.yml` or `<pack>-alerts.yml`.
    pub name: String,
    /// Name of the pack.
    pub pack: String,
    pub file: RuleFile,
    /// Where its alerts come from, in the order of [`RuleFile::alerts`].
    pub sources: Vec<AlertSource>,
}

/// Where an alerting rule comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AlertSource {
    /// Name of the rule's alert.
    pub alert: String,
    /// Key of the shipped alert.
    pub key: String,
    /// What it watches: positions in [`Topology::targets`].
    pub targets: Vec<usize>,
}

/// All rule files of a stack.
#[derive(Debug, Clone)]
pub struct Model {
    pub packs: Vec<PackFile>,
    /// The user's own.
    pub own: Vec<UserFile>,
}

/// The rule files of a stack.
pub fn lower(stack: &Stack, topology: &Topology) -> Result<Model, Error> {
    let catalog = catalog();
    if let Some(fault) = &catalog.fault {
        return Err(fault.clone());
    }
    Ok(Model {
        packs: lower_with(catalog, stack, topology)?,
        own: stack.rules.files.clone(),
    })
}

/// The rule files that the packs of `catalog` give.
pub fn lower_with(
    catalog: &Catalog,
    stack: &Stack,
    topology: &Topology,
) -> Result<Vec<PackFile>, Error> {
    let feeders = gather(stack, topology);
    let targets = topology.targets();
    let universe = Universe::of(targets.map(|t| (t.job.as_str(), t.service.as_deref())));
    let packs: Vec<&Pack> = catalog
        .packs
        .iter()
        .filter(|pack| is_chosen(stack, pack))
        .collect();
    let replaced = replaced(stack, &packs, &feeders);
    let expander = Expander {
        catalog,
        stack,
        feeders: &feeders,
        universe: &universe,
        replaced: &replaced,
    };
    let mut files = Vec::new();
    for pack in packs {
        let file = pack_file(&expander, pack, topology)?;
        if !file.file.groups.is_empty() {
            files.push(file);
        }
    }
    Ok(files)
}

fn is_chosen(stack: &Stack, pack: &Pack) -> bool {
    let always = packs::ALWAYS.contains(&pack.name.as_str());
    let named = |packs: &Vec<String>| packs.contains(&pack.name);
    always || stack.rules.packs.as_ref().is_none_or(named)
}

/// The targets that alerts leave to others: `TargetDown` to `ServiceDown`, as long as that is on.
fn replaced(stack: &Stack, packs: &[&Pack], feeders: &Feeders<'_>) -> Replaced {
    let mut replaced = Replaced::new();
    for spec in packs.iter().flat_map(|pack| &pack.alerts) {
        let (Some(other), Some(fed)) = (&spec.replaces, feeders.get(&spec.feed)) else {
            continue;
        };
        let targets = replaced.entry(other.clone()).or_default();
        for feeder in &fed.feeders {
            if Setting::of(spec, &stack.rules.thresholds, feeder.thresholds).enabled {
                targets.extend(&feeder.targets);
            }
        }
    }
    replaced
}

/// With more services than this, one by one costs too much of a core at the usual interval: 30,000
/// rules take four seconds.
const MANY: usize = 5_000;
const SELDOM: &str = "1m";

fn pack_file(expander: &Expander<'_>, pack: &Pack, topology: &Topology) -> Result<PackFile, Error> {
    let mut groups = Vec::new();
    let mut rules = Vec::new();
    let mut sources = Vec::new();
    for spec in &pack.records {
        for record in expander.record(pack, spec)? {
            rules.push(Rule::Record(Record {
                record: record.name,
                expr: record.expr,
                labels: record.labels,
            }));
        }
    }
    for spec in &pack.alerts {
        for expanded in expander.alert(pack, spec)? {
            sources.push(AlertSource {
                alert: expanded.name.clone(),
                key: spec.key.clone(),
                targets: expanded.targets.clone(),
            });
            rules.push(Rule::Alert(alert(expander.stack, expanded)));
        }
    }
    let mut group = Group {
        name: pack.name.clone(),
        interval: None,
        rules,
    };
    let name = if pack.name == "inventory" {
        group.interval = (group.rules.len() > MANY).then(|| SELDOM.to_owned());
        groups.push(expected_targets(expander.stack, topology));
        group.name = "inventory-alerts".to_owned();
        "inventory.yml".to_owned()
    } else {
        format!("{}-alerts.yml", pack.name)
    };
    if !group.rules.is_empty() {
        groups.push(group);
    }
    Ok(PackFile {
        name,
        pack: pack.name.clone(),
        file: RuleFile { groups },
        sources,
    })
}

fn alert(stack: &Stack, expanded: Expanded) -> Alert {
    let mut annotations = expanded.annotations;
    if let Some(url) = &stack.rules.runbook_url {
        let url = go_literal(url).replace("{alert}", &expanded.name);
        annotations.insert("runbook_url".to_owned(), url);
    }
    Alert {
        alert: expanded.name,
        expr: expanded.expr,
        hold: (expanded.hold.millis() > 0).then(|| expanded.hold.to_string()),
        keep_firing_for: None,
        labels: expanded.labels,
        annotations,
    }
}
