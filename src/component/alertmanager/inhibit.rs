//! Which alerts silence which others.

use super::model::InhibitRule;
use super::routes::accepts;
use crate::stack::matcher::{Matcher, Operator};
use crate::stack::{Alerting, Stack};

/// Says that nothing arrives from a host; one for each service on it.
const CAUSE: &str = "AgentSilent";
/// Alerts that a silent agent raises by itself.
const EFFECTS: &str = "TargetDown|.+ServiceDown|KafkaBrokerDown|ContainerMissing";

/// The user's rules, then the stack's own.
pub(super) fn rules(stack: &Stack) -> Vec<InhibitRule> {
    let users = stack.alerting.inhibit.iter().map(|rule| InhibitRule {
        source_matchers: rule.source.clone(),
        target_matchers: rule.target.clone(),
        equal: rule.equal.clone(),
    });
    users.chain(silent_agent(&stack.alerting)).collect()
}

/// A silent agent makes every target of its host look down. Whoever hears of the agent need not
/// hear of each target too. But whoever does *not* hear of the agent must hear of the target: so
/// AgentSilent silences only what goes to the same channel, which is what every route that sees
/// both alerts the same way guarantees. Therefore
/// - host, service and environment are equal, and so is every label that any route looks at;
/// - severity is equal too where severities have channels of their own;
/// - a route that looks at the alert's name must take both or neither: those that it would tell
///   apart from AgentSilent are no targets.
///
/// There is no rule where a route's expression cannot be judged: to hear too much is the lesser
/// evil.
fn silent_agent(alerting: &Alerting) -> Option<InhibitRule> {
    let mut target_matchers = vec![equation("alertname", Operator::Regex, EFFECTS).quoted()];
    let mut equal = ["environment", "host", "service"]
        .map(str::to_owned)
        .to_vec();
    let by_severity = |severity: &crate::stack::AlertSeverity| {
        let own = severity.channel.as_ref();
        own.is_some_and(|channel| *channel != alerting.default_channel)
    };
    if alerting.severities.values().any(by_severity) {
        equal.push("severity".to_owned());
    }
    for text in alerting.routes.iter().flat_map(|route| &route.matchers) {
        let matcher = Matcher::parse(text).ok()?;
        if matcher.name == "alertname" {
            let same = same_side(matcher)?;
            // A route for AgentSilent alone: nothing else goes there.
            if same.operator == Operator::Equal {
                return None;
            }
            let same = same.quoted();
            if !target_matchers.contains(&same) {
                target_matchers.push(same);
            }
        } else if !equal.contains(&matcher.name) {
            equal.push(matcher.name);
        }
    }
    Some(InhibitRule {
        source_matchers: vec![equation("alertname", Operator::Equal, CAUSE).quoted()],
        target_matchers,
        equal,
    })
}

/// The matcher, or its opposite: whichever AgentSilent itself passes.
fn same_side(matcher: Matcher) -> Option<Matcher> {
    if accepts(&matcher, CAUSE)? {
        return Some(matcher);
    }
    let operator = match matcher.operator {
        Operator::Equal => Operator::NotEqual,
        Operator::NotEqual => Operator::Equal,
        Operator::Regex => Operator::NotRegex,
        Operator::NotRegex => Operator::Regex,
    };
    Some(Matcher {
        operator,
        ..matcher
    })
}

fn equation(name: &str, operator: Operator, value: &str) -> Matcher {
    Matcher {
        name: name.to_owned(),
        operator,
        value: value.to_owned(),
    }
}
