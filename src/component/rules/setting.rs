//! What an alert's threshold, `for` and severity are for one feeder, and for the stack.

use super::catalog::AlertSpec;
use crate::stack::{Duration, Threshold, Thresholds};

/// Settings of an alert after the user's changes.
#[derive(Debug, Clone, PartialEq)]
pub struct Setting {
    pub threshold: Option<f64>,
    pub hold: Duration,
    pub severity: String,
    pub enabled: bool,
}

impl Setting {
    /// As shipped.
    pub fn shipped(spec: &AlertSpec) -> Setting {
        Setting {
            threshold: spec.threshold,
            hold: spec.hold.clone(),
            severity: spec.severity.clone(),
            enabled: true,
        }
    }

    /// The settings of an alert: those of the target win over those of the stack, key by key.
    pub fn of(spec: &AlertSpec, stack: &Thresholds, own: Option<&Thresholds>) -> Setting {
        let mut setting = Setting::shipped(spec);
        for changes in [Some(stack), own].into_iter().flatten() {
            if let Some(change) = changes.get(&spec.key) {
                setting.apply(change);
            }
        }
        setting
    }

    fn apply(&mut self, change: &Threshold) {
        // What is shipped without a threshold compares with nothing.
        if self.threshold.is_some() {
            self.threshold = change.value.or(self.threshold);
        }
        if let Some(hold) = &change.hold {
            self.hold = hold.clone();
        }
        if let Some(severity) = &change.severity {
            self.severity.clone_from(severity);
        }
        self.enabled = change.enabled.unwrap_or(self.enabled);
    }
}
