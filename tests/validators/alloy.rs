//! alloycheck on the stack's own agent and on each host's.

use super::Rejection;
use super::program::{command, run};
use super::tree::Tree;

const PROGRAM: &str = "alloycheck";

pub fn judge(tree: &Tree) -> Vec<Rejection> {
    // A folder is one configuration, so that one call judges all of them.
    let own = "alloy".to_owned();
    let folders: Vec<String> = std::iter::once(own)
        .chain(tree.agents())
        .filter(|folder| !tree.files_in(folder, ".alloy").is_empty())
        .collect();
    if folders.is_empty() {
        return Vec::new();
    }
    let answer = run(command(PROGRAM, &tree.root).args(&folders));
    let mut rejections: Vec<Rejection> = answer
        .stdout
        .lines()
        .map(|line| {
            let (file, message) = line.split_once(':').unwrap_or(("alloy", line));
            Rejection::new(PROGRAM, file, message)
        })
        .collect();
    if !answer.accepted && rejections.is_empty() {
        rejections.push(Rejection::new(PROGRAM, "alloy", answer.text()));
    }
    rejections
}
