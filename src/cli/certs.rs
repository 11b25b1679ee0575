//! `stackgen certs`: a private CA and the certificates of an environment.

use super::environments::{Environments, Place};
use super::input::Input;
use super::table::table;
use super::{Broken, Common, Outcome, exit};
use crate::diagnostic::list;
use crate::secrets::certificates::{self, Issued, State, Status, Why};
use std::process::ExitCode;

/// What a running stack does not notice by itself.
const REPLACED: &str = "note: Prometheus and Alertmanager show the new ones at once. Others read them when they start:\n\
    `docker compose restart gateway grafana alloy-local`; agents need their folders again, and a restart.\n";

/// Make and check the certificates of an environment.
///
/// Every service and every agent shows one, signed by a CA of the stack's own whose key never
/// leaves secrets/<environment>/ca; or files of yours, with [tls] mode = "files".
#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Make the CA and every certificate that is missing, due, or has other names than it should.
    ///
    /// With [tls] mode = "files", check your files and give them to the services. Running it again
    /// changes nothing, until a certificate is due.
    #[command(after_help = "Examples:\n  stackgen certs init\n  stackgen certs init --all-envs")]
    Init(Environments),
    /// List certificates and how long they are good. Exit 1 if something is to be done.
    #[command(
        after_help = "Examples:\n  stackgen certs status\n  stackgen certs status --env staging"
    )]
    Status(Environments),
}

pub fn run(common: &Common, options: &Options) -> Outcome {
    let input = match Input::read(common)? {
        Ok(input) => input,
        Err(code) => return Ok(code),
    };
    let (Action::Init(chosen) | Action::Status(chosen)) = &options.action;
    let root = input.project.root();
    let mut sound = true;
    for stack in input.chosen(&chosen.env, chosen.all_envs)? {
        let place = Place::of(stack, root);
        sound &= match &options.action {
            Action::Init(_) => init(common, &input, &place)?,
            Action::Status(_) => status(&place)?,
        };
    }
    Ok(if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(exit::FAILED)
    })
}

/// Whether every certificate is in its place.
fn init(common: &Common, input: &Input, place: &Place<'_>) -> Result<bool, Broken> {
    let done = certificates::init(place.stack, &place.topology, &input.project, &place.vault)
        .map_err(|error| place.broken(error))?;
    let mut text = String::new();
    if !common.quiet {
        text.push_str(&summary(common, place, &done));
    }
    for doubt in &done.doubts {
        text.push_str(&format!("warning: {doubt}\n"));
    }
    for fault in &done.faults {
        text.push_str(&format!("error: {fault}\n"));
    }
    crate::io::say_error(&text);
    Ok(done.faults.is_empty())
}

fn summary(common: &Common, place: &Place<'_>, done: &Issued) -> String {
    let environment = &place.stack.environment;
    let folder = &place.folder;
    let changes = &done.changes;
    let mut text = String::new();
    if done.authority {
        text.push_str(&format!("{environment}: {folder}/ca, a new CA\n"));
    }
    if changes.written.is_empty() && changes.removed.is_empty() {
        text.push_str(&format!("{environment}: {folder}, unchanged\n"));
    } else {
        text.push_str(&format!(
            "{environment}: {folder}, {} certificates signed, {} kept, {} files of readers written, {} removed\n",
            done.signed.len(),
            done.kept.len(),
            changes.written.len(),
            changes.removed.len()
        ));
    }
    if done.signed.iter().any(|(_, why)| *why != Why::Missing) {
        text.push_str(REPLACED);
    }
    for (path, mode) in &changes.modes {
        let path = folder.join(path);
        text.push_str(&format!("{path} had mode {mode:04o}: set right\n"));
    }
    if common.verbose {
        for (owner, why) in &done.signed {
            text.push_str(&format!("signed {owner}: {}\n", why.text()));
        }
    }
    text
}

fn status(place: &Place<'_>) -> Result<bool, Broken> {
    let status = certificates::status(place.stack, &place.topology, &place.vault)
        .map_err(|error| place.broken(error))?;
    crate::io::say(&render(place, &status))?;
    Ok(status.is_sound())
}

fn render(place: &Place<'_>, status: &Status) -> String {
    let heading = ["OWNER", "NAMES", "NOT AFTER", "DAYS LEFT", "STATE"].map(str::to_owned);
    let mut rows = vec![heading.to_vec()];
    for row in &status.rows {
        let dash = || "-".to_owned();
        rows.push(vec![
            row.owner.clone(),
            if row.names.is_empty() {
                dash()
            } else {
                row.names.clone()
            },
            row.not_after
                .map_or_else(dash, |time| time.strftime("%Y-%m-%d").to_string()),
            row.days_left.map_or_else(dash, |days| days.to_string()),
            match row.state {
                State::Valid => "valid".to_owned(),
                State::Soon => "expires soon".to_owned(),
                State::Expired => "expired".to_owned(),
                State::Missing => "missing".to_owned(),
                State::Unfit(reason) => reason.to_owned(),
            },
        ]);
    }
    let mut text = format!("{}: {}\n", place.stack.environment, place.folder);
    text.push_str(&table(&rows));
    if !status.behind.is_empty() {
        let files = list(status.behind.iter().map(String::as_str));
        text.push_str(&format!("missing or of another CA: {files}\n"));
    }
    if !status.is_sound() {
        text.push_str("`stackgen certs init` sets right what it can.\n");
    }
    text
}
