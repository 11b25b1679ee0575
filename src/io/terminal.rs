//! What stackgen says, and how wide and colourful its terminal is.

use crate::cli::Color;
use crate::report::human::Style;
use std::io::{self, IsTerminal, Write};

/// A stream that people may look at.
#[derive(Debug, Clone, Copy)]
pub struct Terminal {
    color: bool,
    width: usize,
}

impl Terminal {
    /// Standard error. NO_COLOR is honoured (no-color.org).
    pub fn error(color: Color) -> Self {
        Terminal::of(color, io::stderr().is_terminal())
    }

    /// Standard output.
    pub fn output(color: Color) -> Self {
        Terminal::of(color, io::stdout().is_terminal())
    }

    fn of(color: Color, terminal: bool) -> Self {
        let no_color = std::env::var_os("NO_COLOR").is_some_and(|value| !value.is_empty());
        let width = std::env::var("COLUMNS")
            .ok()
            .and_then(|columns| columns.parse().ok());
        Terminal {
            color: match color {
                Color::Always => true,
                Color::Never => false,
                Color::Auto => terminal && !no_color,
            },
            width: width.filter(|columns| *columns >= 40).unwrap_or(100),
        }
    }

    pub fn style(self) -> Style {
        Style {
            color: self.color,
            width: self.width,
        }
    }
}

/// Writes to standard output. Whoever closed it has read enough.
pub fn say(text: &str) -> io::Result<()> {
    match io::stdout().lock().write_all(text.as_bytes()) {
        Err(error) if error.kind() == io::ErrorKind::BrokenPipe => Ok(()),
        other => other,
    }
}

/// Writes to standard error, as well as can be.
pub fn say_error(text: &str) {
    // There is nowhere left to say that this failed.
    let _ = io::stderr().lock().write_all(text.as_bytes());
}
