//! The shipped rule packs, as far as the input may speak of them.

use serde::Deserialize;
use std::sync::OnceLock;

/// A pack's file.
#[derive(Debug, Deserialize)]
pub struct Pack {
    pub pack: String,
    #[serde(default)]
    pub alerts: Vec<Alert>,
}

/// A shipped alert.
#[derive(Debug, Deserialize)]
pub struct Alert {
    pub alert: String,
    pub threshold: Option<f64>,
    pub unit: Option<String>,
}

const FILES: [(&str, &str); 9] = [
    ("inventory", include_str!("../../rules/inventory.yml")),
    ("heartbeat", include_str!("../../rules/heartbeat.yml")),
    ("nodejs", include_str!("../../rules/nodejs.yml")),
    ("kafka", include_str!("../../rules/kafka.yml")),
    ("system", include_str!("../../rules/system.yml")),
    ("docker", include_str!("../../rules/docker.yml")),
    (
        "gitlab-runner",
        include_str!("../../rules/gitlab-runner.yml"),
    ),
    ("probes", include_str!("../../rules/probes.yml")),
    ("stack", include_str!("../../rules/stack.yml")),
];

pub fn packs() -> &'static [Pack] {
    static PACKS: OnceLock<Vec<Pack>> = OnceLock::new();
    PACKS.get_or_init(|| {
        FILES
            .iter()
            .filter_map(|(_, text)| serde_saphyr::from_str(text).ok())
            .collect()
    })
}

pub fn names() -> Vec<&'static str> {
    FILES.iter().map(|(name, _)| *name).collect()
}

pub fn file_names() -> impl Iterator<Item = String> {
    FILES
        .iter()
        .flat_map(|(name, _)| [format!("{name}-alerts.yml"), format!("{name}.yml")])
}

pub fn alert(name: &str) -> Option<&'static Alert> {
    packs()
        .iter()
        .flat_map(|pack| &pack.alerts)
        .find(|alert| alert.alert == name)
}

pub fn alert_names() -> impl Iterator<Item = &'static str> {
    packs()
        .iter()
        .flat_map(|pack| &pack.alerts)
        .map(|alert| alert.alert.as_str())
}
