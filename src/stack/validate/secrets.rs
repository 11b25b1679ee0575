//! Where secrets come from.

use super::context::{Context, at};
use crate::config::StackFile;
use crate::stack::*;
use std::collections::BTreeMap;

impl Context<'_> {
    pub fn secrets(&mut self, file: &StackFile) -> BTreeMap<String, SecretSource> {
        let mut sources = BTreeMap::new();
        for (name, section) in &file.secrets {
            let path = at(&["secrets", name]);
            if !self.name(&path, name) {
                continue;
            }
            if crate::topology::is_reserved_folder(name) {
                let finding = self
                    .at_key(
                        "reserved-name",
                        &path,
                        format!("a secret cannot be called {name:?}"),
                    )
                    .label("a folder of the secrets has this name")
                    .help("Choose a longer name, such as \"grafana-license\".");
                self.report(finding);
            }
            let given = [
                section.file.clone().map(SecretSource::File),
                section.env.clone().map(SecretSource::Env),
                section.command.clone().map(SecretSource::Command),
            ];
            let mut given = given.into_iter().flatten();
            let source = given
                .next()
                .unwrap_or_else(|| SecretSource::File(name.clone()));
            if given.next().is_some() {
                let finding = self
                    .at_key(
                        "conflicting-keys",
                        &path,
                        format!("the secret {name:?} comes from several places"),
                    )
                    .label("keep one of file, env and command");
                self.report(finding);
            }
            if let SecretSource::File(file) = &source {
                self.inside_project(&path.key("file"), file);
            }
            if let SecretSource::Command(command) = &source
                && command.is_empty()
            {
                let finding = self
                    .at_value(
                        "empty-list",
                        &path.key("command"),
                        "the command is empty".to_owned(),
                    )
                    .label("nothing to run");
                self.report(finding);
            }
            sources.insert(name.clone(), source);
        }
        sources
    }
}
