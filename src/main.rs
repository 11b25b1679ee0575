//! Arguments → library → exit code.

use std::process::ExitCode;

fn main() -> ExitCode {
    stackgen::cli::run(std::env::args_os())
}
