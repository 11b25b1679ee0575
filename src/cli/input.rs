//! What commands read: the stack's file, its project, and which environments they are about.

use super::{Broken, Common, exit};
use crate::diagnostic::{Severity, list, nearest};
use crate::io::{Disk, Project, Terminal};
use crate::report::{Sources, human};
use crate::source::SourceFile;
use crate::stack::Stack;
use crate::stack::validate::{Validated, validate};
use camino::Utf8PathBuf;
use std::process::ExitCode;

/// A validated input.
pub struct Input {
    pub source: SourceFile,
    /// Folder of stack.toml.
    pub project: Disk,
    pub validated: Validated,
}

impl Input {
    /// Reads and validates the stack's file. What is wrong is shown; errors end the command.
    pub fn read(common: &Common) -> Result<Result<Input, ExitCode>, Broken> {
        let text = crate::io::read_text(&common.config).map_err(|error| {
            if error.kind() == std::io::ErrorKind::NotFound {
                Broken::Message(format!(
                    "there is no {}. Write one with `stackgen init`, or name yours with --config FILE",
                    common.config
                ))
            } else {
                Broken::file(&common.config, error)
            }
        })?;
        let folder = common
            .config
            .parent()
            .map(Utf8PathBuf::from)
            .unwrap_or_default();
        let source = SourceFile::new(common.config.as_str(), text);
        let project = Disk::new(folder);
        let validated = validate(&source, &project);
        let input = Input {
            source,
            project,
            validated,
        };
        input.show(common);
        let failed = input
            .validated
            .findings
            .iter()
            .any(|finding| finding.severity == Severity::Error);
        Ok(if failed {
            Err(ExitCode::from(exit::FAILED))
        } else {
            Ok(input)
        })
    }

    fn show(&self, common: &Common) {
        let findings = &self.validated.findings;
        if findings.is_empty() {
            return;
        }
        let mut sources = Sources::default();
        sources.add(self.source.clone());
        let mut findings = findings.clone();
        for finding in &mut findings {
            if finding.location.file != self.source.name
                && sources.get(&finding.location.file).is_none()
            {
                // A file of the user's: named as seen from the working folder.
                if let Ok(bytes) = self.project.read(&finding.location.file) {
                    let name = self.project.shown(&finding.location.file);
                    sources.add(SourceFile::new(&name, String::from_utf8_lossy(&bytes)));
                    finding.location.file = name;
                }
            }
        }
        let terminal = Terminal::error(common.color);
        let text = human::render(&findings, &sources, terminal.style());
        crate::io::say_error(&text);
    }

    /// The stacks that a command is about: those named, all, or the default one.
    pub fn chosen(&self, names: &[String], all: bool) -> Result<Vec<&Stack>, Broken> {
        let validated = &self.validated;
        if all {
            return Ok(validated.stacks.values().collect());
        }
        let default = [validated.default_environment.clone()];
        let names = if names.is_empty() {
            &default[..]
        } else {
            names
        };
        names.iter().map(|name| self.environment(name)).collect()
    }

    /// SHA-256 over all that a build of this stack reads.
    pub fn hash(&self, stack: &Stack) -> String {
        let mut whole = self.source.text.clone();
        let own = stack
            .rules
            .files
            .iter()
            .chain(&stack.grafana.dashboards)
            .chain(stack.hosts.values().flat_map(|host| &host.alloy));
        for file in own {
            // The lengths keep one file's end apart from the next one's beginning.
            whole.push_str(&format!(
                "\0{}\0{}\0{}",
                file.path,
                file.text.len(),
                file.text
            ));
        }
        crate::write::sha256(whole.as_bytes())
    }

    fn environment(&self, name: &str) -> Result<&Stack, Broken> {
        self.validated.stacks.get(name).ok_or_else(|| {
            let known = || self.validated.environments.iter().map(String::as_str);
            let hint = match nearest(name, known()) {
                Some(meant) => format!("Did you mean {meant}?"),
                None => format!("Known: {}.", list(known())),
            };
            Broken::Message(format!("there is no environment {name:?}. {hint}"))
        })
    }
}
