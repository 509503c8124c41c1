"""Names of the log groups and streams that jobs and crawlers write to.

Sources: AWS Glue guide, "Logging for AWS Glue jobs" (custom prefixes, streams), "Enabling
continuous logging" (Glue 4.0 and older), "Encrypting data written by AWS Glue" (security
configurations).
"""

from __future__ import annotations

from dataclasses import dataclass

from emulator.glue.errors import GlueError
from emulator.glue.region import Region
from emulator.glue.runs import JobRun
from emulator.moto_api import Payload

JOBS = "/aws-glue/jobs"
CRAWLERS = "/aws-glue/crawlers"
CONTINUOUS = "/aws-glue/jobs/logs-v2"


@dataclass(frozen=True)
class LogStream:
    """`key`: ARN of the KMS key that Glue gives the group where it makes it."""

    group: str
    name: str
    key: str | None = None


@dataclass(frozen=True)
class JobStreams:
    """`output` takes what the script writes to stdout and stderr, `error` the log of Spark."""

    output: LogStream
    error: LogStream


def job_log_prefix(job: Payload, run: JobRun, region: Region) -> str:
    """What the names of a run's groups begin with: GetJobRun's LogGroupName."""
    name = run.settings.get("SecurityConfiguration")
    prefix = run.arguments.get("--custom-logGroup-prefix") or JOBS
    return f"{prefix}/{name}-role/{_role_name(job)}" if _key_of_logs(name, region) else prefix


def job_streams(job: Payload, run: JobRun, region: Region) -> JobStreams:
    """The driver's streams in a run. Executors have none: the driver's process runs the tasks."""
    prefix, arguments = job_log_prefix(job, run, region), run.arguments
    key = _key_of_logs(run.settings.get("SecurityConfiguration"), region)
    if float(run.settings.get("GlueVersion") or 0) >= 5:
        driver = f"{arguments.get('--custom-logStream-prefix') or run.id}-driver"
        return JobStreams(
            LogStream(f"{prefix}/output", driver, key), LogStream(f"{prefix}/error", driver, key)
        )
    output = LogStream(f"{prefix}/output", run.id, key)
    if arguments.get("--enable-continuous-cloudwatch-log") != "true":
        return JobStreams(output, LogStream(f"{prefix}/error", run.id, key))
    group = arguments.get("--continuous-log-logGroup") or CONTINUOUS
    stream = arguments.get("--continuous-log-logStreamPrefix") or run.id
    return JobStreams(output, LogStream(group, f"{stream}-driver", key))


def crawler_stream(crawler: Payload, region: Region) -> LogStream:
    """The stream of all crawls of a crawler."""
    name = crawler.get("CrawlerSecurityConfiguration")
    key = _key_of_logs(name, region)
    group = f"{CRAWLERS}-role/{_role_name(crawler)}-{name}" if key else CRAWLERS
    return LogStream(group, crawler["Name"], key)


def _key_of_logs(name: str | None, region: Region) -> str | None:
    """The key that a security configuration encrypts logs with, None if it doesn't."""
    if not name:
        return None
    try:
        answer = region.records.call("GetSecurityConfiguration", {"Name": name})
    except GlueError:
        return None  # deleted since: what uses it has logs without a key
    encryption = answer["SecurityConfiguration"].get("EncryptionConfiguration") or {}
    logs = encryption.get("CloudWatchEncryption") or {}
    encrypted = logs.get("CloudWatchEncryptionMode") == "SSE-KMS"
    return logs.get("KmsKeyArn") if encrypted else None


def _role_name(owner: Payload) -> str:
    return str(owner["Role"]).rpartition("/")[2]
