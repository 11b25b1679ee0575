//! Certificates.

use super::context::{Context, at};
use crate::config;
use crate::stack::*;
use crate::topology::{Service, TLS_SERVICES};
use std::collections::BTreeMap;

impl Context<'_> {
    pub fn tls(&mut self, section: &config::TlsSection) -> Tls {
        let source = match section.mode {
            Some(config::TlsMode::Files) => self.certificate_files(section),
            _ => CertificateSource::SelfSigned,
        };
        Tls {
            source,
            min_version: section.min_version.unwrap_or(TlsVersion::TLS12),
            validity: self.duration(
                at(&["tls", "validity"]),
                section.validity.as_deref(),
                "365d",
            ),
        }
    }

    fn certificate_files(&mut self, section: &config::TlsSection) -> CertificateSource {
        let path = at(&["tls"]);
        let wanted: BTreeMap<&str, Service> = TLS_SERVICES
            .iter()
            .map(|service| (key_of(*service), *service))
            .collect();
        let mut certificates = BTreeMap::new();
        for (name, files) in &section.certificates {
            let entry = path.key("certificates").key(name);
            let Some(service) = wanted.get(name.as_str()) else {
                let finding = self
                    .at_key(
                        "unknown-service",
                        &entry,
                        format!("no service {name:?} shows a certificate"),
                    )
                    .label("unknown service")
                    .help(format!(
                        "Possible: {}.",
                        crate::diagnostic::list(wanted.keys().copied())
                    ));
                self.report(finding);
                continue;
            };
            self.inside_project(&entry.key("cert"), &files.cert);
            self.inside_project(&entry.key("key"), &files.key);
            certificates.insert(
                service.name().to_owned(),
                CertificateFiles {
                    cert: files.cert.clone(),
                    key: files.key.clone(),
                },
            );
        }
        for (name, service) in &wanted {
            if !certificates.contains_key(service.name()) {
                let finding = self
                    .at_key("missing-key", &path, format!("`tls.certificates` has no `{name}`"))
                    .label("mode \"files\" needs a certificate for every service")
                    .help(format!("Add `certificates.{name} = {{ cert = \"...\", key = \"...\" }}`, or use mode \"self-signed\"."));
                self.report(finding);
            }
        }
        self.named_domain();
        match &section.ca {
            Some(ca) => {
                self.inside_project(&path.key("ca"), ca);
            }
            None => {
                let finding = self
                    .at_key("missing-key", &path, "`tls` has no `ca`".to_owned())
                    .label("mode \"files\" needs the CA that signed the certificates")
                    .help("Services trust no other CA. Name its PEM file: `ca = \"...\"`.");
                self.report(finding);
            }
        }
        CertificateSource::Files {
            ca: section.ca.clone().unwrap_or_default(),
            certificates,
        }
    }

    /// Services check each other's certificates by the domain, and nginx knows names only
    /// (proxy_ssl_name, nginx 1.28).
    fn named_domain(&mut self) {
        let path = at(&["stack", "domain"]);
        let domain = self.document.get(&path).and_then(|node| node.as_str());
        let Some(address) = domain.filter(|domain| domain.parse::<std::net::IpAddr>().is_ok())
        else {
            return;
        };
        let finding = self
            .at_value(
                "address-without-name",
                &path,
                format!("certificates of your own cannot be checked against {address}"),
            )
            .label("an address, not a name")
            .help("With [tls] mode \"files\", set the domain to a host name that stands in the certificates.");
        self.report(finding);
    }
}

/// The key of a service in [tls.certificates]: the section that configures it.
fn key_of(service: Service) -> &'static str {
    match service {
        Service::AlloyLocal => "alloy",
        other => other.name(),
    }
}
