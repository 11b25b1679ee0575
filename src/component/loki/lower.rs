//! From a stack to Loki's configuration.

use super::model::{
    Analytics, Common, CommonStorage, Compactor, FilesystemStorage, Index, Ingester, KvStore,
    Limits, Model, PeriodConfig, Ring, SchemaConfig, Server, Wal,
};
use crate::stack::{Duration, Loki, SchemaPeriod, Stack};
use crate::topology::Service;

/// Where Loki keeps its data: the volume's place in the container.
const DATA: &str = "/loki";
const LOOPBACK: &str = "127.0.0.1";
/// The only store so far; deletions are noted down in it too.
const STORE: &str = "filesystem";
/// A new Loki writes the newest schema from the beginning. The day is fixed: a day that moved would
/// make what was written before it unreadable.
const FIRST_DAY: &str = "2024-01-01";
const NEWEST_SCHEMA: &str = "v13";
/// Loki's default of 4 MiB fails queries whose answers have long lines: they pass between its own
/// parts as one message.
const LARGEST_MESSAGE: u64 = 16 << 20;

/// Makes Loki's configuration.
pub fn lower(stack: &Stack) -> Model {
    let loki = &stack.loki;
    let configs = periods(loki);
    Model {
        // One tenant: the gateway knows who asks.
        auth_enabled: false,
        server: Server {
            http_listen_port: Service::Loki.port(),
            // Only its own parts speak gRPC.
            grpc_listen_address: LOOPBACK.to_owned(),
            grpc_server_max_recv_msg_size: LARGEST_MESSAGE,
            grpc_server_max_send_msg_size: LARGEST_MESSAGE,
            // Its logs come back to it: a line for each query would feed on itself.
            log_level: "warn",
        },
        common: Common {
            instance_addr: LOOPBACK.to_owned(),
            path_prefix: DATA.to_owned(),
            replication_factor: 1,
            ring: Ring {
                kvstore: KvStore { store: "inmemory" },
            },
            storage: CommonStorage {
                filesystem: FilesystemStorage {
                    chunks_directory: format!("{DATA}/chunks"),
                    rules_directory: format!("{DATA}/rules"),
                },
            },
        },
        ingester: Ingester {
            wal: Wal {
                replay_memory_ceiling: replay_ceiling(loki),
            },
        },
        compactor: Compactor {
            working_directory: format!("{DATA}/compactor"),
            // Without it the retention period deletes nothing.
            retention_enabled: true,
            delete_request_store: STORE,
        },
        limits_config: limits(loki, &configs),
        schema_config: SchemaConfig { configs },
        analytics: Analytics {
            reporting_enabled: false,
        },
    }
}

fn periods(loki: &Loki) -> Vec<PeriodConfig> {
    if loki.schema.is_empty() {
        return vec![period(&SchemaPeriod {
            from: FIRST_DAY.to_owned(),
            version: NEWEST_SCHEMA.to_owned(),
        })];
    }
    loki.schema.iter().map(period).collect()
}

/// A schema version stands for the index that Loki's own documentation paired it with: v12 and v13
/// for `tsdb` (since Loki 2.8), what is older for `boltdb-shipper`. Other pairs existed and cannot be
/// told; Loki would not find what was written in such a period.
fn period(period: &SchemaPeriod) -> PeriodConfig {
    PeriodConfig {
        from: period.from.clone(),
        store: match period.version.as_str() {
            "v12" | "v13" => "tsdb",
            _ => "boltdb-shipper",
        },
        object_store: STORE,
        schema: period.version.clone(),
        index: Index {
            prefix: "index_",
            period: "24h",
        },
    }
}

/// After a crash the write-ahead log is read back into memory. The default ceiling of 4 GB is above
/// what the container may use, and Loki would be killed again and again.
fn replay_ceiling(loki: &Loki) -> String {
    match loki.resources.memory {
        Some(memory) => format!("{}B", memory.0 / 2),
        None => "512MB".to_owned(),
    }
}

/// Loki counts per tenant, and all agents are one tenant here, so its defaults would be shared by
/// all of them.
fn limits(loki: &Loki, periods: &[PeriodConfig]) -> Limits {
    let week = 7 * 86_400_000;
    let oldest = loki.retention.millis().min(week);
    Limits {
        retention_period: loki.retention.to_string(),
        // All that is kept can be asked for at once; the default ends at 30 days.
        max_query_length: Duration::from_millis(loki.retention.millis() + 3_600_000).to_string(),
        // An agent that was cut off for long catches up; what is older than the retention would be
        // deleted at once.
        reject_old_samples: true,
        reject_old_samples_max_age: Duration::from_millis(oldest).to_string(),
        // Four times the default: after an outage all agents catch up together.
        ingestion_rate_mb: 16,
        ingestion_burst_size_mb: 32,
        // A program that logs without end may not take the whole of it.
        per_stream_rate_limit: "5MB",
        per_stream_rate_limit_burst: "20MB",
        // One for each container, unit and file of all hosts; the default is 5000.
        max_global_streams_per_user: 10_000,
        // Labels of hosts and targets are the user's; a stream above the default of 15 is refused.
        max_label_names_per_series: 30,
        // The beginning of a line that is too long is worth more than nothing.
        max_line_size: "256KB",
        max_line_size_truncate: true,
        allow_structured_metadata: structured_metadata(periods),
    }
}

/// Loki does not start if the period of the day is older than v13 and structured metadata is
/// allowed. Which period that is depends on the day it starts, so any older one switches it off:
/// a change of schema is announced by a period in the future. It comes back by itself when the old
/// periods are taken out, which their retention allows.
fn structured_metadata(periods: &[PeriodConfig]) -> Option<bool> {
    let all_new = periods.iter().all(|period| period.schema == NEWEST_SCHEMA);
    (!all_new).then_some(false)
}
