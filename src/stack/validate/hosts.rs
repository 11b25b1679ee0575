//! Hosts, and files that they bring.

use super::context::{Context, at};
use crate::config;
use crate::diagnostic::{list, nearest};
use crate::document::KeyPath;
use crate::stack::*;
use indexmap::IndexMap;

impl Context<'_> {
    /// All hosts of the environment, `local` first.
    pub fn hosts(
        &mut self,
        sections: &config::Named<config::HostSection>,
    ) -> IndexMap<String, Host> {
        let mut hosts = IndexMap::new();
        let local = sections.get(LOCAL).cloned().unwrap_or_default();
        let everything = vec![Collect::Node, Collect::Docker];
        hosts.insert(LOCAL.to_owned(), self.host(LOCAL, &local, everything));
        for (name, section) in sections.iter().filter(|(name, _)| *name != LOCAL) {
            self.name(&at(&["hosts", name]), name);
            hosts.insert(name.clone(), self.host(name, section, Vec::new()));
        }
        hosts
    }

    fn host(&mut self, name: &str, section: &config::HostSection, default: Vec<Collect>) -> Host {
        let path = at(&["hosts", name]);
        if name == LOCAL && section.run == Some(Run::Systemd) {
            let finding = self
                .at_value(
                    "conflicting-keys",
                    &path.key("run"),
                    "the stack's own agent runs in the stack's Compose project".to_owned(),
                )
                .label("cannot be systemd here")
                .help(
                    "Leave out `run`, or describe the agent of the machine itself as another host.",
                );
            self.report(finding);
        }
        let mut collect = section.collect.clone().unwrap_or(default);
        collect.sort();
        collect.dedup();
        let mut alloy: Vec<UserFile> = Vec::new();
        for (index, pattern) in section.alloy.iter().flatten().enumerate() {
            let path = path.key("alloy").index(index);
            for file in self.files(&path, pattern) {
                if !file.path.ends_with(".alloy")
                    || ["config.alloy", "local.alloy"].contains(&file.file_name())
                {
                    let finding = self
                        .at_value("invalid-name", &path, format!("{:?} would not be loaded", file.path))
                        .label("needs a name of its own that ends in .alloy")
                        .help("Alloy loads all files *.alloy of its folder; config.alloy and local.alloy are the generated ones.");
                    self.report(finding);
                }
                self.unique_file(&path, &alloy, &file);
                alloy.push(file);
            }
        }
        Host {
            collect,
            labels: self.labels(&path.key("labels"), &section.labels),
            run: section.run.unwrap_or(Run::Docker),
            alloy,
        }
    }

    /// Checks that a user's file does not take the place of another one in its output folder.
    pub fn unique_file(&mut self, path: &KeyPath, others: &[UserFile], file: &UserFile) {
        if let Some(other) = others
            .iter()
            .find(|other| other.file_name() == file.file_name())
        {
            let message = format!("{:?} and {:?} have one file name", other.path, file.path);
            let finding = self
                .at_value("duplicate-file", path, message)
                .label("would take the other's place")
                .help("Files of the project are put in one folder of the output: give them different names.");
            self.report(finding);
        }
    }

    /// A user's file may not have the name of a file that is generated beside it.
    pub fn generated_name(&mut self, path: &KeyPath, file: &UserFile) {
        let finding = self
            .at_value(
                "duplicate-file",
                path,
                format!("{:?} has the name of a generated file", file.path),
            )
            .label("would take its place")
            .help("Give your file another name.");
        self.report(finding);
    }

    /// Whether a named host is in this environment; an unknown name is a finding.
    pub fn known_host(
        &mut self,
        path: &KeyPath,
        name: &str,
        hosts: &IndexMap<String, Host>,
    ) -> bool {
        if hosts.contains_key(name) {
            return true;
        }
        if !self.universe.hosts.contains(name) {
            let known = self.universe.hosts.iter().map(String::as_str);
            let help = match nearest(name, known.clone()) {
                Some(meant) => format!("Did you mean {meant:?}?"),
                None => format!(
                    "Known: {}. Hosts are declared as [hosts.NAME].",
                    list(known)
                ),
            };
            let finding = self
                .at_value("unknown-host", path, format!("there is no host {name:?}"))
                .label("unknown host")
                .help(help);
            self.report(finding);
        }
        false
    }
}
