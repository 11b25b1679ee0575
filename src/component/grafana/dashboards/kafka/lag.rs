//! How far consumer groups are behind.

use crate::component::grafana::dashboards::Context;
use crate::component::grafana::dashboards::panel::{Unit, panel, stat, table};
use crate::component::grafana::dashboards::query::{Selector, max, sum};
use crate::component::grafana::model::Panel;

const BY: &str = "consumergroup, topic";
const EACH: &str = "{{consumergroup}} {{topic}}";

pub fn panels(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    let metric = "kafka_consumergroup_uncommitted_offsets";
    // -1 stands for a group that has committed nothing yet.
    let lag = format!("clamp_min({}, 0)", on.get(metric));
    let threshold = context.threshold("KafkaConsumerLagHigh");
    let members = Selector::new(r#"job="kafka-lag",service=~"$service",consumergroup=~"$group""#);
    vec![
        stat("Furthest behind")
            .alert_above(threshold)
            .query(format!("topk(1, {})", sum(BY, &lag)), EACH)
            .size(6, 8),
        panel("Messages behind")
            .alert_above(threshold)
            .query(sum(BY, &lag), EACH)
            .size(10, 8),
        panel("Trend")
            .about("Messages a second by which a group falls behind (above 0) or catches up.")
            .query(sum(BY, &format!("deriv({}[30m])", on.get(metric))), EACH)
            .size(8, 8),
        panel("Time behind")
            .about("Estimated from when the last committed message was produced.")
            .unit(Unit::Milliseconds)
            .query(max(BY, &on.get("kafka_consumer_lag_millis")), EACH),
        panel("Members of groups").query(
            max("consumergroup", &members.get("kafka_consumergroup_members")),
            "{{consumergroup}}",
        ),
        table("Partitions furthest behind")
            .query(
                format!("topk(20, {})", sum("consumergroup, topic, partition", &lag)),
                "",
            )
            .columns(&[], Some("Messages behind"))
            .size(8, 8),
    ]
}
