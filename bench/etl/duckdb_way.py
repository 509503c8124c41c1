"""DuckDB doing what the job does, of schemas that are known: both sources flattened and united by
name, each event once, local time, Parquet by local date."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from pathlib import Path

import duckdb
from job_runs import FOLDERS, settings
from mobile_events.curated.parquet_files import COMPRESSION, ZSTD_LEVEL
from mobile_events.rows.names import Path as FieldPath
from mobile_events.rows.names import column_name
from mobile_events.rows.registry import TIMES
from pyspark.sql.types import ArrayType, DataType, StructType

from etl.archive import MEASURED, WARM_UP, Archive
from etl.contender import Contender, Output, output_of
from etl.spark_ways import leaves

TYPES = {"bigint": "BIGINT", "double": "DOUBLE", "boolean": "BOOLEAN", "string": "VARCHAR"}


class DuckDb(Contender):
    """Two threads, its own limit of memory."""

    def __init__(self, archive: Archive, folder: Path) -> None:
        self._archive = archive
        self._folder = folder
        self._database = duckdb.connect(
            config={
                "threads": 2,
                "temp_directory": str(folder / "duckdb"),
                "preserve_insertion_order": False,
            }
        )

    def warm_up(self) -> None:
        self._write(WARM_UP, self._folder / "warm-up")

    def work(self) -> None:
        self._write(MEASURED, self._folder / "out")

    def output(self) -> Output:
        return output_of((self._folder / "out").rglob("*.parquet"))

    def _write(self, days: Sequence[date], out: Path) -> None:
        united = " UNION ALL BY NAME ".join(self._flat(source, days) for source in FOLDERS)
        keys = settings().partition_keys
        self._database.execute(f"""
            COPY (
                WITH united AS ({united}),
                dated AS (
                    SELECT *, timezone('{settings().time_zone}', utc_timestamp) AS local_timestamp
                    FROM united
                )
                SELECT
                    * EXCLUDE filename,
                    strftime(local_timestamp, '%Y') AS year,
                    strftime(local_timestamp, '%m') AS month,
                    strftime(local_timestamp, '%Y-%m-%d') AS date
                FROM dated
                QUALIFY 1 = row_number()
                    OVER (PARTITION BY message_id ORDER BY received_at, filename)
            ) TO '{out}' (
                FORMAT parquet, COMPRESSION {COMPRESSION}, COMPRESSION_LEVEL {ZSTD_LEVEL},
                PARTITION_BY ({", ".join(keys)})
            )""")

    def _flat(self, source: str, days: Sequence[date]) -> str:
        """A query of the source's rows, flattened."""
        schema = self._archive.schema(source)
        columns = {
            field.name: _type_of(field.dataType)
            for field in schema.fields
            if field.name not in settings().drop_fields
        }
        files = [f"{folder}/*.gz" for folder in self._archive.folders(source, days)]
        selected = ", ".join(_selected(path) for path, _ in leaves(schema))
        return f"""
            SELECT '{source}' AS platform, filename, {selected}
            FROM read_json({files}, format = 'newline_delimited', columns = {columns},
                           filename = true)"""


def _type_of(type_: DataType) -> str:
    if isinstance(type_, StructType):
        fields = (f'"{field.name}" {_type_of(field.dataType)}' for field in type_.fields)
        return f"STRUCT({', '.join(fields)})"
    return "JSON" if isinstance(type_, ArrayType) else TYPES[type_.simpleString()]


def _selected(path: FieldPath) -> str:
    field = ".".join(f'"{part}"' for part in path)
    if path[0] in TIMES:
        return f"{field}::TIMESTAMPTZ AS {TIMES[path[0]]}"
    return f"{field} AS {column_name(path)}"
