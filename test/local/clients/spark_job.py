"""Spark by S3A, with the settings that docs/local.md names. Run by test_spark.py."""

from __future__ import annotations

import os
import sys
from typing import Any

from pyspark.sql import SparkSession


def session(endpoint: str, jars: str) -> SparkSession:
    settings = {
        "spark.jars": jars,
        "spark.hadoop.fs.s3.impl": "org.apache.hadoop.fs.s3a.S3AFileSystem",
        "spark.hadoop.fs.s3a.endpoint": endpoint,
        "spark.hadoop.fs.s3a.endpoint.region": os.environ["AWS_REGION"],
        "spark.hadoop.fs.s3a.path.style.access": "true",
        "spark.ui.enabled": "false",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.driver.host": "127.0.0.1",
        "spark.sql.shuffle.partitions": "1",
    }
    builder: Any = SparkSession.builder
    for name, value in settings.items():
        builder = builder.config(name, value)
    made: SparkSession = builder.master("local[1]").getOrCreate()
    return made


def main() -> None:
    spark = session(os.environ["AWS_ENDPOINT_URL"], sys.argv[1])
    people = spark.read.parquet("s3a://lake/people/")
    assert people.count() == 4
    people.groupBy("day").count().write.mode("overwrite").json("s3://own/by-day/")
    assert sorted(map(tuple, spark.read.json("s3a://own/by-day/").select("count").collect())) == [
        (2,),
        (2,),
    ]
    spark.stop()


main()
