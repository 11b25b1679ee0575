//! A Compose file, in the words of the Compose specification (compose-spec: schema/compose-spec.json
//! of compose-go 2.9). Only what stackgen writes.

use super::Text;
use indexmap::IndexMap;
use serde::{Serialize, Serializer};

/// A whole file. Its name is that of the volumes and networks too, wherever the file lies.
#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Project {
    pub name: String,
    pub services: IndexMap<String, Service>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub networks: IndexMap<String, Network>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub volumes: IndexMap<String, Volume>,
}

#[derive(Debug, Clone, PartialEq, Serialize)]
pub struct Service {
    pub image: String,
    pub restart: &'static str,
    pub user: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub group_add: Vec<String>,
    pub read_only: bool,
    pub cap_drop: Vec<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub cap_add: Vec<&'static str>,
    pub security_opt: Vec<&'static str>,
    pub pids_limit: u32,
    /// Bytes, with the unit `b`.
    #[serde(serialize_with = "bytes")]
    pub mem_limit: u64,
    pub cpus: f64,
    pub stop_grace_period: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub command: Vec<Text>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub environment: IndexMap<&'static str, Text>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub volumes: Vec<Mount>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub tmpfs: Vec<&'static str>,
    /// `address:port:port in the container`.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub ports: Vec<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub network_mode: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub networks: Vec<String>,
    /// `host`: the container sees the control groups of all.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub cgroup: Option<&'static str>,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub depends_on: IndexMap<&'static str, Dependency>,
    pub healthcheck: Healthcheck,
    pub logging: Logging,
    #[serde(skip_serializing_if = "IndexMap::is_empty")]
    pub labels: IndexMap<&'static str, Text>,
}

/// What a container sees of the machine, or keeps.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
#[serde(tag = "type", rename_all = "lowercase")]
pub enum Mount {
    /// A folder or file of the machine.
    Bind {
        source: Text,
        target: Text,
        read_only: bool,
        bind: Bind,
    },
    /// A volume of [`Project::volumes`].
    Volume {
        source: &'static str,
        target: String,
    },
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Bind {
    /// `rslave`: what is mounted later is seen too.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub propagation: Option<&'static str>,
    /// Whether Docker makes a folder that is missing, as root. Never: it would hide that the tree
    /// or the secrets are not there.
    pub create_host_path: bool,
}

impl Mount {
    /// A folder or file, to be read. It must exist.
    pub fn read(source: impl Into<Text>, target: impl Into<Text>) -> Mount {
        Mount::Bind {
            source: source.into(),
            target: target.into(),
            read_only: true,
            bind: Bind {
                propagation: None,
                create_host_path: false,
            },
        }
    }

    /// The machine's root folder, to be read.
    pub fn root(target: &str) -> Mount {
        Mount::Bind {
            source: Text::literal("/"),
            target: Text::literal(target),
            read_only: true,
            bind: Bind {
                propagation: Some("rslave"),
                create_host_path: false,
            },
        }
    }

    pub fn volume(source: &'static str, target: impl Into<String>) -> Mount {
        Mount::Volume {
            source,
            target: target.into(),
        }
    }
}

/// When a service starts after another.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Dependency {
    pub condition: &'static str,
    /// Whether it restarts when Compose replaces the other.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub restart: bool,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Healthcheck {
    pub test: Vec<Text>,
    pub interval: &'static str,
    pub timeout: &'static str,
    pub retries: u32,
    pub start_period: &'static str,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Logging {
    pub driver: &'static str,
    pub options: IndexMap<&'static str, &'static str>,
}

#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Network {
    /// Its name, if it is not of this project.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub external: bool,
    /// Leads nowhere but to its services.
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub internal: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    pub ipam: Option<Ipam>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ipam {
    pub config: Vec<Subnet>,
}

#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Subnet {
    pub subnet: String,
}

/// A volume; one that exists already is external, so that Compose neither makes nor removes it,
/// and says so if it is not there.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize)]
pub struct Volume {
    #[serde(skip_serializing_if = "Option::is_none")]
    pub name: Option<Text>,
    #[serde(skip_serializing_if = "std::ops::Not::not")]
    pub external: bool,
}

fn bytes<S: Serializer>(bytes: &u64, serializer: S) -> Result<S::Ok, S::Error> {
    serializer.serialize_str(&format!("{bytes}b"))
}
