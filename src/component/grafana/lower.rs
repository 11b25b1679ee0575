//! From the stack to Grafana's data sources and dashboards.

use super::dashboards::{self, ALERTMANAGER, Context, LOKI, PROMETHEUS};
use super::model::*;
use crate::stack::Stack;
use crate::topology::{
    CA_FILE, Endpoint, GRAFANA_DASHBOARDS_PATH, SECRETS_PATH, Service, Topology,
};

/// Grafana's files for a stack. `defaults` tells the threshold of a shipped alert by its name.
pub fn lower(stack: &Stack, topology: &Topology, defaults: &dyn Fn(&str) -> Option<f64>) -> Model {
    let dashboards = dashboards::all(&Context {
        stack,
        topology,
        defaults,
    });
    Model {
        datasources: datasources(stack, &dashboards),
        providers: providers(stack),
        dashboards,
        own: stack
            .grafana
            .dashboards
            .iter()
            .map(|file| OwnDashboard {
                file_name: file.file_name().to_owned(),
                text: file.text.clone(),
            })
            .collect(),
    }
}

fn datasources(stack: &Stack, dashboards: &[DashboardFile]) -> Datasources {
    let metrics = JsonData {
        http_method: Some("POST"),
        time_interval: Some(stack.alloy.scrape_interval.to_string()),
        prometheus_type: Some("Prometheus"),
        prometheus_version: Some(literal(&stack.prometheus.version)),
        manage_alerts: Some(true),
        alertmanager_uid: Some(ALERTMANAGER.uid),
        ..JsonData::default()
    };
    let logs = JsonData {
        // Loki evaluates no rules here.
        manage_alerts: Some(false),
        derived_fields: log_links(dashboards),
        ..JsonData::default()
    };
    let alerts = JsonData {
        implementation: Some("prometheus"),
        handle_grafana_managed_alerts: Some(false),
        ..JsonData::default()
    };
    Datasources {
        api_version: 1,
        prune: true,
        datasources: vec![
            datasource(
                stack,
                "Prometheus",
                PROMETHEUS,
                Service::Prometheus,
                metrics,
            ),
            datasource(stack, "Loki", LOKI, Service::Gateway, logs),
            datasource(
                stack,
                "Alertmanager",
                ALERTMANAGER,
                Service::Alertmanager,
                alerts,
            ),
        ],
    }
}

fn datasource(
    stack: &Stack,
    name: &str,
    reference: DatasourceRef,
    server: Service,
    settings: JsonData,
) -> Datasource {
    let endpoint = Endpoint::of(stack, server);
    let login = Topology::login(server, Service::Grafana);
    Datasource {
        name: name.to_owned(),
        kind: reference.kind,
        uid: reference.uid,
        org_id: 1,
        access: "proxy",
        url: literal(&endpoint.url("")),
        is_default: reference == PROMETHEUS,
        editable: false,
        basic_auth: true,
        basic_auth_user: literal(&login.username),
        json_data: JsonData {
            tls_auth_with_ca_cert: true,
            server_name: literal(&endpoint.server_name),
            ..settings
        },
        secure_json_data: SecureJsonData {
            basic_auth_password: secret(&login.secret),
            tls_ca_cert: secret(CA_FILE),
        },
    }
}

/// From a log line to the dashboard of its host or service.
fn log_links(dashboards: &[DashboardFile]) -> Vec<DerivedField> {
    let links = [
        ("host", "hosts", "instance", "Metrics of the host"),
        ("service", "nodejs", "service", "Metrics of the service"),
    ];
    links
        .into_iter()
        .filter(|(_, name, _, _)| dashboards.iter().any(|file| file.name == *name))
        .map(|(label, name, variable, title)| DerivedField {
            name: format!("{name} metrics"),
            matcher_type: "label",
            matcher_regex: literal(&format!("^{label}$")),
            url: literal(&format!(
                "/d/{}?var-{variable}=${{__value.raw}}",
                dashboards::uid(name)
            )),
            url_display_label: title.to_owned(),
        })
        .collect()
}

fn providers(stack: &Stack) -> DashboardProviders {
    DashboardProviders {
        api_version: 1,
        providers: vec![DashboardProvider {
            name: "stackgen",
            org_id: 1,
            folder: literal(&stack.name),
            folder_uid: "stackgen",
            kind: "file",
            disable_deletion: false,
            allow_ui_updates: false,
            update_interval_seconds: 30,
            options: ProviderOptions {
                path: GRAFANA_DASHBOARDS_PATH,
                folders_from_files_structure: false,
            },
        }],
    }
}

/// Text that Grafana shall not expand.
fn literal(text: &str) -> String {
    text.replace('$', "$$")
}

/// The content of a file in Grafana's secrets folder, without the line break at its end.
fn secret(file: &str) -> String {
    format!("$__file{{{SECRETS_PATH}/{file}}}")
}
