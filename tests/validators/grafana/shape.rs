//! What Grafana asks of a dashboard before it looks at any query.

use serde_json::Value;
use std::collections::BTreeSet;

pub fn faults(dashboard: &Value) -> Vec<String> {
    let mut faults = Vec::new();
    match dashboard["uid"].as_str() {
        None | Some("") => faults.push("it has no uid".to_owned()),
        Some(uid) if uid.len() > 40 => {
            faults.push(format!("the uid {uid:?} is longer than 40 characters"))
        }
        Some(uid)
            if !uid
                .bytes()
                .all(|byte| byte.is_ascii_alphanumeric() || b"-_".contains(&byte)) =>
        {
            faults.push(format!(
                "the uid {uid:?} has a character other than letters, digits, - and _"
            ));
        }
        Some(_) => {}
    }
    if dashboard["title"].as_str().is_none_or(str::is_empty) {
        faults.push("it has no title".to_owned());
    }
    if !dashboard["schemaVersion"].is_u64() {
        faults.push("it has no schemaVersion".to_owned());
    }

    let top = panels_of(dashboard);
    if top.is_empty() {
        faults.push("it has no panel".to_owned());
    }
    let mut ids = BTreeSet::new();
    for panel in top
        .iter()
        .copied()
        .chain(top.iter().flat_map(|row| panels_of(row)))
    {
        match panel["id"].as_u64() {
            None => faults.push(format!("{} has no id", name(panel))),
            Some(id) if !ids.insert(id) => {
                faults.push(format!("{} has the id {id} of another panel", name(panel)))
            }
            Some(_) => {}
        }
    }
    faults.extend(misplaced(&top));
    // The panels of a collapsed row are shown by themselves.
    faults.extend(top.iter().flat_map(|row| misplaced(&panels_of(row))));
    faults
}

/// The panels of a dashboard or of a collapsed row.
pub fn panels_of(value: &Value) -> Vec<&Value> {
    value["panels"].as_array().into_iter().flatten().collect()
}

fn name(panel: &Value) -> String {
    format!(
        "the panel {:?}",
        panel["title"].as_str().unwrap_or_default()
    )
}

struct Place {
    left: u64,
    right: u64,
    top: u64,
    bottom: u64,
}

impl Place {
    fn of(panel: &Value) -> Option<Place> {
        let number = |key: &str| panel["gridPos"][key].as_u64();
        let (left, top) = (number("x")?, number("y")?);
        Some(Place {
            left,
            top,
            right: left + number("w")?,
            bottom: top + number("h")?,
        })
    }

    fn overlaps(&self, other: &Place) -> bool {
        self.left < other.right
            && other.left < self.right
            && self.top < other.bottom
            && other.top < self.bottom
    }
}

fn misplaced(panels: &[&Value]) -> Vec<String> {
    let mut faults = Vec::new();
    let mut placed: Vec<(&Value, Place)> = Vec::new();
    for &panel in panels {
        let Some(place) = Place::of(panel) else {
            faults.push(format!("{} has no gridPos", name(panel)));
            continue;
        };
        if place.right > 24 || place.left >= place.right || place.top >= place.bottom {
            faults.push(format!("{} does not fit into 24 columns", name(panel)));
        }
        if let Some((other, _)) = placed.iter().find(|(_, other)| other.overlaps(&place)) {
            faults.push(format!("{} lies over {}", name(panel), name(other)));
        }
        placed.push((panel, place));
    }
    faults
}
