//! Golden cases: `golden/<case>/stack.toml` and the trees that come of it, byte for byte, each
//! accepted by every official program.
//!
//! After a wanted change: `STACKGEN_BLESS=1 cargo test golden`, then read the diff.

use crate::{project, validators};
use stackgen::write::Manifest;
use std::collections::BTreeMap;
use std::fs;
use std::path::{Path, PathBuf};

pub fn cases() -> Vec<PathBuf> {
    let mut cases: Vec<PathBuf> = fs::read_dir(project::path("golden"))
        .unwrap()
        .map(|entry| entry.unwrap().path())
        .filter(|path| path.join("stack.toml").exists())
        .collect();
    cases.sort();
    assert!(cases.len() >= 2, "golden/ has its cases");
    cases
}

/// Files of all environments of a case, by path.
fn build(case: &Path) -> BTreeMap<String, Vec<u8>> {
    let validated = project::validate_folder(case);
    assert!(
        validated.findings.is_empty(),
        "{}: {:#?}",
        case.display(),
        validated.findings
    );
    let mut files = BTreeMap::new();
    for (environment, stack) in &validated.stacks {
        let artifacts =
            stackgen::compile(stack).unwrap_or_else(|fault| panic!("{environment}: {fault}"));
        // The input's hash is the command's business.
        let manifest = Manifest::of(environment, "-".to_owned(), &artifacts);
        for artifact in artifacts.iter() {
            files.insert(
                format!("{environment}/{}", artifact.path),
                artifact.bytes.clone(),
            );
        }
        files.insert(
            format!("{environment}/manifest.json"),
            manifest.to_json().into_bytes(),
        );
    }
    files
}

fn read_tree(root: &Path) -> BTreeMap<String, Vec<u8>> {
    walkdir::WalkDir::new(root)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .map(|entry| {
            let path = entry.path().strip_prefix(root).unwrap();
            (
                path.to_str().unwrap().to_owned(),
                fs::read(entry.path()).unwrap(),
            )
        })
        .collect()
}

#[test]
fn trees_are_as_expected() {
    let bless = std::env::var_os("STACKGEN_BLESS").is_some();
    for case in cases() {
        let files = build(&case);
        let expected = case.join("expected");
        if bless {
            let _ = fs::remove_dir_all(&expected);
            for (path, bytes) in &files {
                let whole = expected.join(path);
                fs::create_dir_all(whole.parent().unwrap()).unwrap();
                fs::write(whole, bytes).unwrap();
            }
            continue;
        }
        let present = read_tree(&expected);
        let names = |files: &BTreeMap<String, Vec<u8>>| files.keys().cloned().collect::<Vec<_>>();
        assert_eq!(
            names(&files),
            names(&present),
            "files of {}",
            case.display()
        );
        for (path, bytes) in &files {
            assert!(
                present[path] == *bytes,
                "{}/{path} differs; if that is wanted: STACKGEN_BLESS=1 cargo test golden\n{}",
                case.display(),
                similar::TextDiff::from_lines(
                    String::from_utf8_lossy(&present[path]).as_ref(),
                    String::from_utf8_lossy(bytes).as_ref()
                )
                .unified_diff()
            );
        }
    }
}

#[test]
fn trees_are_accepted_by_the_official_programs() {
    for case in cases() {
        let folder = tempfile::tempdir().unwrap();
        let files = build(&case);
        for (path, bytes) in &files {
            let whole = folder.path().join(path);
            fs::create_dir_all(whole.parent().unwrap()).unwrap();
            fs::write(whole, bytes).unwrap();
        }
        for environment in fs::read_dir(folder.path()).unwrap() {
            let tree = environment.unwrap().path();
            let rejections = validators::judge(&tree);
            assert!(rejections.is_empty(), "{}: {rejections:#?}", case.display());
        }
    }
}

#[test]
fn the_example_is_the_reference() {
    assert_eq!(
        project::read("stack.toml.example"),
        project::read("golden/reference/stack.toml")
    );
}

#[test]
fn the_same_input_gives_the_same_bytes() {
    for case in cases() {
        assert_eq!(build(&case), build(&case));
    }
}

#[test]
fn the_readme_lists_every_case() {
    let readme = project::read("golden/README.md");
    let rows = readme.lines().filter_map(|line| line.strip_prefix("| "));
    let mut listed: Vec<&str> = rows.filter_map(|row| row.split(" |").next()).collect();
    listed.retain(|name| *name != "case");
    listed.sort_unstable();
    let cases = cases();
    let names = cases.iter().map(|case| case.file_name().unwrap().to_str());
    assert_eq!(listed, names.map(Option::unwrap).collect::<Vec<_>>());
}
