"""The context of a job: the Spark session, without Glue's own DynamicFrames."""

from __future__ import annotations

from typing import Any, NoReturn

from pyspark import SparkContext
from pyspark.sql import SparkSession


class GlueContext:
    """Holds `spark_session` over the context given; what needs Glue's Scala library is refused."""

    def __init__(self, sparkContext: SparkContext, **_: Any) -> None:  # noqa: N803
        self.spark_session = SparkSession(sparkContext)
        self._jvm: Any = sparkContext._jvm

    def get_logger(self) -> Any:
        """A Java logger, as Glue's is (debug, info, warn, error): it writes where Spark does."""
        return self._jvm.org.slf4j.LoggerFactory.getLogger("glue")

    def __getattr__(self, name: str) -> NoReturn:
        raise AttributeError(
            f"GlueContext.{name} needs AWS Glue's own library, which can't be had locally: "
            "read and write with spark_session"
        )
