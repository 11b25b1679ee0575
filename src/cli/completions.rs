//! `stackgen completions SHELL`.

use super::{Cli, Outcome};
use clap::CommandFactory;
use clap_complete::Shell;
use std::process::ExitCode;

/// Write completions for a shell to standard output.
#[derive(Debug, clap::Args)]
#[command(after_help = "Example:\n  stackgen completions bash > /etc/bash_completion.d/stackgen")]
pub struct Options {
    shell: Shell,
}

pub fn run(options: &Options) -> Outcome {
    let mut text = Vec::new();
    clap_complete::generate(options.shell, &mut Cli::command(), "stackgen", &mut text);
    crate::io::say(&String::from_utf8_lossy(&text))?;
    Ok(ExitCode::SUCCESS)
}
