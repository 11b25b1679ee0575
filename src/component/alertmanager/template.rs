//! The messages to Slack. Their text is the same for every stack (slack.tmpl); what a stack adds
//! stands in it as quoted strings, so that it cannot become part of the template.

/// Go's text/template with the functions of Alertmanager's package `template`.
const SLACK: &str = include_str!("slack.tmpl");

/// How a receiver uses one of the shipped templates.
pub(super) fn call(name: &str) -> String {
    format!("{{{{ template \"stackgen.slack.{name}\" . }}}}")
}

/// The file of the messages to Slack. Links to dashboards begin with Grafana's URL; those to
/// Alertmanager with what it was told itself (`--web.external-url`).
pub(super) fn slack(grafana_url: &str) -> String {
    format!("{}\n{SLACK}", definition("stackgen.grafana", grafana_url))
}

/// A template that is nothing but this text.
fn definition(name: &str, text: &str) -> String {
    format!(
        "{{{{ define {} }}}}{{{{ {} }}}}{{{{ end }}}}",
        quote(name),
        quote(text)
    )
}

/// A string of Go's.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            c if c.is_control() => quoted.push_str(&format!("\\u{:04x}", u32::from(c))),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_stack_adds_is_a_string() {
        assert_eq!(
            definition("a", "https://x\"}} {{ .Alerts }}\n"),
            r#"{{ define "a" }}{{ "https://x\"}} {{ .Alerts }}\u000a" }}{{ end }}"#
        );
    }
}
