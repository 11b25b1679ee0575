//! nginx's configuration: a tree of directives, each with arguments, some with a block.

use serde::Serialize;
use std::fmt;

/// A configuration file (nginx: src/core/ngx_conf_file.c).
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Configuration {
    pub directives: Vec<Directive>,
}

/// `name arguments;`, or `name arguments { block }`.
///
/// Arguments are written so that nginx reads them back as they are, but for `$`: it has no escape
/// there, so an argument with `$` names a variable, and what a user chose must not hold one.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Directive {
    pub name: &'static str,
    pub arguments: Vec<String>,
    pub block: Option<Vec<Directive>>,
}

impl Directive {
    pub fn new<A: Into<String>>(
        name: &'static str,
        arguments: impl IntoIterator<Item = A>,
    ) -> Self {
        Directive {
            name,
            arguments: arguments.into_iter().map(Into::into).collect(),
            block: None,
        }
    }

    /// A directive with a block.
    pub fn block<A: Into<String>>(
        name: &'static str,
        arguments: impl IntoIterator<Item = A>,
        block: Vec<Directive>,
    ) -> Self {
        Directive {
            block: Some(block),
            ..Directive::new(name, arguments)
        }
    }

    fn write(&self, f: &mut fmt::Formatter<'_>, depth: usize) -> fmt::Result {
        write!(f, "{:indent$}{}", "", self.name, indent = depth * 4)?;
        for argument in &self.arguments {
            write!(f, " {}", quote(argument))?;
        }
        let Some(block) = &self.block else {
            return writeln!(f, ";");
        };
        writeln!(f, " {{")?;
        for directive in block {
            directive.write(f, depth + 1)?;
        }
        writeln!(f, "{:indent$}}}", "", indent = depth * 4)
    }
}

impl fmt::Display for Configuration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.directives
            .iter()
            .try_for_each(|directive| directive.write(f, 0))
    }
}

/// An argument as nginx reads it back: bare where that is safe, else in double quotes, in which a
/// backslash escapes quotes, itself and line breaks (ngx_conf_read_token).
fn quote(argument: &str) -> String {
    let bare = |c: char| c.is_ascii_alphanumeric() || "_-./:=$@%+,~^*[]".contains(c);
    if !argument.is_empty() && argument.chars().all(bare) {
        return argument.to_owned();
    }
    let mut quoted = String::from("\"");
    for c in argument.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
            '\t' => quoted.push_str("\\t"),
            _ => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn blocks_nest() {
        let configuration = Configuration {
            directives: vec![Directive::block(
                "events",
                [""; 0],
                vec![Directive::new("worker_connections", ["1024"])],
            )],
        };
        assert_eq!(
            configuration.to_string(),
            "events {\n    worker_connections 1024;\n}\n"
        );
    }

    #[test]
    fn arguments_are_quoted_where_nginx_would_read_something_else() {
        assert_eq!(quote("/run/secrets/tls.crt"), "/run/secrets/tls.crt");
        assert_eq!(quote("$remote_user"), "$remote_user");
        assert_eq!(quote(""), r#""""#);
        assert_eq!(quote("a b"), r#""a b""#);
        assert_eq!(quote("x; return 200"), r#""x; return 200""#);
        assert_eq!(quote(r#"say "hi" \o/"#), r#""say \"hi\" \\o/""#);
        assert_eq!(quote("two\nlines"), r#""two\nlines""#);
        assert_eq!(quote("# no comment {}"), r##""# no comment {}""##);
    }
}
