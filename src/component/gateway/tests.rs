//! The gateway of small stacks.

use super::{Directive, lower, render};
use crate::component::testing::small_stack;

/// The locations of the server that listens so, each with its whole block as one line.
fn locations(more: &str, listen: &str) -> Option<Vec<(String, String)>> {
    let configuration = lower(&small_stack(more));
    let http = configuration.directives.last()?.block.as_ref()?;
    let server = http.iter().filter(|directive| directive.name == "server");
    let block = server
        .filter_map(|server| server.block.as_ref())
        .find(|block| block[0].arguments[0] == listen)?;
    let locations = block
        .iter()
        .filter(|directive| directive.name == "location");
    Some(
        locations
            .map(|location| (location.arguments.join(" "), line(location)))
            .collect(),
    )
}

fn line(directive: &Directive) -> String {
    let block = directive.block.iter().flatten().map(line);
    let own = format!("{} {};", directive.name, directive.arguments.join(" "));
    std::iter::once(own).chain(block).collect()
}

#[test]
fn without_a_public_address_there_is_one_door() {
    assert!(locations("", "3100").is_some());
    assert!(locations("", "8443").is_none());
    let artifacts = render(&lower(&small_stack(""))).unwrap();
    let text = String::from_utf8(artifacts[0].bytes.clone()).unwrap();
    assert!(
        !text.contains("prometheus"),
        "no upstream that nothing leads to"
    );
    assert_eq!(artifacts[0].restarts.as_deref(), Some("gateway"));
}

#[test]
fn agents_push_and_do_nothing_else() {
    let public = locations("[gateway]\nbind = \"0.0.0.0\"\n", "8443").unwrap();
    let paths: Vec<&str> = public.iter().map(|(path, _)| path.as_str()).collect();
    assert_eq!(paths, ["= /api/v1/write", "= /loki/api/v1/push", "/"]);
    for (_, block) in &public[..2] {
        assert!(block.contains("limit_except POST;deny all;"), "{block}");
    }
    assert!(public[2].1.ends_with("return 404;"));
}

#[test]
fn no_upstream_sees_a_clients_credential() {
    let text = lower(&small_stack("[gateway]\nbind = \"0.0.0.0\"\n")).to_string();
    // Setting any header below forgets those above.
    for block in text.split("location").skip(1) {
        let block = block.split("proxy_pass").next().unwrap_or_default();
        let sets = block.contains("proxy_set_header");
        assert!(
            !sets || block.contains(r#"proxy_set_header Authorization "";"#),
            "{block}"
        );
    }
}

#[test]
fn readers_and_pushers_have_users_of_their_own() {
    let door = locations("", "3100").unwrap();
    let users = |path: &str| {
        let (_, block) = door.iter().find(|(name, _)| name.contains(path))?;
        let file = block
            .split("auth_basic_user_file ")
            .nth(1)?
            .split(';')
            .next()?;
        file.rsplit('/').next().map(str::to_owned)
    };
    assert_eq!(users("query_range").as_deref(), Some("query.htpasswd"));
    assert_eq!(users("tail").as_deref(), Some("query.htpasswd"));
    assert_eq!(users("push").as_deref(), Some("push.htpasswd"));
    assert_eq!(users("/metrics").as_deref(), Some("push.htpasswd"));
}

#[test]
fn tls_is_as_new_as_the_stack_says() {
    let text = lower(&small_stack("[tls]\nmin_version = \"TLS13\"\n")).to_string();
    assert!(text.contains("ssl_protocols TLSv1.3;") && !text.contains("TLSv1.2"));
}
