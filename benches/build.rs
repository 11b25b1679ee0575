//! `cargo bench --bench build`: how long `stackgen build` takes for 1 to 10,000 hosts with three
//! targets each, beside a copy of the same output by `cp -r`, and how much memory it holds at most.
//!
//! Each number is the median of several runs into a fresh folder; stackgen and cp take turns.

// A benchmark looks at the clock and makes its own files.
#![allow(clippy::disallowed_methods, clippy::disallowed_macros)]

use std::fmt::Write;
use std::path::Path;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

fn stack(hosts: usize) -> String {
    let mut text = String::from(
        "[stack]\nname = \"large\"\ndomain = \"monitoring.example.com\"\n\
         [gateway]\nbind = \"0.0.0.0\"\n\
         [slack.channels.all]\nchannel = \"#all\"\nwebhook = \"slack-webhook\"\n",
    );
    for host in 0..hosts {
        let _ = writeln!(text, "[hosts.host-{host}]\ncollect = [\"node\"]");
        for (kind, target) in [
            ("nodejs", "api"),
            ("nodejs", "worker"),
            ("generic", "cache"),
        ] {
            let _ = writeln!(
                text,
                "[targets.{target}-{host}]\nkind = \"{kind}\"\nhost = \"host-{host}\"\n\
                 address = \"localhost:{}\"\nservice = \"{target}-{}\"",
                8000 + target.len(),
                host % 100
            );
        }
    }
    text
}

/// Runs a program; its time, and the most memory it was seen to hold, in KiB.
fn run(command: &mut Command) -> (Duration, u64) {
    let start = Instant::now();
    let mut child = command
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .spawn()
        .expect("it starts");
    let status = format!("/proc/{}/status", child.id());
    let mut peak = 0;
    let code = loop {
        let text = std::fs::read_to_string(&status).unwrap_or_default();
        let line = text.lines().find_map(|line| line.strip_prefix("VmHWM:"));
        let seen = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
        peak = peak.max(seen.unwrap_or(0));
        if let Some(code) = child.try_wait().expect("it is our child") {
            break code;
        }
        std::thread::sleep(Duration::from_millis(1));
    };
    assert!(code.success(), "{command:?}");
    (start.elapsed(), peak)
}

fn median<T: Ord + Copy>(mut values: Vec<T>) -> T {
    values.sort();
    values[values.len() / 2]
}

fn size(folder: &Path) -> (u64, u64) {
    walkdir::WalkDir::new(folder)
        .into_iter()
        .filter_map(Result::ok)
        .filter(|entry| entry.file_type().is_file())
        .filter_map(|entry| entry.metadata().ok())
        .fold((0, 0), |(files, bytes), found| {
            (files + 1, bytes + found.len())
        })
}

fn measure(label: &str, text: &str, repeats: usize) {
    let folder = tempfile::tempdir().expect("a folder");
    let file = folder.path().join("stack.toml");
    std::fs::write(&file, text).expect("the input is written");
    let (mut build, mut again, mut copy, mut memory) = (vec![], vec![], vec![], vec![]);
    for round in 0..repeats {
        let out = folder.path().join(format!("dist-{round}"));
        let stackgen = || {
            let mut command = Command::new(env!("CARGO_BIN_EXE_stackgen"));
            command
                .arg("build")
                .arg("--config")
                .arg(&file)
                .arg("--out")
                .arg(&out);
            command
        };
        let (time, peak) = run(&mut stackgen());
        build.push(time);
        memory.push(peak);
        let target = folder.path().join(format!("copy-{round}"));
        copy.push(run(Command::new("cp").arg("-r").arg(&out).arg(&target)).0);
        again.push(run(&mut stackgen()).0);
    }
    let (files, bytes) = size(&folder.path().join("dist-0"));
    let (build, again, copy) = (median(build), median(again), median(copy));
    println!(
        "| {label} | {files} | {:.1} | {:.0} | {:.0} | {:.0} | {:.1} | {:.0} |",
        bytes as f64 / 1e6,
        build.as_secs_f64() * 1e3,
        again.as_secs_f64() * 1e3,
        copy.as_secs_f64() * 1e3,
        build.as_secs_f64() / copy.as_secs_f64(),
        median(memory) as f64 / 1024.0,
    );
}

fn main() {
    println!(
        "| input | files | MB out | build ms | build again ms | cp -r ms | build / cp | peak MiB |"
    );
    println!("|---|---|---|---|---|---|---|---|");
    let reference = std::fs::read_to_string("stack.toml.example").expect("run in the project");
    measure("the reference stack", &reference, 15);
    for (hosts, repeats) in [
        (1, 15),
        (100, 9),
        (1_250, 5),
        (2_500, 5),
        (5_000, 5),
        (10_000, 5),
    ] {
        measure(
            &format!("{hosts} hosts, 3 targets each"),
            &stack(hosts),
            repeats,
        );
    }
}
