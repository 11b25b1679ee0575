//! Grafana Alloy configuration as typed values, written exactly as `alloy fmt` writes it.
//!
//! A file is a [`Body`]: comments, attributes (`name = value`) and blocks in order. Values are typed ([`Value`]), so a
//! quote, a newline or a `$` in one never needs a thought. `to_string()` of a `Body` is the text of the file.
//!
//! ```text
//! let write = Block::new("prometheus.remote_write", "default");
//! let scrape = Block::new("prometheus.scrape", identifier("app-1"))
//!     .attr("targets", vec![Value::object([("__address__", "localhost:8080")])])
//!     .attr("forward_to", [write.export("receiver")]);
//! Body::new().block(scrape).block(write).to_string()
//! ```
//!
//! Source of fact: the scanner, parser and printer of Grafana Alloy syntax v0.1.0.

mod check;
mod identifier;
mod print;
#[cfg(test)]
mod tests;
mod text;
mod value;

pub use check::Malformed;
pub use identifier::{Identifier, identifier};
pub use value::Value;

/// A sequence of statements: a whole file, or what stands between the braces of a block.
///
/// Shape: `{ statement newline }`. `Display` gives the text of a file, which ends in a newline.
/// Blank lines come by themselves around blocks; [`Body::blank`] adds one elsewhere.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Body {
    /// The statements, in the order in which they are written.
    pub statements: Vec<Statement>,
}

/// One entry of a [`Body`].
#[derive(Clone, Debug, PartialEq)]
pub enum Statement {
    /// `// …`: one comment line for each line of the text. It belongs to the statement after it.
    Comment(String),
    /// An empty line, which also ends the alignment of `=`. At the start or the end of a body it says nothing.
    Blank,
    /// `name = value`
    Attribute(Attribute),
    /// `name "label" { … }`
    Block(Block),
}

/// `name = value`. The name is one identifier.
#[derive(Clone, Debug, PartialEq)]
pub struct Attribute {
    /// The name, such as `forward_to`.
    pub name: String,
    /// The value.
    pub value: Value,
}

/// `name "label" { … }`: a component, or a block of settings inside one.
#[derive(Clone, Debug, PartialEq)]
pub struct Block {
    /// Identifiers joined by dots, such as `prometheus.scrape` or `basic_auth`.
    pub name: String,
    /// What tells components of one kind apart; blocks of settings have none.
    pub label: Option<Identifier>,
    /// The statements between the braces.
    pub body: Body,
}

impl Body {
    /// A body without statements.
    pub fn new() -> Self {
        Self::default()
    }

    /// Adds `name = value`.
    #[must_use]
    pub fn attr(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.push(Attribute::new(name, value));
        self
    }

    /// Adds `name = value` where there is a value.
    #[must_use]
    pub fn optional_attr(self, name: impl Into<String>, value: Option<impl Into<Value>>) -> Self {
        match value {
            Some(value) => self.attr(name, value),
            None => self,
        }
    }

    /// Adds a block.
    #[must_use]
    pub fn block(mut self, block: Block) -> Self {
        self.push(block);
        self
    }

    /// Adds several blocks, such as the rules of a relabelling.
    #[must_use]
    pub fn blocks(mut self, blocks: impl IntoIterator<Item = Block>) -> Self {
        self.statements
            .extend(blocks.into_iter().map(Statement::Block));
        self
    }

    /// Adds `// …` before the statement that comes next, one comment line for each line of the text.
    #[must_use]
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.push(Statement::Comment(text.into()));
        self
    }

    /// Adds an empty line where none would be.
    #[must_use]
    pub fn blank(mut self) -> Self {
        self.push(Statement::Blank);
        self
    }

    /// Adds a statement in place.
    pub fn push(&mut self, statement: impl Into<Statement>) {
        self.statements.push(statement.into());
    }
}

impl Attribute {
    /// `name = value`
    pub fn new(name: impl Into<String>, value: impl Into<Value>) -> Self {
        Self {
            name: name.into(),
            value: value.into(),
        }
    }
}

impl Block {
    /// A block with a label. A literal is the label itself; any other text goes through [`identifier`] first.
    pub fn new(name: impl Into<String>, label: impl Into<Identifier>) -> Self {
        Self {
            name: name.into(),
            label: Some(label.into()),
            body: Body::new(),
        }
    }

    /// A block without a label.
    pub fn unlabelled(name: impl Into<String>) -> Self {
        Self {
            name: name.into(),
            label: None,
            body: Body::new(),
        }
    }

    /// Adds `name = value`.
    #[must_use]
    pub fn attr(mut self, name: impl Into<String>, value: impl Into<Value>) -> Self {
        self.body = self.body.attr(name, value);
        self
    }

    /// Adds `name = value` where there is a value.
    #[must_use]
    pub fn optional_attr(
        mut self,
        name: impl Into<String>,
        value: Option<impl Into<Value>>,
    ) -> Self {
        self.body = self.body.optional_attr(name, value);
        self
    }

    /// Adds a block inside this one.
    #[must_use]
    pub fn block(mut self, block: Block) -> Self {
        self.body = self.body.block(block);
        self
    }

    /// Adds several blocks inside this one.
    #[must_use]
    pub fn blocks(mut self, blocks: impl IntoIterator<Item = Block>) -> Self {
        self.body = self.body.blocks(blocks);
        self
    }

    /// Adds `// …` before the statement that comes next, one comment line for each line of the text.
    #[must_use]
    pub fn comment(mut self, text: impl Into<String>) -> Self {
        self.body = self.body.comment(text);
        self
    }

    /// Adds an empty line where none would be.
    #[must_use]
    pub fn blank(mut self) -> Self {
        self.body = self.body.blank();
        self
    }

    /// The reference to something that this component exports, such as `prometheus.remote_write.default.receiver`.
    pub fn export(&self, field: &str) -> Value {
        Value::Reference(match &self.label {
            Some(label) => format!("{}.{label}.{field}", self.name),
            None => format!("{}.{field}", self.name),
        })
    }
}

impl From<Attribute> for Statement {
    fn from(attribute: Attribute) -> Self {
        Self::Attribute(attribute)
    }
}

impl From<Block> for Statement {
    fn from(block: Block) -> Self {
        Self::Block(block)
    }
}

impl From<Block> for Body {
    fn from(block: Block) -> Self {
        Self::new().block(block)
    }
}

impl Extend<Statement> for Body {
    fn extend<I: IntoIterator<Item = Statement>>(&mut self, statements: I) {
        self.statements.extend(statements);
    }
}
