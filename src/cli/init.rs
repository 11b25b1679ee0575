//! `stackgen init`: a first stack.toml, and what belongs beside it.

use super::{Broken, Common, Outcome, exit};
use crate::io::{Access, create, exists, read_text, say, say_error};
use crate::scaffold::{self, Refusal, Scaffold, dotenv};
use camino::{Utf8Path, Utf8PathBuf};
use std::process::ExitCode;

/// Write a commented stack.toml, a .gitignore, and snippets for pre-commit and GitLab CI.
///
/// From a hand-kept .env it fills in names, hosts and channels; passwords and webhooks become
/// files of the secrets folder.
#[derive(Debug, clap::Args)]
#[command(
    after_help = "Examples:\n  stackgen init                           in the working folder\n  stackgen init monitoring                in a folder of its own\n  stackgen init --from-env .env           filled from the variables of a hand-kept stack"
)]
pub struct Options {
    /// Folder of the new stack; it need not exist.
    #[arg(default_value = ".", value_hint = clap::ValueHint::DirPath)]
    dir: Utf8PathBuf,
    /// A .env file to fill stack.toml and the secret files from; `-` is standard input.
    #[arg(long, value_name = "FILE", value_hint = clap::ValueHint::FilePath)]
    from_env: Option<Utf8PathBuf>,
    /// Overwrite files that are there. A .gitignore keeps its lines.
    #[arg(long)]
    force: bool,
}

/// What every command reads unless it is told otherwise.
const STACK_FILE: &str = "stack.toml";

/// A file to write.
struct NewFile {
    /// Relative to the stack's folder.
    path: String,
    text: String,
    access: Access,
}

pub fn run(common: &Common, options: &Options) -> Outcome {
    if common.config != STACK_FILE {
        let message = "init always writes stack.toml: name its folder, `stackgen init DIR`, instead of --config";
        return Err(Broken::Message(message.to_owned()));
    }
    let folder = options.dir.strip_prefix(".").unwrap_or(&options.dir);
    let env = match &options.from_env {
        None => None,
        Some(path) => {
            let text = read_text(path).map_err(|error| Broken::file(path, error))?;
            match dotenv::parse(&text) {
                Ok(env) => Some(env),
                Err(bad) => return Ok(refuse_lines(path, &bad)),
            }
        }
    };
    let scaffold = match (scaffold::scaffold(env.as_ref()), &options.from_env) {
        (Ok(scaffold), _) => scaffold,
        (Err(Refusal::Unusable(unusable)), Some(path)) => return Ok(refuse(path, &unusable)),
        (Err(Refusal::Unusable(_)), None) => return Ok(ExitCode::from(exit::FAILED)),
        (Err(Refusal::Fault(fault)), _) => return Err(fault.into()),
    };
    let gitignore = folder.join(scaffold::GITIGNORE_FILE);
    let present = if options.force && exists(&gitignore).map_err(|e| Broken::file(&gitignore, e))? {
        let text = read_text(&gitignore).map_err(|error| Broken::file(&gitignore, error))?;
        Some(text)
    } else {
        None
    };
    let files = files(&scaffold, present.as_deref());
    if !options.force {
        let taken = taken(folder, &files)?;
        if !taken.is_empty() {
            return Err(Broken::Message(in_the_way(&taken)));
        }
    }
    for file in &files {
        let path = folder.join(&file.path);
        create(&path, file.text.as_bytes(), file.access, options.force)
            .map_err(|error| Broken::file(&path, error))?;
    }
    if let Some(path) = &options.from_env {
        say_error(&remarks(path, &scaffold));
    }
    if !common.quiet {
        let written = files.iter().map(|file| folder.join(&file.path));
        say(&closing(options, folder, &scaffold, written))?;
    }
    Ok(ExitCode::SUCCESS)
}

fn files(scaffold: &Scaffold, gitignore: Option<&str>) -> Vec<NewFile> {
    let open = |path: &str, text: String| NewFile {
        path: path.to_owned(),
        text,
        access: Access::Everybody,
    };
    // What keeps secrets out of a repository comes before the secrets.
    let mut files = vec![open(
        scaffold::GITIGNORE_FILE,
        scaffold::gitignore(gitignore),
    )];
    files.extend(scaffold.adopted.secrets.iter().map(|secret| NewFile {
        path: format!("{}/{}", scaffold.secrets_folder, secret.name),
        text: secret.value.clone(),
        access: Access::Owner,
    }));
    files.extend(scaffold::snippets().map(|(path, text)| open(path, text.to_owned())));
    files.push(open(STACK_FILE, scaffold.stack_toml.clone()));
    files
}

/// Files that are there already.
fn taken(folder: &Utf8Path, files: &[NewFile]) -> Result<Vec<Utf8PathBuf>, Broken> {
    let mut taken = Vec::new();
    for file in files {
        let path = folder.join(&file.path);
        if exists(&path).map_err(|error| Broken::file(&path, error))? {
            taken.push(path);
        }
    }
    taken.sort();
    Ok(taken)
}

fn in_the_way(taken: &[Utf8PathBuf]) -> String {
    let mut text = "nothing is written, as these files are there already:\n".to_owned();
    for path in taken {
        text.push_str(&format!("  {path}\n"));
    }
    text.push_str(
        "Move them away, or overwrite them with --force; a .gitignore then keeps its lines",
    );
    text
}

fn refuse_lines(path: &Utf8Path, bad: &[dotenv::BadLine]) -> ExitCode {
    let lines = bad
        .iter()
        .map(|bad| format!("{path}:{}: {}\n", bad.line, bad.reason));
    refused(lines.collect())
}

fn refuse(path: &Utf8Path, unusable: &[scaffold::Unusable]) -> ExitCode {
    let lines = unusable.iter().map(|it| {
        let (line, variable, reason) = (it.line, &it.variable, &it.reason);
        format!("{path}:{line}: {variable} cannot be used: {reason}\n")
    });
    refused(lines.collect())
}

fn refused(lines: Vec<String>) -> ExitCode {
    let lines: String = lines.iter().map(|line| format!("error: {line}")).collect();
    say_error(&format!("{lines}Nothing is written.\n"));
    ExitCode::from(exit::FAILED)
}

/// What the owner of a `.env` should know.
fn remarks(path: &Utf8Path, scaffold: &Scaffold) -> String {
    let adopted = &scaffold.adopted;
    let mut text: String = adopted
        .notes
        .iter()
        .map(|note| format!("{path}: {note}\n"))
        .collect();
    if !adopted.left_out.is_empty() {
        let names = adopted.left_out.join(", ");
        text.push_str(&format!("{path}: left out: {names}\n"));
    }
    text
}

/// What is there now, and what comes next.
fn closing(
    options: &Options,
    folder: &Utf8Path,
    scaffold: &Scaffold,
    written: impl Iterator<Item = Utf8PathBuf>,
) -> String {
    let mut text: String = written.map(|path| format!("wrote {path}\n")).collect();
    let compose = format!(
        "docker compose -f dist/{}/docker-compose.yml up -d",
        scaffold.environment
    );
    let enter = format!("cd {folder}");
    let steps = [
        (enter.as_str(), ""),
        (
            "$EDITOR stack.toml",
            "say who hears what, add hosts and targets",
        ),
        (
            "stackgen secrets init",
            "make passwords, ask for Slack webhooks",
        ),
        ("stackgen certs init", "make a private CA and certificates"),
        ("stackgen build", "write dist/; commit it"),
        (&compose, ""),
    ];
    let here = folder.as_str().is_empty();
    text.push_str("\nNext:\n");
    for (command, why) in steps.into_iter().skip(usize::from(here)) {
        text.push_str(format!("  {command:<38}  {why}").trim_end());
        text.push('\n');
    }
    text.push_str(&format!(
        "\nIn CI: `include: [{{ local: {} }}]` in .gitlab-ci.yml.\nBefore each commit: `pre-commit install --config {}`.\n",
        scaffold::GITLAB_CI_FILE,
        scaffold::PRE_COMMIT_FILE
    ));
    if let Some(path) = options.from_env.as_ref().filter(|path| *path != "-") {
        text.push_str(&format!(
            "\n{path} still holds its secrets for all to read: remove it once the new stack runs.\n"
        ));
    }
    text
}
