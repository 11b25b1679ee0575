//! The tree of routes.

use super::lower::{HEARTBEAT, NOBODY, receiver_of};
use super::model::Route;
use crate::stack::matcher::{Matcher, Operator};
use crate::stack::{Alerting, Duration, Stack};

/// How often what has no known severity is repeated: Alertmanager's own default.
const UNKNOWN_SEVERITY_REPEAT: u64 = 4 * 3_600_000;
/// A repeat happens on a tick of the group's interval, and one that is due on the tick itself waits
/// for the next. So a beat comes one tick late: a minute, or a fifth of a short interval.
const LONGEST_TICK: u64 = 60_000;
const SHORTEST_TICK: u64 = 1_000;

/// Makes the whole tree.
pub(super) fn tree(stack: &Stack) -> Route {
    let alerting = &stack.alerting;
    // A repeat below the group's interval would only say something that does not happen.
    let repeat = UNKNOWN_SEVERITY_REPEAT.max(alerting.group_interval.millis());
    let mut routes = vec![watchdog(alerting)];
    routes.extend(alerting.routes.iter().map(|route| Route {
        matchers: route.matchers.clone(),
        receiver: Some(channel(alerting, &route.channel)),
        routes: severities(alerting, &route.matchers),
        ..Route::default()
    }));
    routes.extend(alerting.severities.iter().map(|(name, severity)| {
        let own = severity.channel.as_ref();
        let receiver = channel(alerting, own.unwrap_or(&alerting.default_channel));
        Route {
            receiver: Some(receiver),
            ..of_severity(name, &severity.repeat)
        }
    }));
    Route {
        receiver: Some(channel(alerting, &alerting.default_channel)),
        group_by: alerting.group_by.clone(),
        group_wait: Some(alerting.group_wait.to_string()),
        group_interval: Some(alerting.group_interval.to_string()),
        repeat_interval: Some(Duration::from_millis(repeat).to_string()),
        routes,
        ..Route::default()
    }
}

/// The receiver of a channel. Where alerting is disabled every way ends in silence.
fn channel(alerting: &Alerting, name: &str) -> String {
    if alerting.enabled {
        receiver_of(name)
    } else {
        NOBODY.to_owned()
    }
}

/// Watchdog always fires: in Slack it would come back at every repeat, and say nothing. It goes
/// first, so that no route of the user's takes it from the heartbeat.
fn watchdog(alerting: &Alerting) -> Route {
    let matchers = vec![r#"alertname="Watchdog""#.to_owned()];
    match &alerting.heartbeat {
        Some(heartbeat) if alerting.enabled => {
            let tick = (heartbeat.interval.millis() / 5).clamp(SHORTEST_TICK, LONGEST_TICK);
            Route {
                matchers,
                receiver: Some(HEARTBEAT.to_owned()),
                group_wait: Some("0s".to_owned()),
                group_interval: Some(Duration::from_millis(tick).to_string()),
                repeat_interval: Some(heartbeat.interval.to_string()),
                ..Route::default()
            }
        }
        _ => Route {
            matchers,
            receiver: Some(NOBODY.to_owned()),
            ..Route::default()
        },
    }
}

/// One child for each severity that can pass the parent's matchers; the parent keeps the rest.
fn severities(alerting: &Alerting, parent: &[String]) -> Vec<Route> {
    let matchers: Vec<Matcher> = parent
        .iter()
        .filter_map(|text| Matcher::parse(text).ok())
        .filter(|matcher| matcher.name == "severity")
        .collect();
    alerting
        .severities
        .iter()
        .filter(|(name, _)| {
            let refused = |matcher: &Matcher| accepts(matcher, name) == Some(false);
            !matchers.iter().any(refused)
        })
        .map(|(name, severity)| of_severity(name, &severity.repeat))
        .collect()
}

fn of_severity(name: &str, repeat: &Duration) -> Route {
    let severity = Matcher {
        name: "severity".to_owned(),
        operator: Operator::Equal,
        value: name.to_owned(),
    };
    Route {
        matchers: vec![severity.quoted()],
        repeat_interval: Some(repeat.to_string()),
        ..Route::default()
    }
}

/// Whether a matcher accepts a label's value; nothing if its regular expression is one that only
/// Alertmanager's engine can judge. Expressions match the whole value.
pub(super) fn accepts(matcher: &Matcher, value: &str) -> Option<bool> {
    let matches = || {
        let anchored = format!("^(?:{})$", matcher.value);
        let regex = regex::Regex::new(&anchored).ok()?;
        Some(regex.is_match(value))
    };
    match matcher.operator {
        Operator::Equal => Some(matcher.value == value),
        Operator::NotEqual => Some(matcher.value != value),
        Operator::Regex => matches(),
        Operator::NotRegex => matches().map(|found| !found),
    }
}
