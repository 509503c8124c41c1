"""Serdes and file formats of tables, as statements name them."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emulator.athena.catalog import Column
from emulator.athena.ddl.commands import RowFormat
from emulator.athena.errors import QueryFailedError
from emulator.hive_formats import (
    AVRO,
    AVRO_FORMAT,
    HCATALOG_JSON,
    LAZY,
    ORC,
    ORC_FORMAT,
    PARQUET,
    PARQUET_FORMAT,
    TEXT_SERDES,
    HiveFormat,
    text_format,
)

_OTHER_SERDES = (
    "org.apache.hadoop.hive.serde2.RegexSerDe",
    "com.amazonaws.glue.serde.GrokSerDe",
    "com.amazon.emr.hive.serde.CloudTrailSerde",
    "com.amazon.ion.hiveserde.IonHiveSerDe",
    "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe",
)
"""Those that Athena takes and that can't be read locally."""
_SERDES = (*TEXT_SERDES, PARQUET, ORC, AVRO, *_OTHER_SERDES)

FORMATS: Mapping[str, HiveFormat] = {
    "TEXTFILE": text_format(LAZY),
    "JSON": text_format(HCATALOG_JSON),
    "PARQUET": PARQUET_FORMAT,
    "ORC": ORC_FORMAT,
    "AVRO": AVRO_FORMAT,
}
"""By the keyword of STORED AS and of CREATE TABLE AS."""


def resolved(row_format: RowFormat) -> HiveFormat:
    """Raises QueryFailedError for a serde or keyword that Athena doesn't take."""
    if row_format.serde and row_format.serde not in _SERDES:
        raise QueryFailedError(
            "FAILED",
            "Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. Cannot "
            f"validate serde: {row_format.serde}",
        )
    if row_format.input_format and row_format.output_format:
        serde = row_format.serde or LAZY
        return HiveFormat(serde, row_format.input_format, row_format.output_format)
    format_ = FORMATS.get(row_format.stored_as)
    if format_ is None or row_format.stored_as == "JSON":
        raise QueryFailedError(
            "FAILED",
            "SemanticException Unrecognized file format in STORED AS clause: "
            f"'{row_format.stored_as}'",
        )
    return HiveFormat(row_format.serde or format_.serde, format_.input, format_.output)


def storage_descriptor(
    format_: HiveFormat,
    parameters: Mapping[str, str],
    columns: Sequence[Column],
    location: str,
) -> dict[str, object]:
    """As Glue's CreateTable takes it."""
    given = {"serialization.format": "1", **parameters}
    return {
        "Columns": column_records(columns),
        "Location": location,
        "InputFormat": format_.input,
        "OutputFormat": format_.output,
        "Compressed": False,
        "NumberOfBuckets": -1,
        "SerdeInfo": {"SerializationLibrary": format_.serde, "Parameters": given},
        "StoredAsSubDirectories": False,
    }


def column_records(columns: Sequence[Column]) -> list[dict[str, str]]:
    """Columns as Glue's CreateTable takes them."""
    return [
        {"Name": column.name, "Type": column.type}
        | ({"Comment": column.comment} if column.comment else {})
        for column in columns
    ]
