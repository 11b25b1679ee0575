//! `stackgen build`: validate every environment, then write the trees of those asked for.

use super::input::Input;
use super::{Broken, Common, Outcome, exit};
use crate::artifact::ArtifactSet;
use crate::io::DiskFolder;
use crate::stack::Stack;
use crate::write::{Changes, Manifest, WriteError, compare, write};
use camino::{Utf8Path, Utf8PathBuf};
use similar::TextDiff;
use std::process::ExitCode;

/// Compile stack.toml into dist/<environment>/.
///
/// Every environment is validated; the default one is written, or those named. Unchanged files are
/// not touched, and files that an earlier build wrote and this one does not are removed.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  stackgen build                          the default environment\n  stackgen build --all-envs               all of them\n  stackgen build --env staging --diff     also show what changes\n  stackgen build --all-envs --check       exit 1 if the tree is not up to date; writes nothing"
)]
pub struct Options {
    /// Environment to write; may be given several times.
    #[arg(long, value_name = "NAME")]
    env: Vec<String>,
    /// Write every environment.
    #[arg(long, conflicts_with = "env")]
    all_envs: bool,
    /// Folder of the trees, relative to the working folder.
    #[arg(long, default_value = "dist", value_name = "DIR", value_hint = clap::ValueHint::DirPath)]
    out: Utf8PathBuf,
    /// Write nothing; exit 1 if the tree differs from what would be built.
    #[arg(long)]
    check: bool,
    /// Show what changes, as a unified diff on standard output.
    #[arg(long)]
    diff: bool,
}

pub fn run(common: &Common, options: &Options) -> Outcome {
    let input = match Input::read(common)? {
        Ok(input) => input,
        Err(code) => return Ok(code),
    };
    let stacks = input.chosen(&options.env, options.all_envs)?;
    // All trees are made before the first one is written.
    let mut trees = Vec::new();
    for stack in stacks {
        let artifacts = crate::compile(stack)?;
        let manifest = Manifest::of(&stack.environment, input.hash(stack), &artifacts);
        trees.push((stack, artifacts, manifest));
    }
    let mut differs = false;
    for (stack, artifacts, manifest) in &trees {
        let folder = options.out.join(&stack.environment);
        let changes = if options.check {
            compare(&mut DiskFolder::open(&folder), artifacts, manifest)
        } else {
            let mut locked =
                DiskFolder::lock(&folder).map_err(|error| Broken::file(&folder, error))?;
            write(&mut locked, artifacts, manifest)
        };
        let changes = changes.map_err(|error| broken(&folder, error))?;
        differs |= !changes.is_empty();
        if options.diff {
            crate::io::say(&diff(&folder, artifacts, manifest, &changes))?;
        }
        if !common.quiet {
            crate::io::say_error(&summary(
                common, options, stack, &folder, artifacts, &changes,
            ));
        }
    }
    Ok(if options.check && differs {
        ExitCode::from(exit::FAILED)
    } else {
        ExitCode::SUCCESS
    })
}

fn broken(folder: &Utf8Path, error: WriteError) -> Broken {
    Broken::Message(format!("{folder}/{error}"))
}

fn summary(
    common: &Common,
    options: &Options,
    stack: &Stack,
    folder: &Utf8Path,
    artifacts: &ArtifactSet,
    changes: &Changes,
) -> String {
    let files = artifacts.iter().count() + 1;
    let mut text = String::new();
    if options.check {
        if changes.interrupted {
            text.push_str(&format!(
                "{folder}: a build was interrupted here; run `stackgen build`\n"
            ));
        }
        for (path, present) in &changes.write {
            let what = if present.is_some() {
                "differs"
            } else {
                "is missing"
            };
            text.push_str(&format!("{folder}/{path} {what}\n"));
        }
        for path in &changes.remove {
            text.push_str(&format!("{folder}/{path} is left over\n"));
        }
        if changes.is_empty() {
            text.push_str(&format!("{folder}: up to date, {files} files\n"));
        } else {
            text.push_str("Run `stackgen build` and commit what it writes.\n");
        }
        return text;
    }
    if common.verbose {
        for path in changes.write.keys() {
            text.push_str(&format!("wrote {folder}/{path}\n"));
        }
        for path in &changes.remove {
            text.push_str(&format!("removed {folder}/{path}\n"));
        }
    }
    let done = if changes.is_empty() {
        "unchanged".to_owned()
    } else {
        format!(
            "{} written, {} removed",
            changes.write.len(),
            changes.remove.len()
        )
    };
    text.push_str(&format!(
        "{}: {folder}, {files} files, {done}\n",
        stack.environment
    ));
    text
}

/// A unified diff of all that differs.
fn diff(
    folder: &Utf8Path,
    artifacts: &ArtifactSet,
    manifest: &Manifest,
    changes: &Changes,
) -> String {
    let mut text = String::new();
    for (path, present) in &changes.write {
        let old = present
            .as_deref()
            .map(String::from_utf8_lossy)
            .unwrap_or_default();
        let new = match artifacts.get(path) {
            Some(artifact) => String::from_utf8_lossy(&artifact.bytes).into_owned(),
            None => manifest.to_json(),
        };
        let before = if present.is_some() {
            format!("a/{folder}/{path}")
        } else {
            "/dev/null".to_owned()
        };
        let lines = TextDiff::from_lines(old.as_ref(), new.as_str());
        text.push_str(
            &lines
                .unified_diff()
                .header(&before, &format!("b/{folder}/{path}"))
                .to_string(),
        );
    }
    for path in &changes.remove {
        text.push_str(&format!("--- a/{folder}/{path}\n+++ /dev/null\n"));
    }
    text
}
