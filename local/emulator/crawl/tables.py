"""Table and partition inputs as Glue's crawlers write them to the catalog."""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from emulator.crawl.grouping import Partition, Table
from emulator.crawl.hive_types import Struct, add_new_fields, parse
from emulator.crawl.listing import S3Object
from emulator.crawl.schema.file_schema import FileSchema, Format
from emulator.hive_formats import (
    AVRO_FORMAT,
    LAZY,
    OPEN_CSV,
    OPENX_JSON,
    ORC_FORMAT,
    PARQUET_FORMAT,
    HiveFormat,
    text_format,
)

TableInput = dict[str, Any]
PartitionInput = dict[str, Any]

DEPRECATED = "DEPRECATED_BY_CRAWLER"
UPDATED_BY = "UPDATED_BY_CRAWLER"
# A table whose files differ from it in one of these can't take them in.
ATTRIBUTES = ("classification", "compressionType", "delimiter")


FORMATS: Mapping[str, HiveFormat] = {
    "json": text_format(OPENX_JSON),
    # The built-in classifier never takes OpenCSVSerDe (AWS Glue guide, "Adding classifiers"), but
    # a custom one can.
    "csv": text_format(LAZY),
    "open csv": text_format(OPEN_CSV),
    "parquet": PARQUET_FORMAT,
    "orc": ORC_FORMAT,
    "avro": AVRO_FORMAT,
}
"""By classification."""


def table_name(folder_name: str, prefix: str = "") -> str:
    """`prefix` and the folder's name in lower case, every other character than a-z, 0-9, _ as _."""
    return re.sub(r"[^a-z0-9_]", "_", f"{prefix}{folder_name}".lower())


def table_input(
    name: str, table: Table, crawler_name: str, exclusions: Sequence[str]
) -> TableInput:
    """What CreateTable takes for a table that was found."""
    parameters = _parameters(table.schema, table.objects, crawler_name)
    if table.partition_keys:
        parameters["partition_filtering.enabled"] = "true"
    if exclusions:
        parameters["exclusions"] = json.dumps(list(exclusions), separators=(",", ":"))
    return {
        "Name": name,
        "Owner": "owner",
        "Retention": 0,
        "StorageDescriptor": _descriptor(table.schema, table.location, parameters),
        "PartitionKeys": [{"Name": key, "Type": "string"} for key in table.partition_keys],
        "TableType": "EXTERNAL_TABLE",
        "Parameters": parameters,
    }


def partition_input(partition: Partition, crawler_name: str) -> PartitionInput:
    """What BatchCreatePartition takes for a partition with a schema of its own."""
    parameters = _parameters(partition.schema, partition.objects, crawler_name)
    return {
        "Values": list(partition.values),
        "StorageDescriptor": _descriptor(partition.schema, partition.location, parameters),
    }


def inherit(partition: PartitionInput, table: TableInput) -> PartitionInput:
    """The partition with its table's format and columns: only place and statistics are its own."""
    descriptor = partition["StorageDescriptor"]
    own = {key: descriptor["Parameters"][key] for key in _STATISTICS}
    from_table = table["StorageDescriptor"]
    return {
        "Values": partition["Values"],
        "StorageDescriptor": {
            **from_table,
            "Location": descriptor["Location"],
            "Parameters": {**from_table.get("Parameters", {}), **own},
        },
    }


def merge_new_columns(known: Mapping[str, Any], crawled: Mapping[str, Any]) -> dict[str, Any]:
    """A storage descriptor as it is, with the columns and serde parameters that are new in it."""
    columns = _add_columns(known.get("Columns", []), crawled["Columns"])
    serde = known.get("SerdeInfo", {})
    parameters = {**known.get("Parameters", {}), **crawled["Parameters"]}
    merged = {**known, "Columns": columns, "Parameters": parameters}
    if serde.get("SerializationLibrary") == crawled["SerdeInfo"]["SerializationLibrary"]:
        merged["SerdeInfo"] = {**serde, "Parameters": _merge_serde_parameters(serde, crawled)}
    return merged


def _merge_serde_parameters(known: Mapping[str, Any], crawled: Mapping[str, Any]) -> dict[str, str]:
    before: dict[str, str] = known.get("Parameters", {})
    after: dict[str, str] = crawled["SerdeInfo"]["Parameters"]
    merged = {**before, **after}
    if "paths" in before and "paths" in after:
        spellings = {name.lower(): name for name in after["paths"].split(",")}
        spellings |= {name.lower(): name for name in before["paths"].split(",")}
        merged["paths"] = _paths(spellings.values())
    return merged


def _add_columns(
    known: Sequence[Mapping[str, Any]], crawled: Sequence[Mapping[str, str]]
) -> list[dict[str, Any]]:
    seen = {column["Name"]: column["Type"] for column in crawled}
    merged = [dict(column) for column in known]
    for column in merged:
        type_ = seen.pop(column["Name"].lower(), None)
        if type_ is not None and type_ != column["Type"]:
            before = parse(column["Type"])
            after = add_new_fields(before, parse(type_))
            # Untouched types keep their spelling.
            column["Type"] = column["Type"] if after == before else str(after)
    return merged + [{"Name": name, "Type": type_} for name, type_ in seen.items()]


def location_of(record: Mapping[str, Any]) -> str:
    """Where a table or partition of the catalog lies, with a final slash."""
    location: str = record.get("StorageDescriptor", {}).get("Location", "")
    return as_folder(location)


def as_folder(location: str) -> str:
    return location.rstrip("/") + "/"


def columns_of(descriptor: Mapping[str, Any]) -> Struct:
    """The columns that a table of the catalog has."""
    return Struct(
        {column["Name"]: parse(column["Type"]) for column in descriptor.get("Columns", [])}
    )


def _descriptor(schema: FileSchema, location: str, parameters: Mapping[str, str]) -> dict[str, Any]:
    hive_format = FORMATS[
        "open csv" if schema.format.open_csv_quote else schema.format.classification
    ]
    return {
        "Columns": [
            {"Name": name.lower(), "Type": str(type_)}
            for name, type_ in schema.columns.fields.items()
        ],
        "Location": location,
        "InputFormat": hive_format.input,
        "OutputFormat": hive_format.output,
        "Compressed": schema.format.compression != "none",
        "NumberOfBuckets": -1,
        "SerdeInfo": {
            "SerializationLibrary": hive_format.serde,
            "Parameters": _serde_parameters(schema),
        },
        "BucketColumns": [],
        "SortColumns": [],
        "Parameters": dict(parameters),
        "StoredAsSubDirectories": False,
    }


def _serde_parameters(schema: FileSchema) -> dict[str, str]:
    if schema.format.classification == "json":
        return {"paths": _paths(schema.columns.fields)}
    if schema.format.avro_schema:
        return {"serialization.format": "1", "avro.schema.literal": schema.format.avro_schema}
    if schema.format.open_csv_quote:
        return {
            "separatorChar": schema.format.delimiter or ",",
            "quoteChar": schema.format.open_csv_quote,
        }
    if schema.format.delimiter is not None:
        return {"field.delim": schema.format.delimiter}
    return {"serialization.format": "1"}


def _paths(names: Iterable[str]) -> str:
    return ",".join(sorted(names))


_STATISTICS = ("averageRecordSize", "objectCount", "recordCount", "sizeKey")


def _parameters(
    schema: FileSchema, objects: Sequence[S3Object], crawler_name: str
) -> dict[str, str]:
    size = sum(item.size for item in objects)
    return {
        "CrawlerSchemaDeserializerVersion": "1.0",
        "CrawlerSchemaSerializerVersion": "1.0",
        UPDATED_BY: crawler_name,
        "averageRecordSize": str(schema.data_bytes // max(schema.records, 1)),
        "classification": schema.format.classification,
        "compressionType": schema.format.compression,
        "objectCount": str(len(objects)),
        # The sample's share of the bytes tells how many records all of them hold.
        "recordCount": str(round(schema.records * size / schema.file_bytes)),
        "sizeKey": str(size),
        "typeOfData": "file",
        **({"avro.schema.literal": schema.format.avro_schema} if schema.format.avro_schema else {}),
        **_csv_parameters(schema.format),
    }


def _csv_parameters(format_: Format) -> dict[str, str]:
    if format_.delimiter is None:
        return {}
    header = {"skip.header.line.count": "1"} if format_.has_header else {}
    return {
        "areColumnsQuoted": "true" if format_.has_quotes else "false",
        "columnsOrdered": "true",
        "delimiter": format_.delimiter,
        **header,
    }
