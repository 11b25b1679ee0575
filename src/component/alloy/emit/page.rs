//! `http`: the agent's own page, and the metrics of the exporters inside it.

use super::Site;
use super::http_client::version;
use crate::component::alloy::syntax::{Block, Identifier, Value};
use crate::topology::{CERTIFICATE_FILE, KEY_FILE};

/// The page's password, and the page.
pub fn page(site: &Site<'_>) -> [Block; 2] {
    let file = secret_file("page_password", site.agent.secret(&site.agent.login.secret));
    let basic = Block::unlabelled("basic")
        .attr("username", site.agent.login.username.as_str())
        .attr("password", content(&file));
    let filter = Block::unlabelled("filter")
        .comment("Without a path nothing would ask for the password.")
        .attr("paths", ["/"]);
    let mut http =
        Block::unlabelled("http").block(Block::unlabelled("auth").block(basic).block(filter));
    if site.agent.tls {
        http = http.block(
            Block::unlabelled("tls")
                .attr("cert_file", site.agent.secret(CERTIFICATE_FILE))
                .attr("key_file", site.agent.secret(KEY_FILE))
                .attr("min_version", version(site.stack.tls.min_version)),
        );
    }
    [file, http]
}

/// A file with a secret, for an argument that takes no file.
pub fn secret_file(label: impl Into<Identifier>, path: String) -> Block {
    Block::new("local.file", label)
        .attr("filename", path)
        .attr("is_secret", true)
}

/// The secret in the file, without the newline at its end.
pub fn content(file: &Block) -> Value {
    let secret = file.export("content");
    Value::call(
        "string.trim_space",
        [Value::call("convert.nonsensitive", [secret])],
    )
}
