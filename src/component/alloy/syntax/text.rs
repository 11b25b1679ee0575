//! Text between quotes, before `=` in an object, and after `//`.

use super::identifier::is_identifier;

/// A string literal. Alloy reads strings as Go does, so this is Go's `strconv.Quote`: what cannot be seen is escaped.
pub(super) fn quoted(text: &str) -> String {
    let mut out = String::with_capacity(text.len() + 2);
    out.push('"');
    for character in text.chars() {
        match character {
            '"' => out.push_str("\\\""),
            '\\' => out.push_str("\\\\"),
            _ => push_visible(&mut out, character),
        }
    }
    out.push('"');
    out
}

/// An object's key: bare where it is an identifier, else between quotes.
pub(super) fn key(text: &str) -> String {
    if is_identifier(text) {
        text.to_owned()
    } else {
        quoted(text)
    }
}

/// Whether Alloy reads the key back as it was meant, and `alloy fmt` leaves it alone.
///
/// Alloy takes what stands between the quotes without looking for escapes, and reads `""` as a key of two quotes; its
/// printer escapes what it cannot show. A character that is younger than the Unicode 15 of Alloy's Go passes here: Alloy
/// reads it right, but `alloy fmt` would escape it.
/// Source of fact: Grafana Alloy syntax v0.1.0, `parseField` and `walkObjectExpr`.
pub(super) fn is_writable_key(text: &str) -> bool {
    !text.is_empty() && !text.contains(['"', '\\']) && text.chars().all(is_printable)
}

/// The lines of a comment, each with its `//`, without anything that could end it or hide in it.
pub(super) fn comment_lines(text: &str) -> impl Iterator<Item = String> {
    text.split('\n').map(|line| {
        let mut out = String::from("// ");
        for character in line.trim_end().chars() {
            match character {
                '\t' => out.push('\t'),
                _ => push_visible(&mut out, character),
            }
        }
        out.truncate(out.trim_end().len());
        out
    })
}

fn push_visible(out: &mut String, character: char) {
    match character {
        '\x07' => out.push_str("\\a"),
        '\x08' => out.push_str("\\b"),
        '\x0c' => out.push_str("\\f"),
        '\n' => out.push_str("\\n"),
        '\r' => out.push_str("\\r"),
        '\t' => out.push_str("\\t"),
        '\x0b' => out.push_str("\\v"),
        _ if is_printable(character) => out.push(character),
        _ => out.push_str(&match u32::from(character) {
            code @ ..0x80 => format!("\\x{code:02x}"),
            code @ ..0x1_0000 => format!("\\u{code:04x}"),
            code => format!("\\U{code:08x}"),
        }),
    }
}

/// Letters, marks, numbers, punctuation, symbols and the ASCII space: Go's `unicode.IsPrint`.
fn is_printable(character: char) -> bool {
    match character {
        ' '..='~' => true,
        _ if character.is_ascii() => false,
        _ => {
            // This escapes the same characters, and a combining mark at the start of a text: hence the x.
            let mut buffer = String::from("x");
            buffer.push(character);
            buffer.escape_debug().nth(1) == Some(character)
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn strings_are_escaped_as_go_escapes_them() {
        for (text, literal) in [
            ("", r#""""#),
            ("plain", r#""plain""#),
            (r#"say "hi""#, r#""say \"hi\"""#),
            (r"C:\d+", r#""C:\\d+""#),
            ("a\nb\tc\rd", r#""a\nb\tc\rd""#),
            ("\x07\x08\x0c\x0b", r#""\a\b\f\v""#),
            ("\0\x1b\x7f", r#""\x00\x1b\x7f""#),
            ("$1 ${x} {{ .y }} `z` 'q'", r#""$1 ${x} {{ .y }} `z` 'q'""#),
            ("Zürich 東京 🦀", r#""Zürich 東京 🦀""#),
            ("e\u{301}", "\"e\u{301}\""),
            ("\u{85}\u{a0}\u{ad}", r#""\u0085\u00a0\u00ad""#),
            ("\u{2028}\u{202e}\u{feff}", r#""\u2028\u202e\ufeff""#),
            ("\u{e000}\u{e0001}", r#""\ue000\U000e0001""#),
        ] {
            assert_eq!(quoted(text), literal, "{text:?}");
        }
    }

    #[test]
    fn keys_are_bare_where_they_can_be() {
        assert_eq!(key("__address__"), "__address__");
        assert_eq!(key("X-Scope-OrgID"), r#""X-Scope-OrgID""#);
        assert_eq!(key("1st"), r#""1st""#);
        assert_eq!(key("true"), r#""true""#);
        assert_eq!(key("größe"), r#""größe""#);
    }

    #[test]
    fn keys_that_alloy_would_misread_are_known() {
        for good in ["a", "a b", "größe", "it's", "🦀"] {
            assert!(is_writable_key(good), "{good:?}");
        }
        for bad in ["", "a\"b", "a\\b", "a\nb", "a\u{a0}b", "\u{feff}"] {
            assert!(!is_writable_key(bad), "{bad:?}");
        }
    }

    #[test]
    fn a_comment_cannot_leave_its_lines() {
        let lines = |text| comment_lines(text).collect::<Vec<_>>();
        assert_eq!(lines("one"), ["// one"]);
        assert_eq!(lines("one\n\n  two  "), ["// one", "//", "//   two"]);
        assert_eq!(
            lines("a\r\nb\rc\u{2028}d\0"),
            ["// a", r"// b\rc\u2028d\x00"]
        );
        assert_eq!(lines(""), ["//"]);
        assert_eq!(lines("\ta\tb\t"), ["// \ta\tb"]);
    }
}
