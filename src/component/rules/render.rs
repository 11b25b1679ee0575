//! Rule files as text, and the check that every expression is PromQL.

use super::lower::Model;
use crate::artifact::Artifact;
use crate::component::{Fault, yaml};

/// Keys that every pack's rules depend on.
const CAUSES: [&str; 7] = [
    "rules",
    "targets",
    "probes",
    "kafka.clusters",
    "hosts",
    "alloy.scrape_interval",
    "stack.name",
];

/// The rule files. Prometheus follows them by itself, so none of them restarts anything.
pub fn render(model: &Model) -> Result<Vec<Artifact>, Fault> {
    let mut artifacts = Vec::new();
    for pack in &model.packs {
        let text = yaml::to_string(&pack.file).map_err(|error| Fault {
            component: "rules",
            message: format!("{}: {error}", pack.name),
        })?;
        artifacts.push(artifact(&pack.name, text).caused_by(CAUSES));
    }
    for file in &model.own {
        let own = artifact(file.file_name(), file.text.clone());
        artifacts.push(own.caused_by(["rules.files"]));
    }
    Ok(artifacts)
}

fn artifact(name: &str, text: String) -> Artifact {
    Artifact::new(format!("prometheus/rules/{name}"), text)
}

/// Whether an expression is PromQL. The error says what is not.
pub fn parse(expr: &str) -> Result<(), String> {
    promql_parser::parser::parse(expr).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::super::model::{Group, Record, Rule, RuleFile};
    use super::parse;
    use crate::component::yaml;
    use std::collections::BTreeMap;

    #[test]
    fn expressions_of_several_lines_are_blocks() {
        let record = Record {
            record: "job:up:sum".to_owned(),
            expr: "sum by (job) (\n  up\n)".to_owned(),
            labels: BTreeMap::from([("team".to_owned(), "no".to_owned())]),
        };
        let file = RuleFile {
            groups: vec![Group {
                name: "g".to_owned(),
                interval: Some("1m".to_owned()),
                rules: vec![Rule::Record(record)],
            }],
        };
        let text = yaml::to_string(&file).unwrap();
        assert!(text.contains("expr: |-\n"), "{text}");
        assert!(
            text.contains("team: \"no\"") || text.contains("team: 'no'"),
            "{text}"
        );
        assert_eq!(parse("sum by (job) (\n  up\n)"), Ok(()));
        assert!(parse("sum by (job (up)").is_err());
    }
}
