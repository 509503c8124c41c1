"""The script `mobile-user-daily` as Glue would run it: catalog in, S3 out, its own permissions."""

from __future__ import annotations

import gzip
import io
import json
import os
import zipfile
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pyarrow.parquet as pq
import pytest
from sample_data.archive import write_archive

ROOT = Path(__file__).resolve().parents[3]
LAST = date(2026, 11, 20)
FIRST, MIDDLE = LAST - timedelta(days=2), LAST - timedelta(days=1)
ALONE = date(2026, 11, 10)
TABLES = {"ios": "ksmsmxyyeaios", "android": "ksmsmxyyeaandroid"}
ARGUMENTS = {
    "--sources": json.dumps(
        [
            {
                "name": name,
                "database": "segment_logs",
                "table": table,
                "receivedDayUnit": "milliseconds",
                "format": "json",
            }
            for name, table in TABLES.items()
        ]
    ),
    "--output_path": "s3://data/curated/",
    "--database": "mobile_analytics",
    "--table": "mobile_user",
    "--output_format": "parquet",
    "--time_zone": "America/Los_Angeles",
    "--partition_keys": "year,month,date",
    "--drop_fields": '["integrations","_metadata","projectId","channel","version"]',
    "--default_days": "3",
    "--dedupe_days": "3",
    "--target_file_size_mb": "128",
    "--audit": "{}",
    "--extra-py-files": "s3://code/mobile_events.zip",
}
CURATED = "arn:aws:s3:::data/curated/*"
ALLOWED = {
    "glue:GetTable": "*",
    "glue:CreateTable": "*",
    "glue:UpdateTable": "*",
    "glue:GetJobRun": "*",
    "glue:GetPartitions": "*",
    "glue:GetWorkflowRunProperties": "*",
    "s3:ListBucket": "arn:aws:s3:::data",
    "s3:GetObject": "*",
    "s3:PutObject": CURATED,
    "s3:DeleteObject": CURATED,
    "cloudwatch:PutMetricData": "*",
}


def millis(day: date) -> str:
    return str((day - date(1970, 1, 1)).days * 86_400_000)


class Pipeline:
    """Raw objects and their catalog, and runs of the job over them."""

    def __init__(self, world: Any) -> None:
        self.world = world
        self.raw_objects: list[str] = []
        world.role("runner", ALLOWED)
        packed = io.BytesIO()
        with zipfile.ZipFile(packed, "w") as library:
            for path in (ROOT / "glue-jobs").glob("mobile_events/**/*.py"):
                library.write(path, path.relative_to(ROOT / "glue-jobs"))
        world.s3.put_object(Bucket="code", Key="mobile_events.zip", Body=packed.getvalue())
        script = (ROOT / "glue-jobs" / "mobile-user-daily" / "main.py").read_text()
        world.job("mobile-user-daily", script, DefaultArguments=ARGUMENTS)
        for database in ("segment_logs", "mobile_analytics"):
            world.glue.create_database(DatabaseInput={"Name": database})
        for name, table in TABLES.items():
            self.create_table(name, table)

    def create_table(self, name: str, table: str) -> None:
        self.world.glue.create_table(
            DatabaseName="segment_logs",
            TableInput={
                "Name": table,
                "PartitionKeys": [{"Name": "partition_0", "Type": "string"}],
                "StorageDescriptor": {"Columns": [], "Location": f"s3://data/raw/{name}/"},
            },
        )

    def put(self, source: str, day: date, name: str, body: bytes) -> None:
        """Put a raw object, and its folder into the catalog."""
        folder = f"raw/{source}/{millis(day)}/"
        self.world.s3.put_object(Bucket="data", Key=folder + name, Body=body)
        self.raw_objects.append(folder + name)
        self.world.glue.batch_create_partition(
            DatabaseName="segment_logs",
            TableName=TABLES[source],
            PartitionInputList=[
                {
                    "Values": [millis(day)],
                    "StorageDescriptor": {"Columns": [], "Location": f"s3://data/{folder}"},
                }
            ],
        )

    def run(self, **arguments: str) -> dict[str, Any]:
        given = {f"--{name}": value for name, value in arguments.items()}
        run: dict[str, Any] = self.world.run_job("mobile-user-daily", timeout=180, Arguments=given)
        return run

    def run_in_workflow(self, **properties: str) -> dict[str, Any]:
        """A run that a workflow's trigger starts."""
        glue = self.world.glue
        glue.create_workflow(Name="mobile-user")
        glue.create_trigger(
            Name="start",
            WorkflowName="mobile-user",
            Type="ON_DEMAND",
            Actions=[{"JobName": "mobile-user-daily"}],
        )
        started = glue.start_workflow_run(Name="mobile-user", RunProperties=properties)
        self.world.wait_for_workflow("mobile-user", started["RunId"], timeout=180)
        run: dict[str, Any] = glue.get_job_runs(JobName="mobile-user-daily")["JobRuns"][0]
        return run

    def put_lock(self, content: dict[str, str]) -> None:
        body = json.dumps(content).encode()
        self.world.s3.put_object(Bucket="data", Key="curated/_lock.json", Body=body)

    def metric(self, name: str) -> tuple[float, float]:
        """How often runs have put a metric, and the sum of what they put."""
        now = datetime.now(timezone.utc)
        found = self.world.emulator.client("cloudwatch").get_metric_statistics(
            Namespace="GlueEtl",
            MetricName=name,
            Dimensions=[{"Name": "JobName", "Value": "mobile-user-daily"}],
            StartTime=now - timedelta(hours=1),
            EndTime=now + timedelta(minutes=1),
            Period=3600,
            Statistics=["SampleCount", "Sum"],
        )["Datapoints"]
        return sum(p["SampleCount"] for p in found), sum(p["Sum"] for p in found)

    def keys(self, prefix: str) -> list[str]:
        pages = self.world.s3.get_paginator("list_objects_v2").paginate(
            Bucket="data", Prefix=f"curated/{prefix}"
        )
        return [o["Key"] for page in pages for o in page.get("Contents", [])]

    def body(self, key: str) -> bytes:
        body: bytes = self.world.s3.get_object(Bucket="data", Key=key)["Body"].read()
        return body

    def report(self, run: dict[str, Any]) -> dict[str, Any]:
        report: dict[str, Any] = json.loads(self.body(f"curated/_reports/{run['Id']}.json"))
        return report

    def rows(self) -> list[dict[str, Any]]:
        files = (pq.ParquetFile(io.BytesIO(self.body(key))) for key in self.keys("mobile_user/"))
        return [row for file in files for row in file.read().to_pylist()]

    def table(self) -> dict[str, str]:
        """Columns of the table in the catalog, with their types."""
        record = self.world.glue.get_table(DatabaseName="mobile_analytics", Name="mobile_user")
        columns = record["Table"]["StorageDescriptor"]["Columns"]
        return {column["Name"]: column["Type"] for column in columns}


@pytest.fixture(scope="module")
def pipeline(emulator: Any, new_world: Any, tmp_path_factory: pytest.TempPathFactory) -> Pipeline:
    if not os.environ.get("SPARK_JARS_DIR"):
        pytest.fail("set SPARK_JARS_DIR to the folder of the S3A jars, as npm test does")
    pipeline = Pipeline(new_world(emulator))
    archive = tmp_path_factory.mktemp("archive")
    write_archive(archive, days=3, events=900, seed=5, end_date=LAST)
    for path in sorted(archive.rglob("*.gz")):
        day = date(1970, 1, 1) + timedelta(milliseconds=int(path.parent.name))
        pipeline.put(path.parts[-3], day, path.name, path.read_bytes())
    pipeline.put("ios", FIRST, "bad.gz", gzip.compress(b'{"cut":\n[]\n'))
    pipeline.put("ios", ALONE, "alone.gz", gzip.compress(b'{"timestamp":"2026-11-10T12:00:00Z"}'))
    return pipeline


def test_runs_one_after_the_other(pipeline: Pipeline) -> None:
    first = pipeline.run_in_workflow(start_date=str(FIRST), end_date=str(LAST))
    log = pipeline.world.log(first)
    assert first["JobRunState"] == "SUCCEEDED", log
    report = pipeline.report(first)
    assert json.loads(log.strip().splitlines()[-1]) == report
    assert report["received_days"] == {"first": str(FIRST), "last": str(LAST)}
    assert report["warnings"] == []
    assert report["quarantine_reasons"] == {"not_an_object": 1, "not_json": 1}
    assert report["objects"]["processed"] == len(pipeline.raw_objects) - 1
    counts = report["sources"]
    assert sum(c["records_read"] for c in counts.values()) == 902
    rows = pipeline.rows()
    assert Counter(row["platform"] for row in rows) == {
        name: source["rows_written"] for name, source in counts.items()
    }
    assert len({row["message_id"] for row in rows}) == len(rows)
    assert set(report["new_columns"]) <= set(pipeline.table())
    assert pipeline.table()["utc_timestamp"] == "timestamp"
    assert pipeline.table()["properties_price"] == "double"
    (bad,) = pipeline.keys("quarantine/")
    assert [json.loads(r)["line"] for r in gzip.decompress(pipeline.body(bad)).splitlines()] == [
        '{"cut":',
        "[]",
    ]
    assert not pipeline.keys("_staging/")
    assert pipeline.metric("RecordsRead") == (1, 902)
    assert pipeline.metric("RowsWritten") == (1, len(rows))

    # Again: nothing to do. A late object alone is read, and its repeated event isn't written.
    before = pipeline.keys("mobile_user/")
    again = pipeline.run(start_date=str(MIDDLE), end_date=str(MIDDLE))
    assert again["JobRunState"] == "SUCCEEDED", pipeline.world.log(again)
    assert pipeline.report(again)["objects"]["processed"] == 0
    assert pipeline.keys("mobile_user/") == before
    repeated = {"messageId": rows[0]["message_id"], "timestamp": f"{MIDDLE}T12:00:00Z"}
    late = [repeated, {**repeated, "messageId": "late"}]
    pipeline.put("ios", MIDDLE, "late.gz", gzip.compress(b"\n".join(_lines(late))))
    third = pipeline.run(start_date=str(FIRST), end_date=str(LAST))
    assert pipeline.report(third)["objects"]["processed"] == 1
    assert pipeline.report(third)["sources"]["ios"] == {
        "records_read": 2,
        "rows_written": 1,
        "duplicates": 1,
        "quarantined": 0,
    }

    # All of it anew: the same rows, from new files.
    grown = canonical(pipeline.rows())
    rebuilt = pipeline.run(start_date=str(FIRST), end_date=str(LAST), rebuild="true")
    assert rebuilt["JobRunState"] == "SUCCEEDED", pipeline.world.log(rebuilt)
    assert canonical(pipeline.rows()) == grown
    assert not set(pipeline.keys("mobile_user/")) & set(before)


def test_second_run_at_once_is_refused(pipeline: Pipeline) -> None:
    """Glue lets two jobs write to one place: the lock doesn't, and a dead holder's is taken."""
    lock = {"job": "other", "run_id": "jr_other", "since": "2026-11-20T13:00:00+00:00"}
    pipeline.world.job("other", "import time; time.sleep(60)")
    active = pipeline.world.glue.start_job_run(JobName="other")["JobRunId"]
    pipeline.put_lock({**lock, "run_id": active})
    refused = pipeline.run(start_date=str(FIRST), end_date=str(LAST))
    assert refused["JobRunState"] == "FAILED"
    assert f"run {active} writes to the same output path" in refused["ErrorMessage"]
    pipeline.world.glue.batch_stop_job_run(JobName="other", JobRunIds=[active])
    pipeline.world.wait_for_run("other", active)
    taken = pipeline.run(start_date=str(FIRST), end_date=str(LAST))
    assert taken["JobRunState"] == "SUCCEEDED", pipeline.world.log(taken)


def test_source_without_an_object_is_a_warning(pipeline: Pipeline) -> None:
    run = pipeline.run(start_date=str(ALONE), end_date=str(ALONE))
    report = pipeline.report(run)
    assert report["warnings"] == [f"source android has no object from {ALONE} to {ALONE}"]
    assert report["dates"] == {"2026-11-10": 1}


def test_range_without_any_object_fails_and_says_which_days_there_are(pipeline: Pipeline) -> None:
    before, metric = pipeline.keys(""), pipeline.metric("RunSeconds")
    run = pipeline.run(start_date="2026-01-01", end_date="2026-01-02")
    assert run["JobRunState"] == "FAILED"
    assert "no raw object was received from 2026-01-01 to 2026-01-02" in run["ErrorMessage"]
    assert f"android {FIRST}, {MIDDLE}, {LAST}" in run["ErrorMessage"]
    assert pipeline.keys("") == before
    assert pipeline.metric("RunSeconds") == metric, "a run that fails puts no metrics"


def test_wrong_setting_is_refused_before_anything_is_read(pipeline: Pipeline) -> None:
    run = pipeline.run(start_date="last week")
    assert run["JobRunState"] == "FAILED"
    assert "--start_date 'last week' can't be used: give a day" in run["ErrorMessage"]


def test_run_that_may_not_put_metrics_succeeds_and_says_so(pipeline: Pipeline) -> None:
    iam, before = pipeline.world.emulator.client("iam"), pipeline.metric("RunSeconds")
    for name in iam.list_role_policies(RoleName="runner")["PolicyNames"]:
        policy = iam.get_role_policy(RoleName="runner", PolicyName=name)["PolicyDocument"]
        if policy["Statement"][0]["Action"] == "cloudwatch:PutMetricData":
            iam.delete_role_policy(RoleName="runner", PolicyName=name)
    run = pipeline.run(start_date=str(FIRST), end_date=str(LAST))
    log = pipeline.world.log(run)
    assert run["JobRunState"] == "SUCCEEDED", log
    (warning,) = json.loads(log.strip().splitlines()[-1])["warnings"]
    assert warning.startswith("the run's metrics could not be put to CloudWatch: ")
    assert "AccessDenied" in warning
    assert pipeline.metric("RunSeconds") == before


def _lines(events: list[dict[str, Any]]) -> list[bytes]:
    return [json.dumps(event).encode() for event in events]


def canonical(rows: list[dict[str, Any]]) -> list[str]:
    """Rows in an order of their own, with their nulls left out."""
    return sorted(str({k: v for k, v in row.items() if v is not None}) for row in rows)
