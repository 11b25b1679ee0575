//! What `init` writes: a commented `stack.toml`, filled from a hand-kept `.env` if there is one,
//! and the snippets beside it. Texts only; `cli/init` puts them on disk.

mod adopt;
pub mod dotenv;
mod kafka;
mod template;

pub use adopt::{Adopted, GivenSecret, Unusable};
pub use template::stack_toml;

use crate::component::Fault;
use crate::io::Memory;
use crate::source::SourceFile;
use crate::stack::validate::validate;
use crate::topology::Topology;
use dotenv::DotEnv;

/// Patterns that keep secrets out of a repository, with the reasons.
const GITIGNORE: &str = include_str!("templates/gitignore");
const PRE_COMMIT: &str = include_str!("templates/pre-commit.yaml");
const GITLAB_CI: &str = include_str!("templates/gitlab-ci.yml");

/// Names of the files beside stack.toml. Those of CI have names that no project uses for its own.
pub const GITIGNORE_FILE: &str = ".gitignore";
pub const PRE_COMMIT_FILE: &str = "ci/stackgen.pre-commit.yaml";
pub const GITLAB_CI_FILE: &str = "ci/stackgen.gitlab-ci.yml";

/// What a stack.toml says of one user's stack; what is missing stays an example or a default.
#[derive(Debug, Default)]
pub struct Answers {
    pub environment: Option<String>,
    pub domain: Option<String>,
    pub prometheus_username: Option<String>,
    pub prometheus_port: Option<u16>,
    pub alertmanager_username: Option<String>,
    pub grafana_admin_user: Option<String>,
    pub channel: Option<String>,
    pub kafka_channel: Option<String>,
    pub nodes: Vec<Node>,
}

/// A Kafka node of the cluster `main`.
#[derive(Debug, PartialEq, Eq)]
pub struct Node {
    pub name: String,
    /// Name of the host whose agent scrapes it.
    pub host: String,
    /// As that agent reaches it.
    pub jmx: String,
}

/// Everything that `init` writes.
pub struct Scaffold {
    pub stack_toml: String,
    /// Of the environment that a build without --env writes.
    pub environment: String,
    /// Its secrets folder, relative to stack.toml.
    pub secrets_folder: String,
    pub adopted: Adopted,
}

/// Why there is nothing to write.
pub enum Refusal {
    /// Values of the `.env` that cannot be used.
    Unusable(Vec<Unusable>),
    Fault(Fault),
}

/// A new stack, filled from a `.env` if there is one.
pub fn scaffold(env: Option<&DotEnv>) -> Result<Scaffold, Refusal> {
    let mut adopted = env.map(adopt::adopt).unwrap_or_default();
    let stack_toml = stack_toml(&adopted.answers).map_err(|error| fault(error.to_string()))?;
    let source = SourceFile::new("stack.toml", stack_toml);
    // The files beside it are of another day: a build checks them.
    let validated = validate(&source, &Memory::default());
    if let Some(finding) = adopted.blame(&source, &validated.findings) {
        return Err(fault(format!("{}: {}", finding.lint, finding.label)));
    }
    let stack = validated.stacks.get(&validated.default_environment);
    if let Some(stack) = stack {
        adopted.give(&Topology::of(stack));
    }
    let mut unusable = std::mem::take(&mut adopted.unusable);
    if !unusable.is_empty() {
        unusable.sort_by_key(|unusable| unusable.line);
        unusable.dedup();
        return Err(Refusal::Unusable(unusable));
    }
    let Some(stack) = stack else {
        return Err(fault("there is no environment".to_owned()));
    };
    Ok(Scaffold {
        secrets_folder: stack.secrets_path(),
        environment: validated.default_environment,
        stack_toml: source.text,
        adopted,
    })
}

/// The snippets: what they are called, and what they say.
pub fn snippets() -> [(&'static str, &'static str); 2] {
    [(PRE_COMMIT_FILE, PRE_COMMIT), (GITLAB_CI_FILE, GITLAB_CI)]
}

/// A new `.gitignore`, or the present one with the patterns that it lacks.
pub fn gitignore(present: Option<&str>) -> String {
    let Some(present) = present else {
        return GITIGNORE.to_owned();
    };
    let bare = |line: &str| line.trim().trim_matches('/').to_owned();
    let missing: Vec<&str> = GITIGNORE
        .lines()
        .filter(|line| !line.is_empty() && !line.starts_with('#'))
        .filter(|pattern| !present.lines().any(|line| bare(line) == bare(pattern)))
        .collect();
    if missing.is_empty() {
        return present.to_owned();
    }
    let newline = if present.is_empty() || present.ends_with('\n') {
        ""
    } else {
        "\n"
    };
    let missing = missing.join("\n");
    format!("{present}{newline}\n# Secrets of the monitoring stack.\n{missing}\n")
}

fn fault(message: String) -> Refusal {
    Refusal::Fault(Fault {
        component: "scaffold",
        message,
    })
}

#[cfg(test)]
mod tests;
