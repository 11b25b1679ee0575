//! Rule files → agents/<host>/jmx-exporter.yml.

use super::Model;
use crate::artifact::Artifact;
use crate::component::{Fault, yaml};

/// The files. Nothing restarts: the Java agent reads its file again when it changes.
pub fn render(model: &Model) -> Result<Vec<Artifact>, Fault> {
    model
        .hosts
        .iter()
        .map(|(name, host)| {
            let text = yaml::to_string(&host.configuration).map_err(|error| Fault {
                component: "jmx",
                message: error.to_string(),
            })?;
            let path = format!("agents/{name}/jmx-exporter.yml");
            Ok(Artifact::new(path, text).caused_by(host.nodes.iter().map(String::as_str)))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::jmx::lower;
    use crate::component::testing::small_stack;

    #[test]
    fn a_host_has_one_file_for_all_its_nodes() {
        let stack = small_stack(
            "[kafka.clusters.main]\nbrokers = [\"k:9092\"]\n\
             nodes.a = { host = \"local\", jmx = \"localhost:9991\" }\n\
             nodes.b = { host = \"local\", jmx = \"localhost:9992\" }\n",
        );
        let artifacts = render(&lower(&stack)).unwrap();
        assert_eq!(artifacts.len(), 1);
        assert_eq!(artifacts[0].path, "agents/local/jmx-exporter.yml");
        let nodes = ["kafka.clusters.main.nodes.a", "kafka.clusters.main.nodes.b"];
        assert_eq!(artifacts[0].caused_by, nodes);
    }

    #[test]
    fn a_stack_without_kafka_has_none() {
        assert_eq!(render(&lower(&small_stack(""))), Ok(Vec::new()));
    }
}
