//! `stackgen init`: a first stack.toml, and what belongs beside it.

use super::{Broken, Common, Outcome, exit};
use crate::io::{DiskVault, create, exists, read_text, say, say_error};
use crate::scaffold::{self, Refusal, Scaffold, dotenv};
use crate::secrets;
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

/// The texts that are written, by path.
type Texts = Vec<(Utf8PathBuf, String)>;

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
    let texts = texts(folder, &scaffold, present.as_deref());
    let secrets = folder.join(&scaffold.secrets_folder);
    let values = &scaffold.adopted.secrets;
    let files: Vec<Utf8PathBuf> = texts
        .iter()
        .map(|(path, _)| path.clone())
        .chain(values.iter().map(|value| secrets.join(value.name)))
        .collect();
    if !options.force {
        let taken = taken(&files)?;
        if !taken.is_empty() {
            return Err(Broken::Message(in_the_way(&taken)));
        }
    }
    for (path, text) in &texts {
        create(path, text.as_bytes(), options.force).map_err(|error| Broken::file(path, error))?;
    }
    if !values.is_empty() {
        let values = values.iter().map(|value| (value.name, &value.secret));
        secrets::keep(&DiskVault::new(&secrets), values).map_err(|error| match error {
            secrets::Error::File { path, source } => Broken::file(secrets.join(path), source),
            other => Broken::Message(format!("{secrets}: {other}")),
        })?;
    }
    if let Some(path) = &options.from_env {
        say_error(&remarks(path, &scaffold));
    }
    if !common.quiet {
        say(&closing(options, folder, &scaffold, &files))?;
    }
    Ok(ExitCode::SUCCESS)
}

/// What keeps secrets out of a repository comes first.
fn texts(folder: &Utf8Path, scaffold: &Scaffold, gitignore: Option<&str>) -> Texts {
    let mut texts = vec![
        (scaffold::GITIGNORE_FILE, scaffold::gitignore(gitignore)),
        (STACK_FILE, scaffold.stack_toml.clone()),
    ];
    texts.extend(scaffold::snippets().map(|(path, text)| (path, text.to_owned())));
    texts
        .into_iter()
        .map(|(path, text)| (folder.join(path), text))
        .collect()
}

/// Files that are there already.
fn taken(files: &[Utf8PathBuf]) -> Result<Vec<&Utf8PathBuf>, Broken> {
    let mut taken = Vec::new();
    for path in files {
        if exists(path).map_err(|error| Broken::file(path, error))? {
            taken.push(path);
        }
    }
    Ok(taken)
}

fn in_the_way(taken: &[&Utf8PathBuf]) -> String {
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
    written: &[Utf8PathBuf],
) -> String {
    let mut text: String = written
        .iter()
        .map(|path| format!("wrote {path}\n"))
        .collect();
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::cli::Color;
    use std::collections::BTreeMap;
    use std::os::unix::fs::PermissionsExt;

    const ENV: &str = "ENV=staging\nSLACK_CHANNEL=#a\nPROM_PASSWORD=correct-horse\n";

    /// A folder of the test's own with a `.env` in it.
    fn folder() -> (tempfile::TempDir, Utf8PathBuf) {
        let folder = tempfile::tempdir().unwrap();
        let path = Utf8Path::from_path(folder.path()).unwrap().to_owned();
        create(&path.join(".env"), ENV.as_bytes(), false).unwrap();
        (folder, path)
    }

    fn init(folder: &Utf8Path, force: bool) -> Result<ExitCode, String> {
        let common = Common {
            config: STACK_FILE.into(),
            color: Color::Never,
            quiet: true,
            verbose: false,
        };
        let options = Options {
            dir: folder.join("new"),
            from_env: Some(folder.join(".env")),
            force,
        };
        run(&common, &options).map_err(|broken| broken.to_string())
    }

    /// Every file below a folder, with its mode.
    fn files(folder: &Utf8Path) -> BTreeMap<String, u32> {
        walkdir::WalkDir::new(folder)
            .into_iter()
            .map(|entry| entry.unwrap())
            .filter(|entry| entry.file_type().is_file())
            .map(|entry| {
                let path = entry.path().strip_prefix(folder).unwrap();
                let mode = entry.metadata().unwrap().permissions().mode() & 0o7777;
                (path.to_str().unwrap().to_owned(), mode)
            })
            .collect()
    }

    #[test]
    fn a_new_folder_gets_everything() {
        let (_guard, root) = folder();
        init(&root, false).unwrap();
        let new = root.join("new");
        let files = files(&new);
        let paths: Vec<&str> = files.keys().map(String::as_str).collect();
        let expected = [
            ".gitignore",
            "ci/stackgen.gitlab-ci.yml",
            "ci/stackgen.pre-commit.yaml",
            "secrets/staging/prometheus-password",
            "stack.toml",
        ];
        assert_eq!(paths, expected);
        assert_eq!(files["secrets/staging/prometheus-password"], 0o600);
        let secrets = std::fs::metadata(new.join("secrets/staging")).unwrap();
        assert_eq!(secrets.permissions().mode() & 0o7777, 0o700);
    }

    #[test]
    fn nothing_is_overwritten_unless_asked_for() {
        let (_guard, root) = folder();
        let new = root.join("new");
        create(&new.join(".gitignore"), b"/target\n", false).unwrap();
        let password = new.join("secrets/staging/prometheus-password");
        create(&password, b"old", false).unwrap();
        let before = files(&new);
        let said = init(&root, false).unwrap_err();
        assert!(said.contains(".gitignore\n") && said.contains("prometheus-password\n"));
        assert!(!said.contains("stack.toml"));
        assert_eq!(files(&new), before);

        init(&root, true).unwrap();
        let text = |path: &Utf8Path| String::from_utf8(std::fs::read(path).unwrap()).unwrap();
        assert!(text(&new.join(".gitignore")).starts_with("/target\n"));
        assert_eq!(text(&password), "correct-horse");
        assert_eq!(files(&new)["secrets/staging/prometheus-password"], 0o600);
    }
}
