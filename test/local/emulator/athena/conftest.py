"""What tests of Athena build on: a lake with tables in several formats, and a way to ask."""

from __future__ import annotations

import gzip
import io
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest

PARQUET = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
OPENX = "org.openx.data.jsonserde.JsonSerDe"
LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
OPEN_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
OUTPUT = "s3://results/out/"
Columns = Sequence[tuple[str, str]]


@dataclass
class Answer:
    """How a query ended; `rows` are without a SELECT's header, nulls are None."""

    execution: dict[str, Any]
    columns: list[dict[str, Any]] = field(default_factory=list)
    rows: list[list[str | None]] = field(default_factory=list)

    @property
    def state(self) -> str:
        return str(self.execution["Status"]["State"])

    @property
    def reason(self) -> str:
        return str(self.execution["Status"].get("StateChangeReason"))

    @property
    def names(self) -> list[str]:
        return [str(column["Name"]) for column in self.columns]

    @property
    def types(self) -> list[str]:
        return [str(column["Type"]) for column in self.columns]

    @property
    def scanned(self) -> int:
        return int(self.execution["Statistics"]["DataScannedInBytes"])


class AthenaWorld:
    """Buckets `lake` and `results` and database `db` on an emulator."""

    def __init__(self, emulator: Any) -> None:
        self.emulator = emulator
        self._serdes: dict[str, tuple[str, Columns, dict[str, str]]] = {}
        self.s3 = emulator.client("s3")
        self.glue = emulator.client("glue")
        self.athena = emulator.client("athena")
        for bucket in ("lake", "results"):
            self.s3.create_bucket(Bucket=bucket)
        self.glue.create_database(DatabaseInput={"Name": "db"})

    def put(self, key: str, body: bytes) -> int:
        """Put an object in the lake, gzipped if its name says so; its size."""
        content = gzip.compress(body) if key.endswith(".gz") else body
        self.s3.put_object(Bucket="lake", Key=key, Body=content)
        return len(content)

    def put_parquet(self, key: str, columns: dict[str, Any]) -> int:
        buffer = io.BytesIO()
        pq.write_table(pa.table(columns), buffer)
        return self.put(key, buffer.getvalue())

    def table(
        self,
        name: str,
        columns: Columns,
        serde: str = PARQUET,
        keys: Columns = (),
        parameters: dict[str, str] | None = None,
        **serde_parameters: str,
    ) -> None:
        """A table at s3://lake/<name>/."""
        self._serdes[name] = (serde, columns, serde_parameters)
        self.glue.create_table(
            DatabaseName="db",
            TableInput={
                "Name": name,
                "TableType": "EXTERNAL_TABLE",
                "PartitionKeys": _columns(keys),
                "Parameters": parameters or {},
                "StorageDescriptor": self._storage(name, f"s3://lake/{name}/"),
            },
        )

    def partition(self, name: str, values: Sequence[str], folder: str, **changes: Any) -> None:
        """Register s3://lake/<folder>/ as a partition."""
        storage = {**self._storage(name, f"s3://lake/{folder}/"), **changes}
        self.glue.create_partition(
            DatabaseName="db",
            TableName=name,
            PartitionInput={"Values": list(values), "StorageDescriptor": storage},
        )

    def _storage(self, name: str, location: str) -> dict[str, Any]:
        serde, columns, parameters = self._serdes[name]
        return {
            "Columns": _columns(columns),
            "Location": location,
            "SerdeInfo": {"SerializationLibrary": serde, "Parameters": parameters},
        }

    def start(self, sql: str, **arguments: Any) -> str:
        request = {
            "QueryString": sql,
            "QueryExecutionContext": {"Database": "db"},
            "ResultConfiguration": {"OutputLocation": OUTPUT},
            **arguments,
        }
        return str(self.athena.start_query_execution(**request)["QueryExecutionId"])

    def wait(self, key: str, timeout: float = 20) -> dict[str, Any]:
        """The execution, once it has ended."""
        deadline = time.monotonic() + timeout
        while True:
            execution: dict[str, Any] = self.athena.get_query_execution(QueryExecutionId=key)[
                "QueryExecution"
            ]
            if execution["Status"]["State"] not in ("QUEUED", "RUNNING"):
                return execution
            if time.monotonic() > deadline:
                raise TimeoutError(f"still {execution['Status']}")
            time.sleep(0.02)

    def query(self, sql: str, **arguments: Any) -> Answer:
        """Run the query to its end, whichever it is."""
        key = self.start(sql, **arguments)
        answer = Answer(self.wait(key))
        if answer.state == "SUCCEEDED":
            pages = self.athena.get_paginator("get_query_results").paginate(QueryExecutionId=key)
            for page in pages:
                answer.columns = page["ResultSet"]["ResultSetMetadata"]["ColumnInfo"]
                answer.rows += [
                    [value.get("VarCharValue") for value in row["Data"]]
                    for row in page["ResultSet"]["Rows"]
                ]
            if answer.execution["SubstatementType"] == "SELECT":
                del answer.rows[0]
        return answer

    def rows(self, sql: str) -> list[list[str | None]]:
        """Rows of a query that must succeed."""
        answer = self.query(sql)
        assert answer.state == "SUCCEEDED", answer.reason
        return answer.rows

    def failure(self, sql: str) -> str:
        """The reason of a query that must fail."""
        answer = self.query(sql)
        assert answer.state == "FAILED", answer.rows
        return answer.reason


def _columns(columns: Columns) -> list[dict[str, str]]:
    return [{"Name": name, "Type": type_} for name, type_ in columns]


@pytest.fixture(scope="module")
def world(emulator: Any) -> AthenaWorld:
    """One lake for all tests of a module."""
    return AthenaWorld(emulator)
