//! The right-hand side of an attribute.

use super::Identifier;

/// An Alloy expression: a literal, a list, a map, a reference to an export, or a function call.
///
/// Durations, sizes and secrets are strings in Alloy. Source of fact: Grafana Alloy syntax v0.1.0, `parsePrimaryExpr`.
#[derive(Clone, Debug, PartialEq)]
pub enum Value {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// `-15`
    Integer(i64),
    /// `0.25`, `1e21`. Infinities and NaN have no literal.
    Float(f64),
    /// `"…"`, escaped as Go escapes it.
    String(String),
    /// `["a", "b"]` on one line; one element a line when an element itself takes several lines.
    Array(Vec<Value>),
    /// `{ key = value }`, one key a line, in the given order.
    Object(Vec<(String, Value)>),
    /// Identifiers joined by dots: `prometheus.remote_write.default.receiver`, `constants.hostname`.
    Reference(String),
    /// `function(args…)`, such as `sys.env("HOME")`.
    Call {
        /// Identifiers joined by dots, such as `string.trim_space`.
        function: String,
        /// The arguments, in order.
        args: Vec<Value>,
    },
}

impl Value {
    /// A reference by its whole path, such as `constants.hostname`.
    pub fn reference(path: impl Into<String>) -> Self {
        Self::Reference(path.into())
    }

    /// A reference to what a component exports: `component.label.field`.
    pub fn export(component: &str, label: impl Into<Identifier>, field: &str) -> Self {
        Self::Reference(format!("{component}.{}.{field}", label.into()))
    }

    /// A list of values of one type; for mixed ones, `Value::from(vec![…])` of `Value`s.
    pub fn array(elements: impl IntoIterator<Item = impl Into<Value>>) -> Self {
        Self::Array(elements.into_iter().map(Into::into).collect())
    }

    /// A map, in the given order.
    pub fn object<K, V>(fields: impl IntoIterator<Item = (K, V)>) -> Self
    where
        K: Into<String>,
        V: Into<Value>,
    {
        Self::Object(
            fields
                .into_iter()
                .map(|(key, value)| (key.into(), value.into()))
                .collect(),
        )
    }

    /// A function call: `Value::call("sys.env", ["HOME"])`.
    pub fn call(
        function: impl Into<String>,
        args: impl IntoIterator<Item = impl Into<Value>>,
    ) -> Self {
        Self::Call {
            function: function.into(),
            args: args.into_iter().map(Into::into).collect(),
        }
    }
}

impl From<&str> for Value {
    fn from(text: &str) -> Self {
        Self::String(text.to_owned())
    }
}

impl From<String> for Value {
    fn from(text: String) -> Self {
        Self::String(text)
    }
}

impl From<&String> for Value {
    fn from(text: &String) -> Self {
        Self::String(text.clone())
    }
}

impl From<bool> for Value {
    fn from(value: bool) -> Self {
        Self::Bool(value)
    }
}

impl From<i64> for Value {
    fn from(number: i64) -> Self {
        Self::Integer(number)
    }
}

impl From<i32> for Value {
    fn from(number: i32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u32> for Value {
    fn from(number: u32) -> Self {
        Self::Integer(number.into())
    }
}

impl From<u16> for Value {
    fn from(number: u16) -> Self {
        Self::Integer(number.into())
    }
}

impl From<f64> for Value {
    fn from(number: f64) -> Self {
        Self::Float(number)
    }
}

impl<V: Into<Value>> From<Vec<V>> for Value {
    fn from(elements: Vec<V>) -> Self {
        Self::array(elements)
    }
}

impl<V: Into<Value>, const N: usize> From<[V; N]> for Value {
    fn from(elements: [V; N]) -> Self {
        Self::array(elements)
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Block, identifier};
    use super::*;

    #[test]
    fn rust_values_become_alloy_values() {
        assert_eq!(Value::from("a"), Value::String("a".into()));
        assert_eq!(Value::from(8080_u16), Value::Integer(8080));
        assert_eq!(Value::from(7), Value::Integer(7));
        assert_eq!(Value::from(0.5), Value::Float(0.5));
        assert_eq!(
            Value::from(vec!["a".to_owned()]),
            Value::Array(vec![Value::String("a".into())])
        );
        assert_eq!(Value::from([true]), Value::Array(vec![Value::Bool(true)]));
    }

    #[test]
    fn a_block_and_its_name_give_the_same_reference() {
        let by_block = Block::new("prometheus.relabel", identifier("app-1")).export("receiver");
        let by_name = Value::export("prometheus.relabel", identifier("app-1"), "receiver");
        assert_eq!(by_block, by_name);
        assert_eq!(by_name.to_string(), "prometheus.relabel.app_1.receiver");
    }

    #[test]
    fn a_block_without_a_label_exports_under_its_name() {
        let block = Block::unlabelled("constants");
        assert_eq!(
            block.export("hostname"),
            Value::reference("constants.hostname")
        );
    }
}
