//! A dashboard, said in few words.

use super::layout::Layout;
use super::panel::PROMETHEUS;
use crate::component::grafana::model::*;

/// Tag of every generated dashboard; their links to one another follow it.
const TAG: &str = "stackgen";

/// A dashboard in the making.
#[derive(Debug)]
pub struct Board {
    name: &'static str,
    title: &'static str,
    description: &'static str,
    causes: Vec<String>,
    variables: Vec<Variable>,
    alerts: String,
    layout: Layout,
}

/// A dashboard of this file name; its uid is `stackgen-<name>`.
pub fn board(name: &'static str, title: &'static str, description: &'static str) -> Board {
    Board {
        name,
        title,
        description,
        causes: Vec::new(),
        variables: Vec::new(),
        alerts: String::new(),
        layout: Layout::default(),
    }
}

/// Uid of the generated dashboard of this name.
pub fn uid(name: &str) -> String {
    format!("{TAG}-{name}")
}

impl Board {
    /// Keys of stack.toml that feed it.
    pub fn caused_by(mut self, keys: impl IntoIterator<Item = String>) -> Self {
        self.causes.extend(keys);
        self
    }

    /// A variable with the values that `label` has on the series of a selector, one or several.
    pub fn variable(mut self, name: &str, title: &str, series: &str, label: &str) -> Self {
        let query = format!("label_values({series}, {label})");
        self.variables.push(Variable::Query {
            name: name.to_owned(),
            label: title.to_owned(),
            datasource: PROMETHEUS,
            query: VariableQuery {
                qry_type: 1,
                query: query.clone(),
                ref_id: "PrometheusVariableQueryEditor-VariableQuery",
            },
            definition: query,
            refresh: 2,
            sort: 1,
            multi: true,
            include_all: true,
            current: VariableOption {
                text: vec!["All"],
                value: vec!["$__all"],
            },
        });
        self
    }

    /// The variable `$search`, a regular expression for log lines.
    pub fn search(mut self) -> Self {
        self.variables.push(Variable::Textbox {
            name: "search".to_owned(),
            label: "Search logs".to_owned(),
            query: "",
            current: VariableOption {
                text: "",
                value: "",
            },
        });
        self
    }

    /// Marks on the time axis while alerts with these labels fire.
    pub fn alerts(mut self, matcher: impl Into<String>) -> Self {
        self.alerts = matcher.into();
        self
    }

    /// A heading with its panels; nothing where there are none.
    pub fn row(mut self, title: &str, panels: Vec<Panel>) -> Self {
        if !panels.is_empty() {
            self.layout.row(title, panels);
        }
        self
    }

    pub fn finish(self) -> DashboardFile {
        let firing = format!("ALERTS{{alertstate=\"firing\",{}}}", self.alerts);
        let alerts = Annotation {
            name: "Alerts",
            datasource: PROMETHEUS,
            enable: true,
            icon_color: "red",
            expr: firing.clone(),
            target: AnnotationTarget {
                expr: firing,
                ref_id: "Anno",
            },
            title_format: "{{alertname}}",
            text_format: "{{severity}} {{service}} {{instance}}",
        };
        let link = Link {
            title: "Dashboards",
            kind: "dashboards",
            tags: vec![TAG.to_owned()],
            as_dropdown: true,
            icon: "external link",
            include_vars: false,
            keep_time: true,
            target_blank: false,
            tooltip: "",
        };
        DashboardFile {
            name: self.name.to_owned(),
            causes: self.causes,
            dashboard: Dashboard {
                uid: uid(self.name),
                title: self.title.to_owned(),
                description: self.description.to_owned(),
                tags: vec![TAG.to_owned(), self.name.to_owned()],
                schema_version: 41,
                editable: false,
                graph_tooltip: 1,
                refresh: "30s",
                time: TimeRange {
                    from: "now-6h",
                    to: "now",
                },
                timezone: "browser",
                links: vec![link],
                templating: Templating {
                    list: self.variables,
                },
                annotations: Annotations { list: vec![alerts] },
                panels: self.layout.finish(),
            },
        }
    }
}
