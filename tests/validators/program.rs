//! Running the programs that judge, without a shell and without this process' environment.

use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// What a program said.
pub struct Answer {
    pub accepted: bool,
    pub stdout: String,
    pub stderr: String,
}

impl Answer {
    /// All that it printed, on one line each, without what is empty.
    pub fn text(&self) -> String {
        let lines = self.stdout.lines().chain(self.stderr.lines());
        let lines: Vec<&str> = lines
            .map(str::trim)
            .filter(|line| !line.is_empty())
            .collect();
        lines.join("\n")
    }

    /// The lines that warn.
    pub fn warnings(&self) -> Vec<&str> {
        self.stdout
            .lines()
            .chain(self.stderr.lines())
            .filter(|line| line.to_ascii_lowercase().contains("level=warn"))
            .collect()
    }
}

/// The path of a program or file that tests/tools/install.sh made.
pub fn installed(name: &str) -> PathBuf {
    let path = Path::new(env!("CARGO_MANIFEST_DIR"))
        .join("tests/tools/bin")
        .join(name);
    assert!(
        path.exists(),
        "{name} is missing: run tests/tools/install.sh"
    );
    path
}

pub fn command(name: &str, folder: &Path) -> Command {
    let mut command = Command::new(installed(name));
    command
        .current_dir(folder)
        .env_clear()
        .env(
            "PATH",
            "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
        )
        .env("HOME", "/nonexistent")
        .stdin(Stdio::null());
    command
}

pub fn run(command: &mut Command) -> Answer {
    let output = command
        .output()
        .unwrap_or_else(|error| panic!("{}: {error}", command.get_program().display()));
    Answer {
        accepted: output.status.success(),
        stdout: String::from_utf8_lossy(&output.stdout).into_owned(),
        stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
    }
}
