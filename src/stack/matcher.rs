//! Alertmanager's matchers, in the UTF-8 grammar of 0.28.1 (matcher/parse).

/// One matcher: `name op "value"`.
#[derive(Debug, Clone, PartialEq, Eq, Hash)]
pub struct Matcher {
    pub name: String,
    pub operator: Operator,
    pub value: String,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Operator {
    Equal,
    NotEqual,
    Regex,
    NotRegex,
}

impl Operator {
    pub const fn as_str(self) -> &'static str {
        match self {
            Operator::Equal => "=",
            Operator::NotEqual => "!=",
            Operator::Regex => "=~",
            Operator::NotRegex => "!~",
        }
    }
}

impl Matcher {
    /// Parses one matcher. The error says what was expected.
    pub fn parse(text: &str) -> Result<Matcher, String> {
        let mut rest = text.trim();
        if let Some(inner) = rest.strip_prefix('{') {
            rest = inner
                .strip_suffix('}')
                .ok_or("an opening brace without its closing one")?
                .trim();
        }
        let (name, after) = word(rest).map_err(|why| format!("the label's name: {why}"))?;
        let after = after.trim_start();
        let (operator, after) = [
            ("=~", Operator::Regex),
            ("!~", Operator::NotRegex),
            ("!=", Operator::NotEqual),
            ("=", Operator::Equal),
        ]
        .iter()
        .find_map(|(sign, operator)| Some((*operator, after.strip_prefix(sign)?)))
        .ok_or("one of =, !=, =~ and !~ must follow the label's name")?;
        let (value, after) = word(after.trim_start()).map_err(|why| format!("the value: {why}"))?;
        if !after.trim().is_empty() {
            return Err(format!(
                "{:?} follows the value; one matcher each",
                after.trim()
            ));
        }
        if name.is_empty() {
            return Err("the label's name is empty".to_owned());
        }
        if matches!(operator, Operator::Regex | Operator::NotRegex) {
            super::regex::check(&value)
                .map_err(|why| format!("the value is not a regular expression: {why}"))?;
        }
        Ok(Matcher {
            name,
            operator,
            value,
        })
    }

    /// The matcher with its value quoted, which every parser of Alertmanager reads alike.
    pub fn quoted(&self) -> String {
        format!(
            "{}{}{}",
            name_text(&self.name),
            self.operator.as_str(),
            quote(&self.value)
        )
    }
}

fn name_text(name: &str) -> String {
    let plain = !name.is_empty() && name.chars().all(is_unquoted);
    if plain { name.to_owned() } else { quote(name) }
}

/// The classic parser knows no other escapes than these, and both take anything else as it is.
fn quote(text: &str) -> String {
    let mut quoted = String::from("\"");
    for c in text.chars() {
        match c {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            c => quoted.push(c),
        }
    }
    quoted.push('"');
    quoted
}

/// Characters that need no quotes (matcher/parse/lexer.go isReserved).
fn is_unquoted(c: char) -> bool {
    !c.is_whitespace() && !"{}!=~,\\\"'`".contains(c)
}

/// A quoted or plain word at the start of a text, and what follows it.
fn word(text: &str) -> Result<(String, &str), String> {
    let Some(quoted) = text.strip_prefix('"') else {
        let end = text.find(|c| !is_unquoted(c)).unwrap_or(text.len());
        if end == 0 {
            return Err(match text.chars().next() {
                None => "it is missing".to_owned(),
                Some(c) => format!("{c:?} must stand in double quotes"),
            });
        }
        return Ok((text[..end].to_owned(), &text[end..]));
    };
    let mut value = String::new();
    let mut chars = quoted.char_indices();
    while let Some((at, c)) = chars.next() {
        match c {
            '"' => return Ok((value, &quoted[at + 1..])),
            '\\' => {
                let (_, escaped) = chars.next().ok_or("a double quote is missing")?;
                match escaped {
                    'n' => value.push('\n'),
                    't' => value.push('\t'),
                    'r' => value.push('\r'),
                    '"' | '\\' => value.push(escaped),
                    other => return Err(format!("unknown escape \\{other}")),
                }
            }
            c => value.push(c),
        }
    }
    Err("a double quote is missing".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_alertmanager_reads() {
        let read = |text: &str| Matcher::parse(text).map(|m| m.quoted());
        assert_eq!(
            read("service=\"kafka\"").as_deref(),
            Ok("service=\"kafka\"")
        );
        assert_eq!(read("{ team = core }").as_deref(), Ok("team=\"core\""));
        assert_eq!(
            read("severity=~\"warning|info\"").as_deref(),
            Ok("severity=~\"warning|info\"")
        );
        assert_eq!(
            read("\"a b\"!=\"c\\\"d\"").as_deref(),
            Ok("\"a b\"!=\"c\\\"d\"")
        );
    }

    #[test]
    fn says_what_is_wrong() {
        for (text, why) in [
            ("service", "one of =, !=, =~ and !~"),
            ("service='kafka'", "double quotes"),
            ("service=\"kafka", "a double quote is missing"),
            ("=\"kafka\"", "double quotes"),
            ("service=~\"(\"", "regular expression"),
            ("service=\"a\", team=\"b\"", "one matcher each"),
        ] {
            let error = Matcher::parse(text).unwrap_err();
            assert!(error.contains(why), "{text}: {error}");
        }
    }
}
