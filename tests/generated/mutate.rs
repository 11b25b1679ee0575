//! Breaks a `stack.toml` as an editor, a merge or a disk would.

use super::random::Random;
use super::words::ANY;

const VALUES: &[&str] = &[
    "true",
    "0",
    "-1",
    "9090.0",
    "1e3",
    "1e999",
    "nan",
    "-inf",
    "99999999999999999999",
    "0x10",
    "2024-01-01",
    "12:00:00",
    "\"\"",
    "\"x\"",
    "'''\n'''",
    "[]",
    "[[]]",
    "[1, \"a\"]",
    "{}",
    "{ a = 1 }",
    "\"\\u0000\"",
    "",
    "\"",
    "[",
    "{",
    "=",
];

const INSERTED: &[&str] = &[
    "\"",
    "'",
    "\\",
    "[",
    "]",
    "{",
    "}",
    "=",
    ".",
    ",",
    "#",
    "\n",
    "\r",
    "\t",
    "\0",
    "🦀",
    "\u{feff}",
    "\u{301}",
    "\"\"\"",
    "[[",
    "[environments.x]\n",
    "enabled = false\n",
    "x.y.z = 1\n",
];

/// The text after one to four changes.
pub fn mutate(text: &str, random: &mut Random) -> String {
    let mut text = text.to_owned();
    for _ in 0..=random.below(4) {
        text = once(&text, random);
    }
    text
}

fn once(text: &str, random: &mut Random) -> String {
    let lines: Vec<&str> = text.split_inclusive('\n').collect();
    let (one, other) = (random.below(lines.len()), random.below(lines.len()));
    let mut changed: Vec<String> = lines.iter().map(|line| (*line).to_owned()).collect();
    if changed.is_empty() {
        return random.pick(INSERTED).to_owned();
    }
    match random.below(9) {
        0 => changed[one].clear(),
        1 => {
            let (a, b) = (halves(lines[one]), halves(lines[other]));
            if let (Some((key, value)), Some((other_key, other_value))) = (a, b) {
                changed[one] = format!("{key}={other_value}");
                changed[other] = format!("{other_key}={value}");
            }
        }
        2 => {
            if let Some((key, _)) = halves(lines[one]) {
                changed[one] = format!("{key}= {}\n", random.pick(VALUES));
            }
        }
        3 => return text[..place(text, random)].to_owned(),
        4 => {
            let block = lines[one.min(other)..one.max(other)].concat();
            changed[one].push_str(&block);
        }
        5 | 6 => {
            let at = place(text, random);
            return format!("{}{}{}", &text[..at], random.pick(INSERTED), &text[at..]);
        }
        7 => {
            let (from, to) = (place(text, random), place(text, random));
            let to = to.clamp(from.min(to), from.min(to) + 40);
            let to = text.ceil_char_boundary(to);
            return format!("{}{}", &text[..from.min(to)], &text[to..]);
        }
        _ => {
            let word = super::stack::toml(random.pick(ANY));
            changed[one] = match halves(lines[one]) {
                Some((key, _)) if random.once_in(2) => format!("{key}= {word}\n"),
                Some((_, value)) => format!("{word} ={value}"),
                None => format!("[{word}]\n"),
            };
        }
    }
    changed.concat()
}

fn halves(line: &str) -> Option<(&str, &str)> {
    line.split_once('=')
}

fn place(text: &str, random: &mut Random) -> usize {
    text.floor_char_boundary(random.below(text.len() + 1))
}
