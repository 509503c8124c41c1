"""Metrics for CloudWatch: what a run's report gives, and a run that goes on without them."""

from __future__ import annotations

from datetime import timedelta
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, EndpointConnectionError
from contract.archive import event, gz_lines, place
from job_runs import DAY, Job
from mobile_events.metrics import metrics, put_metrics

COUNTS = ("RecordsRead", "RowsWritten", "Duplicates", "Quarantined")


class CloudWatch:
    """Takes metrics, or raises."""

    def __init__(self, error: Exception | None = None) -> None:
        self.calls: list[dict[str, Any]] = []
        self._error = error

    def put_metric_data(self, **call: Any) -> None:
        if self._error is not None:
            raise self._error
        self.calls.append(call)


@pytest.fixture
def job(tmp_path: Path) -> Job:
    job = Job(tmp_path)
    at = [event(DAY, n, timestamp=f"{DAY}T{n:>02}:00:00Z") for n in ("1", "2", "3")]
    job.put({place("ios", DAY, "a"): gz_lines([*at, at[0], "oops"])})
    job.put({place("android", DAY, "a"): gz_lines([event(DAY, "4", timestamp=f"{DAY}T05:30:00Z")])})
    return job


def test_metrics_of_a_run(job: Job) -> None:
    cloudwatch = CloudWatch()
    report = job.run()
    assert put_metrics(cloudwatch, report) == []
    (call,) = cloudwatch.calls
    assert call["Namespace"] == "GlueEtl"
    data = {metric["MetricName"]: metric for metric in call["MetricData"]}
    dimensions = [{"Name": "JobName", "Value": "mobile-user-daily"}]
    assert all(metric["Dimensions"] == dimensions for metric in data.values())
    seconds = data.pop("RunSeconds")
    assert seconds["Unit"] == "Seconds"
    assert 0 <= seconds["Value"] < 60
    assert {name: (metric["Unit"], metric["Value"]) for name, metric in data.items()} == {
        "RecordsRead": ("Count", 6),
        "RowsWritten": ("Count", 4),
        "Duplicates": ("Count", 1),
        "Quarantined": ("Count", 1),
        "QuarantinedShare": ("None", 1 / 6),
        "NewestEventAgeHours": ("None", 18.5),
    }


def test_age_is_that_at_the_end_of_the_range(job: Job) -> None:
    found = {name: value for name, _, value in metrics(job.run(DAY, DAY + timedelta(days=1)))}
    assert found["NewestEventAgeHours"] == 42.5


def test_run_with_nothing_to_do_has_neither_share_nor_age(job: Job) -> None:
    job.run()
    report = job.run()
    assert report["newest_event"] is None
    found = {name: value for name, _, value in metrics(report)}
    assert set(found) == {*COUNTS, "RunSeconds"}
    assert [found[name] for name in COUNTS] == [0, 0, 0, 0]


@pytest.mark.parametrize(
    "error",
    [
        ClientError({"Error": {"Code": "AccessDenied", "Message": "no"}}, "PutMetricData"),
        EndpointConnectionError(endpoint_url="https://monitoring"),
    ],
)
def test_metrics_that_can_not_be_put_are_a_warning(job: Job, error: Exception) -> None:
    (warning,) = put_metrics(CloudWatch(error), job.run())
    assert warning == f"the run's metrics could not be put to CloudWatch: {error}"
