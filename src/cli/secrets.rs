//! `stackgen secrets`: make, give and check the secrets of an environment.

use super::environments::{Environments, Place};
use super::input::Input;
use super::table::table;
use super::{Broken, Common, Outcome, exit};
use crate::diagnostic::list;
use crate::io::{Machine, Outside};
use crate::secrets::{self, Changes, Initialized, State, Status};
use std::process::ExitCode;

/// Make, give and check the secrets of an environment.
///
/// They live in secrets/<environment>/, which no one but you may enter. Each service has a folder
/// in it, with what it needs: that folder alone is mounted into its container.
#[derive(Debug, clap::Args)]
pub struct Options {
    #[command(subcommand)]
    action: Action,
}

#[derive(Debug, clap::Subcommand)]
enum Action {
    /// Make what is missing, ask for what only you have, give everything to its readers.
    ///
    /// Passwords, tokens and keys are made at random; webhooks are asked for, or taken from where
    /// [secrets] says. Running it again changes nothing.
    #[command(
        after_help = "Examples:\n  stackgen secrets init\n  stackgen secrets init --all-envs"
    )]
    Init(Environments),
    /// Give or replace one value, and give it to its readers.
    #[command(
        after_help = "Examples:\n  stackgen secrets set slack-webhook                  asks for it, unseen\n  pass show slack | stackgen secrets set slack-webhook -"
    )]
    Set {
        /// Its name, as `stackgen secrets status` lists it.
        name: String,
        /// `-` reads it from standard input.
        #[arg(value_name = "-", allow_hyphen_values = true)]
        from: Option<String>,
        #[command(flatten)]
        environments: Environments,
    },
    /// List what there is, what is missing, what is unsafe. Exit 1 if something is to be done.
    #[command(
        after_help = "Examples:\n  stackgen secrets status\n  stackgen secrets status slack-webhook --env staging"
    )]
    Status {
        /// Only this one.
        name: Option<String>,
        #[command(flatten)]
        environments: Environments,
    },
}

pub fn run(common: &Common, options: &Options) -> Outcome {
    let input = match Input::read(common)? {
        Ok(input) => input,
        Err(code) => return Ok(code),
    };
    let chosen = match &options.action {
        Action::Init(environments)
        | Action::Set { environments, .. }
        | Action::Status { environments, .. } => environments,
    };
    let stacks = input.chosen(&chosen.env, chosen.all_envs)?;
    let root = input.project.root();
    let places: Vec<Place<'_>> = stacks.iter().map(|stack| Place::of(stack, root)).collect();
    let machine = Machine::new(root);
    let sound = match &options.action {
        Action::Init(_) => {
            let mut complete = true;
            for place in &places {
                complete &= init(common, chosen, place, &machine)?;
            }
            complete
        }
        Action::Set { name, from, .. } => {
            let holders = holders(places, name, chosen.all_envs);
            set(common, &holders, &machine, name, from.as_deref())?
        }
        Action::Status { name, .. } => status(&places, name.as_deref())?,
    };
    Ok(if sound {
        ExitCode::SUCCESS
    } else {
        ExitCode::from(exit::FAILED)
    })
}

/// Whether nothing is missing.
fn init(
    common: &Common,
    chosen: &Environments,
    place: &Place<'_>,
    machine: &Machine,
) -> Result<bool, Broken> {
    let done = secrets::init(place.stack, &place.topology, &place.vault, machine)
        .map_err(|error| place.broken(error))?;
    let mut text = String::new();
    if !common.quiet {
        text.push_str(&summary(place, &done));
        text.push_str(&modes(place, &done.changes));
        if common.verbose {
            text.push_str(&details(place, &done));
        }
    }
    for (name, doubt) in &done.doubts {
        text.push_str(&format!("warning: {name} {doubt}\n"));
    }
    if !done.missing.is_empty() {
        text.push_str(&format!("error: {} is not complete:\n", place.folder));
        let rows: Vec<Vec<String>> = done
            .missing
            .iter()
            .map(|missing| {
                let remedy = if missing.settable {
                    let words = format!("secrets set {}", missing.name);
                    chosen.command(common, &words, place.stack)
                } else {
                    "see [secrets]".to_owned()
                };
                let purpose = match &missing.reason {
                    Some(reason) => format!("{}: {reason}", missing.purpose),
                    None => missing.purpose.clone(),
                };
                vec![format!("  {}", missing.name), purpose, remedy]
            })
            .collect();
        text.push_str(&table(&rows));
    }
    crate::io::say_error(&text);
    Ok(done.missing.is_empty())
}

fn summary(place: &Place<'_>, done: &Initialized) -> String {
    let changes = &done.changes;
    let quiet = done.made.is_empty()
        && done.taken.is_empty()
        && changes.written.is_empty()
        && changes.removed.is_empty();
    let what = if quiet {
        "unchanged".to_owned()
    } else {
        format!(
            "{} values made, {} taken, {} files of readers written, {} removed",
            done.made.len(),
            done.taken.len(),
            changes.written.len(),
            changes.removed.len()
        )
    };
    format!("{}: {}, {what}\n", place.stack.environment, place.folder)
}

fn modes(place: &Place<'_>, changes: &Changes) -> String {
    let lines = changes.modes.iter().map(|(path, mode)| {
        let path = place.folder.join(path);
        format!("{path} had mode {mode:04o}: set right\n")
    });
    lines.collect()
}

fn details(place: &Place<'_>, done: &Initialized) -> String {
    let made = done.made.iter().map(|name| format!("made {name}\n"));
    let taken = done.taken.iter().map(|name| format!("took {name}\n"));
    let changes = &done.changes;
    let written = changes.written.iter();
    let written = written.map(|path| format!("wrote {}\n", place.folder.join(path)));
    let removed = changes.removed.iter();
    let removed = removed.map(|path| format!("removed {}\n", place.folder.join(path)));
    made.chain(taken).chain(written).chain(removed).collect()
}

/// The environments to set a value in: of all, those that know the name, if any does.
fn holders<'a>(places: Vec<Place<'a>>, name: &str, all: bool) -> Vec<Place<'a>> {
    let knows = |place: &Place<'_>| secrets::find(place.stack, &place.topology, name).is_ok();
    if !all || !places.iter().any(knows) {
        return places;
    }
    places.into_iter().filter(knows).collect()
}

fn set(
    common: &Common,
    places: &[Place<'_>],
    machine: &Machine,
    name: &str,
    from: Option<&str>,
) -> Result<bool, Broken> {
    if from.is_some_and(|from| from != "-") {
        return Err(Broken::Message(
            "a value on the command line can be read by others: leave it out to be asked, or pipe it in".to_owned(),
        ));
    }
    // A typing error is told before anybody types a value.
    for place in places {
        secrets::find(place.stack, &place.topology, name).map_err(|error| place.broken(error))?;
    }
    let typed = match from {
        Some(_) => None,
        None => machine.ask(&format!("{name}: "))?,
    };
    let value = match typed {
        Some(typed) => typed,
        None => crate::io::read_text("-".into())?,
    };
    for place in places {
        let done = secrets::set(
            place.stack,
            &place.topology,
            &place.vault,
            name,
            value.as_bytes(),
        )
        .map_err(|error| place.broken(error))?;
        let mut text = String::new();
        if let Some(doubt) = done.doubt {
            text.push_str(&format!("warning: {name} {doubt}\n"));
        }
        if !common.quiet {
            let what = if done.changed { "set" } else { "unchanged" };
            let environment = &place.stack.environment;
            text.push_str(&format!("{environment}: {name} {what}\n"));
            text.push_str(&modes(place, &done.changes));
            if let Some(note) = done.note {
                text.push_str(&format!("note: {note}\n"));
            }
        }
        crate::io::say_error(&text);
    }
    Ok(true)
}

/// Whether everything is there and safe.
fn status(places: &[Place<'_>], name: Option<&str>) -> Result<bool, Broken> {
    let mut sound = true;
    for place in places {
        if let Some(name) = name {
            secrets::find(place.stack, &place.topology, name)
                .map_err(|error| place.broken(error))?;
        }
        let mut status =
            secrets::status(&place.topology, &place.vault).map_err(|error| place.broken(error))?;
        if let Some(name) = name {
            status.rows.retain(|row| row.name == name);
            status.problems.clear();
        }
        sound &= status.is_sound();
        crate::io::say(&render(place, &status))?;
    }
    Ok(sound)
}

fn render(place: &Place<'_>, status: &Status) -> String {
    let heading = ["NAME", "FOR", "STATE", "READERS"].map(str::to_owned);
    let mut rows = vec![heading.to_vec()];
    for row in &status.rows {
        let state = match &row.state {
            State::Present => "present".to_owned(),
            State::Missing => "missing".to_owned(),
            State::Unsafe(faults) => format!("unsafe: {}", faults.join("; ")),
        };
        let readers = match (&row.state, row.behind.is_empty()) {
            (State::Missing, _) => "-".to_owned(),
            (_, true) => "in step".to_owned(),
            (_, false) => format!("behind: {}", list(row.behind.iter().map(String::as_str))),
        };
        rows.push(vec![row.name.clone(), row.purpose.clone(), state, readers]);
    }
    let mut text = format!("{}: {}\n", place.stack.environment, place.folder);
    text.push_str(&table(&rows));
    for problem in &status.problems {
        text.push_str(&format!("unsafe: {problem}\n"));
    }
    if !status.is_sound() {
        text.push_str("`stackgen secrets init` sets right what it can.\n");
    }
    text
}
