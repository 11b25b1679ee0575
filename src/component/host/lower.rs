//! Topology → what each other host needs.

use super::secrets::{SecretFile, Secrets};
use super::systemd::{Unit, command, text};
use crate::stack::{CertificateSource, Collect, ProbeKind, Run, Stack};
use crate::topology::{
    Agent, CA_FILE, CERTIFICATE_FILE, Credential, KEY_FILE, Origin, Source, Topology,
};
use serde::Serialize;

/// A host other than the stack's own.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Host {
    pub name: String,
    /// Where the agent is a program of the host's own.
    pub unit: Option<Unit>,
    pub secrets: Secrets,
}

/// Every other host, in the order of the file.
pub fn lower(stack: &Stack, topology: &Topology) -> Vec<Host> {
    let read_by = topology.credentials_by_reader();
    topology
        .remote_agents()
        .map(|agent| {
            let credentials = read_by.get(&agent.owner());
            Host {
                name: agent.host.clone(),
                unit: (agent.run == Run::Systemd).then(|| unit(stack, agent)),
                secrets: secrets(stack, agent, credentials.map_or(&[], Vec::as_slice)),
            }
        })
        .collect()
}

fn unit(stack: &Stack, agent: &Agent) -> Unit {
    let description = format!(
        "Agent of the monitoring stack {} on {}",
        stack.name, agent.host
    );
    let unit = vec![
        ("Description", text(&description)),
        ("Wants", "network-online.target".to_owned()),
        ("After", "network-online.target".to_owned()),
    ];
    let install = vec![("WantedBy", "multi-user.target".to_owned())];
    let mut service = process(stack, agent);
    service.extend(rights(stack, agent));
    service.extend(limits(stack));
    service.extend(fence());
    Unit {
        sections: vec![("Unit", unit), ("Service", service), ("Install", install)],
    }
}

fn process(stack: &Stack, agent: &Agent) -> Vec<(&'static str, String)> {
    let own = stack
        .hosts
        .get(&agent.host)
        .map(|host| host.alloy.as_slice());
    let configuration = if own.unwrap_or_default().is_empty() {
        "/etc/alloy/config.alloy"
    } else {
        // Alloy loads every file of a folder as one configuration.
        "/etc/alloy"
    };
    let start = command([
        "/usr/bin/alloy",
        "run",
        &format!("--server.http.listen-addr={}", agent.listen),
        &format!("--storage.path={}", agent.data_path),
        "--server.http.enable-pprof=false",
        "--disable-support-bundle",
        "--disable-reporting",
        configuration,
    ]);
    vec![
        ("ExecStart", start),
        ("ExecReload", "/bin/kill -HUP $MAINPID".to_owned()),
        ("Restart", "always".to_owned()),
        ("RestartSec", "5s".to_owned()),
        ("TimeoutStopSec", "30s".to_owned()),
        // /var/lib/alloy, which holds what is not pushed yet.
        ("StateDirectory", "alloy".to_owned()),
        ("StateDirectoryMode", "0750".to_owned()),
        ("UMask", "0027".to_owned()),
    ]
}

/// The user of Alloy's package, and no more rights than what it collects asks for.
fn rights(stack: &Stack, agent: &Agent) -> Vec<(&'static str, String)> {
    let mut groups = Vec::new();
    let mut capabilities = Vec::new();
    if agent.collect.contains(&Collect::Docker) {
        groups.push("docker");
        // cAdvisor reads Docker's records of image layers, which are root's alone.
        capabilities.push("CAP_DAC_READ_SEARCH");
    }
    if agent.collect.contains(&Collect::Journal) {
        groups.push("systemd-journal");
    }
    let pings = agent.targets.iter().any(|target| match &target.source {
        Source::Probe(name) => stack
            .probes
            .get(name)
            .is_some_and(|probe| probe.kind == ProbeKind::Icmp),
        _ => false,
    });
    if pings {
        capabilities.push("CAP_NET_RAW");
    }
    let capabilities = capabilities.join(" ");
    let mut settings = vec![("User", "alloy".to_owned()), ("Group", "alloy".to_owned())];
    if !groups.is_empty() {
        settings.push(("SupplementaryGroups", groups.join(" ")));
    }
    settings.extend([
        ("CapabilityBoundingSet", capabilities.clone()),
        ("AmbientCapabilities", capabilities),
    ]);
    settings
}

fn limits(stack: &Stack) -> Vec<(&'static str, String)> {
    let resources = &stack.alloy.resources;
    let memory = resources
        .memory
        .map(|size| ("MemoryMax", size.0.to_string()));
    let cpus = resources
        .cpus
        .map(|cpus| ("CPUQuota", format!("{}%", (cpus * 100.0).ceil())));
    let mut settings: Vec<_> = memory.into_iter().chain(cpus).collect();
    settings.push(("TasksMax", "512".to_owned()));
    settings.push(("LimitNOFILE", "65536".to_owned()));
    settings
}

/// It sees the machine as it is, and changes nothing of it.
fn fence() -> Vec<(&'static str, String)> {
    [
        ("NoNewPrivileges", "true"),
        ("ProtectSystem", "strict"),
        // Seen, so that filesystems below it are counted.
        ("ProtectHome", "read-only"),
        ("PrivateTmp", "true"),
        ("PrivateDevices", "true"),
        ("ProtectClock", "true"),
        ("ProtectControlGroups", "true"),
        ("ProtectHostname", "true"),
        ("ProtectKernelLogs", "true"),
        ("ProtectKernelModules", "true"),
        ("ProtectKernelTunables", "true"),
        (
            "RestrictAddressFamilies",
            "AF_INET AF_INET6 AF_UNIX AF_NETLINK",
        ),
        ("RestrictNamespaces", "true"),
        ("RestrictRealtime", "true"),
        ("RestrictSUIDSGID", "true"),
        ("LockPersonality", "true"),
        ("MemoryDenyWriteExecute", "true"),
        ("SystemCallArchitectures", "native"),
        ("SystemCallFilter", "@system-service"),
        ("SystemCallErrorNumber", "EPERM"),
    ]
    .map(|(key, value)| (key, value.to_owned()))
    .into()
}

fn secrets(stack: &Stack, agent: &Agent, credentials: &[(&str, &Credential)]) -> Secrets {
    let owner = agent.owner();
    let environment = &stack.environment;
    let certificates = format!("stackgen certs init --env {environment}");
    let file = |name: &str, purpose: &str, command: &str| SecretFile {
        name: name.to_owned(),
        purpose: purpose.to_owned(),
        command: command.to_owned(),
    };
    let ca = match stack.tls.source {
        CertificateSource::SelfSigned => "certificate of the stack's own CA",
        CertificateSource::Files { .. } => "certificate of your CA",
    };
    let mut files = vec![file(CA_FILE, ca, &certificates)];
    if agent.tls {
        let page = "of the agent's own page";
        files.push(file(
            CERTIFICATE_FILE,
            &format!("certificate {page}"),
            &certificates,
        ));
        files.push(file(KEY_FILE, &format!("key {page}"), &certificates));
    }
    for (name, credential) in credentials {
        let command = match (&credential.origin, &credential.source) {
            (Origin::External { .. }, None) => {
                format!(
                    "stackgen secrets set {} --env {environment}",
                    credential.name
                )
            }
            _ => format!("stackgen secrets init --env {environment}"),
        };
        let purpose = if credential.name == agent.login.secret {
            format!(
                "password of {} at the agent's own page",
                agent.login.username
            )
        } else {
            credential.purpose()
        };
        files.push(file(name, &purpose, &command));
    }
    let (folder, folder_mode, file_mode) = match agent.run {
        Run::Docker => (
            "./secrets/, beside docker-compose.yml".to_owned(),
            "0755, in a folder that only you may enter (0700)",
            "0444",
        ),
        Run::Systemd => (
            format!("{}/", agent.secrets_path),
            "0750, root:alloy",
            "0640, root:alloy",
        ),
    };
    Secrets {
        host: agent.host.clone(),
        environment: environment.clone(),
        source: format!("{}/{}", stack.secrets_path(), owner.folder()),
        folder,
        folder_mode,
        file_mode,
        files,
    }
}
