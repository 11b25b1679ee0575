//! How the agent logs in, and whom it trusts.

use super::Site;
use crate::component::alloy::syntax::Block;
use crate::stack::TlsVersion;
use crate::topology::CA_FILE;

/// A user, and the file with the password, which is read anew at each request.
pub fn basic_auth(site: &Site<'_>, username: &str, file: &str) -> Block {
    Block::unlabelled("basic_auth")
        .attr("username", username)
        .attr("password_file", site.agent.secret(file))
}

/// TLS towards a server of the stack.
pub fn tls_config(site: &Site<'_>, server_name: &str) -> Block {
    Block::unlabelled("tls_config")
        .attr("ca_file", site.agent.secret(CA_FILE))
        .attr("server_name", server_name)
        .attr("min_version", version(site.stack.tls.min_version))
}

/// Alloy's name of a TLS version.
pub fn version(version: TlsVersion) -> &'static str {
    match version {
        TlsVersion::TLS12 => "TLS12",
        TlsVersion::TLS13 => "TLS13",
    }
}
