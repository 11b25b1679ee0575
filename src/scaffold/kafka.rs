//! `KAFKA_JMX_NODE1 … n` → the nodes of one cluster, and whose agent scrapes each.

use super::Node;
use super::dotenv::DotEnv;
use crate::stack::{Address, LOCAL};
use std::net::IpAddr;

const PREFIX: &str = "KAFKA_JMX_NODE";

/// The variables of nodes with their numbers, in the order of the numbers.
pub fn variables(env: &DotEnv) -> Vec<(&str, &str)> {
    let mut found: Vec<(&str, &str)> = env
        .variables
        .keys()
        .filter_map(|name| Some((name.strip_prefix(PREFIX)?, name.as_str())))
        .filter(|(number, _)| !number.is_empty() && number.bytes().all(|b| b.is_ascii_digit()))
        .collect();
    found.sort_by_key(|(number, _)| {
        let significant = number.trim_start_matches('0');
        (significant.len(), significant.to_owned(), *number)
    });
    found
}

/// A node as its variable tells of it.
pub struct Given {
    number: String,
    address: Address,
}

impl Given {
    pub fn parse(number: &str, value: &str) -> Result<Given, &'static str> {
        let Some(address) = Address::parse(value) else {
            return Err(if value.contains("://") {
                "it is not host:port. Leave out the scheme."
            } else {
                "it is not host:port, such as kafka-1.internal:9991."
            });
        };
        Ok(Given {
            number: number.to_owned(),
            address,
        })
    }

    fn is_this_machine(&self) -> bool {
        let host = &self.address.host;
        let bare = host.trim_matches(['[', ']']);
        host == "localhost" || bare.parse::<IpAddr>().is_ok_and(|ip| ip.is_loopback())
    }

    /// What its host is called: as its address, where that is a name.
    fn host(&self) -> String {
        let host = self.address.host.to_ascii_lowercase();
        let is_address = host.contains('[') || host.parse::<IpAddr>().is_ok();
        if is_address || host == LOCAL {
            format!("kafka-{}", self.number)
        } else {
            host
        }
    }
}

/// Gives every node to an agent: to one on its own host, where that agent can push to the stack;
/// else to the stack's own. Also what is to be said of it.
pub fn place<'a>(
    nodes: impl Iterator<Item = &'a Given>,
    reachable: bool,
) -> (Vec<Node>, Vec<&'static str>) {
    let mut hosts: Vec<(String, String)> = Vec::new();
    let mut notes = Vec::new();
    let mut say = |note: &'static str| {
        if !notes.contains(&note) {
            notes.push(note);
        }
    };
    let mut placed = Vec::new();
    for node in nodes {
        let port = node.address.port;
        let (host, jmx) = if node.is_this_machine() {
            say(
                "Kafka on this machine: the stack's own agent runs in a container, where localhost is the container. Give the node's `jmx` an address that it reaches, through [stack] networks",
            );
            (LOCAL.to_owned(), node.address.to_string())
        } else if reachable {
            say(
                "each host of a Kafka node gets an agent of its own (dist/<environment>/agents/<host>/), which scrapes localhost and pushes here through the public door",
            );
            let address = node.address.host.to_ascii_lowercase();
            let host = match hosts.iter().find(|(known, _)| *known == address) {
                Some((_, host)) => host.clone(),
                None => {
                    let mut host = node.host();
                    while hosts.iter().any(|(_, taken)| *taken == host) {
                        host.push_str("-host");
                    }
                    hosts.push((address, host.clone()));
                    host
                }
            };
            (host, format!("localhost:{port}"))
        } else {
            say(
                "no agent on another host can push to \"localhost\", so that the stack's own agent scrapes the Kafka nodes. With GRAFANA_DOMAIN set, each node's host gets an agent",
            );
            (LOCAL.to_owned(), node.address.to_string())
        };
        placed.push(Node {
            name: format!("kafka-node{}", node.number),
            host,
            jmx,
        });
    }
    (placed, notes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn placed(addresses: &[&str], reachable: bool) -> Vec<(String, String)> {
        let given: Vec<Given> = addresses
            .iter()
            .zip(1..)
            .map(|(address, number): (_, u8)| {
                Given::parse(&number.to_string(), address)
                    .unwrap_or_else(|why| panic!("{address}: {why}"))
            })
            .collect();
        let (nodes, _) = place(given.iter(), reachable);
        nodes
            .into_iter()
            .map(|node| (node.host, node.jmx))
            .collect()
    }

    fn pairs(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        let own = |text: &str| text.to_owned();
        pairs.iter().map(|(a, b)| (own(a), own(b))).collect()
    }

    #[test]
    fn each_host_gets_one_agent() {
        let nodes = placed(
            &["kafka-1.internal:9991", "KAFKA-1.internal:9992", "b:9991"],
            true,
        );
        let expected = [
            ("kafka-1.internal", "localhost:9991"),
            ("kafka-1.internal", "localhost:9992"),
            ("b", "localhost:9991"),
        ];
        assert_eq!(nodes, pairs(&expected));
    }

    #[test]
    fn a_host_without_a_name_gets_one() {
        let nodes = placed(&["kafka-2:1", "10.0.0.5:2", "[fd00::1]:3", "local:4"], true);
        let expected = [
            ("kafka-2", "localhost:1"),
            ("kafka-2-host", "localhost:2"),
            ("kafka-3", "localhost:3"),
            ("kafka-4", "localhost:4"),
        ];
        assert_eq!(nodes, pairs(&expected));
    }

    #[test]
    fn without_a_public_name_the_own_agent_reaches_out() {
        let nodes = placed(&["kafka-1:9991"], false);
        assert_eq!(nodes, pairs(&[("local", "kafka-1:9991")]));
        let nodes = placed(&["localhost:9991"], true);
        assert_eq!(nodes, pairs(&[("local", "localhost:9991")]));
    }
}
