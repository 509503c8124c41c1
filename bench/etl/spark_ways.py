"""Spark alone: unzipping, decoding, and the job as one writes it at first."""

from __future__ import annotations

from abc import abstractmethod
from collections.abc import Iterator, Sequence
from datetime import date
from pathlib import Path

from job_runs import FOLDERS, settings
from mobile_events.rows.names import Path as FieldPath
from mobile_events.rows.names import column_name
from pyspark.sql import Column, DataFrame
from pyspark.sql import functions as f
from pyspark.sql.types import ArrayType, DataType, StructType

from etl.archive import MEASURED, WARM_UP, Archive
from etl.contender import Contender, Output, output_of
from etl.session import session


class _SparkWay(Contender):
    def __init__(self, archive: Archive, folder: Path) -> None:
        self.archive = archive
        self.folder = folder
        self.spark = session(folder)

    def warm_up(self) -> None:
        self.read(WARM_UP, self.folder / "warm-up")

    def work(self) -> None:
        self.read(MEASURED, self.folder / "out")

    @abstractmethod
    def read(self, days: Sequence[date], out: Path) -> None:
        """Read received days; what is written goes to `out`."""


class Unzip(_SparkWay):
    """Lines of text, dropped."""

    def read(self, days: Sequence[date], out: Path) -> None:
        _drop(self.spark.read.text(self.archive.all_folders(days)))


class Decode(_SparkWay):
    """The floor: JSON by a schema that is known, dropped."""

    def read(self, days: Sequence[date], out: Path) -> None:
        reader = self.spark.read.schema(self.archive.schema())
        _drop(reader.json(self.archive.all_folders(days)))


class Naive(_SparkWay):
    """Schemas inferred, both sources flattened and united by name, written as gzipped CSV."""

    def read(self, days: Sequence[date], out: Path) -> None:
        ios, android = (self._flat(source, days) for source in FOLDERS)
        united = ios.unionByName(android, allowMissingColumns=True)
        local = f.from_utc_timestamp(f.to_timestamp("timestamp"), settings().time_zone)
        dated = united.withColumns(
            {
                "local_timestamp": local,
                "year": f.date_format(local, "yyyy"),
                "month": f.date_format(local, "MM"),
                "date": f.date_format(local, "yyyy-MM-dd"),
            }
        )
        writer = dated.write.partitionBy("year", "month", "date")
        writer.csv(str(out), header=True, compression="gzip")

    def output(self) -> Output:
        return output_of((self.folder / "out").rglob("*.csv.gz"))

    def _flat(self, source: str, days: Sequence[date]) -> DataFrame:
        frame = self.spark.read.json(self.archive.folders(source, days))
        columns = [
            (f.to_json(_column(path)) if isinstance(type_, ArrayType) else _column(path)).alias(
                column_name(path)
            )
            for path, type_ in leaves(frame.schema)
        ]
        return frame.select(f.lit(source).alias("platform"), *columns)


def leaves(schema: StructType, above: FieldPath = ()) -> Iterator[tuple[FieldPath, DataType]]:
    """Paths and types of all fields that hold no other, those that the job drops aside."""
    for field in schema.fields:
        path = (*above, field.name)
        if ".".join(path) in settings().drop_fields:
            continue
        if isinstance(field.dataType, StructType):
            yield from leaves(field.dataType, path)
        else:
            yield path, field.dataType


def _column(path: FieldPath) -> Column:
    return f.col(".".join(f"`{part}`" for part in path))


def _drop(frame: DataFrame) -> None:
    frame.write.format("noop").mode("overwrite").save()
