//! Container images and the tags that are pinned.

/// Tag of nginxinc/nginx-unprivileged, without `-alpine`.
pub const NGINX_VERSION: &str = "1.28.0";
