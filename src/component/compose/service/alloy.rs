//! Alloy in a container, the stack's own or another host's (image: Dockerfile of 1.10, user 473).

use super::super::Text;
use super::super::limits::{Limits, check, fenced, go_memory_limit};
use super::super::model::{self, Mount};
use super::{DOCKER_NETWORK, STACK_NETWORK, TEMPORARY, after, ports, secrets};
use crate::catalog::images;
use crate::stack::{Collect, Logs, ProbeKind, Stack};
use crate::topology::{Agent, Service, Source};

const CONFIGURATION: &str = "/etc/alloy";
/// User and group of the image.
const ALLOY: &str = "473";

/// The stack's own agent.
pub fn local(stack: &Stack, agent: &Agent) -> model::Service {
    let this = Service::AlloyLocal;
    let mut service = base(stack, agent, "local.alloy");
    let own = [Mount::read("./alloy", CONFIGURATION), secrets(stack, this)];
    service.volumes.splice(0..0, own);
    service.ports = ports(stack, this);
    service.networks.push(STACK_NETWORK.to_owned());
    // Only started: what it can't push yet it keeps, and it is what tells that they are ill.
    let mut after_these = vec![Service::Prometheus, Service::Gateway];
    if agent.docker_host.is_some() {
        service.networks.push(DOCKER_NETWORK.to_owned());
        after_these.push(Service::DockerSocketProxy);
    }
    let external = stack.networks.iter().map(|name| external_network(name));
    service.networks.extend(external);
    service.depends_on = after(after_these);
    service
}

/// The name in the file of a network that somebody else made: its own could be that of one of the
/// stack's.
pub fn external_network(name: &str) -> String {
    format!("external-{name}")
}

/// The volume of an agent's write-ahead log and positions. One user's files are not another's to
/// write, so each has its own.
pub fn data_volume(stack: &Stack, agent: &Agent) -> &'static str {
    if runs_as_root(stack, agent) {
        "alloy-root"
    } else {
        "alloy"
    }
}

/// What all agents in containers have, without their configuration, secrets and network.
pub fn base(stack: &Stack, agent: &Agent, file: &str) -> model::Service {
    let limits = Limits {
        mebibytes: 1024,
        cpus: 1.0,
        pids: 512,
    };
    let port = agent.listen.rsplit(':').next().unwrap_or_default();
    // TLS and a password keep a shell from asking more than whether it listens; Prometheus tells
    // when its series stop.
    let open = format!("exec 3<>/dev/tcp/127.0.0.1/{port}");
    let healthcheck = check("30s", ["bash", "-c", &open]);
    let own_files = stack
        .hosts
        .get(&agent.host)
        .is_some_and(|host| !host.alloy.is_empty());
    let root = runs_as_root(stack, agent);
    let mut service = model::Service {
        command: command(agent, file, own_files),
        tmpfs: vec![TEMPORARY],
        ..fenced(
            images::alloy(&stack.alloy.version),
            if root { "0:0" } else { "473:473" },
            &stack.alloy.resources,
            &limits,
            healthcheck,
        )
    };
    if root {
        // The image's folder is its own group's.
        service.group_add.push(ALLOY.to_owned());
    }
    if pings(stack, agent) {
        service.cap_add.push("NET_RAW");
    }
    if agent.collect.contains(&Collect::Docker) {
        service.cgroup = Some("host");
    }
    service
        .volumes
        .push(Mount::volume(data_volume(stack, agent), &agent.data_path));
    for mount in machine(stack, agent) {
        if !service.volumes.contains(&mount) {
            service.volumes.push(mount);
        }
    }
    let memory = go_memory_limit(&service);
    service.environment.insert("GOMEMLIMIT", memory);
    service
}

fn command(agent: &Agent, file: &str, own_files: bool) -> Vec<Text> {
    let configuration = if own_files {
        // Alloy loads every file of a folder as one configuration.
        CONFIGURATION.to_owned()
    } else {
        format!("{CONFIGURATION}/{file}")
    };
    [
        "run".to_owned(),
        format!("--server.http.listen-addr={}", agent.listen),
        format!("--storage.path={}", agent.data_path),
        "--server.http.enable-pprof=false".to_owned(),
        "--disable-support-bundle".to_owned(),
        "--disable-reporting".to_owned(),
        configuration,
    ]
    .map(Text::from)
    .into()
}

/// Whether an agent is user 0, without any capability but that of ICMP probes: it then reads what
/// is root's, and no more.
///
/// The journal's files are root's and those of a group whose number differs from host to host, and
/// Docker gives capabilities to no other user (moby#45491). So are the records of image layers
/// that cAdvisor needs for each container, below /var/lib/docker/image.
fn runs_as_root(stack: &Stack, agent: &Agent) -> bool {
    agent.collect.contains(&Collect::Journal)
        || agent.collect.contains(&Collect::Docker)
        || pings(stack, agent)
}

/// Whether an agent sends ICMP and has to ask for it: Docker lets everybody do so in a network of
/// the container's own, but the host's network has the host's settings.
fn pings(stack: &Stack, agent: &Agent) -> bool {
    !agent.is_local()
        && agent.targets.iter().any(|target| match &target.source {
            Source::Probe(name) => stack
                .probes
                .get(name)
                .is_some_and(|probe| probe.kind == ProbeKind::Icmp),
            _ => false,
        })
}

/// What the agent sees of the machine.
fn machine(stack: &Stack, agent: &Agent) -> Vec<Mount> {
    let mut mounts = Vec::new();
    for collect in &agent.collect {
        match collect {
            Collect::Node => mounts.extend([
                Mount::read("/proc", "/host/proc"),
                Mount::read("/sys", "/host/sys"),
                Mount::root("/host/root"),
            ]),
            // Where cAdvisor looks for the machine (container/docker: rootFs).
            Collect::Docker => mounts.push(Mount::root("/rootfs")),
            // Not the journal's own folders: the kept one is missing where the journal is not
            // kept, and making it would change that.
            Collect::Journal => mounts.extend([
                Mount::read("/var/log", "/var/log"),
                Mount::read("/run/log", "/run/log"),
                Mount::read("/etc/machine-id", "/etc/machine-id"),
            ]),
        }
    }
    for target in &agent.targets {
        let Source::Target(name) = &target.source else {
            continue;
        };
        if let Some(Logs::File { path }) = stack.targets.get(name).and_then(|t| t.logs.as_ref()) {
            let folder = folder_of(path);
            mounts.push(Mount::read(folder, folder));
        }
    }
    mounts
}

/// The folder of a file, or the last one above the first wildcard.
fn folder_of(path: &str) -> &str {
    let fixed = path.find(['*', '?', '[', '{']).unwrap_or(path.len());
    path[..fixed]
        .rsplit_once('/')
        .map_or("/", |(folder, _)| folder)
}

#[cfg(test)]
mod tests {
    use super::folder_of;

    #[test]
    fn the_folder_of_a_log_is_above_its_wildcard() {
        assert_eq!(folder_of("/srv/app/log/app.log"), "/srv/app/log");
        assert_eq!(folder_of("/srv/*/log/app.log"), "/srv");
        assert_eq!(folder_of("/srv/app/log/app-*.log"), "/srv/app/log");
    }
}
