"""Serdes and file formats of tables, as the catalog records them.

Source: Athena guide, "Choose a SerDe for your data" and "CREATE TABLE".
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from emulator.athena.ddl.commands import RowFormat
from emulator.athena.errors import QueryFailedError
from emulator.athena.text_formats import HCATALOG_JSON, HIVE_JSON, LAZY, OPEN_CSV, OPENX_JSON

PARQUET = "org.apache.hadoop.hive.ql.io.parquet.serde.ParquetHiveSerDe"
ORC = "org.apache.hadoop.hive.ql.io.orc.OrcSerde"
AVRO = "org.apache.hadoop.hive.serde2.avro.AvroSerDe"
_OTHER_SERDES = (
    "org.apache.hadoop.hive.serde2.RegexSerDe",
    "com.amazonaws.glue.serde.GrokSerDe",
    "com.amazon.emr.hive.serde.CloudTrailSerde",
    "com.amazon.ion.hiveserde.IonHiveSerDe",
    "org.apache.hadoop.hive.serde2.columnar.LazyBinaryColumnarSerDe",
)
"""Those that Athena takes and that can't be read locally."""
_IO = "org.apache.hadoop.hive.ql.io"


@dataclass(frozen=True)
class Format:
    serde: str
    input: str
    output: str


_TEXT = ("org.apache.hadoop.mapred.TextInputFormat", f"{_IO}.HiveIgnoreKeyTextOutputFormat")
FORMATS: Mapping[str, Format] = {
    "TEXTFILE": Format(LAZY, *_TEXT),
    "JSON": Format(HCATALOG_JSON, *_TEXT),
    "PARQUET": Format(
        PARQUET,
        f"{_IO}.parquet.MapredParquetInputFormat",
        f"{_IO}.parquet.MapredParquetOutputFormat",
    ),
    "ORC": Format(ORC, f"{_IO}.orc.OrcInputFormat", f"{_IO}.orc.OrcOutputFormat"),
    "AVRO": Format(
        AVRO,
        f"{_IO}.avro.AvroContainerInputFormat",
        f"{_IO}.avro.AvroContainerOutputFormat",
    ),
}
"""By the keyword of STORED AS and of CREATE TABLE AS."""
_SERDES = (LAZY, OPEN_CSV, OPENX_JSON, HCATALOG_JSON, HIVE_JSON, PARQUET, ORC, AVRO, *_OTHER_SERDES)


def resolved(row_format: RowFormat) -> Format:
    """Raises QueryFailedError for a serde or keyword that Athena doesn't take."""
    if row_format.serde and row_format.serde not in _SERDES:
        raise QueryFailedError(
            "FAILED",
            "Execution Error, return code 1 from org.apache.hadoop.hive.ql.exec.DDLTask. Cannot "
            f"validate serde: {row_format.serde}",
        )
    if row_format.input_format and row_format.output_format:
        serde = row_format.serde or LAZY
        return Format(serde, row_format.input_format, row_format.output_format)
    format_ = FORMATS.get(row_format.stored_as)
    if format_ is None or row_format.stored_as == "JSON":
        raise QueryFailedError(
            "FAILED",
            "SemanticException Unrecognized file format in STORED AS clause: "
            f"'{row_format.stored_as}'",
        )
    return Format(row_format.serde or format_.serde, format_.input, format_.output)


def storage_descriptor(
    format_: Format,
    parameters: Mapping[str, str],
    columns: list[dict[str, str]],
    location: str,
) -> dict[str, object]:
    """As Glue's CreateTable takes it."""
    given = {"serialization.format": "1", **parameters}
    return {
        "Columns": columns,
        "Location": location,
        "InputFormat": format_.input,
        "OutputFormat": format_.output,
        "Compressed": False,
        "NumberOfBuckets": -1,
        "SerdeInfo": {"SerializationLibrary": format_.serde, "Parameters": given},
        "StoredAsSubDirectories": False,
    }
