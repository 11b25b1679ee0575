//! A unit file (systemd.syntax, systemd.unit, systemd.service, systemd.exec).

use serde::Serialize;
use std::fmt;

/// Sections in order, each with its settings in order. Values are in systemd's own syntax.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Unit {
    pub sections: Vec<(&'static str, Vec<(&'static str, String)>)>,
}

impl fmt::Display for Unit {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        for (position, (section, settings)) in self.sections.iter().enumerate() {
            let gap = if position == 0 { "" } else { "\n" };
            writeln!(f, "{gap}[{section}]")?;
            for (key, value) in settings {
                writeln!(f, "{key}={value}")?;
            }
        }
        Ok(())
    }
}

/// A text on one line in which `%` is no specifier.
pub(super) fn text(text: &str) -> String {
    text.replace('%', "%%").replace(['\n', '\r'], " ")
}

/// A command whose arguments arrive as they are: quoted where needed, without specifiers and
/// variables.
pub(super) fn command<A: AsRef<str>>(arguments: impl IntoIterator<Item = A>) -> String {
    let arguments: Vec<String> = arguments
        .into_iter()
        .map(|argument| quote(argument.as_ref()))
        .collect();
    arguments.join(" ")
}

fn quote(argument: &str) -> String {
    let literal = argument.replace('%', "%%").replace('$', "$$");
    let bare = |c: char| c.is_ascii_alphanumeric() || "_-./:=,@%$+".contains(c);
    if !literal.is_empty() && literal.chars().all(bare) {
        return literal;
    }
    let mut quoted = String::from("\"");
    for c in literal.chars() {
        match c {
            '"' | '\\' => quoted.extend(['\\', c]),
            '\n' => quoted.push_str("\\n"),
            '\r' => quoted.push_str("\\r"),
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
    fn arguments_arrive_as_they_are() {
        assert_eq!(command(["/bin/x", "a=b"]), "/bin/x a=b");
        assert_eq!(command(["50%", "$HOME"]), "50%% $$HOME");
        assert_eq!(
            command(["two words", "a\"b\\c", ""]),
            r#""two words" "a\"b\\c" """#
        );
    }

    #[test]
    fn a_text_stays_on_its_line() {
        assert_eq!(text("100 %\nUser=root"), "100 %% User=root");
    }
}
