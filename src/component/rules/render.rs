//! Rule files as text, and the check that every expression is PromQL.

use super::model::RuleFile;
use crate::component::yaml;

/// A rule file as YAML.
pub fn render(file: &RuleFile) -> Result<String, serde_saphyr::ser::Error> {
    yaml::to_string(file)
}

/// Whether an expression is PromQL. The error says what is not.
pub fn parse(expr: &str) -> Result<(), String> {
    promql_parser::parser::parse(expr).map(|_| ())
}

#[cfg(test)]
mod tests {
    use super::super::model::{Group, Record, Rule, RuleFile};
    use super::*;
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
        let text = render(&file).unwrap();
        assert!(text.contains("expr: |-\n"), "{text}");
        assert!(
            text.contains("team: \"no\"") || text.contains("team: 'no'"),
            "{text}"
        );
        assert_eq!(parse("sum by (job) (\n  up\n)"), Ok(()));
        assert!(parse("sum by (job (up)").is_err());
    }
}
