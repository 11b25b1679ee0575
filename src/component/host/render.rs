//! Hosts → agents/<host>/alloy.service and secrets.txt.

use super::Host;
use crate::artifact::Artifact;
use crate::component::Fault;
use crate::document::KeyPath;

pub fn render(hosts: &[Host]) -> Result<Vec<Artifact>, Fault> {
    let mut artifacts = Vec::new();
    for host in hosts {
        let key = KeyPath::of(["hosts", &host.name]).to_string();
        let file =
            |name: &str, text: String| Artifact::new(format!("agents/{}/{name}", host.name), text);
        if let Some(unit) = &host.unit {
            let artifact = file("alloy.service", unit.to_string());
            artifacts.push(artifact.caused_by([key.as_str(), "alloy"]));
        }
        let artifact = file("secrets.txt", host.secrets.to_string());
        artifacts.push(artifact.caused_by([key.as_str(), "secrets", "tls", "kafka"]));
    }
    Ok(artifacts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::host::lower;
    use crate::component::testing::small_stack;
    use crate::topology::Topology;

    fn files(host: &str) -> Vec<(String, String)> {
        let door = "[gateway]\nbind = \"0.0.0.0\"\n";
        let stack = small_stack(&format!("{door}[hosts.app-1]\n{host}"));
        let artifacts = render(&lower(&stack, &Topology::of(&stack))).unwrap();
        artifacts
            .into_iter()
            .map(|file| (file.path, String::from_utf8(file.bytes).unwrap()))
            .collect()
    }

    #[test]
    fn an_agent_in_a_container_needs_secrets_alone() {
        let files = files("");
        assert_eq!(files.len(), 1);
        assert_eq!(
            files[0].1,
            "\
Secrets of the agent on app-1, environment production

Copy   secrets/production/agents/app-1/
to     ./secrets/, beside docker-compose.yml
       folder: 0755, in a folder that only you may enter (0700)
       files:  0444

ca.crt           certificate of the stack's own CA           stackgen certs init --env production
tls.crt          certificate of the agent's own page         stackgen certs init --env production
tls.key          key of the agent's own page                 stackgen certs init --env production
token            token of the agent of app-1                 stackgen secrets init --env production
alloy-password   password of admin at the agent's own page   stackgen secrets init --env production
"
        );
    }

    #[test]
    fn a_unit_has_no_more_rights_than_it_collects() {
        let bare = files("run = \"systemd\"\n");
        assert_eq!(bare[0].0, "agents/app-1/alloy.service");
        assert!(
            bare[0]
                .1
                .contains("\nCapabilityBoundingSet=\nAmbientCapabilities=\n")
        );
        assert!(!bare[0].1.contains("SupplementaryGroups"));
        let all = files("run = \"systemd\"\ncollect = [\"node\", \"docker\", \"journal\"]\n");
        assert!(
            all[0]
                .1
                .contains("\nSupplementaryGroups=docker systemd-journal\n")
        );
        assert!(
            all[0]
                .1
                .contains("\nAmbientCapabilities=CAP_DAC_READ_SEARCH\n")
        );
        assert!(all[1].1.contains("to     /etc/alloy/secrets/\n"));
    }
}
