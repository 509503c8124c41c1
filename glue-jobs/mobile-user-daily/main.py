"""The daily job that Glue starts: its arguments, its session, and one run of `mobile_events`.

Arguments are those of `mobile_events.settings`; in a workflow its run properties win over the
arguments of the same names.
"""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import datetime, timezone
from typing import Any

import boto3
from awsglue.context import GlueContext
from awsglue.job import Job
from awsglue.utils import getResolvedOptions
from mobile_events import settings
from mobile_events.metrics import metrics_client, put_metrics
from mobile_events.run import run
from pyspark.context import SparkContext

OPTIONAL = (*settings.RUN_PROPERTIES, "WORKFLOW_NAME", "WORKFLOW_RUN_ID")


def arguments(argv: list[str]) -> dict[str, str]:
    """The job's arguments; getResolvedOptions takes only names that are there."""
    given = {word[2:].split("=", 1)[0] for word in argv if word.startswith("--")}
    names = ["JOB_NAME", *settings.REQUIRED, *(name for name in OPTIONAL if name in given)]
    resolved: dict[str, str] = getResolvedOptions(argv, names)
    return resolved


def run_properties(glue: Any, options: Mapping[str, str]) -> Mapping[str, str]:
    """The run properties of the workflow run that started this job; none outside a workflow."""
    if "WORKFLOW_RUN_ID" not in options:
        return {}
    answer = glue.get_workflow_run_properties(
        Name=options["WORKFLOW_NAME"], RunId=options["WORKFLOW_RUN_ID"]
    )
    properties: Mapping[str, str] = answer["RunProperties"]
    return properties


def main() -> None:
    logging.basicConfig(stream=sys.stdout, format="%(asctime)s %(levelname)s %(message)s")
    logging.getLogger("mobile_events").setLevel(logging.INFO)
    options = arguments(sys.argv)
    glue = boto3.client("glue")
    today = datetime.now(timezone.utc).date()
    asked = settings.parse(options, run_properties(glue, options), today)
    context = GlueContext(SparkContext.getOrCreate())
    job = Job(context)
    job.init(asked.job, options)
    report = run(context.spark_session, asked, glue)
    job.commit()
    report["warnings"] += put_metrics(metrics_client(), report)
    print(json.dumps(report, ensure_ascii=False))


if __name__ == "__main__":
    main()
