use super::{lower, render};
use crate::io::Memory;
use crate::source::SourceFile;
use crate::stack::validate::validate;

/// loki.yml of a stack whose `[loki]` has these keys.
fn config(loki: &str) -> String {
    let text = format!(
        r##"
        [stack]
        name = "monitoring"
        [slack.channels.monitoring]
        channel = "#monitoring-alerts"
        webhook = "slack-webhook"
        [loki]
        {loki}
        "##
    );
    let validated = validate(&SourceFile::new("stack.toml", text), &Memory::default());
    assert!(validated.findings.is_empty(), "{:#?}", validated.findings);
    let files = render(&lower(&validated.stacks[0])).unwrap();
    assert_eq!(files[0].restarts.as_deref(), Some("loki"));
    String::from_utf8(files[0].bytes.clone()).unwrap()
}

#[test]
fn one_process_on_its_own_disk() {
    assert_eq!(
        config(""),
        r#"auth_enabled: false
server:
  http_listen_port: 3100
  grpc_listen_address: "127.0.0.1"
  grpc_server_max_recv_msg_size: 16777216
  grpc_server_max_send_msg_size: 16777216
  log_level: warn
common:
  instance_addr: "127.0.0.1"
  path_prefix: /loki
  replication_factor: 1
  ring:
    kvstore:
      store: inmemory
  storage:
    filesystem:
      chunks_directory: /loki/chunks
      rules_directory: /loki/rules
schema_config:
  configs:
  - from: "2024-01-01"
    store: tsdb
    object_store: filesystem
    schema: v13
    index:
      prefix: index_
      period: 24h
ingester:
  wal:
    replay_memory_ceiling: 512MB
compactor:
  working_directory: /loki/compactor
  retention_enabled: true
  delete_request_store: filesystem
limits_config:
  retention_period: 30d
  max_query_length: 30d1h
  reject_old_samples: true
  reject_old_samples_max_age: 7d
  ingestion_rate_mb: 16
  ingestion_burst_size_mb: 32
  per_stream_rate_limit: 5MB
  per_stream_rate_limit_burst: 20MB
  max_global_streams_per_user: 10000
  max_label_names_per_series: 30
  max_line_size: 256KB
  max_line_size_truncate: true
analytics:
  reporting_enabled: false
"#
    );
}

#[test]
fn older_periods_keep_their_index() {
    let config = config(
        r#"
        retention = "2d"
        schema = [
          { from = "2022-06-01", version = "v11" },
          { from = "2023-06-01", version = "v12" },
          { from = "2030-01-01", version = "v13" },
        ]
        resources = { memory = "2GiB" }
        "#,
    );
    let lines = |key: &str| -> Vec<&str> {
        let lines = config
            .lines()
            .map(|line| line.trim_start_matches("- ").trim());
        lines.filter_map(|line| line.strip_prefix(key)).collect()
    };
    assert_eq!(
        lines("store: "),
        ["inmemory", "boltdb-shipper", "tsdb", "tsdb"]
    );
    assert_eq!(lines("schema: "), ["v11", "v12", "v13"]);
    assert_eq!(lines("allow_structured_metadata: "), ["false"]);
    assert_eq!(lines("reject_old_samples_max_age: "), ["2d"]);
    assert_eq!(lines("replay_memory_ceiling: "), ["1073741824B"]);
}
