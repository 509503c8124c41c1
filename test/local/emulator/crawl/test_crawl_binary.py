"""ORC and Avro: crawled as Glue does, and then read by Athena."""

from __future__ import annotations

import datetime
import io
import json
import time
from decimal import Decimal
from typing import Any

import fastavro
import pyarrow as pa
import pyarrow.orc
import pytest

DAY, AT = datetime.date(2026, 11, 20), datetime.datetime(2026, 11, 20, 13, 5)
RECORD: dict[str, Any] = {
    "Id": 7,
    "small": 3,
    "name": "Ann",
    "score": 0.5,
    "ok": True,
    "raw": b"\x01",
    "day": DAY,
    "at": AT,
    "price": Decimal("1.50"),
    "tags": ["a", None],
    "counts": {"x": 1},
    "device": {"Model": "p", "os": {"v": 1}},
}
TYPES = {
    "id": "bigint",
    "small": "int",
    "name": "string",
    "score": "double",
    "ok": "boolean",
    "raw": "binary",
    "day": "date",
    "at": "timestamp",
    "price": "decimal(9,2)",
    "tags": "array<string>",
    "counts": "map<string,bigint>",
    "device": "struct<Model:string,os:struct<v:int>>",
}
ARROW = {
    "Id": pa.int64(),
    "small": pa.int32(),
    "name": pa.string(),
    "score": pa.float64(),
    "ok": pa.bool_(),
    "raw": pa.binary(),
    "day": pa.date32(),
    "at": pa.timestamp("ns"),
    "price": pa.decimal128(9, 2),
    "tags": pa.list_(pa.string()),
    "counts": pa.map_(pa.string(), pa.int64()),
    "device": pa.struct([("Model", pa.string()), ("os", pa.struct([("v", pa.int32())]))]),
}
OS = {"type": "record", "name": "Os", "fields": [{"name": "v", "type": "int"}]}
DEVICE = {
    "type": "record",
    "name": "Device",
    "fields": [{"name": "Model", "type": "string"}, {"name": "os", "type": OS}],
}
AVRO = {
    "Id": "long",
    "small": "int",
    "name": {"type": "enum", "name": "Name", "symbols": ["Ann", "Bo"]},
    "score": "double",
    "ok": "boolean",
    "raw": "bytes",
    "day": {"type": "int", "logicalType": "date"},
    "at": {"type": "long", "logicalType": "timestamp-millis"},
    "price": {"type": "bytes", "logicalType": "decimal", "precision": 9, "scale": 2},
    "tags": {"type": "array", "items": ["null", "string"]},
    "counts": {"type": "map", "values": "long"},
    "device": DEVICE,
}
SQL = (
    "SELECT id, small, name, score, ok, raw, day, at, price, tags[1], counts['x'], "
    'device.model, device.os.v, "part" FROM t WHERE id IS NOT NULL'
)
ROW = [
    *("7", "3", "Ann", "0.5", "true", "01", "2026-11-20", "2026-11-20 13:05:00.000", "1.50"),
    *("a", "1", "p", "1", "one"),
]


def orc(records: list[dict[str, Any]], types: dict[str, Any] = ARROW) -> bytes:
    rows = [{**record, "counts": list((record.get("counts") or {}).items())} for record in records]
    columns = [pa.array([row.get(name) for row in rows], type_) for name, type_ in types.items()]
    target = io.BytesIO()
    pyarrow.orc.write_table(pa.table(columns, names=list(types)), target)
    return target.getvalue()


def avro(records: list[dict[str, Any]], types: dict[str, Any] = AVRO) -> bytes:
    fields = [
        {"name": name, "type": ["null", type_], "default": None} for name, type_ in types.items()
    ]
    schema = {"type": "record", "name": "Event", "namespace": "a.b", "fields": fields}
    target = io.BytesIO()
    fastavro.writer(target, schema, records, codec="deflate")
    return target.getvalue()


def ask(emulator: Any, lake: Any, sql: str) -> list[list[str | None]]:
    athena = emulator.client("athena")
    query = athena.start_query_execution(
        QueryString=sql,
        QueryExecutionContext={"Database": lake.database},
        ResultConfiguration={"OutputLocation": f"s3://{lake.bucket}/results/"},
    )["QueryExecutionId"]
    while True:
        status = athena.get_query_execution(QueryExecutionId=query)["QueryExecution"]["Status"]
        if status["State"] not in ("QUEUED", "RUNNING"):
            break
        time.sleep(0.05)
    assert status["State"] == "SUCCEEDED", status
    rows = athena.get_query_results(QueryExecutionId=query)["ResultSet"]["Rows"]
    return [[value.get("VarCharValue") for value in row["Data"]] for row in rows[1:]]


@pytest.mark.parametrize("write", [orc, avro])
def test_a_partitioned_table(emulator: Any, lake: Any, write: Any) -> None:
    lake.put("t/part=one/x", write([RECORD, {}]))
    lake.put("t/part=two/x", write([{**RECORD, "Id": 8}]))
    lake.crawl()
    table = lake.table()
    kind = write.__name__
    assert lake.columns() == TYPES
    assert table["Parameters"]["classification"] == kind
    assert table["Parameters"]["compressionType"] == "none"
    assert table["Parameters"]["recordCount"] == "3"
    assert [key["Name"] for key in table["PartitionKeys"]] == ["part"]
    rows = ask(emulator, lake, SQL + " ORDER BY id")
    assert rows[0] == ROW
    assert [row[0] for row in rows] == ["7", "8"]
    assert ask(emulator, lake, "SELECT count(*), count(name) FROM t") == [["3", "2"]]


def test_the_classes_of_orc(lake: Any) -> None:
    lake.put("t/x.orc", orc([RECORD]))
    lake.crawl()
    storage = lake.table()["StorageDescriptor"]
    package = "org.apache.hadoop.hive.ql.io.orc"
    assert storage["InputFormat"] == f"{package}.OrcInputFormat"
    assert storage["OutputFormat"] == f"{package}.OrcOutputFormat"
    assert storage["SerdeInfo"] == {
        "SerializationLibrary": f"{package}.OrcSerde",
        "Parameters": {"serialization.format": "1"},
    }


def test_the_classes_of_avro(lake: Any) -> None:
    lake.put("t/x.avro", avro([RECORD]))
    lake.crawl()
    storage = lake.table()["StorageDescriptor"]
    package = "org.apache.hadoop.hive.ql.io.avro"
    assert storage["InputFormat"] == f"{package}.AvroContainerInputFormat"
    assert storage["OutputFormat"] == f"{package}.AvroContainerOutputFormat"
    serde = storage["SerdeInfo"]
    assert serde["SerializationLibrary"] == "org.apache.hadoop.hive.serde2.avro.AvroSerDe"
    schema = fastavro.parse_schema(json.loads(serde["Parameters"]["avro.schema.literal"]))
    assert [field["name"] for field in schema["fields"]] == list(AVRO)


@pytest.mark.parametrize(("write", "types"), [(orc, ARROW), (avro, AVRO)])
def test_columns_that_came_later(emulator: Any, lake: Any, write: Any, types: Any) -> None:
    first = {name: types[name] for name in ("Id", "name", "ok")}
    lake.put("t/a", write([RECORD | {"counts": None}], {**first}))
    lake.put("t/b", write([RECORD | {"Id": 8}], {**first, "score": types["score"]}))
    lake.crawl()
    assert lake.columns() == {name: TYPES[name] for name in ("id", "name", "ok", "score")}
    rows = ask(emulator, lake, "SELECT id, name, score FROM t ORDER BY id")
    assert rows == [["7", "Ann", None], ["8", "Ann", "0.5"]]


@pytest.mark.parametrize("write", [orc, avro])
def test_damaged_files_are_passed_over(lake: Any, write: Any) -> None:
    body = write([RECORD])
    lake.put("t/x", body[:20])
    lake.crawl()
    assert lake.tables() == []


def test_orc_of_another_type_fails(emulator: Any, lake: Any) -> None:
    lake.put("t/x", orc([RECORD], {"Id": pa.int64()}))
    lake.crawl()
    lake.put("t/x", orc([{"Id": "seven"}], {"Id": pa.string()}))
    with pytest.raises(AssertionError, match=r"Malformed ORC file\. Cannot read SQL type 'bigint'"):
        ask(emulator, lake, "SELECT id FROM t")


def test_the_head_of_a_large_avro_file_tells_the_records(lake: Any) -> None:
    records = [{"Id": number, "name": "Ann"} for number in range(400_000)]
    lake.put("t/x", avro(records, {name: AVRO[name] for name in ("Id", "name")}))
    lake.crawl()
    told = int(lake.table()["Parameters"]["recordCount"])
    assert abs(told - 400_000) < 20_000
