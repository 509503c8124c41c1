"""Metrics of job runs in CloudWatch: Spark's own figures under Glue's names."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

SCRIPT = """
import sys, time
from awsglue.context import GlueContext
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
target = getResolvedOptions(sys.argv, ["target"])["target"]
context = GlueContext(SparkContext())
context.get_logger().info("told by the logger of Glue")
spark = context.spark_session
spark.range(0, 1000, 1, 2).write.parquet(target)
rows = spark.read.parquet(target)
print("SUMS", rows.groupBy((rows.id % 3).alias("k")).count().count())
time.sleep(6)  # the gauges are sampled every 5 seconds
"""
READ = 2000
"""Spark counts the rows of its own range as read, and then those of the files."""
ALLOWED = {"s3:*": "*", "logs:*": "*", "cloudwatch:PutMetricData": "*"}


@pytest.fixture(scope="module")
def world(emulator: Any, new_world: Any) -> Any:
    world = new_world(emulator)
    world.role("runner", ALLOWED)
    return world


@pytest.fixture(scope="module")
def run(world: Any) -> dict[str, Any]:
    arguments = {"--target": "s3://data/out/", "--enable-metrics": ""}
    world.job("measured", SCRIPT, DefaultArguments=arguments)
    run: dict[str, Any] = world.run_job("measured", timeout=120)
    assert run["JobRunState"] == "SUCCEEDED", world.log(run)
    return run


@pytest.fixture(scope="module")
def total(world: Any, run: dict[str, Any]) -> Any:
    cloudwatch = world.emulator.client("cloudwatch")
    now = datetime.now(timezone.utc)

    def total(name: str, kind: str = "count", run_id: str = run["Id"], of: str = "Sum") -> float:
        dimensions = {"JobName": "measured", "JobRunId": run_id, "Type": kind}
        points = cloudwatch.get_metric_statistics(
            Namespace="Glue",
            MetricName=f"glue.driver.{name}",
            Dimensions=[{"Name": key, "Value": value} for key, value in dimensions.items()],
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(hours=1),
            Period=86400,
            Statistics=[of],
        )["Datapoints"]
        return float(sum(point[of] for point in points))

    return total


def test_counts_are_spark_s(total: Any) -> None:
    assert total("aggregate.recordsRead") == READ
    assert total("aggregate.bytesRead") > 1000
    assert total("aggregate.numCompletedStages") >= 3
    assert total("aggregate.numCompletedTasks") >= total("aggregate.numCompletedStages")
    assert (total("aggregate.numFailedTasks"), total("aggregate.numKilledTasks")) == (0, 0)
    written = total("aggregate.shuffleBytesWritten")
    assert written == total("aggregate.shuffleLocalBytesRead") > 0


def test_time_is_that_of_the_session(run: dict[str, Any], total: Any) -> None:
    elapsed = total("aggregate.elapsedTime")
    assert 6000 < elapsed < 1000 * (run["ExecutionTime"] + 1)


def test_gauges_are_samples_of_the_jvm(total: Any) -> None:
    assert 0 < total("jvm.heap.usage", "gauge", of="Maximum") < 1
    assert total("jvm.heap.used", "gauge", of="Maximum") > 1_000_000
    assert total("BlockManager.disk.diskSpaceUsed_MB", "gauge", of="Maximum") == 0


def test_all_runs_of_the_job_have_a_total(total: Any) -> None:
    assert total("aggregate.recordsRead", run_id="ALL") == READ


def test_logger_of_glue_writes_where_spark_does(world: Any, run: dict[str, Any]) -> None:
    logs = world.emulator.client("logs")
    where = {"logGroupName": "/aws-glue/jobs/error", "logStreamName": f"{run['Id']}-driver"}
    lines = [event["message"] for event in logs.get_log_events(**where)["events"]]
    assert any(line.endswith("INFO glue: told by the logger of Glue") for line in lines), lines
    assert "SUMS 3" in world.log(run)


def test_run_that_asks_for_no_metrics_has_none(world: Any) -> None:
    world.job("unmeasured", "print('no Spark, no argument')\n")
    world.run_job("unmeasured")
    named = world.emulator.client("cloudwatch").list_metrics(
        Dimensions=[{"Name": "JobName", "Value": "unmeasured"}]
    )
    assert named["Metrics"] == []
