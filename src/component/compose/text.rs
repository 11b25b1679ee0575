//! Texts in a Compose file, where `$` starts a variable.

use serde::Serialize;

/// A text in Compose's syntax (compose-spec 12-interpolation.md): `$$` stands for `$`,
/// `${NAME:-default}` for a variable.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(transparent)]
pub struct Text(String);

impl Text {
    /// A text that Compose takes as it is.
    pub fn literal(text: &str) -> Text {
        Text(text.replace('$', "$$"))
    }

    /// A variable of whoever runs Compose, with a default.
    pub fn variable(name: &str, default: &str) -> Text {
        Text(format!("${{{name}:-{}}}", Text::literal(default).0))
    }

    /// Adds a text that Compose takes as it is.
    pub fn then(mut self, text: &str) -> Text {
        self.0.push_str(&Text::literal(text).0);
        self
    }
}

impl<T: AsRef<str>> From<T> for Text {
    fn from(text: T) -> Text {
        Text::literal(text.as_ref())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_user_chose_is_never_a_variable() {
        assert_eq!(Text::literal("a$b${c}$$"), Text("a$$b$${c}$$$$".to_owned()));
    }

    #[test]
    fn a_variable_has_a_default() {
        let text = Text::variable("STACKGEN_SECRETS", "../../secrets/eu$1").then("/loki$");
        assert_eq!(text.0, "${STACKGEN_SECRETS:-../../secrets/eu$$1}/loki$$");
    }
}
