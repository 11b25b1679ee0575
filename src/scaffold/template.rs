//! The template of stack.toml. Every value that it shows is written as TOML, whatever is in it.

use super::Answers;
use minijinja::syntax::SyntaxConfig;
use minijinja::value::{Rest, Value};
use minijinja::{Environment, Error, ErrorKind, UndefinedBehavior};
use std::collections::BTreeMap;

const TEMPLATE: &str = include_str!("templates/stack.toml.jinja");

/// Where comments behind values start.
const COMMENT_COLUMN: usize = 40;

/// The environments that the comments tell of.
const ENVIRONMENTS: [&str; 3] = ["production", "staging", "development"];

/// A commented stack.toml.
pub fn stack_toml(answers: &Answers) -> Result<String, Error> {
    environment()?
        .template_from_str(TEMPLATE)?
        .render(values(answers))
}

/// A value can only get into the text through [`toml`], as the formatter itself writes it so: what
/// is not marked as safe by one of the functions here is quoted.
fn environment() -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder()
        .trim_blocks(true)
        .lstrip_blocks(true)
        .keep_trailing_newline(true)
        .build()?;
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.set_formatter(|out, _, value| out.write_str(&toml(value)?).map_err(Error::from));
    environment.add_filter("key", |name: &str| Value::from_safe_string(key(name)));
    // `key = value`, padded so that a comment can follow.
    environment.add_function("line", |name: &str, value: Value| {
        Ok::<_, Error>(padded(format!("{} = {}", key(name), toml(&value)?)))
    });
    // The same with a list of values.
    environment.add_function("list", |name: &str, values: Rest<Value>| {
        let values: Result<Vec<String>, Error> = values.iter().map(toml).collect();
        Ok::<_, Error>(padded(format!("{} = [{}]", key(name), values?.join(", "))))
    });
    // Makes a line of the template an example; with a text, one that a comment can follow.
    environment.add_function("off", |off: bool, text: Option<String>| {
        let mark = if off { "#" } else { "" };
        match text {
            Some(text) => padded(format!("{mark}{text}")),
            None => Value::from_safe_string(mark.to_owned()),
        }
    });
    Ok(environment)
}

fn padded(mut text: String) -> Value {
    let width = text.chars().count();
    text.push_str(&" ".repeat(COMMENT_COLUMN.saturating_sub(width).max(1)));
    Value::from_safe_string(text)
}

fn values(answers: &Answers) -> Value {
    let name = answers.environment.as_deref().unwrap_or(ENVIRONMENTS[0]);
    let others = ENVIRONMENTS
        .iter()
        .filter(|other| answers.environment.as_ref().is_none_or(|own| own != *other));
    let mut hosts: Vec<&str> = Vec::new();
    for node in &answers.nodes {
        if node.host != crate::stack::LOCAL && !hosts.contains(&node.host.as_str()) {
            hosts.push(&node.host);
        }
    }
    let nodes = answers.nodes.iter().map(|node| {
        BTreeMap::from([
            ("name", Value::from(&node.name)),
            ("host", Value::from(&node.host)),
            ("jmx", Value::from(&node.jmx)),
        ])
    });
    let values: BTreeMap<&str, Value> = [
        ("environment", Value::from(&answers.environment)),
        ("name_of_environment", Value::from(name)),
        ("other_environments", others.copied().collect()),
        (
            "domain",
            Value::from(answers.domain.as_deref().unwrap_or("localhost")),
        ),
        (
            "prometheus_username",
            Value::from(&answers.prometheus_username),
        ),
        ("prometheus_port", Value::from(answers.prometheus_port)),
        (
            "alertmanager_username",
            Value::from(&answers.alertmanager_username),
        ),
        (
            "grafana_admin_user",
            Value::from(&answers.grafana_admin_user),
        ),
        (
            "channel",
            Value::from(answers.channel.as_deref().unwrap_or("#monitoring-alerts")),
        ),
        ("kafka_channel", Value::from(&answers.kafka_channel)),
        ("hosts", hosts.into_iter().collect()),
        ("nodes", nodes.collect()),
    ]
    .into();
    values.into()
}

/// A value as TOML writes it.
fn toml(value: &Value) -> Result<String, Error> {
    match value.as_str() {
        Some(text) if value.is_safe() => Ok(text.to_owned()),
        Some(text) => Ok(quote(text)),
        None if value.is_number() => Ok(value.to_string()),
        None => Err(Error::new(
            ErrorKind::InvalidOperation,
            "only texts and numbers are written to stack.toml",
        )),
    }
}

/// A key: bare where TOML allows it.
fn key(name: &str) -> String {
    let bare = !name.is_empty()
        && name
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c));
    if bare { name.to_owned() } else { quote(name) }
}

/// A basic string of TOML.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04X}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::scaffold::Node;

    const NASTY: [&str; 12] = [
        "",
        " spaces ",
        "quote \" and \\ backslash",
        "'''\"\"\"",
        "$HOME ${X} %s {{ name }} {# no #} {% raw %}",
        "# not a comment",
        "two\nlines\r\n\ttab",
        "\u{0}\u{7f}\u{85}",
        "ünïcödé \u{1f512} \u{202e}",
        "]\n[stack]\nname = \"x\"",
        "\\u0041",
        "{alert}",
    ];

    #[test]
    fn any_text_survives_as_a_value_and_as_a_key() {
        for text in NASTY {
            let document = format!("{} = {}", key(text), quote(text));
            let table: toml::Table = document.parse().unwrap();
            assert_eq!(table[text].as_str(), Some(text), "{document}");
        }
    }

    #[test]
    fn any_text_survives_the_template() {
        for text in NASTY {
            let some = || Some(text.to_owned());
            let answers = Answers {
                environment: some(),
                domain: some(),
                prometheus_username: some(),
                prometheus_port: Some(1),
                alertmanager_username: some(),
                grafana_admin_user: some(),
                channel: some(),
                kafka_channel: some(),
                nodes: vec![Node {
                    name: text.to_owned(),
                    host: text.to_owned(),
                    jmx: text.to_owned(),
                }],
            };
            let written: toml::Table = stack_toml(&answers).unwrap().parse().unwrap();
            let at = |keys: &[&str]| {
                let mut value = &written[keys[0]];
                for key in &keys[1..] {
                    value = &value[*key];
                }
                value.as_str().map(str::to_owned)
            };
            assert_eq!(at(&["stack", "domain"]), some());
            assert_eq!(at(&["prometheus", "username"]), some());
            assert_eq!(at(&["alertmanager", "username"]), some());
            assert_eq!(at(&["grafana", "admin_user"]), some());
            assert_eq!(at(&["slack", "channels", "monitoring", "channel"]), some());
            assert_eq!(at(&["slack", "channels", "kafka", "channel"]), some());
            let node = ["kafka", "clusters", "main", "nodes", text];
            assert_eq!(at(&[&node[..], &["jmx"]].concat()), some());
            assert_eq!(at(&[&node[..], &["host"]].concat()), some());
            assert!(written["hosts"].get(text).is_some());
            assert!(written["environments"].get(text).is_some());
        }
    }

    #[test]
    fn comments_stand_in_one_column() {
        let text = stack_toml(&Answers::default()).unwrap();
        let domain = text
            .lines()
            .find(|line| line.starts_with("domain"))
            .unwrap();
        assert_eq!(domain.find('#'), Some(COMMENT_COLUMN));
    }
}
