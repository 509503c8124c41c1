"""IPython's extension that a session starts with: Spark, its tables, and code that is reloaded."""

from __future__ import annotations

import os
from typing import Any

import boto3
from pyspark.sql import SparkSession

from interactive.environment import JOB
from interactive.sample import SampleRuns
from interactive.spark_tables import SparkTables

WELCOME = """\
spark            Spark, with the catalog's databases: spark.sql("SHOW DATABASES").show()
refresh_tables() after a crawl or a run: take the catalog's tables as they are now
samples          the job's transform: samples.rows("ios").rows, samples.received_days("ios")
glue, s3         boto3 clients of the local platform
Code of glue-jobs/ is reloaded when it changes."""


def load_ipython_extension(shell: Any) -> None:
    """Start Spark and name in the user's namespace what WELCOME tells."""
    print("Starting Spark …", flush=True)
    shell.run_line_magic("load_ext", "autoreload")
    shell.run_line_magic("autoreload", "2")
    spark = SparkSession.builder.getOrCreate()
    spark.sparkContext.setLogLevel("ERROR")
    glue = boto3.client("glue")
    tables = SparkTables(spark, glue)

    def refresh_tables() -> None:
        """Make Spark's tables those of the catalog as it is now, and tell which are left out."""
        for name, reason in tables.refresh().items():
            print(f"{name} isn't here: {reason}")

    refresh_tables()
    shell.push(
        {
            "spark": spark,
            "sc": spark.sparkContext,
            "glue": glue,
            "s3": boto3.client("s3"),
            "refresh_tables": refresh_tables,
            "samples": SampleRuns(glue, os.environ[JOB]),
        }
    )
    print(WELCOME, flush=True)
