//! Where values from outside come from: variables, commands, and a person at a terminal.

use camino::{Utf8Path, Utf8PathBuf};
use std::io::{self, IsTerminal};
use std::process::{Command, Stdio};

/// What `init` may ask for values.
pub trait Outside {
    /// An environment variable, if it is set.
    fn variable(&self, name: &str) -> Option<Vec<u8>>;

    /// What a command prints. An error says how it ended, never what it printed.
    fn output(&self, command: &[String]) -> Result<Vec<u8>, String>;

    /// What a person types, unseen; nothing if nobody sits at a terminal.
    fn ask(&self, prompt: &str) -> io::Result<Option<String>>;
}

/// The real one.
#[derive(Debug)]
pub struct Machine {
    /// Commands run in the folder of stack.toml.
    project: Utf8PathBuf,
}

impl Machine {
    pub fn new(project: &Utf8Path) -> Machine {
        let here = project.as_str().is_empty();
        Machine {
            project: if here { ".".into() } else { project.into() },
        }
    }
}

impl Outside for Machine {
    fn variable(&self, name: &str) -> Option<Vec<u8>> {
        use std::os::unix::ffi::OsStringExt;
        std::env::var_os(name).map(OsStringExt::into_vec)
    }

    fn output(&self, command: &[String]) -> Result<Vec<u8>, String> {
        let (program, arguments) = command.split_first().ok_or("there is no command")?;
        let output = Command::new(program)
            .args(arguments)
            .current_dir(&self.project)
            .stdin(Stdio::inherit())
            .stderr(Stdio::inherit())
            .output()
            .map_err(|error| format!("{program} cannot be run: {error}"))?;
        if output.status.success() {
            Ok(output.stdout)
        } else {
            Err(format!("{program} ended with {}", output.status))
        }
    }

    fn ask(&self, prompt: &str) -> io::Result<Option<String>> {
        if !io::stdin().is_terminal() {
            return Ok(None);
        }
        rpassword::prompt_password(prompt).map(Some)
    }
}
