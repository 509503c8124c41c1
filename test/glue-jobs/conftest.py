"""One Spark session for all tests of the job, and a run of its transform over given lines."""

from __future__ import annotations

import gzip
import json
import os
import sys
from collections import Counter
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import pyarrow as pa
import pyarrow.csv as pc
import pyarrow.parquet as pq
import pytest
from mobile_events import flatten, shapes, staging
from mobile_events.lines import RawObject, Summary
from mobile_events.settings import Settings, Source
from pyspark.sql import SparkSession

GLUE_JOBS = Path(__file__).resolve().parents[2] / "glue-jobs"
DAY = date(2026, 3, 9)
Raw = Mapping[tuple[str, date], bytes]


@pytest.fixture(scope="session")
def spark(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SparkSession]:
    os.environ["PYSPARK_PYTHON"] = sys.executable
    # Spark's Python workers import the package, too.
    os.environ["PYTHONPATH"] = str(GLUE_JOBS)
    folder = tmp_path_factory.mktemp("spark")
    session = (
        SparkSession.builder.master("local[2]")
        .config("spark.driver.host", "127.0.0.1")
        .config("spark.driver.bindAddress", "127.0.0.1")
        .config("spark.ui.enabled", "false")
        .config("spark.ui.showConsoleProgress", "false")
        .config("spark.local.dir", str(folder))
        .config("spark.sql.warehouse.dir", str(folder / "warehouse"))
        # Quick to start, which is what small inputs need.
        .config("spark.driver.extraJavaOptions", "-XX:TieredStopAtLevel=1 -XX:+UseSerialGC")
        .getOrCreate()
    )
    session.sparkContext.setLogLevel("ERROR")
    yield session
    session.stop()


def settings(**changes: Any) -> Settings:
    values: dict[str, Any] = {
        "run_id": "jr_1",
        "job": "mobile-user-daily",
        "sources": (Source("ios", "raw", "a", 1000), Source("android", "raw", "b", 1000)),
        "bucket": "curated",
        "prefix": "",
        "table": "mobile_user",
        "output_format": "parquet",
        "time_zone": "America/Los_Angeles",
        "partition_keys": ("year", "month", "date"),
        "drop_fields": frozenset({"integrations", "_metadata"}),
        "first_day": DAY,
        "last_day": DAY,
        "rebuild": False,
    }
    return Settings(**{**values, **changes})


@dataclass(frozen=True)
class Output:
    """What a run of the transform staged."""

    folder: Path
    summaries: list[Summary]
    platforms: Counter[str]
    dates: Counter[str]

    @property
    def files(self) -> list[Path]:
        return sorted(p for p in self.folder.rglob("part-*") if p.suffix in (".parquet", ".gz"))

    def rows(self) -> list[dict[str, Any]]:
        """All rows, each with the `key=value` folders of its file."""
        rows: list[dict[str, Any]] = []
        for file in sorted((self.folder / "data").rglob("part-*.parquet")):
            keys = dict(part.split("=", 1) for part in file.parts if "=" in part)
            # Without pyarrow's own reading of key=value folders.
            rows += [{**row, **keys} for row in pq.ParquetFile(file).read().to_pylist()]
        return rows

    def row(self, message_id: str) -> dict[str, Any]:
        """The row of one message."""
        (row,) = (row for row in self.rows() if row["message_id"] == message_id)
        return row

    def types(self) -> dict[str, str]:
        """Column types of the files, which must all be the same."""
        found = [pq.read_schema(f) for f in (self.folder / "data").rglob("part-*.parquet")]
        types = [{field.name: str(field.type) for field in schema} for schema in found]
        assert all(each == types[0] for each in types)
        return types[0]

    def quarantined(self) -> list[dict[str, Any]]:
        files = sorted((self.folder / "quarantine").rglob("part-*.json.gz"))
        return [json.loads(line) for f in files for line in gzip.open(f, "rt").readlines()]


Transform = Callable[..., Output]


@pytest.fixture(scope="session")
def transform(spark: SparkSession, tmp_path_factory: pytest.TempPathFactory) -> Transform:
    """Stages raw objects, given as `{(source, received day): bytes}`, below a new folder."""

    def run(raw: Raw, **changes: Any) -> Output:
        folder = tmp_path_factory.mktemp("run")
        objects = []
        for number, ((source, day), body) in enumerate(raw.items()):
            path = folder / "raw" / f"{number}.gz"
            path.parent.mkdir(exist_ok=True)
            path.write_bytes(body)
            objects.append(RawObject(source, day, "", str(path), "", len(body)))
        asked = settings(**changes)
        staging.configure(spark)
        kept, summaries = staging.read(spark, objects, lambda raw: open(raw.key, "rb"))  # noqa: PTH123, SIM115
        shape: shapes.Shape = {}
        for summary in summaries.values():
            shapes.merge(shape, summary.shape)
        plan = flatten.plan_columns(shape, asked.drop_fields)
        stage = staging.Staging(spark, asked, f"file://{folder}/")
        stage.write_rows(kept, plan)
        stage.write_quarantine(kept, plan)
        platforms, dates = stage.count_rows()
        kept.unpersist()
        return Output(folder, list(summaries.values()), platforms, dates)

    return run


@pytest.fixture(scope="session")
def gz() -> Callable[..., bytes]:
    """Makes a raw object of lines; a mapping is an event, with a timestamp unless it has one."""

    def line_bytes(line: bytes | str | Mapping[str, Any]) -> bytes:
        if isinstance(line, Mapping):
            event = {"timestamp": "2026-03-09T12:00:00.000Z", **line}
            return json.dumps(event, ensure_ascii=False).encode()
        return line if isinstance(line, bytes) else line.encode()

    return lambda *lines: gzip.compress(b"".join(line_bytes(line) + b"\n" for line in lines))


@pytest.fixture(scope="session")
def read_csv() -> Callable[[Path], list[dict[str, str]]]:
    """Reads a gzipped CSV file by plain rules: every field quoted, backslash escapes."""

    def read(file: Path) -> list[dict[str, str]]:
        parse = pc.ParseOptions(escape_char="\\", double_quote=False)
        names = pc.read_csv(file, parse_options=parse).column_names
        convert = pc.ConvertOptions(column_types=dict.fromkeys(names, pa.string()))
        table = pc.read_csv(file, parse_options=parse, convert_options=convert)
        rows: list[dict[str, str]] = table.to_pylist()
        return rows

    return read
