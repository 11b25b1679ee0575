//! The templates of a rule, and what they become in one context.

use super::Error;
use crate::stack::Duration;
use minijinja::syntax::SyntaxConfig;
use minijinja::{Environment, UndefinedBehavior, Value};
use std::collections::{BTreeMap, BTreeSet};

/// What a template knows, by name.
pub type Values = BTreeMap<String, Value>;

/// Stands for the matchers of a selector until it is known which series they select.
pub const SELECTOR: &str = "\u{e000}";

/// Where templates are kept once compiled.
pub fn environment() -> Result<Environment<'static>, minijinja::Error> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder()
        .block_delimiters("<%", "%>")
        .variable_delimiters("<<", ">>")
        .comment_delimiters("<#", "#>")
        .trim_blocks(true)
        .lstrip_blocks(true)
        .build()?;
    environment.set_syntax(syntax);
    environment.set_undefined_behavior(UndefinedBehavior::Strict);
    environment.add_filter("quote", |text: &str| quote(text));
    Ok(environment)
}

/// Names of the templates of one rule in the environment, and the variables that they use.
#[derive(Debug, Clone, Default)]
pub struct Templates {
    name: String,
    expr: String,
    labels: Vec<(String, String)>,
    annotations: Vec<(String, String)>,
    /// All but `selector`.
    pub variables: BTreeSet<String>,
}

/// One rule's texts in one context.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Rendered {
    pub name: String,
    pub expr: String,
    pub labels: BTreeMap<String, String>,
    pub annotations: BTreeMap<String, String>,
}

/// The source texts of one rule.
pub struct Sources<'a> {
    pub pack: &'a str,
    /// The alert's key, or the record's name.
    pub key: &'a str,
    pub name: &'a str,
    pub expr: &'a str,
    pub labels: &'a BTreeMap<String, String>,
    pub annotations: BTreeMap<String, String>,
}

impl Templates {
    /// Compiles the templates of a rule into `environment`.
    pub fn compile(
        environment: &mut Environment<'static>,
        sources: &Sources<'_>,
    ) -> Result<Templates, Error> {
        let mut variables = BTreeSet::new();
        let mut add = |field: &str, source: &str| {
            let id = format!("{}/{}/{field}", sources.pack, sources.key);
            environment
                .add_template_owned(id.clone(), source.to_owned())
                .and_then(|()| environment.get_template(&id))
                .map(|template| variables.extend(template.undeclared_variables(false)))
                .map_err(|error| Error::new(sources.pack, sources.key, error))?;
            Ok(id)
        };
        let mut templates = Templates {
            name: add("name", sources.name)?,
            expr: add("expr", sources.expr)?,
            ..Templates::default()
        };
        for (label, source) in sources.labels {
            let id = add(&format!("labels.{label}"), source)?;
            templates.labels.push((label.clone(), id));
        }
        for (annotation, source) in &sources.annotations {
            let id = add(&format!("annotations.{annotation}"), source)?;
            templates.annotations.push((annotation.clone(), id));
        }
        variables.remove("selector");
        templates.variables = variables;
        Ok(templates)
    }

    /// Renders the rule, with [`SELECTOR`] for the selector.
    pub fn render(
        &self,
        environment: &Environment<'_>,
        values: &Values,
    ) -> Result<Rendered, minijinja::Error> {
        // Prometheus reads labels and annotations as Go templates, but not expressions.
        let literal: Values =
            values.iter().map(|(name, value)| (name.clone(), go_literal_value(value))).collect();
        let text = |id: &str, values: &Values| {
            let rendered = environment.get_template(id)?.render(values)?;
            Ok::<_, minijinja::Error>(rendered.trim().to_owned())
        };
        let mut labels = BTreeMap::new();
        for (label, id) in &self.labels {
            let value = text(id, &literal)?;
            if !value.is_empty() {
                labels.insert(label.clone(), value);
            }
        }
        let mut annotations = BTreeMap::new();
        for (annotation, id) in &self.annotations {
            annotations.insert(annotation.clone(), text(id, &literal)?);
        }
        Ok(Rendered {
            name: text(&self.name, values)?,
            expr: text(&self.expr, values)?,
            labels,
            annotations,
        })
    }
}

/// The function `window`: its argument, or four scrape intervals if that is longer.
pub fn window(interval: &Duration) -> Value {
    let four = interval.millis().saturating_mul(4);
    Value::from_function(move |least: &str| match Duration::parse(least) {
        Some(least) => Ok(Duration::from_millis(least.millis().max(four)).to_string()),
        None => Err(minijinja::Error::new(
            minijinja::ErrorKind::InvalidOperation,
            format!("`{least}` is not a duration"),
        )),
    })
}

/// A text as a PromQL string.
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A text that Prometheus' templates leave as it is.
pub fn go_literal(text: &str) -> String {
    text.replace("{{", "{{\"{{\"}}")
}

fn go_literal_value(value: &Value) -> Value {
    match value.as_str() {
        Some(text) if text.contains("{{") => Value::from(go_literal(text)),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_window_holds_four_scrapes() {
        let mut environment = environment().unwrap();
        environment.add_template("t", "<< window('1m') >>").unwrap();
        let render = |interval: &str| {
            let window = window(&Duration::parse(interval).unwrap());
            let values = Values::from([("window".to_owned(), window)]);
            environment.get_template("t").unwrap().render(values).unwrap()
        };
        assert_eq!(render("15s"), "1m");
        assert_eq!(render("30s"), "2m");
    }

    #[test]
    fn go_templates_stay_and_undefined_is_an_error() {
        let environment = environment().unwrap();
        let render = |text: &str| environment.render_str(text, Values::new());
        assert_eq!(render("{{ $labels.job }} << 1 + 1 >>").unwrap(), "{{ $labels.job }} 2");
        assert!(render("<< nothing >>").is_err());
    }

    #[test]
    fn texts_of_the_user_are_quoted() {
        assert_eq!(quote(r#"a"b\c"#), r#""a\"b\\c""#);
        assert_eq!(go_literal("https://x/{{y}}"), "https://x/{{\"{{\"}}y}}");
    }
}
