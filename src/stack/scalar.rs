//! Durations, sizes and addresses, as users write them.

use std::fmt;

/// A duration in the form of Prometheus (prometheus/common model.ParseDuration): `1h30m`, `15d`.
/// Shown as it was written.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Duration {
    text: String,
    millis: u64,
}

const DURATION_UNITS: [(&str, u64); 7] = [
    ("y", 365 * 86_400_000),
    ("w", 7 * 86_400_000),
    ("d", 86_400_000),
    ("h", 3_600_000),
    ("m", 60_000),
    ("s", 1_000),
    ("ms", 1),
];

impl Duration {
    /// Parses units in falling order, each once. `0` needs no unit.
    pub fn parse(text: &str) -> Option<Duration> {
        if text == "0" {
            return Some(Duration::new(text, 0));
        }
        let mut rest = text;
        let mut units = DURATION_UNITS.iter();
        let mut millis: u64 = 0;
        while !rest.is_empty() {
            let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
            let number: u64 = rest[..digits].parse().ok()?;
            rest = &rest[digits..];
            let letters = rest.bytes().take_while(u8::is_ascii_alphabetic).count();
            let (_, factor) = units.find(|(unit, _)| *unit == &rest[..letters])?;
            rest = &rest[letters..];
            millis = millis.checked_add(number.checked_mul(*factor)?)?;
        }
        // The program's own type counts nanoseconds in 64 bits.
        let fits = millis <= i64::MAX as u64 / 1_000_000;
        (!text.is_empty() && fits).then(|| Duration::new(text, millis))
    }

    fn new(text: &str, millis: u64) -> Duration {
        Duration {
            text: text.to_owned(),
            millis,
        }
    }

    /// The shortest exact form of so many milliseconds, without years and weeks.
    pub fn from_millis(millis: u64) -> Duration {
        Duration::new(&in_units(millis, &DURATION_UNITS[2..]), millis)
    }

    pub fn millis(&self) -> u64 {
        self.millis
    }

    pub fn seconds(&self) -> f64 {
        self.millis as f64 / 1000.0
    }

    /// In the form of Go's time.ParseDuration, which knows no days: what Alloy reads.
    pub fn go(&self) -> String {
        in_units(self.millis, &DURATION_UNITS[3..])
    }
}

fn in_units(mut millis: u64, units: &[(&str, u64)]) -> String {
    if millis == 0 {
        return "0s".to_owned();
    }
    let mut text = String::new();
    for (unit, factor) in units {
        if millis >= *factor {
            text.push_str(&format!("{}{unit}", millis / factor));
            millis %= factor;
        }
    }
    text
}

impl fmt::Display for Duration {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.text)
    }
}

/// An amount of bytes: kB, MB, GB, TB are powers of 1000, KiB, MiB, GiB, TiB of 1024.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Size(pub u64);

const SIZE_UNITS: [(&str, u64); 9] = [
    ("B", 1),
    ("kB", 1_000),
    ("MB", 1_000_000),
    ("GB", 1_000_000_000),
    ("TB", 1_000_000_000_000),
    ("KiB", 1 << 10),
    ("MiB", 1 << 20),
    ("GiB", 1 << 30),
    ("TiB", 1 << 40),
];

impl Size {
    /// Parses a number, with a fraction if need be, and a unit.
    pub fn parse(text: &str) -> Option<Size> {
        let digits = text
            .bytes()
            .take_while(|b| b.is_ascii_digit() || *b == b'.')
            .count();
        let number: f64 = text[..digits].parse().ok()?;
        let unit = text[digits..].trim_start();
        let (_, factor) = SIZE_UNITS.iter().find(|(name, _)| *name == unit)?;
        let bytes = number * *factor as f64;
        (bytes.is_finite() && bytes <= i64::MAX as f64).then_some(Size(bytes.round() as u64))
    }
}

/// A host and a port.
#[derive(Debug, Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Address {
    pub host: String,
    pub port: u16,
}

impl Address {
    /// Parses `host:port`; IPv6 addresses stand in brackets.
    pub fn parse(text: &str) -> Option<Address> {
        let (host, port) = text.rsplit_once(':')?;
        let port: u16 = port.parse().ok().filter(|port| *port > 0)?;
        is_host(host).then(|| Address {
            host: host.to_owned(),
            port,
        })
    }
}

/// Whether a text is a host name, an IPv4 address, or an IPv6 address in brackets.
pub(super) fn is_host(text: &str) -> bool {
    if let Some(inner) = text.strip_prefix('[').and_then(|t| t.strip_suffix(']')) {
        return inner.parse::<std::net::Ipv6Addr>().is_ok();
    }
    !text.is_empty()
        && text.len() <= 253
        && text.split('.').all(|label| {
            !label.is_empty()
                && label
                    .bytes()
                    .all(|b| b.is_ascii_alphanumeric() || b == b'-' || b == b'_')
                && !label.starts_with('-')
                && !label.ends_with('-')
        })
}

impl fmt::Display for Address {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", self.host, self.port)
    }
}

/// A service's name as alerts begin with it: `gitlab-runner` as `GitlabRunner`.
pub fn pascal(name: &str) -> String {
    let words = name
        .split(|c: char| !c.is_alphanumeric())
        .filter(|word| !word.is_empty());
    let capital = |word: &str| {
        let mut letters = word.chars();
        let first = letters.next().map(|first| first.to_uppercase().to_string());
        first.unwrap_or_default() + letters.as_str()
    };
    words.map(capital).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_those_of_prometheus() {
        let seconds = |text: &str| Duration::parse(text).map(|d| d.seconds());
        assert_eq!(seconds("1h30m"), Some(5400.0));
        assert_eq!(seconds("15d"), Some(1_296_000.0));
        assert_eq!(seconds("150ms"), Some(0.15));
        assert_eq!(seconds("0"), Some(0.0));
        for wrong in [
            "", "5", "5 m", "1.5h", "30m1h", "5m5m", "-5m", "five", "300y",
        ] {
            assert_eq!(seconds(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn go_knows_no_days() {
        assert_eq!(Duration::parse("1d30s").unwrap().go(), "24h30s");
        assert_eq!(Duration::from_millis(60_000).to_string(), "1m");
    }

    #[test]
    fn sizes_are_decimal_or_binary() {
        assert_eq!(Size::parse("1GB"), Some(Size(1_000_000_000)));
        assert_eq!(Size::parse("4GiB"), Some(Size(4 << 30)));
        assert_eq!(Size::parse("1.5 MiB"), Some(Size(1_572_864)));
        assert_eq!(Size::parse("10"), None);
        assert_eq!(Size::parse("10gb"), None);
    }

    #[test]
    fn addresses_have_a_port() {
        assert!(Address::parse("localhost:8080").is_some());
        assert!(Address::parse("[::1]:9400").is_some());
        for wrong in [
            "localhost",
            "localhost:",
            ":80",
            "host:0",
            "host:70000",
            "http://x:1",
            "::1:80",
        ] {
            assert!(Address::parse(wrong).is_none(), "{wrong}");
        }
    }

    #[test]
    fn services_in_pascal_case() {
        assert_eq!(pascal("gitlab-runner"), "GitlabRunner");
        assert_eq!(pascal("accounts"), "Accounts");
        assert_eq!(pascal("my_apiV2"), "MyApiV2");
    }
}
