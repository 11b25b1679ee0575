//! `stackgen schema`: the JSON Schema of stack.toml, for editors.

use super::Outcome;
use crate::config::schema::editor_schema;
use std::process::ExitCode;

/// Write the JSON Schema of stack.toml to standard output.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Example:\n  stackgen schema > stack.schema.json\nand at the top of stack.toml, for editors:\n  #:schema ./stack.schema.json"
)]
pub struct Options {}

pub fn run(_options: &Options) -> Outcome {
    let mut text = serde_json::to_string_pretty(&editor_schema())
        .map_err(|error| super::Broken::Message(error.to_string()))?;
    text.push('\n');
    crate::io::say(&text)?;
    Ok(ExitCode::SUCCESS)
}
