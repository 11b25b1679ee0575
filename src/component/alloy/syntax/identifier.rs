//! Names that Alloy accepts, and how any other name becomes one.

use std::fmt;

/// A block label: an ASCII letter or `_`, then letters, digits and `_`; not `true`, `false` or `null`.
///
/// A string literal converts as it is ([`super::Body::check`] finds a wrong one). Text that is only known when the
/// program runs goes through [`identifier`].
/// Source of fact: Grafana Alloy syntax v0.1.0, `scanner.IsValidIdentifier`, of which this is the ASCII part.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Identifier(String);

impl Identifier {
    /// The label as it is, when it is legal: for text that is Alloy's own, such as a label read from a file.
    pub fn parse(text: &str) -> Option<Self> {
        is_identifier(text).then(|| Self(text.to_owned()))
    }

    /// The label.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&'static str> for Identifier {
    fn from(literal: &'static str) -> Self {
        Self(literal.to_owned())
    }
}

impl From<&Identifier> for Identifier {
    fn from(identifier: &Identifier) -> Self {
        identifier.clone()
    }
}

impl AsRef<str> for Identifier {
    fn as_ref(&self) -> &str {
        &self.0
    }
}

impl fmt::Display for Identifier {
    fn fmt(&self, formatter: &mut fmt::Formatter<'_>) -> fmt::Result {
        formatter.write_str(&self.0)
    }
}

/// The label of a name: legal for every name, and different for every two names.
///
/// | in the name | in the label | example |
/// |---|---|---|
/// | ASCII letter or digit | itself | `node1` → `node1` |
/// | `-` between two of these | `_` | `app-1` → `app_1` |
/// | `_` | `___` | `app_1` → `app___1` |
/// | any other character | `__`, its code point in hexadecimal, `_` | `a.b` → `a__2e_b` |
/// | a digit first; or the whole name is `true`, `false` or `null` | `_` before it | `1st` → `_1st` |
/// | nothing at all | `_` | |
///
/// It can be read backwards, hence no two names collide: two underscores open a character that the next underscore closes
/// (none between them means `_`); a lone one is a `-`, and at the start it means nothing.
pub fn identifier(name: &str) -> Identifier {
    let plain = |character: Option<char>| character.is_some_and(|c| c.is_ascii_alphanumeric());
    let mut label = String::with_capacity(name.len());
    if name.is_empty() || name.starts_with(|c: char| c.is_ascii_digit()) || is_keyword(name) {
        label.push('_');
    }
    let mut previous = None;
    let mut characters = name.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            'a'..='z' | 'A'..='Z' | '0'..='9' => label.push(character),
            '-' if plain(previous) && plain(characters.peek().copied()) => label.push('_'),
            '_' => label.push_str("___"),
            _ => label.push_str(&format!("__{:x}_", u32::from(character))),
        }
        previous = Some(character);
    }
    Identifier(label)
}

/// Whether the text is one identifier.
pub(super) fn is_identifier(text: &str) -> bool {
    text.starts_with(|c: char| c.is_ascii_alphabetic() || c == '_')
        && text.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
        && !is_keyword(text)
}

/// Whether the text is identifiers joined by dots.
pub(super) fn is_path(text: &str) -> bool {
    text.split('.').all(is_identifier)
}

fn is_keyword(text: &str) -> bool {
    matches!(text, "true" | "false" | "null")
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::BTreeMap;

    /// The way back, as the documentation of [`identifier`] describes it.
    fn name(label: &str) -> String {
        let mut rest = label;
        if let Some(after) = rest.strip_prefix('_').filter(|a| !a.starts_with('_')) {
            rest = after;
        }
        let mut name = String::new();
        while let Some(character) = rest.chars().next() {
            if let Some(escape) = rest.strip_prefix("__") {
                let (hex, after) = escape.split_once('_').unwrap();
                name.push(match hex {
                    "" => '_',
                    hex => char::from_u32(u32::from_str_radix(hex, 16).unwrap()).unwrap(),
                });
                rest = after;
            } else {
                name.push(if character == '_' { '-' } else { character });
                rest = &rest[1..];
            }
        }
        name
    }

    #[test]
    fn plain_names_stay_readable() {
        for (name, label) in [
            ("accounts", "accounts"),
            ("app-1", "app_1"),
            ("kafka-node1", "kafka_node1"),
            ("Accounts", "Accounts"),
            ("app_1", "app___1"),
            ("a.b", "a__2e_b"),
            ("a--b", "a__2d___2d_b"),
            ("-a", "__2d_a"),
            ("1st", "_1st"),
            ("true", "_true"),
            ("", "_"),
            ("büro", "b__fc_ro"),
            ("🦀", "__1f980_"),
        ] {
            assert_eq!(identifier(name).as_str(), label, "{name:?}");
        }
    }

    #[test]
    fn every_short_name_has_a_legal_label_of_its_own() {
        let alphabet = ['a', 'F', '2', 'd', '-', '_', '.', 'é'];
        let mut names = vec![String::new()];
        let mut labels = BTreeMap::new();
        for _ in 0..6 {
            for name in &names {
                let label = identifier(name);
                assert!(is_identifier(label.as_str()), "{name:?} → {label}");
                assert_eq!(super::tests::name(label.as_str()), *name);
                if let Some(other) = labels.insert(label, name.clone()) {
                    assert_eq!(&other, name);
                }
            }
            names = names
                .iter()
                .flat_map(|name| alphabet.iter().map(move |c| format!("{name}{c}")))
                .collect();
        }
        for keyword in ["true", "false", "null", "_true", "-true"] {
            assert_eq!(name(identifier(keyword).as_str()), keyword);
        }
    }

    #[test]
    fn labels_of_alloy_files_are_taken_as_they_are() {
        assert_eq!(Identifier::parse("app_1"), Some(Identifier::from("app_1")));
        for wrong in ["", "1st", "a-b", "a.b", "null", "é"] {
            assert_eq!(Identifier::parse(wrong), None, "{wrong:?}");
        }
    }
}
