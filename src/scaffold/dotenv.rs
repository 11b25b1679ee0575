//! A hand-kept `.env`, read by Docker Compose's rules but for one: nothing is put in for `$NAME`.
//!
//! Rules: <https://docs.docker.com/compose/how-tos/environment-variables/variable-interpolation/>,
//! "Env file syntax".

use indexmap::IndexMap;

/// The variables of a file, in its order.
#[derive(Default)]
pub struct DotEnv {
    pub variables: IndexMap<String, Variable>,
    /// Names that are set more than once: the last one counts.
    pub repeated: Vec<Repeated>,
}

/// One variable. It has no `Debug`: its value may be a secret.
pub struct Variable {
    pub value: String,
    /// Where it starts, counted from 1.
    pub line: usize,
    /// Compose would put something in for a `$` in it.
    pub expands: bool,
}

/// A variable that is set again.
#[derive(Debug, PartialEq, Eq)]
pub struct Repeated {
    pub name: String,
    pub earlier: usize,
    pub line: usize,
}

/// A line that cannot be read. It says nothing of what stands there.
#[derive(Debug, PartialEq, Eq)]
pub struct BadLine {
    pub line: usize,
    pub reason: String,
}

/// Reads a whole file, or says everything that is wrong with it.
pub fn parse(text: &str) -> Result<DotEnv, Vec<BadLine>> {
    let text = text.strip_prefix('\u{feff}').unwrap_or(text);
    let text = text.replace("\r\n", "\n");
    let mut file = DotEnv::default();
    let mut bad = Vec::new();
    let mut rest = text.as_str();
    let mut line = 1;
    while !rest.is_empty() {
        let (read, length) = statement(rest);
        match read {
            Ok(Some((name, value))) => file.set(name, value, line),
            Ok(None) => {}
            Err(reason) => bad.push(BadLine { line, reason }),
        }
        line += rest[..length].matches('\n').count();
        rest = &rest[length..];
    }
    if bad.is_empty() { Ok(file) } else { Err(bad) }
}

impl DotEnv {
    fn set(&mut self, name: &str, value: Value, line: usize) {
        let variable = Variable {
            value: value.text,
            line,
            expands: value.expands,
        };
        if let Some(earlier) = self.variables.insert(name.to_owned(), variable) {
            self.repeated.push(Repeated {
                name: name.to_owned(),
                earlier: earlier.line,
                line,
            });
        }
    }
}

struct Value {
    text: String,
    expands: bool,
}

/// A variable, nothing, or why it cannot be read.
type Read<'a> = Result<Option<(&'a str, Value)>, String>;

/// What stands at the start of a text, and how many bytes it takes with its line break.
fn statement(text: &str) -> (Read<'_>, usize) {
    let line = text.split_inclusive('\n').next().unwrap_or(text);
    let all_of_line = line.len();
    let content = line.trim();
    if content.is_empty() || content.starts_with('#') {
        return (Ok(None), all_of_line);
    }
    let Some(equals) = line.find('=') else {
        let reason = "there is no `=`. Write NAME=value, or `#` before a comment";
        return (Err(reason.to_owned()), all_of_line);
    };
    let name = line[..equals].trim();
    let name = match name.strip_prefix("export") {
        Some(rest) if rest.starts_with([' ', '\t']) => rest.trim_start(),
        _ => name,
    };
    if !is_name(name) {
        let reason = "what stands before `=` is not a name. Use letters, digits and `_`, no digit first, such as PROM_URL=...";
        return (Err(reason.to_owned()), all_of_line);
    }
    let after = &line[equals + 1..];
    let start = equals + 1 + (after.len() - after.trim_start_matches([' ', '\t']).len());
    match text[start..].chars().next() {
        Some(quote @ ('"' | '\'')) => {
            let (value, length) = quoted(&text[start + 1..], quote);
            let value = value.map(|value| Some((name, value)));
            (value, start + 1 + length)
        }
        _ => (Ok(Some((name, unquoted(&line[start..])))), all_of_line),
    }
}

fn is_name(name: &str) -> bool {
    !name.is_empty()
        && !name.starts_with(|c: char| c.is_ascii_digit())
        && name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

/// A value up to the end of its line. A `#` after a space starts a comment; at the very start it
/// does so only before a space, as Slack's channels begin with one.
fn unquoted(line: &str) -> Value {
    let nothing = line
        .strip_prefix('#')
        .is_some_and(|rest| rest.trim_start().len() < rest.len());
    let line = if nothing { "" } else { line };
    let comment = line
        .char_indices()
        .zip(line.chars().skip(1))
        .find(|((_, before), c)| *c == '#' && before.is_whitespace())
        .map_or(line.len(), |((at, _), _)| at);
    let text = line[..comment].trim().to_owned();
    Value {
        expands: text.contains('$'),
        text,
    }
}

/// A value after its opening quote, which may go on for several lines. Whatever follows the closing
/// quote must be a comment.
fn quoted(text: &str, quote: char) -> (Result<Value, String>, usize) {
    let mut value = Value {
        text: String::new(),
        expands: false,
    };
    let mut chars = text.char_indices();
    while let Some((at, c)) = chars.next() {
        if c == quote {
            let rest = &text[at + 1..];
            let tail = rest.split_inclusive('\n').next().unwrap_or(rest);
            let length = at + 1 + tail.len();
            let extra = tail.trim();
            if extra.is_empty() || extra.starts_with('#') {
                return (Ok(value), length);
            }
            let reason = if text[..at].contains('\n') {
                "the quote is closed on a later line, with more behind it. Put the same quote at the end of the value"
            } else {
                "something follows the closing quote. A quote inside the value needs a `\\` before it"
            };
            return (Err(reason.to_owned()), length);
        }
        if c != '\\' {
            value.expands |= c == '$' && quote == '"';
            value.text.push(c);
            continue;
        }
        let next = text[at + 1..].chars().next();
        match escaped(next, quote) {
            Some(meant) => {
                value.text.push(meant);
                chars.next();
            }
            None => value.text.push(c),
        }
    }
    // Everything below belongs to the value: what is said of it would only hide this.
    let reason = "the quote is not closed. Put the same quote at the end of the value";
    (Err(reason.to_owned()), text.len())
}

/// What a backslash and this character stand for, if it is more than the two of them.
fn escaped(next: Option<char>, quote: char) -> Option<char> {
    match (next?, quote) {
        (c, _) if c == quote => Some(c),
        ('n', '"') => Some('\n'),
        ('r', '"') => Some('\r'),
        ('t', '"') => Some('\t'),
        (c @ ('\\' | '$'), '"') => Some(c),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn value(text: &str) -> String {
        let file = parse(text).unwrap_or_else(|bad| panic!("{text:?}: {bad:?}"));
        file.variables["A"].value.clone()
    }

    fn bad(text: &str) -> Vec<BadLine> {
        parse(text).err().unwrap_or_default()
    }

    #[test]
    fn a_line_may_be_written_in_many_ways() {
        for line in [
            "A=b",
            "A = b",
            "  A=b  ",
            "export A=b",
            "export\tA=b",
            "A=b # comment",
            "A=b\t#comment",
            "A='b'",
            "A=\"b\"# comment",
            "A='b' # it's a comment",
            "\u{feff}A=b",
            "A=b\r\n",
            "# first\r\n\r\nA=\"b\"\r\n",
            "A=x\nA=b",
        ] {
            assert_eq!(value(line), "b", "{line:?}");
        }
    }

    #[test]
    fn a_value_is_what_its_author_meant() {
        assert_eq!(value("A="), "");
        assert_eq!(value("A=''"), "");
        assert_eq!(value("A=#channel"), "#channel");
        assert_eq!(value("A=b#c"), "b#c");
        assert_eq!(value("A= #channel # where it goes"), "#channel");
        assert_eq!(value("A= # b"), "");
        assert_eq!(value("A=a b  c"), "a b  c");
        assert_eq!(value("A=b=c=="), "b=c==");
        assert_eq!(value("A=it's"), "it's");
        assert_eq!(value("A=\"#b c\""), "#b c");
        assert_eq!(
            value(r#"A="say \"hi\"\n\t\\ \$X \q""#),
            "say \"hi\"\n\t\\ $X \\q"
        );
        assert_eq!(value(r#"A='it\'s "\n" \\ $X'"#), r#"it's "\n" \\ $X"#);
        assert_eq!(value(r"A=a\nb"), r"a\nb");
        assert_eq!(value("A=\"one\r\ntwo\"\n"), "one\ntwo");
        assert_eq!(value("A=дом \u{1f512}"), "дом \u{1f512}");
    }

    #[test]
    fn nothing_is_put_in_for_a_dollar() {
        let expands = |text: &str| parse(text).map(|file| file.variables["A"].expands).ok();
        assert_eq!(value("A=$HOME/${X}/$$"), "$HOME/${X}/$$");
        assert_eq!(value("A=\"$HOME\""), "$HOME");
        assert_eq!(expands("A=$HOME"), Some(true));
        assert_eq!(expands("A=\"${HOME}\""), Some(true));
        assert_eq!(expands("A='$HOME'"), Some(false));
        assert_eq!(expands(r#"A="\$HOME""#), Some(false));
    }

    #[test]
    fn the_last_of_two_counts() {
        let file = parse("A=1\nB=2\n\nA=3\n").unwrap_or_default();
        assert_eq!(file.variables["A"].value, "3");
        let repeated = Repeated {
            name: "A".to_owned(),
            earlier: 1,
            line: 4,
        };
        assert_eq!(file.repeated, [repeated]);
    }

    #[test]
    fn every_bad_line_is_told_without_its_text() {
        let found = bad("A=1\nhush\n1B=2\nC='x' hush\nD: 4\nE=5\nF=\"a\nb\" hush\n=hush\n");
        let lines: Vec<usize> = found.iter().map(|bad| bad.line).collect();
        assert_eq!(lines, [2, 3, 4, 5, 7, 9]);
        assert!(found.iter().all(|bad| !bad.reason.contains("hush")));
        assert!(found[4].reason.contains("later line"));
        assert_eq!(bad("A=1\nB=\"x\nC=2\nnot a line").len(), 1);
    }
}
