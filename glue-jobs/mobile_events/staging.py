"""Spark's part of a run: decode the lines, write rows and quarantined records to the staging."""

from __future__ import annotations

from collections import Counter
from functools import partial

from pyspark import StorageLevel
from pyspark.sql import DataFrame, SparkSession
from pyspark.sql import functions as F  # noqa: N812

from mobile_events import lines
from mobile_events.flatten import Plan, decode, flatten
from mobile_events.lines import Opener, RawObject, Summary
from mobile_events.publish import DAY_FOLDER, NO_DAY
from mobile_events.settings import Settings

SESSION = {
    "spark.sql.session.timeZone": "UTC",
    "spark.sql.caseSensitive": "true",
    # No sort before the write: a task has few dates, and keeps one file open for each.
    "spark.sql.optimizer.plannedWrite.enabled": "false",
    "spark.sql.maxConcurrentOutputFileWriters": "64",
    "spark.sql.parquet.outputTimestampType": "TIMESTAMP_MICROS",
    "spark.sql.inMemoryColumnarStorage.batchSize": "1000",
    # What is staged is checked as a whole, so a task may write to its final place there.
    "mapreduce.fileoutputcommitter.algorithm.version": "2",
    "mapreduce.fileoutputcommitter.marksuccessfuljobs": "false",
}
UNIQUE_COLUMNS = (
    "message_id",
    "utc_timestamp",
    "local_timestamp",
    "sent_at",
    "received_at",
    "original_timestamp",
)
"""A dictionary of values that hardly repeat only costs time."""

CSV_OPTIONS = {
    "compression": "gzip",
    "header": "true",
    "quoteAll": "true",
    "escape": "\\",
    "emptyValue": "",
    "timestampFormat": "yyyy-MM-dd HH:mm:ss.SSSSSS",
    "timestampNTZFormat": "yyyy-MM-dd HH:mm:ss.SSSSSS",
}


def configure(spark: SparkSession) -> None:
    """Set what the transform relies on."""
    for key, value in SESSION.items():
        spark.conf.set(key, value)


def read(
    spark: SparkSession, objects: list[RawObject], open_object: Opener
) -> tuple[DataFrame, dict[tuple[str, str], Summary]]:
    """All lines of the objects, kept on disk, and each object's summary by source and key."""
    groups = lines.plan_tasks(objects, spark.sparkContext.defaultParallelism)
    # One partition for each group, holding the group's number.
    numbers = spark.range(0, len(groups), 1, len(groups))
    rows = numbers.mapInArrow(partial(lines.arrow_batches, groups, open_object), lines.COLUMNS)
    kept = rows.persist(StorageLevel.DISK_ONLY)
    found = kept.where("summary IS NOT NULL").select("source", "object_key", "summary").collect()
    return kept, {(row[0], row[1]): Summary.from_json(row[2]) for row in found}


class Staging:
    """Writes below `root`, an `s3://` or `file://` folder with its final slash."""

    def __init__(self, spark: SparkSession, settings: Settings, root: str) -> None:
        self._spark = spark
        self._settings = settings
        self._root = root

    def write_rows(self, kept: DataFrame, plan: Plan) -> None:
        """Write all rows, each task's by received day and the partition keys."""
        settings = self._settings
        good = kept.where("summary IS NULL AND reason IS NULL")
        # Lines that can't be decoded get no day, and their files are passed over. A filter in its
        # place would decode twice, since Spark moves it below the decoding.
        rows = flatten(decode(good, plan), plan, settings.time_zone)
        unused = {"year", "month", "date"} - set(settings.partition_keys)
        rows = rows.drop(*unused).withColumnRenamed("received_day", "_received_day")
        if settings.output_format == "csv":
            rows = _for_csv(rows)
        writer = rows.write.partitionBy("_received_day", *settings.partition_keys)
        if settings.output_format == "csv":
            writer.options(**CSV_OPTIONS).csv(f"{self._root}data")
        else:
            for name in UNIQUE_COLUMNS:
                writer = writer.option(f"parquet.enable.dictionary#{name}", "false")
            writer.parquet(f"{self._root}data", compression="zstd")

    def write_quarantine(self, kept: DataFrame, plan: Plan | None) -> None:
        """Write what can't be a row; with a plan also the lines that Spark alone can't decode."""
        columns = ["source", "reason", "object_key", "line_number", "received_day", "line"]
        bad = kept.where("reason IS NOT NULL").select(*columns)
        if plan is not None:
            good = kept.where("summary IS NULL AND reason IS NULL")
            undecodable = decode(good, plan).where("undecodable IS NOT NULL")
            bad = bad.union(
                undecodable.withColumn("reason", F.lit(lines.NOT_JSON)).select(*columns)
            )
        bad = bad.withColumn("run_id", F.lit(self._settings.run_id))
        bad = bad.withColumn("_received_day", F.col("received_day"))
        writer = bad.write.partitionBy("_received_day").mode("overwrite")
        writer.json(f"{self._root}quarantine", compression="gzip")

    def count_rows(self) -> tuple[Counter[str], Counter[str]]:
        """Rows as staged, by platform and by local date (by partition, where `date` isn't one)."""
        reader = self._spark.read.schema("platform string")
        data = f"{self._root}data"
        if self._settings.output_format == "csv":
            staged = reader.options(header="true", escape="\\", enforceSchema="true").csv(data)
        else:
            staged = reader.parquet(data)
        file = F.col("_metadata.file_path")
        staged = staged.where(~file.contains(f"{DAY_FOLDER}{NO_DAY}"))
        counted = staged.select("platform", F.regexp_extract(file, _LAST_KEY, 1).alias("date"))
        platforms: Counter[str] = Counter()
        dates: Counter[str] = Counter()
        for row in counted.groupBy("platform", "date").count().collect():
            platforms[row[0]] += row[2]
            dates[row[1]] += row[2]
        return platforms, dates

    def count_quarantine(self) -> Counter[tuple[str, str]]:
        """Quarantined records as staged, by source and reason."""
        staged = self._spark.read.schema("source string, reason string").json(
            f"{self._root}quarantine"
        )
        counted = staged.groupBy("source", "reason").count().collect()
        return Counter({(row[0], row[1]): row[2] for row in counted})


_LAST_KEY = "=([^/=]*)/[^/]*$"


def _for_csv(rows: DataFrame) -> DataFrame:
    """Line breaks as two characters: the CSV serde reads one line at a time."""
    return rows.select(
        *(
            F.regexp_replace(
                F.regexp_replace(F.col(f"`{name}`"), "\r", r"\\r"), "\n", r"\\n"
            ).alias(name)
            if kind == "string"
            else F.col(f"`{name}`")
            for name, kind in rows.dtypes
        )
    )
