//! [`Secret`]: a value that never shows itself, and what makes one fit for its purpose.

use super::{Error, Vault};
use crate::topology::{Credential, Form, Origin, Owner, Service};
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use std::fmt;
use url::Url;

/// A secret's value. It has no `Display`, and `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct Secret(String);

/// Shorter passwords can be guessed.
const SHORTEST: usize = 12;
/// bcrypt reads no more than this.
const LONGEST: usize = 72;

impl Secret {
    /// A value as it stands in a file, comes out of a command or is typed: without line breaks at
    /// its end, but for PEM, which ends with one.
    ///
    /// An error says what is wrong with it (`is empty`), without the value.
    pub fn parse(bytes: &[u8], credential: &Credential) -> Result<Secret, String> {
        let text = std::str::from_utf8(bytes).map_err(|_| "is not text in UTF-8")?;
        let text = text.trim_end_matches(['\r', '\n']);
        if text.is_empty() {
            return Err("is empty".to_owned());
        }
        match fault(text, credential) {
            Some(reason) => Err(reason.to_owned()),
            None if is_pem(credential) => Ok(Secret(format!("{text}\n"))),
            None => Ok(Secret(text.to_owned())),
        }
    }

    /// 32 characters that need no quotes anywhere: 192 bits.
    pub fn generate(vault: &dyn Vault) -> Result<Secret, Error> {
        let mut bytes = [0; 24];
        loop {
            vault
                .random(&mut bytes)
                .map_err(|source| Error::Random { source })?;
            let text = URL_SAFE_NO_PAD.encode(bytes);
            // A leading `-` would look like an option.
            if text.starts_with(|c: char| c.is_ascii_alphanumeric()) {
                return Ok(Secret(text));
            }
        }
    }

    /// The value itself: for writing it to the file of a reader, and for hashing.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Why it could be guessed, if so.
    pub fn weakness(&self, credential: &Credential) -> Option<&'static str> {
        let given = matches!(&credential.origin, Origin::External { .. });
        let short = self.0.chars().count() < SHORTEST;
        (!given && short).then_some("is shorter than 12 characters")
    }

    /// What is doubtful about it, though it works.
    pub fn doubt(&self, credential: &Credential) -> Option<&'static str> {
        match &credential.origin {
            Origin::External { form, .. } if *form == Form::SlackWebhook => {
                let url = Url::parse(&self.0).ok();
                let slack = url.is_some_and(|url| {
                    let host = url.host_str().unwrap_or_default();
                    host == "hooks.slack.com" || host == "hooks.slack-gov.com"
                });
                (!slack).then_some("is not a webhook of Slack's (https://hooks.slack.com/...)")
            }
            _ => self.weakness(credential),
        }
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

fn is_pem(credential: &Credential) -> bool {
    matches!(&credential.origin, Origin::External { form, .. } if *form == Form::Pem)
}

/// Why a value cannot be used, if so.
fn fault(text: &str, credential: &Credential) -> Option<&'static str> {
    let form = match &credential.origin {
        Origin::External { form, .. } => *form,
        _ => Form::Password,
    };
    match form {
        Form::Pem => (!text.contains("-----BEGIN ") || !text.contains("-----END "))
            .then_some("is not PEM (-----BEGIN ...)"),
        _ if text.contains(char::is_control) => {
            Some("has a line break or another control character in it")
        }
        _ if text.trim() != text => Some("starts or ends with a space, which readers cut off"),
        Form::SlackWebhook | Form::Webhook => {
            let url = Url::parse(text).ok();
            let legal = url.is_some_and(|url| url.scheme() == "https" && url.has_host());
            (!legal || text.contains(' ')).then_some("is not an https:// URL")
        }
        Form::Password if text.len() > LONGEST => Some("is longer than 72 bytes"),
        // Grafana expands variables in what its data sources read.
        Form::Password if text.contains('$') && reads_as_client(credential) => {
            Some("has a `$` in it, which Grafana would expand")
        }
        Form::Password => None,
    }
}

fn reads_as_client(credential: &Credential) -> bool {
    credential
        .readers
        .contains_key(&Owner::Service(Service::Grafana))
        && credential.server() != Some(Service::Grafana)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::io::MemoryVault;

    fn credential(origin: Origin) -> Credential {
        Credential {
            name: "it".to_owned(),
            origin,
            readers: [].into(),
            source: None,
        }
    }

    fn external(form: Form) -> Credential {
        credential(Origin::External {
            purpose: String::new(),
            form,
        })
    }

    fn reason(text: &str, credential: &Credential) -> Option<String> {
        Secret::parse(text.as_bytes(), credential).err()
    }

    #[test]
    fn a_value_never_shows_itself() {
        let secret = Secret::parse(b"hush-hush-hush", &credential(Origin::Key)).unwrap();
        assert_eq!(format!("{secret:?}"), "Secret(…)");
    }

    #[test]
    fn line_breaks_at_the_end_do_not_count() {
        let secret = Secret::parse(b"hush\r\n\n", &credential(Origin::Key)).unwrap();
        assert_eq!(secret.expose(), "hush");
        let pem = "-----BEGIN X-----\nQQ==\n-----END X-----";
        let secret = Secret::parse(pem.as_bytes(), &external(Form::Pem)).unwrap();
        assert_eq!(secret.expose(), format!("{pem}\n"));
    }

    #[test]
    fn webhooks_are_https_urls() {
        let webhook = external(Form::SlackWebhook);
        assert_eq!(
            reason("https://hooks.slack.com/services/a/b/c", &webhook),
            None
        );
        for wrong in [
            "http://hooks.slack.com/x",
            "hooks.slack.com/x",
            "https://a b",
        ] {
            let said = reason(wrong, &webhook).unwrap();
            assert!(said.contains("https://"), "{said}");
            assert!(!said.contains(wrong));
        }
        let other = Secret::parse(b"https://chat.example/hook", &webhook).unwrap();
        assert!(other.doubt(&webhook).is_some());
    }

    #[test]
    fn passwords_fit_into_every_file_that_holds_them() {
        let password = credential(Origin::Password {
            username: "admin".to_owned(),
            server: Service::Prometheus,
        });
        assert_eq!(reason("correct horse battery", &password), None);
        assert!(reason("", &password).is_some());
        assert!(reason("\n", &password).is_some());
        assert!(reason("two\nlines", &password).is_some());
        assert!(reason(" space", &password).is_some());
        assert!(reason(&"x".repeat(73), &password).is_some());
        assert_eq!(reason("pa$$word-is-long", &password), None);
        let mut shared = password;
        shared
            .readers
            .insert(Owner::Service(Service::Grafana), "it".to_owned());
        assert!(reason("pa$$word-is-long", &shared).is_some());
    }

    #[test]
    fn generated_values_need_no_quotes() {
        let vault = MemoryVault::at("2025-06-01T00:00:00Z");
        let mut seen = std::collections::BTreeSet::new();
        for _ in 0..200 {
            let secret = Secret::generate(&vault).unwrap();
            let text = secret.expose();
            assert_eq!(text.len(), 32);
            assert!(text.starts_with(|c: char| c.is_ascii_alphanumeric()));
            assert!(
                text.chars()
                    .all(|c| c.is_ascii_alphanumeric() || "-_".contains(c))
            );
            assert!(seen.insert(text.to_owned()));
        }
    }
}
