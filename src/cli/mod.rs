//! The command line: one file a command.

mod build;
mod certs;
mod completions;
mod environments;
mod init;
mod input;
mod schema;
mod secrets;
mod table;

use camino::Utf8PathBuf;
use clap::{Args, Parser, Subcommand, ValueEnum};
use std::process::ExitCode;

/// Exit codes of every command.
pub mod exit {
    /// What the command says no to: errors in the input, a tree that differs.
    pub const FAILED: u8 = 1;
    /// Usage, or files that cannot be read or written.
    pub const BROKEN: u8 = 2;
}

/// Compiles and lints a monitoring stack.
#[derive(Debug, Parser)]
#[command(
    name = "stackgen",
    version,
    about = "Compiles one stack.toml into a whole monitoring stack: Prometheus, rules, Alertmanager, Loki, Grafana, Alloy, Docker Compose.",
    after_help = "Start here:\n  stackgen init                 write a commented stack.toml\n  stackgen secrets init         make passwords, ask for Slack webhooks\n  stackgen certs init           make a private CA and certificates\n  stackgen build                write dist/<environment>/\n  docker compose -f dist/production/docker-compose.yml up -d"
)]
pub struct Cli {
    #[command(flatten)]
    common: Common,
    #[command(subcommand)]
    command: Command,
}

/// Options of every command.
#[derive(Debug, Clone, Args)]
pub struct Common {
    /// The stack's file.
    #[arg(long, global = true, default_value = "stack.toml", value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    pub config: Utf8PathBuf,
    /// Colours of messages.
    #[arg(long, global = true, default_value = "auto", value_name = "WHEN")]
    pub color: Color,
    /// Say only what is wrong.
    #[arg(short, long, global = true, conflicts_with = "verbose")]
    pub quiet: bool,
    /// Say more.
    #[arg(short, long, global = true)]
    pub verbose: bool,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, ValueEnum)]
pub enum Color {
    Auto,
    Always,
    Never,
}

#[derive(Debug, Subcommand)]
enum Command {
    Init(init::Options),
    Build(build::Options),
    Secrets(secrets::Options),
    Certs(certs::Options),
    Schema(schema::Options),
    Completions(completions::Options),
}

/// Runs a command and says how it went.
pub fn run(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            // Help and version are answers, not errors.
            let code = if error.use_stderr() { exit::BROKEN } else { 0 };
            return match error.print() {
                Ok(()) => ExitCode::from(code),
                Err(_) => ExitCode::from(exit::BROKEN),
            };
        }
    };
    let outcome = match cli.command {
        Command::Init(options) => init::run(&cli.common, &options),
        Command::Build(options) => build::run(&cli.common, &options),
        Command::Secrets(options) => secrets::run(&cli.common, &options),
        Command::Certs(options) => certs::run(&cli.common, &options),
        Command::Schema(options) => schema::run(&options),
        Command::Completions(options) => completions::run(&options),
    };
    match outcome {
        Ok(code) => code,
        Err(error) => {
            crate::io::say_error(&format!("error: {error}\n"));
            ExitCode::from(exit::BROKEN)
        }
    }
}

/// Why a command could not do its work: usage or I/O, exit 2.
#[derive(Debug, thiserror::Error)]
pub enum Broken {
    #[error("{path}: {error}")]
    File { path: String, error: std::io::Error },
    #[error("{0}")]
    Message(String),
    #[error(transparent)]
    Fault(#[from] crate::component::Fault),
    #[error("standard output: {0}")]
    Output(#[from] std::io::Error),
}

impl Broken {
    fn file(path: impl ToString, error: std::io::Error) -> Self {
        Broken::File {
            path: path.to_string(),
            error,
        }
    }
}

type Outcome = Result<ExitCode, Broken>;
