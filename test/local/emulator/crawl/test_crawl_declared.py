"""Crawls of tables whose columns somebody else keeps: they get partitions, and nothing else."""

from __future__ import annotations

import gzip
import io
from collections.abc import Mapping
from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from emulator.crawl import CrawlSummary

INHERIT = {"Partitions": {"AddOrUpdateBehavior": "InheritFromTable"}}
MERGE = {"Tables": {"AddOrUpdateBehavior": "MergeNewColumns"}}
LOG = {"UpdateBehavior": "LOG", "DeleteBehavior": "LOG"}
UPDATE = {"UpdateBehavior": "UPDATE_IN_DATABASE", "DeleteBehavior": "LOG"}
GROUPING = {"TableGroupingPolicy": "CombineCompatibleSchemas", "TableLevelConfiguration": 2}
KEEPS: dict[str, Any] = {"output": INHERIT, "policy": LOG, "grouping": GROUPING}
MERGES: dict[str, Any] = {"output": {**INHERIT, **MERGE}, "policy": UPDATE, "grouping": GROUPING}

PARQUET = {"classification": "parquet", "compressionType": "none"}
PARQUET_SERDE = {
    "SerializationLibrary": "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe",
    "Parameters": {"serialization.format": "1"},
}
CSV = {
    "classification": "csv",
    "compressionType": "gzip",
    "delimiter": ",",
    "skip.header.line.count": "1",
}
CSV_SERDE = {
    "SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde",
    "Parameters": {"separatorChar": ",", "quoteChar": '"', "escapeChar": "\\"},
}


def declare(
    lake: Any,
    columns: Mapping[str, str],
    serde: Mapping[str, object],
    parameters: Mapping[str, str],
    operation: str = "create_table",
) -> None:
    getattr(lake.glue, operation)(
        DatabaseName=lake.database,
        TableInput={
            "Name": "t",
            "TableType": "EXTERNAL_TABLE",
            "PartitionKeys": [{"Name": "date", "Type": "string"}],
            "StorageDescriptor": {
                "Columns": [{"Name": name, "Type": type_} for name, type_ in columns.items()],
                "Location": f"s3://{lake.bucket}/t/",
                "SerdeInfo": serde,
            },
            "Parameters": parameters,
        },
    )


def put_parquet(lake: Any, day: str, **arrays: Any) -> None:
    file = io.BytesIO()
    pq.write_table(pa.table(arrays), file)
    lake.put(f"t/date={day}/a.parquet", file.getvalue())


@pytest.mark.parametrize("settings", [KEEPS, MERGES])
def test_parquet(lake: Any, settings: dict[str, Any]) -> None:
    columns = {"id": "string", "n": "bigint", "at": "timestamp", "nowhere_yet": "double"}
    declare(lake, columns, PARQUET_SERDE, PARQUET)
    put_parquet(lake, "2026-01-01", id=["a"], n=[1])
    put_parquet(lake, "2026-01-02", n=[2])
    created = ["t/2026-01-01", "t/2026-01-02"]
    assert lake.crawl(**settings).partitions_created == created
    assert lake.tables() == ["t"]
    table = lake.table()
    assert lake.columns_of(table) == columns
    assert table["StorageDescriptor"]["SerdeInfo"] == PARQUET_SERDE
    assert "DEPRECATED_BY_CRAWLER" not in table["Parameters"]
    for partition in lake.partitions().values():
        assert lake.columns_of(partition) == columns
        assert partition["StorageDescriptor"]["SerdeInfo"] == PARQUET_SERDE
    assert lake.crawl(**settings) == CrawlSummary()


def put_csv(lake: Any, day: str, *lines: str) -> None:
    text = "".join(f"{line}\n" for line in lines)
    lake.put(f"t/date={day}/a.csv.gz", gzip.compress(text.encode()))


def test_csv(lake: Any) -> None:
    columns = {"id": "string", "n": "string", "properties": "string"}
    declare(lake, columns, CSV_SERDE, CSV)
    put_csv(lake, "2026-01-01", '"id","n"', '"a","1"')
    put_csv(
        lake,
        "2026-01-02",
        '"id","n","properties"',
        r'"b, \"quoted\"","2","{\"a\":1,\"b\":[\"x\",\"C:\\\\dir\\\\\"]}"',
        r'"c\\","",""',
    )
    summary = lake.crawl(**KEEPS)
    assert summary == CrawlSummary(partitions_created=["t/2026-01-01", "t/2026-01-02"])
    assert lake.tables() == ["t"]
    table = lake.table()
    assert lake.columns_of(table) == columns
    assert table["StorageDescriptor"]["SerdeInfo"] == CSV_SERDE
    assert table["Parameters"] == CSV
    for partition in lake.partitions().values():
        assert lake.columns_of(partition) == columns
        assert partition["StorageDescriptor"]["SerdeInfo"] == CSV_SERDE
    assert lake.crawl(**KEEPS) == CrawlSummary()


def test_columns_that_are_new_reach_the_partitions_that_are_known(lake: Any) -> None:
    declare(lake, {"id": "string"}, CSV_SERDE, CSV)
    put_csv(lake, "2026-01-01", '"id","n"', '"a","1"')
    lake.crawl(**KEEPS)
    declare(lake, {"id": "string", "n": "string"}, CSV_SERDE, CSV, "update_table")
    assert lake.crawl(**KEEPS) == CrawlSummary(partitions_updated=["t/2026-01-01"])
    assert lake.columns_of(lake.partitions()["2026-01-01"]) == {"id": "string", "n": "string"}


@pytest.mark.parametrize("attribute", ["classification", "compressionType"])
@pytest.mark.parametrize("settings", [KEEPS, MERGES])
def test_a_table_that_does_not_say_how_its_files_are_written_gets_no_partitions(
    lake: Any, attribute: str, settings: dict[str, Any]
) -> None:
    """AWS's words: "the parameter 'compressionType' has changed. The existing value is 'null'"."""
    parameters = {name: value for name, value in PARQUET.items() if name != attribute}
    declare(lake, {"n": "bigint"}, PARQUET_SERDE, parameters)
    put_parquet(lake, "2026-01-01", n=[1])
    assert lake.crawl(**settings).partitions_created == []
    assert lake.partitions() == {}
    assert lake.columns() == {"n": "bigint"}
