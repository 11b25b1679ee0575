//! A folder is the old tree, the new one, or one that the next build completes.

use super::*;
use crate::artifact::Artifact;
use crate::io::MemoryFolder;

fn set(files: &[(&str, &str)]) -> (ArtifactSet, Manifest) {
    let mut artifacts = ArtifactSet::default();
    for (path, text) in files {
        artifacts.add(Artifact::new(*path, *text)).unwrap();
    }
    let manifest = Manifest::of("production", "input".to_owned(), &artifacts);
    (artifacts, manifest)
}

fn build(folder: &mut MemoryFolder, files: &[(&str, &str)]) -> Result<Changes, WriteError> {
    let (artifacts, manifest) = set(files);
    write(folder, &artifacts, &manifest)
}

#[test]
fn an_unchanged_tree_is_not_touched() {
    let mut folder = MemoryFolder::default();
    build(&mut folder, &[("a.yml", "a"), ("b/c.yml", "c")]).unwrap();
    let before = folder.clone();
    let changes = build(&mut folder, &[("a.yml", "a"), ("b/c.yml", "c")]).unwrap();
    assert!(changes.is_empty());
    assert_eq!(
        (folder.files, folder.changes),
        (before.files, before.changes)
    );
}

#[test]
fn files_of_an_earlier_build_are_removed_and_others_are_not() {
    let mut folder = MemoryFolder::default();
    build(&mut folder, &[("a.yml", "a"), ("old.yml", "old")]).unwrap();
    folder
        .files
        .insert("notes.txt".to_owned(), b"mine".to_vec());
    let changes = build(&mut folder, &[("a.yml", "a")]).unwrap();
    assert_eq!(changes.remove, ["old.yml"]);
    assert!(!folder.files.contains_key("old.yml"));
    assert_eq!(folder.files["notes.txt"], b"mine");
}

#[test]
fn a_users_file_in_the_way_stops_the_build() {
    let mut folder = MemoryFolder::default();
    folder.files.insert("a.yml".to_owned(), b"mine".to_vec());
    let error = build(&mut folder, &[("a.yml", "a"), ("b.yml", "b")]).unwrap_err();
    assert!(error.to_string().starts_with("a.yml is in the way"));
    assert_eq!(folder.files.len(), 1, "nothing was written");
}

#[test]
fn whatever_interrupts_a_build_the_next_one_completes_it() {
    let first = [("a.yml", "a"), ("b.yml", "b"), ("old.yml", "old")];
    let second = [
        ("a.yml", "A"),
        ("b.yml", "b"),
        ("new.yml", "new"),
        ("newer.yml", "newer"),
    ];
    let third = [("a.yml", "A"), ("other.yml", "other")];
    let mut whole = MemoryFolder::default();
    build(&mut whole, &first).unwrap();
    let steps_before = whole.changes;
    build(&mut whole, &second).unwrap();
    for budget in steps_before..whole.changes {
        for next in [&second[..], &third[..], &first[..]] {
            let mut folder = MemoryFolder::default();
            build(&mut folder, &first).unwrap();
            folder.budget = Some(budget);
            build(&mut folder, &second).unwrap_err();
            folder.budget = None;
            build(&mut folder, next).unwrap();
            let mut clean = MemoryFolder::default();
            build(&mut clean, next).unwrap();
            assert_eq!(folder.files, clean.files, "stopped after {budget} steps");
        }
    }
}
