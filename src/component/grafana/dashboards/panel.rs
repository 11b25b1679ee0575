//! Panels, said in few words.

use crate::component::grafana::model::*;

pub const PROMETHEUS: DatasourceRef = DatasourceRef {
    kind: "prometheus",
    uid: "prometheus",
};
pub const LOKI: DatasourceRef = DatasourceRef {
    kind: "loki",
    uid: "loki",
};
pub const ALERTMANAGER: DatasourceRef = DatasourceRef {
    kind: "alertmanager",
    uid: "alertmanager",
};

/// How values are written. Names as Grafana has them (`getValueFormats`).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unit {
    Count,
    Ratio,
    Seconds,
    Milliseconds,
    Bytes,
    BytesPerSecond,
    PerSecond,
    RequestsPerSecond,
    Celsius,
}

impl Unit {
    /// As Grafana's list of formats has it.
    pub const fn name(self) -> &'static str {
        match self {
            Unit::Count => "short",
            Unit::Ratio => "percentunit",
            Unit::Seconds => "s",
            Unit::Milliseconds => "ms",
            Unit::Bytes => "bytes",
            Unit::BytesPerSecond => "binBps",
            Unit::PerSecond => "ops",
            Unit::RequestsPerSecond => "reqps",
            Unit::Celsius => "celsius",
        }
    }
}

/// Lines over time.
pub fn panel(title: impl Into<String>) -> Panel {
    let visualization = Visualization::Timeseries(TimeseriesOptions {
        legend: legend("table"),
        tooltip: tooltip(),
    });
    let mut panel = new(title, visualization, PROMETHEUS, (8, 8));
    panel.field_config.defaults.color.mode = "palette-classic";
    panel.field_config.defaults.custom = Some(GraphFieldConfig {
        draw_style: "line",
        fill_opacity: 8,
        line_width: 1,
        show_points: "never",
        span_nulls: false,
        stacking: Stacking {
            group: "A",
            mode: "none",
        },
        thresholds_style: ThresholdsStyle { mode: "off" },
    });
    panel
}

/// The value of now, large.
pub fn stat(title: impl Into<String>) -> Panel {
    let options = StatOptions {
        color_mode: "value",
        graph_mode: "none",
        justify_mode: "auto",
        orientation: "auto",
        percent_change_color_mode: "standard",
        reduce_options: ReduceOptions {
            calcs: vec!["lastNotNull"],
            fields: "",
            values: false,
        },
        show_percent_change: false,
        text_mode: "auto",
        wide_layout: true,
    };
    new(title, Visualization::Stat(options), PROMETHEUS, (4, 4))
}

/// Phases of a state over time, one line a series.
pub fn states(title: impl Into<String>) -> Panel {
    let options = StateTimelineOptions {
        legend: legend("list"),
        tooltip: tooltip(),
        align_value: "left",
        merge_values: true,
        row_height: 0.8,
        show_value: "auto",
    };
    new(
        title,
        Visualization::StateTimeline(options),
        PROMETHEUS,
        (8, 8),
    )
}

/// What a query answers now, one row a series.
pub fn table(title: impl Into<String>) -> Panel {
    let options = TableOptions {
        show_header: true,
        cell_height: "sm",
        frame_index: 0,
    };
    new(title, Visualization::Table(options), PROMETHEUS, (12, 8))
}

/// Log lines.
pub fn logs(title: impl Into<String>) -> Panel {
    let options = LogsOptions {
        dedup_strategy: "none",
        enable_log_details: true,
        prettify_log_message: false,
        show_common_labels: false,
        show_labels: false,
        show_log_context_toggle: false,
        show_time: true,
        sort_order: "Descending",
        wrap_log_message: true,
    };
    new(title, Visualization::Logs(options), LOKI, (24, 12))
}

/// Log lines by level over time, and the lines themselves. `stream` is a LogQL selector, `$search`
/// a variable of the dashboard.
pub fn log_panels(stream: &str) -> Vec<Panel> {
    let lines = format!("{stream} |~ `(?i)$search`");
    let volume = panel("Lines by level")
        .bars()
        .log_query(
            format!("sum by (detected_level) (count_over_time({lines} [$__auto]))"),
            "{{detected_level}}",
        )
        .colored("error", "red")
        .colored("warn", "orange")
        .size(24, 5);
    vec![volume, logs("Log lines").log_query(lines, "")]
}

fn new(
    title: impl Into<String>,
    visualization: Visualization,
    datasource: DatasourceRef,
    (w, h): (u32, u32),
) -> Panel {
    Panel {
        id: 0,
        title: title.into(),
        description: None,
        visualization,
        datasource,
        grid_pos: GridPos { h, w, x: 0, y: 0 },
        targets: Vec::new(),
        field_config: FieldConfig {
            defaults: FieldDefaults {
                unit: None,
                decimals: None,
                min: None,
                max: None,
                color: Color {
                    mode: "thresholds",
                    fixed_color: None,
                },
                mappings: Vec::new(),
                thresholds: Thresholds {
                    mode: "absolute",
                    steps: vec![ThresholdStep {
                        color: "green",
                        value: None,
                    }],
                },
                custom: None,
            },
            overrides: Vec::new(),
        },
        transformations: Vec::new(),
    }
}

fn legend(display_mode: &'static str) -> LegendOptions {
    let calcs = match display_mode {
        "table" => vec!["lastNotNull", "max"],
        _ => Vec::new(),
    };
    LegendOptions {
        show_legend: display_mode == "table",
        display_mode,
        placement: "bottom",
        calcs,
    }
}

fn tooltip() -> TooltipOptions {
    TooltipOptions {
        mode: "multi",
        sort: "desc",
    }
}
