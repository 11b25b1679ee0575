//! Loki's configuration in its own words (Loki 3.4.5, docs/sources/shared/configuration.md).

use serde::Serialize;

/// What is written for Loki.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Model {
    /// Whether each request must name a tenant. It is no authentication.
    pub auth_enabled: bool,
    pub server: Server,
    pub common: Common,
    pub schema_config: SchemaConfig,
    pub ingester: Ingester,
    pub compactor: Compactor,
    pub limits_config: Limits,
    pub analytics: Analytics,
}

/// `server`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Server {
    pub http_listen_port: u16,
    pub grpc_listen_address: String,
    pub grpc_server_max_recv_msg_size: u64,
    pub grpc_server_max_send_msg_size: u64,
    pub log_level: &'static str,
}

/// `common`: what all parts of the process share.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Common {
    pub instance_addr: String,
    /// Below it are the write-ahead log, the index and its cache.
    pub path_prefix: String,
    pub replication_factor: u32,
    pub ring: Ring,
    pub storage: CommonStorage,
}

/// `common.ring`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ring {
    pub kvstore: KvStore,
}

/// `common.ring.kvstore`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct KvStore {
    pub store: &'static str,
}

/// `common.storage`: exactly one kind of store.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct CommonStorage {
    pub filesystem: FilesystemStorage,
}

/// `common.storage.filesystem`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct FilesystemStorage {
    pub chunks_directory: String,
    /// The ruler starts wherever a common store is set, and needs a folder even if it is empty.
    pub rules_directory: String,
}

/// `schema_config`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct SchemaConfig {
    /// Oldest first.
    pub configs: Vec<PeriodConfig>,
}

/// `period_config`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct PeriodConfig {
    /// A day, YYYY-MM-DD, from 0:00 UTC.
    pub from: String,
    /// `tsdb` or `boltdb-shipper`.
    pub store: &'static str,
    pub object_store: &'static str,
    pub schema: String,
    pub index: Index,
}

/// `period_config.index`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Index {
    pub prefix: &'static str,
    /// Retention works with 24h only, and `tsdb` accepts nothing else.
    pub period: &'static str,
}

/// `ingester`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Ingester {
    pub wal: Wal,
}

/// `ingester.wal`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Wal {
    pub replay_memory_ceiling: String,
}

/// `compactor`: the part that deletes.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Compactor {
    pub working_directory: String,
    pub retention_enabled: bool,
    /// Required with retention.
    pub delete_request_store: &'static str,
}

/// `limits_config`. Sizes are powers of 1024.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Limits {
    pub retention_period: String,
    pub max_query_length: String,
    pub reject_old_samples: bool,
    pub reject_old_samples_max_age: String,
    pub ingestion_rate_mb: u32,
    pub ingestion_burst_size_mb: u32,
    pub per_stream_rate_limit: &'static str,
    pub per_stream_rate_limit_burst: &'static str,
    pub max_global_streams_per_user: u32,
    pub max_label_names_per_series: u32,
    pub max_line_size: &'static str,
    pub max_line_size_truncate: bool,
    /// Default: true.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub allow_structured_metadata: Option<bool>,
}

/// `analytics`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize)]
pub struct Analytics {
    pub reporting_enabled: bool,
}
