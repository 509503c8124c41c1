"""The Hive classes of file formats, as the catalog records them.

Source: Athena guide, "Choose a SerDe for your data" and "CREATE TABLE".
"""

from __future__ import annotations

from dataclasses import dataclass

_IO = "org.apache.hadoop.hive.ql.io"
LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
OPEN_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"
OPENX_JSON = "org.openx.data.jsonserde.JsonSerDe"
HCATALOG_JSON = "org.apache.hive.hcatalog.data.JsonSerDe"
HIVE_JSON = "org.apache.hadoop.hive.serde2.JsonSerDe"
PARQUET = f"{_IO}.parquet.serde.ParquetHiveSerDe"
ORC = f"{_IO}.orc.OrcSerde"
AVRO = "org.apache.hadoop.hive.serde2.avro.AvroSerDe"

JSON_SERDES = (OPENX_JSON, HCATALOG_JSON, HIVE_JSON)
TEXT_SERDES = (LAZY, OPEN_CSV, *JSON_SERDES)


@dataclass(frozen=True)
class HiveFormat:
    """Classes of a table: its serde, and what reads and writes its files."""

    serde: str
    input: str
    output: str


def text_format(serde: str) -> HiveFormat:
    """Lines of text, each read by the serde."""
    output = f"{_IO}.HiveIgnoreKeyTextOutputFormat"
    return HiveFormat(serde, "org.apache.hadoop.mapred.TextInputFormat", output)


PARQUET_FORMAT = HiveFormat(
    PARQUET, f"{_IO}.parquet.MapredParquetInputFormat", f"{_IO}.parquet.MapredParquetOutputFormat"
)
ORC_FORMAT = HiveFormat(ORC, f"{_IO}.orc.OrcInputFormat", f"{_IO}.orc.OrcOutputFormat")
AVRO_FORMAT = HiveFormat(
    AVRO, f"{_IO}.avro.AvroContainerInputFormat", f"{_IO}.avro.AvroContainerOutputFormat"
)
