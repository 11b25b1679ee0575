//! Inputs and what the library makes of them, for the other tests.

use stackgen::diagnostic::Diagnostic;
use stackgen::io::{Disk, Memory};
use stackgen::report::{Sources, human};
use stackgen::source::SourceFile;
use stackgen::stack::validate::{Validated, validate};
use std::path::{Path, PathBuf};

/// A file of the repository.
pub fn path(relative: &str) -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join(relative)
}

pub fn read(relative: &str) -> String {
    std::fs::read_to_string(path(relative)).unwrap_or_else(|error| panic!("{relative}: {error}"))
}

/// Validates a text as `stack.toml` of an empty folder.
pub fn validate_text(text: &str) -> Validated {
    validate(&SourceFile::new("stack.toml", text), &Memory::default())
}

/// Validates the `stack.toml` of a folder.
pub fn validate_folder(folder: &Path) -> Validated {
    let text = std::fs::read_to_string(folder.join("stack.toml")).unwrap();
    let root = folder.to_str().unwrap();
    validate(&SourceFile::new("stack.toml", text), &Disk::new(root))
}

/// Findings as people see them.
pub fn human(text: &str, findings: &[Diagnostic]) -> String {
    let mut sources = Sources::default();
    sources.add(SourceFile::new("stack.toml", text));
    let style = human::Style {
        color: false,
        width: 100,
    };
    human::render(findings, &sources, style)
}
