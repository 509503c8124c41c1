"""The dataset's table in the catalog, and the view that types a CSV table."""

from __future__ import annotations

import base64
import gzip
import json
from pathlib import Path
from typing import Any

import duckdb
import open_csv
import pytest
import sqlglot
from contract.archive import event, gz_lines, place
from job_runs import DAY, Job, NotFoundError, settings
from mobile_events.curated.curated_tables import CuratedTables
from mobile_events.rows.names import Path as EventPath
from mobile_events.rows.registry import OWN_COLUMNS, Registry
from mobile_events.rows.values import BIGINT, BOOLEAN, DOUBLE, STRING

KINDS: dict[EventPath, int] = {
    ("flag",): BOOLEAN,
    ("n",): BIGINT,
    ("share",): DOUBLE,
    ("text",): STRING,
}
REGISTRY = Registry.start("").extended(KINDS, set(), "").extended({}, {(("n",), "string")}, "")
GROWN = REGISTRY.extended({("later",): BIGINT}, set(), "")
NAMES = ["message_id", "flag", "n", "share", "text", "n__string"]
OWN = [name for name, _ in OWN_COLUMNS]


class Catalog:
    """A Glue client that notes its calls, and answers with more than it takes, as Glue does."""

    class exceptions:  # noqa: N801
        EntityNotFoundException = NotFoundError

    def __init__(self) -> None:
        self.tables: dict[str, dict[str, Any]] = {}
        self.calls: list[str] = []

    def get_table(self, DatabaseName: str, Name: str) -> dict[str, Any]:  # noqa: N803
        assert DatabaseName == "mobile_analytics"
        if Name not in self.tables:
            raise NotFoundError(Name)
        return {"Table": {**self.tables[Name], "CreateTime": 1, "VersionId": "7"}}

    def create_table(self, DatabaseName: str, TableInput: dict[str, Any]) -> None:  # noqa: N803
        self._put("create", TableInput)

    def update_table(self, DatabaseName: str, TableInput: dict[str, Any]) -> None:  # noqa: N803
        self._put("update", TableInput)

    def _put(self, call: str, table: dict[str, Any]) -> None:
        assert not {"CreateTime", "VersionId"} & table.keys()
        self.calls.append(f"{call} {table['Name']}")
        self.tables[table["Name"]] = json.loads(json.dumps(table))

    def columns(self, name: str = "mobile_user") -> dict[str, str]:
        found = self.tables[name]["StorageDescriptor"]["Columns"]
        return {column["Name"]: column["Type"] for column in found}


@pytest.fixture
def catalog() -> Catalog:
    return Catalog()


def update(catalog: Catalog, registry: Registry = REGISTRY, **changes: Any) -> list[str]:
    """Bring the tables in step. Gives the calls that this took."""
    catalog.calls.clear()
    CuratedTables(catalog, settings(**changes)).update(registry)
    return list(catalog.calls)


def test_table_is_created(catalog: Catalog) -> None:
    assert update(catalog, prefix="lake/") == ["create mobile_user"]
    table = catalog.tables["mobile_user"]
    assert list(catalog.columns()) == [*OWN, *NAMES]
    assert {name: catalog.columns()[name] for name in ("utc_timestamp", *NAMES)} == {
        "utc_timestamp": "timestamp",
        "message_id": "string",
        "flag": "boolean",
        "n": "bigint",
        "share": "double",
        "text": "string",
        "n__string": "string",
    }
    keys = [{"Name": key, "Type": "string"} for key in ("year", "month", "date")]
    assert table["PartitionKeys"] == keys
    descriptor = table["StorageDescriptor"]
    assert descriptor["Location"] == "s3://curated/lake/mobile_user/"
    library = descriptor["SerdeInfo"]["SerializationLibrary"]
    assert library == "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
    assert table["Parameters"]["classification"] == "parquet"


def test_table_grows_at_its_end(catalog: Catalog) -> None:
    update(catalog)
    assert update(catalog, GROWN) == ["update mobile_user"]
    assert list(catalog.columns()) == [*OWN, *NAMES, "later"]


@pytest.mark.parametrize("output_format", ["parquet", "csv"])
def test_nothing_is_called_for_where_nothing_differs(catalog: Catalog, output_format: str) -> None:
    assert update(catalog, output_format=output_format) != []
    assert update(catalog, output_format=output_format) == []


def test_what_others_say_of_the_table_is_kept(catalog: Catalog) -> None:
    declared = {
        "Name": "mobile_user",
        "Description": "All mobile events",
        "Owner": "analytics",
        "PartitionKeys": [{"Name": "year", "Type": "string"}],
        "Parameters": {"classification": "other", "CrawlerSchemaSerializerVersion": "1.0"},
        "StorageDescriptor": {"Columns": [], "Location": "s3://curated/mobile_user/"},
    }
    catalog.tables["mobile_user"] = declared
    assert update(catalog) == ["update mobile_user"]
    table = catalog.tables["mobile_user"]
    assert (table["Description"], table["Owner"]) == ("All mobile events", "analytics")
    assert table["Parameters"]["CrawlerSchemaSerializerVersion"] == "1.0"
    assert table["Parameters"]["classification"] == "parquet"
    assert list(catalog.columns()) == [*OWN, *NAMES]


def test_comments_on_columns_are_no_difference(catalog: Catalog) -> None:
    update(catalog)
    for column in catalog.tables["mobile_user"]["StorageDescriptor"]["Columns"]:
        column["Comment"] = "by a crawler"
    assert update(catalog) == []


@pytest.mark.parametrize("difference", ["type", "order", "serde", "partition keys"])
def test_what_differs_is_mended(catalog: Catalog, difference: str) -> None:
    update(catalog)
    wanted = json.dumps(catalog.tables)
    descriptor = catalog.tables["mobile_user"]["StorageDescriptor"]
    if difference == "type":
        descriptor["Columns"][7]["Type"] = "string"
    elif difference == "order":
        descriptor["Columns"].reverse()
    elif difference == "partition keys":
        catalog.tables["mobile_user"]["PartitionKeys"].pop()
    else:
        descriptor["SerdeInfo"]["SerializationLibrary"] = "another.Serde"
    assert update(catalog) == ["update mobile_user"]
    assert json.loads(json.dumps(catalog.tables)) == json.loads(wanted)


def test_csv_table_is_all_strings_with_a_typed_view_beside_it(catalog: Catalog) -> None:
    assert update(catalog, output_format="csv") == [
        "create mobile_user",
        "create mobile_user_typed",
    ]
    assert set(catalog.columns().values()) == {"string"}
    table = catalog.tables["mobile_user"]
    assert table["StorageDescriptor"]["SerdeInfo"] == {
        "SerializationLibrary": "org.apache.hadoop.hive.serde2.OpenCSVSerde",
        "Parameters": {"separatorChar": ",", "quoteChar": '"', "escapeChar": "\\"},
    }
    assert table["Parameters"]["skip.header.line.count"] == "1"
    assert catalog.tables["mobile_user_typed"]["TableType"] == "VIRTUAL_VIEW"
    assert list(catalog.columns("mobile_user_typed")) == [*OWN, *NAMES, "year", "month", "date"]
    assert catalog.columns("mobile_user_typed")["share"] == "double"
    assert update(catalog, GROWN, output_format="csv") == [
        "update mobile_user",
        "update mobile_user_typed",
    ]
    assert catalog.columns("mobile_user_typed")["later"] == "bigint"


def test_view_of_another_query_is_replaced(catalog: Catalog) -> None:
    update(catalog, output_format="csv")
    wanted = catalog.tables["mobile_user_typed"]["ViewOriginalText"]
    catalog.tables["mobile_user_typed"]["ViewOriginalText"] = "/* Presto View: e30= */"
    assert update(catalog, output_format="csv") == ["update mobile_user_typed"]
    assert catalog.tables["mobile_user_typed"]["ViewOriginalText"] == wanted


def view(table: dict[str, Any]) -> dict[str, Any]:
    """What Athena keeps of a view."""
    text: str = table["ViewOriginalText"]
    assert text.startswith("/* Presto View: ")
    assert table["Parameters"]["presto_view"] == "true"
    found: dict[str, Any] = json.loads(base64.b64decode(text.split()[3]))
    return found


def test_view_gives_the_rows_their_types(tmp_path: Path) -> None:
    job = Job(tmp_path)
    fields: dict[str, Any] = {"n": 7, "share": 0.5, "flag": True, "text": "x"}
    lines = [event(DAY, "1", sentAt=None, **fields), event(DAY, "2", text='a "b"\\')]
    job.put({place("ios", DAY, "a"): gz_lines(lines)})
    job.run(output_format="csv")
    described = view(job.glue.tables["mobile_user_typed"])
    assert (described["catalog"], described["schema"]) == ("awsdatacatalog", "mobile_analytics")
    (key,) = job.keys("mobile_user/")
    folders = dict(part.split("=") for part in key.split("/")[1:-1])
    rows = open_csv.read(gzip.decompress(job.store.get("curated", key)))
    connection = duckdb.connect()
    names = [*rows[0], *folders]
    columns = ", ".join(f'"{name}" VARCHAR' for name in names)
    connection.execute("CREATE SCHEMA mobile_analytics")
    connection.execute(f"CREATE TABLE mobile_analytics.mobile_user ({columns})")
    for row in rows:
        marks = ", ".join("?" * len(names))
        values = [*row.values(), *folders.values()]
        connection.execute(f"INSERT INTO mobile_analytics.mobile_user VALUES ({marks})", values)
    (query,) = sqlglot.transpile(described["originalSql"], read="athena", write="duckdb")
    answer = connection.execute(query)
    assert [column[0] for column in answer.description or ()] == [
        column["name"] for column in described["columns"]
    ]
    wall = f"{DAY} 05:00:00"
    for answered in answer.fetchall():
        row = dict(zip([c["name"] for c in described["columns"]], answered, strict=True))
        assert str(row["local_timestamp"]) == wall
        assert str(row["utc_timestamp"]) == f"{DAY} 12:00:00"
        assert (row["platform"], row["date"]) == ("ios", str(DAY))
        found = {name: row[name] for name in (*fields, "sent_at")}
        if row["message_id"] == "1":
            assert repr(found) == repr({**fields, "sent_at": None})
        else:
            assert found["text"] == 'a "b"\\'
            assert [found[name] for name in ("n", "share", "flag")] == [None] * 3
    types = {column["name"]: column["type"] for column in described["columns"]}
    assert types == {
        "n": "bigint",
        "share": "double",
        "flag": "boolean",
        **dict.fromkeys(("platform", "message_id", "text", "type"), "varchar"),
        **dict.fromkeys(("year", "month", "date"), "varchar"),
        **dict.fromkeys(OWN[1:], "timestamp(3)"),
    }
