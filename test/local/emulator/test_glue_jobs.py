"""Job runs in real processes: arguments, credentials, how they end, what survives a kill."""

from __future__ import annotations

import io
import json
import os
import signal
import subprocess
import time
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError

VERSIONS = Path(__file__).parents[3] / "local" / "setup" / "versions.json"
ECHO = """
import json, os, sys
import boto3
from awsglue.utils import getResolvedOptions
from library import GREETING
options = getResolvedOptions(sys.argv, ["JOB_NAME", "target", "flag"])
found = {"options": options, "argv": sys.argv[1:], "greeting": GREETING}
found["caller"] = boto3.client("sts").get_caller_identity()["Arn"]
boto3.client("s3").put_object(Bucket="data", Key="out/echo.json", Body=json.dumps(found))
"""
SDK = """
import sys
import boto3, numpy, pyarrow
from awsglue.utils import GlueArgumentError, getResolvedOptions
try:
    abbreviated = getResolvedOptions(sys.argv, ["day"])["day"] == "1"
except GlueArgumentError:
    abbreviated = False
print("FOUND", boto3.__version__, pyarrow.__version__, numpy.__version__, abbreviated)
"""
SPARK = """
import sys
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from pyspark.context import SparkContext
args = getResolvedOptions(sys.argv, ["JOB_NAME", "target"])
context = GlueContext(SparkContext())
spark = context.spark_session
job = Job(context)
job.init(args["JOB_NAME"], args)
rows = spark.createDataFrame([(1, "a"), (2, "b"), (3, "b")], ["n", "letter"])
rows.repartition("letter").write.partitionBy("letter").parquet(args["target"])
import os, re, subprocess
listening = subprocess.run(["ss", "-ltnpH"], capture_output=True, text=True).stdout
mine = os.getpgid(0)
for line in listening.splitlines():
    owners = [int(pid) for pid in re.findall(r"pid=(\\d+)", line)]
    if any(os.getpgid(pid) == mine for pid in owners):
        print("LISTENING", line.split()[3])
print("ROWS", spark.read.parquet(args["target"]).where("letter = 'b'").count())
names = ["spark.sql.session.timeZone", "spark.sql.shuffle.partitions", "spark.default.parallelism"]
print("CONF", *[spark.conf.get(name) for name in names])
java = context._jvm.java.lang.System
print("TEMPORARY", java.getProperty("java.io.tmpdir") == os.environ["TMPDIR"] == os.getcwd())
job.commit()
"""


@pytest.fixture(scope="module")
def world(emulator: Any, new_world: Any) -> Any:
    world = new_world(emulator)
    world.role("runner", {"s3:*": "*"})
    return world


def test_run_has_its_arguments_and_the_credentials_of_its_role(world: Any) -> None:
    packed = io.BytesIO()
    with zipfile.ZipFile(packed, "w") as library:
        library.writestr("library.py", "GREETING = 'hello'\n")
    world.s3.put_object(Bucket="code", Key="library.zip", Body=packed.getvalue())
    world.job(
        "echo",
        ECHO,
        DefaultArguments={
            "--target": "default",
            "--flag": "default",
            "--extra-py-files": "s3://code/library.zip",
        },
        NonOverridableArguments={"--flag": "fixed"},
    )
    run = world.run_job("echo", Arguments={"--target": "given", "--flag": "given"})
    assert (run["JobRunState"], run.get("ErrorMessage")) == ("SUCCEEDED", None)
    assert run["Arguments"]["--target"] == "given"
    found = json.loads(world.s3.get_object(Bucket="data", Key="out/echo.json")["Body"].read())
    assert found["greeting"] == "hello"
    assert found["options"]["target"] == "given"
    assert found["options"]["flag"] == "fixed"
    assert found["options"]["JOB_NAME"] == "echo"
    assert found["options"]["JOB_RUN_ID"] == run["Id"]
    assert "--WORKFLOW_RUN_ID" not in found["argv"]
    assert found["caller"] == "arn:aws:sts::000000000000:assumed-role/runner/GlueJobRunnerSession"


def test_job_finds_the_aws_sdk_of_glue_and_the_rules_of_its_version(world: Any) -> None:
    if "GLUE_LIBRARIES" not in os.environ:
        pytest.fail("set GLUE_LIBRARIES to the folder of Glue's AWS SDK, as npm test does")
    glue = json.loads(VERSIONS.read_text())["glue"]["5.1"]
    for version, allowed in (("5.1", "True"), ("6.0", "False")):
        world.job(f"sdk-{version}", SDK, GlueVersion=version)
        run = world.run_job(f"sdk-{version}", Arguments={"--da": "1"})
        log = world.log(run)
        assert f"FOUND {glue['boto3']} {glue['pyarrow']} {glue['numpy']} {allowed}" in log


def test_spark_reads_and_writes_s3_and_listens_on_loopback_only(world: Any) -> None:
    conf = "spark.sql.shuffle.partitions=3 --conf spark.default.parallelism=1"
    arguments = {"--target": "s3://data/out/letters/", "--conf": conf}
    world.job("spark", SPARK, DefaultArguments=arguments)
    run = world.run_job("spark", timeout=180)
    log = world.log(run)
    assert run["JobRunState"] == "SUCCEEDED", log
    assert "ROWS 2" in log
    assert "CONF UTC 3 1" in log
    assert "TEMPORARY True" in log  # what Spark leaves there goes with the run
    listening = [line.split()[1] for line in log.splitlines() if line.startswith("LISTENING")]
    assert listening
    assert all("127.0.0.1" in address for address in listening)
    keys = [found["Key"] for found in world.s3.list_objects_v2(Bucket="data")["Contents"]]
    assert any(key.startswith("out/letters/letter=b/") for key in keys)


def test_missing_s3_permission_fails_the_run_with_its_message(world: Any) -> None:
    world.role("no-data", {"s3:GetObject": "arn:aws:s3:::code/*"})
    script = "import boto3\nboto3.client('s3').put_object(Bucket='data', Key='x', Body=b'')\n"
    world.job("denied", script, Role="no-data")
    run = world.run_job("denied")
    assert run["JobRunState"] == "FAILED"
    assert "AccessDenied" in run["ErrorMessage"]
    assert "PutObject" in run["ErrorMessage"]


def test_script_that_cannot_be_fetched_fails_the_run(world: Any) -> None:
    world.role("no-code", {})
    world.job("unfetched", "", Role="no-code")
    run = world.run_job("unfetched")
    assert run["JobRunState"] == "FAILED"
    assert run["ErrorMessage"].startswith(
        "LAUNCH ERROR | Error downloading from S3 for bucket: code"
    )


def test_exception_is_the_error_message_and_the_run_is_retried(world: Any) -> None:
    world.job("raises", "raise ValueError('no such day')\n", MaxRetries=1)
    run = world.run_job("raises")
    assert run["JobRunState"] == "FAILED"
    assert run["ErrorMessage"] == "ValueError: no such day"
    assert "Traceback" in world.log(run)
    retry = world.wait_for_run("raises", f"{run['Id']}_attempt_1")
    assert (retry["Attempt"], retry["PreviousRunId"]) == (1, run["Id"])
    assert len(world.glue.get_job_runs(JobName="raises")["JobRuns"]) == 2


@pytest.mark.parametrize(
    ("script", "state", "error"),
    [
        ("import sys; sys.exit(0)", "SUCCEEDED", None),
        ("import sys; sys.exit(3)", "FAILED", "SystemExit: 3"),
        ("import os; os._exit(9)", "FAILED", "Command failed with exit code 9"),
    ],
)
def test_exit_code_decides(world: Any, script: str, state: str, error: str | None) -> None:
    world.job("exits", script)
    run = world.run_job("exits")
    assert (run["JobRunState"], run.get("ErrorMessage")) == (state, error)
    world.glue.delete_job(JobName="exits")


def test_stopped_run_ends_its_process(world: Any) -> None:
    world.job("sleeps", "import time\ntime.sleep(600)\n")
    run_id = world.glue.start_job_run(JobName="sleeps")["JobRunId"]
    world.wait_for_run("sleeps", run_id, "RUNNING")
    assert (
        world.refusal(world.glue.start_job_run, JobName="sleeps")
        == "ConcurrentRunsExceededException"
    )
    answer = world.glue.batch_stop_job_run(JobName="sleeps", JobRunIds=[run_id, "jr_none"])
    assert [found["JobRunId"] for found in answer["SuccessfulSubmissions"]] == [run_id]
    assert answer["Errors"][0]["ErrorDetail"]["ErrorCode"] == "EntityNotFoundException"
    assert world.wait_for_run("sleeps", run_id)["JobRunState"] == "STOPPED"
    assert not processes_with(run_id)


def test_run_past_its_timeout_is_ended(world: Any) -> None:
    world.job("slow", "import time\ntime.sleep(600)\n", MaxRetries=1)
    unchecked = world.emulator.client("glue", parameter_validation=False)
    run_id = unchecked.start_job_run(JobName="slow", Timeout=0)["JobRunId"]
    assert world.wait_for_run("slow", run_id)["JobRunState"] == "TIMEOUT"
    assert len(world.glue.get_job_runs(JobName="slow")["JobRuns"]) == 1
    assert not processes_with(run_id)


def test_role_that_does_not_trust_glue_is_refused(world: Any) -> None:
    world.role("lambda-only", {"s3:*": "*"}, service="lambda.amazonaws.com")
    world.job("untrusted", "", Role="lambda-only")
    with pytest.raises(ClientError, match="should be given assume role permissions for Glue"):
        world.glue.start_job_run(JobName="untrusted")


def test_kill_ends_the_job_and_shows_it_as_failed(
    start_emulator: Callable[[], Any], new_world: Any
) -> None:
    emulator = start_emulator()
    world = new_world(emulator)
    world.role("runner", {"s3:*": "*"})
    world.job("sleeps", "import subprocess\nsubprocess.run(['sleep', '600'])\n", MaxRetries=1)
    run_id = world.glue.start_job_run(JobName="sleeps")["JobRunId"]
    world.wait_for_run("sleeps", run_id, "RUNNING")
    assert processes_with(run_id)
    emulator.restart(signal.SIGKILL)
    deadline = time.monotonic() + 10
    while processes_with(run_id) and time.monotonic() < deadline:
        time.sleep(0.1)
    assert not processes_with(run_id)
    run = world.glue.get_job_run(JobName="sleeps", RunId=run_id)["JobRun"]
    assert (run["JobRunState"], run["ErrorMessage"][:18]) == ("FAILED", "The local platform")
    assert len(world.glue.get_job_runs(JobName="sleeps")["JobRuns"]) == 1


def test_sigterm_ends_the_job_and_shows_it_as_failed(
    start_emulator: Callable[[], Any], new_world: Any
) -> None:
    emulator = start_emulator()
    world = new_world(emulator)
    world.role("runner", {"s3:*": "*"})
    world.job("sleeps", "import subprocess\nsubprocess.run(['sleep', '600'])\n")
    run_id = world.glue.start_job_run(JobName="sleeps")["JobRunId"]
    world.wait_for_run("sleeps", run_id, "RUNNING")
    emulator.stop()
    assert not processes_with(run_id)
    emulator.start()
    run = world.glue.get_job_run(JobName="sleeps", RunId=run_id)["JobRun"]
    assert run["JobRunState"] == "FAILED"


def processes_with(run_id: str) -> list[str]:
    """Command lines of processes whose environment or arguments name the run."""
    listed = subprocess.run(["ps", "eww", "-eo", "pid,args"], capture_output=True, text=True)
    own = str(os.getpid())
    lines = [line.strip() for line in listed.stdout.splitlines() if run_id in line]
    return [line for line in lines if not line.startswith(own) and "ps eww" not in line]


def test_log_is_kept_beside_the_state(world: Any) -> None:
    world.job("prints", "print('hello from the job')\n")
    run = world.run_job("prints")
    assert "hello from the job" in world.log(run)
    folder = Path(world.emulator.state_dir) / "job-runs"
    assert not (folder / run["Id"]).exists()
