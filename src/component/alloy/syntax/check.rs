//! What can be built and not be written.

use super::identifier::{is_identifier, is_path};
use super::text::is_writable_key;
use super::{Body, Statement, Value};
use std::collections::BTreeSet;
use std::fmt;

/// Something that Alloy would refuse, or read as something else.
#[derive(Clone, Debug, PartialEq)]
pub enum Malformed {
    /// A block's name that is not identifiers joined by dots.
    BlockName(String),
    /// A block's label that is not an identifier.
    Label(String),
    /// An attribute's name that is not an identifier.
    AttributeName(String),
    /// An attribute that stands twice in one body, or a key that stands twice in one object.
    Repeated(String),
    /// An object's key that is empty or needs an escape: Alloy has no way to write it.
    Key(String),
    /// A reference that is not identifiers joined by dots.
    Reference(String),
    /// A function's name that is not identifiers joined by dots.
    Function(String),
    /// An infinity or NaN.
    Number(f64),
}

impl fmt::Display for Malformed {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::BlockName(name) => write!(formatter, "{name:?} cannot name a block"),
            Self::Label(label) => write!(formatter, "{label:?} cannot label a block"),
            Self::AttributeName(name) => write!(formatter, "{name:?} cannot name an attribute"),
            Self::Repeated(name) => write!(formatter, "{name:?} is set twice"),
            Self::Key(key) => write!(
                formatter,
                "{key:?} cannot be a key: Alloy has no escapes in keys"
            ),
            Self::Reference(path) => write!(formatter, "{path:?} cannot be a reference"),
            Self::Function(name) => write!(formatter, "{name:?} cannot name a function"),
            Self::Number(number) => write!(formatter, "{number} has no Alloy literal"),
        }
    }
}

impl std::error::Error for Malformed {}

impl Body {
    /// Whether Alloy's parser reads the text back as this very body; if not, the first reason.
    ///
    /// It knows the grammar, not the components: a missing argument or a dangling reference passes.
    /// Source of fact: Grafana Alloy syntax v0.1.0, parser and evaluator.
    pub fn check(&self) -> Result<(), Malformed> {
        let mut names = BTreeSet::new();
        for statement in &self.statements {
            match statement {
                Statement::Comment(_) | Statement::Blank => {}
                Statement::Attribute(attribute) => {
                    require(
                        is_identifier(&attribute.name),
                        &attribute.name,
                        Malformed::AttributeName,
                    )?;
                    require(
                        names.insert(&attribute.name),
                        &attribute.name,
                        Malformed::Repeated,
                    )?;
                    attribute.value.check()?;
                }
                Statement::Block(block) => {
                    require(is_path(&block.name), &block.name, Malformed::BlockName)?;
                    if let Some(label) = &block.label {
                        require(
                            is_identifier(label.as_str()),
                            label.as_str(),
                            Malformed::Label,
                        )?;
                    }
                    block.body.check()?;
                }
            }
        }
        Ok(())
    }
}

impl Value {
    fn check(&self) -> Result<(), Malformed> {
        match self {
            Self::Null | Self::Bool(_) | Self::Integer(_) | Self::String(_) => Ok(()),
            Self::Float(number) if number.is_finite() => Ok(()),
            Self::Float(number) => Err(Malformed::Number(*number)),
            Self::Array(elements) => elements.iter().try_for_each(Self::check),
            Self::Object(fields) => {
                let mut keys = BTreeSet::new();
                fields.iter().try_for_each(|(key, value)| {
                    require(is_writable_key(key), key, Malformed::Key)?;
                    require(keys.insert(key), key, Malformed::Repeated)?;
                    value.check()
                })
            }
            Self::Reference(path) => require(is_path(path), path, Malformed::Reference),
            Self::Call { function, args } => {
                require(is_path(function), function, Malformed::Function)?;
                args.iter().try_for_each(Self::check)
            }
        }
    }
}

fn require(holds: bool, text: &str, otherwise: fn(String) -> Malformed) -> Result<(), Malformed> {
    if holds {
        Ok(())
    } else {
        Err(otherwise(text.to_owned()))
    }
}

#[cfg(test)]
mod tests {
    use super::super::Block;
    use super::*;

    #[test]
    fn what_alloy_cannot_read_is_found_at_any_depth() {
        let value = |value: Value| Body::new().attr("a", vec![value]);
        let cases = [
            (
                Body::from(Block::unlabelled("a b")),
                r#""a b" cannot name a block"#,
            ),
            (
                Body::from(Block::unlabelled("a..b")),
                r#""a..b" cannot name a block"#,
            ),
            (
                Body::from(Block::new("a", "b-c")),
                r#""b-c" cannot label a block"#,
            ),
            (
                Block::unlabelled("a")
                    .block(Block::unlabelled("b").attr("c.d", 1))
                    .into(),
                r#""c.d" cannot name an attribute"#,
            ),
            (Body::new().attr("a", 1).attr("a", 2), r#""a" is set twice"#),
            (
                value(Value::object([("k", 1), ("k", 2)])),
                r#""k" is set twice"#,
            ),
            (
                value(Value::object([("k\"", 1)])),
                r#""k\"" cannot be a key: Alloy has no escapes in keys"#,
            ),
            (
                value(Value::reference("a.1")),
                r#""a.1" cannot be a reference"#,
            ),
            (
                value(Value::reference("a.null")),
                r#""a.null" cannot be a reference"#,
            ),
            (
                value(Value::call("f()", [1])),
                r#""f()" cannot name a function"#,
            ),
            (
                value(Value::call("f", [f64::NAN])),
                "NaN has no Alloy literal",
            ),
        ];
        for (body, message) in cases {
            assert_eq!(body.check().unwrap_err().to_string(), message);
        }
    }

    #[test]
    fn names_in_different_bodies_do_not_meet() {
        let block = || Block::unlabelled("rule").attr("action", "keep");
        assert_eq!(
            Body::new()
                .attr("action", 1)
                .block(block())
                .block(block())
                .check(),
            Ok(())
        );
    }
}
