//! The templates of a rule, and what they become in one context.

use super::Error;
use super::text::{go_literal_value, quote};
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

/// A compiled template.
#[derive(Debug, Clone)]
struct Text {
    /// Its name in the environment.
    id: String,
    /// All variables but `selector`.
    variables: BTreeSet<String>,
    /// Prometheus reads labels and annotations as Go templates, but not names and expressions.
    is_go: bool,
}

/// The compiled templates of one rule.
#[derive(Debug, Clone)]
pub struct Templates {
    name: Text,
    expr: Text,
    labels: Vec<(String, Text)>,
    annotations: Vec<(String, Text)>,
    /// All variables but `selector`.
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
        let mut all = BTreeSet::new();
        let mut add = |field: &str, source: &str, is_go: bool| {
            let id = format!("{}/{}/{field}", sources.pack, sources.key);
            let mut variables = environment
                .add_template_owned(id.clone(), source.to_owned())
                .and_then(|()| environment.get_template(&id))
                .map(|template| template.undeclared_variables(false))
                .map_err(|error| Error::new(sources.pack, sources.key, error))?;
            variables.remove("selector");
            all.extend(variables.iter().cloned());
            let variables = variables.into_iter().collect();
            Ok(Text {
                id,
                variables,
                is_go,
            })
        };
        let name = add("name", sources.name, false)?;
        let expr = add("expr", sources.expr, false)?;
        let mut labels = Vec::new();
        for (label, source) in sources.labels {
            labels.push((
                label.clone(),
                add(&format!("labels.{label}"), source, true)?,
            ));
        }
        let mut annotations = Vec::new();
        for (annotation, source) in &sources.annotations {
            let text = add(&format!("annotations.{annotation}"), source, true)?;
            annotations.push((annotation.clone(), text));
        }
        Ok(Templates {
            name,
            expr,
            labels,
            annotations,
            variables: all,
        })
    }

    /// Renders the rule, with [`SELECTOR`] for the selector.
    pub fn render(&self, renderer: &mut Renderer<'_>, context: &dyn Context) -> Rendering {
        let mut labels = BTreeMap::new();
        for (label, text) in &self.labels {
            let value = renderer.text(text, context)?;
            if !value.is_empty() {
                labels.insert(label.clone(), value);
            }
        }
        let mut annotations = BTreeMap::new();
        for (annotation, text) in &self.annotations {
            annotations.insert(annotation.clone(), renderer.text(text, context)?);
        }
        Ok(Rendered {
            name: renderer.text(&self.name, context)?,
            expr: renderer.text(&self.expr, context)?,
            labels,
            annotations,
        })
    }
}

/// What rendering a rule gives.
pub type Rendering = Result<Rendered, minijinja::Error>;

/// What templates are rendered in.
pub trait Context {
    /// The values of these variables as a text that is equal only where they are.
    fn key(&self, variables: &BTreeSet<String>) -> String;
    /// The values of these variables.
    fn values(&self, variables: &BTreeSet<String>) -> Values;
}

/// Renders templates, each once for equal values of the variables that it uses.
pub struct Renderer<'a> {
    environment: &'a Environment<'static>,
    rendered: BTreeMap<String, String>,
}

impl<'a> Renderer<'a> {
    /// Renders templates of this environment.
    pub fn new(environment: &'a Environment<'static>) -> Renderer<'a> {
        Renderer {
            environment,
            rendered: BTreeMap::new(),
        }
    }

    fn text(&mut self, text: &Text, context: &dyn Context) -> Result<String, minijinja::Error> {
        let key = format!("{} {}", text.id, context.key(&text.variables));
        if let Some(rendered) = self.rendered.get(&key) {
            return Ok(rendered.clone());
        }
        let mut values = context.values(&text.variables);
        if text.is_go {
            for value in values.values_mut() {
                *value = go_literal_value(value);
            }
        }
        values.insert("selector".to_owned(), Value::from(SELECTOR));
        let template = self.environment.get_template(&text.id)?;
        let rendered = template.render(values)?.trim().to_owned();
        self.rendered.insert(key, rendered.clone());
        Ok(rendered)
    }
}
