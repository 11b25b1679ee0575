//! What a panel asks, and how it shows the answers.

use super::panel::{LOKI, PROMETHEUS, Unit};
use crate::component::grafana::model::*;
use std::collections::BTreeMap;

impl Panel {
    /// What is worth knowing about it.
    pub fn about(mut self, text: impl Into<String>) -> Self {
        self.description = Some(text.into());
        self
    }

    pub fn unit(mut self, unit: Unit) -> Self {
        let defaults = &mut self.field_config.defaults;
        defaults.unit = Some(unit.name());
        if unit == Unit::Ratio {
            defaults.decimals = Some(1);
        }
        self
    }

    /// A query of Prometheus. Time series ask for the whole range, other panels for now.
    pub fn query(mut self, expr: impl Into<String>, legend: &str) -> Self {
        let over_time = matches!(
            self.visualization,
            Visualization::Timeseries(_) | Visualization::StateTimeline(_)
        );
        let table = matches!(self.visualization, Visualization::Table(_));
        self.targets.push(Target::Prometheus(PrometheusQuery {
            ref_id: ref_id(self.targets.len()),
            datasource: PROMETHEUS,
            editor_mode: "code",
            expr: expr.into(),
            format: if table { "table" } else { "time_series" },
            instant: !over_time,
            range: over_time,
            legend_format: legend.to_owned(),
        }));
        self
    }

    /// A query of Loki.
    pub fn log_query(mut self, expr: impl Into<String>, legend: &str) -> Self {
        self.datasource = LOKI;
        self.targets.push(Target::Loki(LokiQuery {
            ref_id: ref_id(self.targets.len()),
            datasource: LOKI,
            editor_mode: "code",
            expr: expr.into(),
            query_type: "range",
            legend_format: legend.to_owned(),
        }));
        self
    }

    /// The axis from 0 to 1.
    pub fn whole(mut self) -> Self {
        self.field_config.defaults.min = Some(0.0);
        self.field_config.defaults.max = Some(1.0);
        self
    }

    /// Series on top of each other.
    pub fn stacked(mut self) -> Self {
        self.field_config.defaults.min = Some(0.0);
        if let Some(custom) = &mut self.field_config.defaults.custom {
            custom.stacking.mode = "normal";
            custom.fill_opacity = 40;
        }
        self
    }

    /// Stacked bars.
    pub fn bars(self) -> Self {
        let mut panel = self.stacked();
        if let Some(custom) = &mut panel.field_config.defaults.custom {
            custom.draw_style = "bars";
            custom.fill_opacity = 80;
        }
        panel
    }

    /// Red above the threshold of an alert.
    pub fn alert_above(self, threshold: Option<f64>) -> Self {
        // A step starts at its value, the alert above it: zero itself is fine.
        let red_from = threshold.map(|value| if value == 0.0 { 1e-6 } else { value });
        let line = threshold.is_some_and(|value| value != 0.0);
        self.steps("green", red_from.map(|value| ("red", value)), line)
    }

    /// Red below the threshold of an alert.
    pub fn alert_below(self, threshold: Option<f64>) -> Self {
        match threshold {
            Some(value) => self.steps("red", Some(("green", value)), true),
            None => self.steps("green", None, false),
        }
    }

    fn steps(mut self, base: &'static str, next: Option<(&'static str, f64)>, line: bool) -> Self {
        let steps = &mut self.field_config.defaults.thresholds.steps;
        steps.clear();
        steps.push(ThresholdStep {
            color: base,
            value: None,
        });
        steps.extend(next.map(|(color, value)| ThresholdStep {
            color,
            value: Some(value),
        }));
        if let Some(custom) = &mut self.field_config.defaults.custom {
            custom.thresholds_style.mode = if line { "dashed" } else { "off" };
        }
        self
    }

    /// Texts and colors of single values.
    pub fn mapped(mut self, values: &[(i32, &'static str, &'static str)]) -> Self {
        let options: BTreeMap<String, MappingResult> = values
            .iter()
            .zip(0..)
            .map(|((value, text, color), index)| {
                (value.to_string(), MappingResult { index, text, color })
            })
            .collect();
        self.field_config.defaults.mappings = vec![Mapping {
            kind: "value",
            options,
        }];
        self
    }

    /// The values of [`super::query::Selector::state`].
    pub fn up_or_down(self) -> Self {
        self.mapped(&[
            (1, "up", "green"),
            (0, "down", "red"),
            (-1, "sends nothing", "dark-red"),
        ])
    }

    /// Series of this legend as a dashed line without a filling: a limit.
    pub fn limit(self, legend: &str) -> Self {
        let dashes = LineStyle {
            fill: "dash",
            dash: [8, 8],
        };
        self.overridden(
            "byName",
            legend,
            vec![
                property("custom.fillOpacity", PropertyValue::Number(0)),
                property("custom.lineStyle", PropertyValue::LineStyle(dashes)),
            ],
        )
    }

    /// Series whose legend matches have this color.
    pub fn colored(self, pattern: &str, color: &'static str) -> Self {
        let color = Color {
            mode: "fixed",
            fixed_color: Some(color),
        };
        self.overridden(
            "byRegexp",
            &format!("/{pattern}/"),
            vec![property("color", PropertyValue::Color(color))],
        )
    }

    fn overridden(mut self, by: &'static str, which: &str, properties: Vec<Property>) -> Self {
        self.field_config.overrides.push(Override {
            matcher: Matcher {
                id: by,
                options: which.to_owned(),
            },
            properties,
        });
        self
    }

    /// A table without these columns, and its value under another name.
    pub fn columns(mut self, hidden: &[&'static str], value: Option<&'static str>) -> Self {
        let mut exclude_by_name: BTreeMap<&'static str, bool> =
            hidden.iter().map(|column| (*column, true)).collect();
        exclude_by_name.extend([("Time", true), ("__name__", true)]);
        if value.is_none() {
            exclude_by_name.insert("Value", true);
        }
        self.transformations = vec![Transformation::Organize(OrganizeOptions {
            exclude_by_name,
            rename_by_name: value.map(|name| ("Value", name)).into_iter().collect(),
        })];
        self
    }

    /// A stat of the series' names: a version, say.
    pub fn names_only(mut self) -> Self {
        if let Visualization::Stat(options) = &mut self.visualization {
            options.text_mode = "name";
        }
        self
    }

    /// Columns and rows of the grid.
    pub fn size(mut self, width: u32, height: u32) -> Self {
        self.grid_pos.w = width;
        self.grid_pos.h = height;
        self
    }
}

fn property(id: &'static str, value: PropertyValue) -> Property {
    Property { id, value }
}

/// A, B, … Z, AA, AB, …
fn ref_id(index: usize) -> String {
    let letter = char::from(b'A' + (index % 26) as u8);
    match index / 26 {
        0 => letter.to_string(),
        rest => format!("{}{letter}", ref_id(rest - 1)),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::component::grafana::dashboards::panel::panel;

    #[test]
    fn queries_are_lettered_as_columns_of_a_sheet() {
        let names: Vec<String> = [0, 25, 26, 27, 52].map(ref_id).to_vec();
        assert_eq!(names, ["A", "Z", "AA", "AB", "BA"]);
    }

    #[test]
    fn a_threshold_is_a_red_step_and_a_dashed_line() {
        let lag = panel("Lag").unit(Unit::Seconds).alert_above(Some(0.1));
        let defaults = &lag.field_config.defaults;
        assert_eq!(defaults.thresholds.steps[1].value, Some(0.1));
        assert_eq!(
            defaults.custom.as_ref().map(|c| c.thresholds_style.mode),
            Some("dashed")
        );
    }
}
