"""The context of a job: the Spark session, without Glue's own DynamicFrames."""

from __future__ import annotations

import logging
from typing import Any, NoReturn

from pyspark import SparkContext
from pyspark.sql import SparkSession


class GlueContext:
    """Holds `spark_session` over the context given; what needs Glue's Scala library is refused."""

    def __init__(self, sparkContext: SparkContext, **_: Any) -> None:  # noqa: N803
        self.spark_session = SparkSession(sparkContext)

    def get_logger(self) -> logging.Logger:
        """A logger that writes to the run's log."""
        logging.basicConfig(level=logging.INFO, format="%(asctime)s %(levelname)s %(message)s")
        return logging.getLogger("glue")

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(
            f"GlueContext.{name} needs AWS Glue's own library, which can't be had locally: "
            "read and write with spark_session"
        )
