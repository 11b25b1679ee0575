//! Regular expressions that Go reads (RE2), as Alertmanager and Alloy do: each is judged by
//! Rust's parser, and what only Rust's has is refused.
//!
//! Source of fact: Go's regexp/syntax, `parse.go`.

use regex_syntax::ast::parse::Parser;
use regex_syntax::ast::{
    AssertionKind, Ast, ClassSet, ClassSetItem, ClassUnicodeKind, Flag, Flags, FlagsItemKind,
    GroupKind, HexLiteralKind, Literal, LiteralKind, RepetitionKind, RepetitionRange, Visitor,
    visit,
};

/// Repetitions within repetitions may not make more copies than this.
const MOST_COPIES: u32 = 1000;

/// Whether Go's programs read a regular expression. The error says why not.
pub fn check(text: &str) -> Result<(), String> {
    let last_line = |error: String| {
        let line = error.lines().last().unwrap_or(&error);
        line.trim_start_matches("error: ").to_owned()
    };
    regex_syntax::parse(text).map_err(|error| last_line(error.to_string()))?;
    let ast = Parser::new()
        .parse(text)
        .map_err(|error| last_line(error.to_string()))?;
    let go = Go {
        text,
        copies: vec![1],
    };
    visit(&ast, go).map_err(|what| format!("Go has no {what}"))
}

struct Go<'a> {
    text: &'a str,
    /// How often what stands inside of the open repetitions is copied.
    copies: Vec<u32>,
}

impl Visitor for Go<'_> {
    type Output = ();
    type Err = &'static str;

    fn finish(self) -> Result<(), Self::Err> {
        Ok(())
    }

    fn visit_pre(&mut self, ast: &Ast) -> Result<(), Self::Err> {
        match ast {
            Ast::Flags(set) => flags(&set.flags),
            Ast::Literal(one) => literal(one),
            Ast::Assertion(assertion) => match assertion.kind {
                AssertionKind::StartLine
                | AssertionKind::EndLine
                | AssertionKind::StartText
                | AssertionKind::EndText
                | AssertionKind::WordBoundary
                | AssertionKind::NotWordBoundary => Ok(()),
                _ => Err("boundary of a word's start or end"),
            },
            Ast::ClassUnicode(class) => unicode(&class.kind),
            Ast::Group(group) => match &group.kind {
                GroupKind::NonCapturing(set) => flags(set),
                GroupKind::CaptureName { name, .. } if !is_name(&name.name) => {
                    Err("group of this name")
                }
                _ => Ok(()),
            },
            Ast::Repetition(repetition) => {
                if matches!(*repetition.ast, Ast::Repetition(_)) {
                    return Err("repetition of a repetition without a group");
                }
                let span = repetition.op.span;
                let operator = self.text.get(span.start.offset..span.end.offset);
                let operator = operator.unwrap_or_default();
                if operator.starts_with("{,") || operator.contains(char::is_whitespace) {
                    return Err("repetition of this form");
                }
                let copies = match repetition.op.kind {
                    RepetitionKind::Range(
                        RepetitionRange::Exactly(most)
                        | RepetitionRange::AtLeast(most)
                        | RepetitionRange::Bounded(_, most),
                    ) => most.max(1),
                    _ => 1,
                };
                let outer = self.copies.last().copied().unwrap_or(1);
                let all = outer.saturating_mul(copies);
                self.copies.push(all);
                if all > MOST_COPIES {
                    return Err("repetition of more than 1000 times");
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    fn visit_post(&mut self, ast: &Ast) -> Result<(), Self::Err> {
        if matches!(ast, Ast::Repetition(_)) {
            self.copies.pop();
        }
        Ok(())
    }

    fn visit_class_set_item_pre(&mut self, item: &ClassSetItem) -> Result<(), Self::Err> {
        match item {
            ClassSetItem::Literal(one) => literal(one),
            ClassSetItem::Range(range) => literal(&range.start).and(literal(&range.end)),
            ClassSetItem::Unicode(class) => unicode(&class.kind),
            ClassSetItem::Bracketed(class) => match class.kind {
                ClassSet::Item(_) | ClassSet::BinaryOp(_) => Err("class within a class"),
            },
            _ => Ok(()),
        }
    }

    fn visit_class_set_binary_op_pre(
        &mut self,
        _: &regex_syntax::ast::ClassSetBinaryOp,
    ) -> Result<(), Self::Err> {
        Err("operation on classes")
    }
}

fn flags(flags: &Flags) -> Result<(), &'static str> {
    let known = flags.items.iter().all(|item| match &item.kind {
        FlagsItemKind::Negation => true,
        FlagsItemKind::Flag(flag) => matches!(
            flag,
            Flag::CaseInsensitive | Flag::MultiLine | Flag::DotMatchesNewLine | Flag::SwapGreed
        ),
    });
    if known { Ok(()) } else { Err("such flag") }
}

fn literal(literal: &Literal) -> Result<(), &'static str> {
    match &literal.kind {
        LiteralKind::HexFixed(HexLiteralKind::X) | LiteralKind::HexBrace(HexLiteralKind::X) => {
            Ok(())
        }
        LiteralKind::HexFixed(_) | LiteralKind::HexBrace(_) => Err("escapes \\u and \\U"),
        _ => Ok(()),
    }
}

/// General categories and scripts, as Go's package `unicode` names them.
fn unicode(kind: &ClassUnicodeKind) -> Result<(), &'static str> {
    const CATEGORIES: [&str; 37] = [
        "C", "Cc", "Cf", "Co", "Cs", "L", "Ll", "Lm", "Lo", "Lt", "Lu", "M", "Mc", "Me", "Mn", "N",
        "Nd", "Nl", "No", "P", "Pc", "Pd", "Pe", "Pf", "Pi", "Po", "Ps", "S", "Sc", "Sk", "Sm",
        "So", "Z", "Zl", "Zp", "Zs", "Any",
    ];
    const SHORT_SCRIPTS: [&str; 4] = ["Lao", "Thai", "Vai", "Yi"];
    let known = match kind {
        ClassUnicodeKind::OneLetter(letter) => CATEGORIES.contains(&letter.to_string().as_str()),
        ClassUnicodeKind::Named(name) => {
            let script = name.len() > 4
                && name.split('_').all(|word| {
                    word.starts_with(|c: char| c.is_ascii_uppercase())
                        && word.chars().skip(1).all(|c| c.is_ascii_lowercase())
                })
                && regex_syntax::parse(&format!("\\p{{Script={name}}}")).is_ok();
            script || CATEGORIES.contains(&name.as_str()) || SHORT_SCRIPTS.contains(&name.as_str())
        }
        ClassUnicodeKind::NamedValue { .. } => false,
    };
    if known {
        Ok(())
    } else {
        Err("Unicode class of this name")
    }
}

fn is_name(name: &str) -> bool {
    name.chars().all(|c| c.is_ascii_alphanumeric() || c == '_')
}

#[cfg(test)]
mod tests {
    use super::check;

    #[test]
    fn what_go_reads_passes() {
        for text in [
            "",
            ".*",
            "a|b",
            "^(?:a|b)$",
            r"\d+\.\w",
            "(?i)a",
            "(?s-i:a)",
            "(?P<n>x)",
            "(?<n>x)",
            r"\p{Greek}\pL\p{Lu}",
            r"\x{1F980}\x41",
            "[[:alpha:]_-]",
            "a{2,3}?",
            "(a*)*",
            "(a{10}){100}",
            r"\b\B\A\z",
        ] {
            assert_eq!(check(text), Ok(()), "{text}");
        }
    }

    #[test]
    fn what_only_rust_reads_is_refused() {
        for text in [
            "(",
            "(?=a)",
            "(?x) a",
            "(?u)a",
            "(?R)a",
            "a{1001}",
            "(a{500}){3}",
            "a**",
            "a*+",
            "a{2}{3}",
            "a{,3}",
            "a{ 2 }",
            "[a--b]",
            "[a&&b]",
            "[a~~b]",
            "[[a]b]",
            r"\u0041",
            r"\U00000041",
            r"\u{41}",
            r"\<a",
            r"\b{start}",
            r"\p{Letter}",
            r"\p{greek}",
            r"\p{Grek}",
            r"\p{scx=Greek}",
            "(?P<a.b>x)",
            r"[\u0041-z]",
        ] {
            assert!(check(text).is_err(), "{text}");
        }
    }
}
