//! From a stack to Prometheus' configuration.

use super::model::{
    Alerting, AlertmanagerConfig, Config, Global, Model, StaticConfig, Storage, Tsdb,
};
use crate::component::http_client::HttpClientConfig;
use crate::stack::Stack;
use crate::topology::{Endpoint, Service};
use indexmap::IndexMap;

/// Where the rule files are, as seen from prometheus.yml.
const RULE_FILES: &str = "rules/*.yml";

/// Makes Prometheus' configuration. Alertmanager is there also where alerting is disabled: its
/// routes then end in silence, and what fires can still be looked at.
pub fn lower(stack: &Stack) -> Model {
    let environment = ("environment".to_owned(), stack.environment.clone());
    Model {
        config: Config {
            global: Global {
                evaluation_interval: stack.prometheus.evaluation_interval.to_string(),
                external_labels: IndexMap::from([environment]),
            },
            rule_files: vec![RULE_FILES.to_owned()],
            alerting: Alerting {
                alertmanagers: vec![alertmanager(stack)],
            },
            storage: Storage {
                tsdb: Tsdb {
                    out_of_order_time_window: stack.prometheus.out_of_order_window.to_string(),
                },
            },
        },
        client: HttpClientConfig::between(stack, Service::Prometheus, Service::Prometheus),
    }
}

fn alertmanager(stack: &Stack) -> AlertmanagerConfig {
    let endpoint = Endpoint::of(stack, Service::Alertmanager);
    AlertmanagerConfig {
        scheme: endpoint.scheme,
        api_version: "v2",
        client: HttpClientConfig::between(stack, Service::Prometheus, Service::Alertmanager),
        static_configs: vec![StaticConfig {
            targets: vec![endpoint.authority()],
        }],
    }
}
