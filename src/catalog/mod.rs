//! What we know of the world, as data: shipped rule packs, images, exporters and their metrics.

pub mod images;
pub mod packs;

/// File names of generated dashboards: a user's own may have none of them.
pub const DASHBOARDS: [&str; 8] = [
    "agents.json",
    "containers.json",
    "gitlab-runner.json",
    "hosts.json",
    "kafka.json",
    "nodejs.json",
    "probes.json",
    "stack.json",
];
