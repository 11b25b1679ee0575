//! GitLab runners.

use super::board::board;
use super::panel::{Unit, log_panels, panel, stat, states};
use super::query::{Selector, max, one_of, sum};
use super::{Context, keys};
use crate::component::grafana::model::{DashboardFile, Panel};
use crate::stack::TargetKind;

pub fn dashboard(context: &Context<'_>) -> Option<DashboardFile> {
    let jobs = context.targets(TargetKind::GitlabRunner);
    if jobs.is_empty() {
        return None;
    }
    let of_kind = one_of("job", jobs.iter().copied());
    let on = Selector::new(r#"job=~"$job",instance=~"$instance""#);
    let has_logs = jobs
        .iter()
        .any(|job| context.stack.targets[*job].logs.is_some());
    let mut board = board(
        "gitlab-runner",
        "GitLab runners",
        "Jobs, queues and errors of GitLab runners",
    )
    .caused_by(keys("targets", jobs.iter().copied()))
    .variable("job", "Target", &format!("up{{{of_kind}}}"), "job")
    .variable("instance", "Instance", r#"up{job=~"$job"}"#, "instance")
    .alerts(r#"instance=~"$instance""#)
    .row("State", state(context, &on))
    .row("Jobs", jobs_panels(&on))
    .row("Talking to GitLab", api(context, &on))
    .row("Process", process(&on));
    if has_logs {
        let stream = format!(r#"{{{},job=~"$job"}}"#, context.environment());
        board = board.search().row("Logs", log_panels(&stream));
    }
    Some(board.finish())
}

fn saturation(on: &Selector) -> String {
    format!(
        "{} / ({} > 0)",
        sum("instance", &on.get("gitlab_runner_jobs")),
        sum("instance", &on.get("gitlab_runner_concurrent"))
    )
}

fn state(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    vec![
        states("State")
            .query(on.state(), "{{instance}}")
            .up_or_down()
            .size(8, 5),
        stat("Jobs now")
            .query(
                sum("instance", &on.get("gitlab_runner_jobs")),
                "{{instance}}",
            )
            .size(4, 5),
        stat("Slots used")
            .unit(Unit::Ratio)
            .alert_above(context.threshold("GitlabRunnerSaturated"))
            .query(saturation(on), "{{instance}}")
            .size(4, 5),
        stat("Up for")
            .unit(Unit::Seconds)
            .query(
                format!("time() - {}", on.get("process_start_time_seconds")),
                "{{instance}}",
            )
            .size(4, 5),
        stat("Version")
            .query(
                max("instance, version", &on.get("gitlab_runner_version_info")),
                "{{instance}} {{version}}",
            )
            .names_only()
            .size(4, 5),
    ]
}

fn jobs_panels(on: &Selector) -> Vec<Panel> {
    vec![
        panel("Jobs by stage")
            .stacked()
            .query(
                sum("executor_stage, stage", &on.get("gitlab_runner_jobs")),
                "{{stage}} {{executor_stage}}",
            )
            .query(sum("job", &on.get("gitlab_runner_concurrent")), "limit")
            .limit("limit"),
        panel("Jobs started").unit(Unit::PerSecond).query(
            sum("instance", &on.rate("gitlab_runner_jobs_total")),
            "{{instance}}",
        ),
        panel("Jobs failed")
            .about("script_failure is the job's own; runner_system_failure is the runner's.")
            .bars()
            .query(
                sum(
                    "failure_reason",
                    &on.increase("gitlab_runner_failed_jobs_total"),
                ),
                "{{failure_reason}}",
            ),
        panel("Duration of jobs")
            .unit(Unit::Seconds)
            .query(
                on.quantile(0.5, "job", "gitlab_runner_job_duration_seconds"),
                "{{job}} p50",
            )
            .query(
                on.quantile(0.95, "job", "gitlab_runner_job_duration_seconds"),
                "{{job}} p95",
            ),
        panel("Time in the queue")
            .unit(Unit::Seconds)
            .query(
                on.quantile(0.5, "job", "gitlab_runner_job_queue_duration_seconds"),
                "{{job}} p50",
            )
            .query(
                on.quantile(0.95, "job", "gitlab_runner_job_queue_duration_seconds"),
                "{{job}} p95",
            ),
        panel("Slots used")
            .unit(Unit::Ratio)
            .whole()
            .query(saturation(on), "{{instance}}"),
    ]
}

fn api(context: &Context<'_>, on: &Selector) -> Vec<Panel> {
    let requests = on.rate("gitlab_runner_api_request_statuses_total");
    let failed = on
        .and(r#"status=~"5..""#)
        .rate("gitlab_runner_api_request_statuses_total");
    vec![
        panel("Requests by status")
            .unit(Unit::RequestsPerSecond)
            .stacked()
            .query(sum("status", &requests), "{{status}}")
            .colored("^5", "red"),
        panel("Share of errors")
            .unit(Unit::Ratio)
            .alert_above(context.threshold("GitlabRunnerApiErrors"))
            .query(
                format!(
                    "({failed} or 0 * {all}) / {all}",
                    failed = sum("instance", &failed),
                    all = sum("instance", &requests)
                ),
                "{{instance}}",
            ),
        panel("Duration of requests").unit(Unit::Seconds).query(
            on.quantile(
                0.95,
                "endpoint",
                "gitlab_runner_api_request_duration_seconds",
            ),
            "{{endpoint}} p95",
        ),
    ]
}

fn process(on: &Selector) -> Vec<Panel> {
    vec![
        panel("Messages by level")
            .bars()
            .query(
                sum("level", &on.increase("gitlab_runner_errors_total")),
                "{{level}}",
            )
            .colored("error|fatal|panic", "red")
            .colored("warn", "orange"),
        panel("CPU")
            .about("In cores; jobs in containers are not counted.")
            .query(on.rate("process_cpu_seconds_total"), "{{instance}}"),
        panel("Resident memory")
            .unit(Unit::Bytes)
            .query(on.get("process_resident_memory_bytes"), "{{instance}}"),
    ]
}
