//! Texts in PromQL and in Prometheus' templates.

use crate::stack::Duration;
use minijinja::Value;

/// The function `window`: its argument, or four scrape intervals if that is longer.
pub fn window(interval: &Duration) -> Value {
    let four = interval.millis().saturating_mul(4);
    Value::from_function(move |least: &str| match Duration::parse(least) {
        Some(least) => Ok(Duration::from_millis(least.millis().max(four)).to_string()),
        None => Err(minijinja::Error::new(
            minijinja::ErrorKind::InvalidOperation,
            format!("`{least}` is not a duration"),
        )),
    })
}

/// A text as a PromQL string.
pub fn quote(text: &str) -> String {
    let mut quoted = String::with_capacity(text.len() + 2);
    quoted.push('"');
    for character in text.chars() {
        match character {
            '"' => quoted.push_str("\\\""),
            '\\' => quoted.push_str("\\\\"),
            '\n' => quoted.push_str("\\n"),
            other => quoted.push(other),
        }
    }
    quoted.push('"');
    quoted
}

/// A text that Prometheus' templates leave as it is.
pub fn go_literal(text: &str) -> String {
    text.replace("{{", "{{\"{{\"}}")
}

/// A value that Prometheus' templates leave as it is.
pub fn go_literal_value(value: &Value) -> Value {
    match value.as_str() {
        Some(text) if text.contains("{{") => Value::from(go_literal(text)),
        _ => value.clone(),
    }
}

#[cfg(test)]
mod tests {
    use super::super::template::{Values, environment};
    use super::*;

    #[test]
    fn a_window_holds_four_scrapes() {
        let mut environment = environment().unwrap();
        environment.add_template("t", "<< window('1m') >>").unwrap();
        let render = |interval: &str| {
            let window = window(&Duration::parse(interval).unwrap());
            let values = Values::from([("window".to_owned(), window)]);
            environment
                .get_template("t")
                .unwrap()
                .render(values)
                .unwrap()
        };
        assert_eq!(render("15s"), "1m");
        assert_eq!(render("30s"), "2m");
    }

    #[test]
    fn go_templates_stay_and_undefined_is_an_error() {
        let environment = environment().unwrap();
        let render = |text: &str| environment.render_str(text, Values::new());
        assert_eq!(
            render("{{ $labels.job }} << 1 + 1 >>").unwrap(),
            "{{ $labels.job }} 2"
        );
        assert!(render("<< nothing >>").is_err());
    }

    #[test]
    fn texts_of_the_user_are_quoted() {
        assert_eq!(quote(r#"a"b\c"#), r#""a\"b\\c""#);
        assert_eq!(go_literal("https://x/{{y}}"), "https://x/{{\"{{\"}}y}}");
    }
}
