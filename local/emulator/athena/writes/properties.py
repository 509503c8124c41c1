"""What WITH says (Athena guide, "CREATE TABLE AS": table properties; "UNLOAD")."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from emulator.athena.catalog import CATALOG
from emulator.athena.errors import QueryFailedError, not_supported
from emulator.athena.writes.commands import Properties
from emulator.athena.writes.encoders import Layout, layout


class _Properties:
    known: Sequence[str] = ()
    refused: Sequence[str] = ()

    def __init__(self, given: Properties) -> None:
        self._given = given
        for name in given:
            if name in self.refused:
                raise not_supported(f"The property {name}")
            if name not in self.known:
                raise QueryFailedError(
                    "INVALID_TABLE_PROPERTY",
                    f"line 1:1: Catalog '{CATALOG}' table property '{name}' does not exist",
                )

    def text(self, name: str) -> str | None:
        value = self._given.get(name)
        if value is not None and not isinstance(value, str):
            raise self._wrong(name)
        return value

    def keys(self, columns: Sequence[str]) -> list[str]:
        """The partition keys, which are the last of the columns."""
        value = self._given.get("partitioned_by") or []
        if isinstance(value, str):
            raise self._wrong("partitioned_by")
        keys = [key.lower() for key in value]
        for key in keys:
            if key not in columns:
                raise QueryFailedError(
                    "INVALID_TABLE_PROPERTY", f"Partition columns [{key}] not present in schema"
                )
        if keys and list(columns[-len(keys) :]) != keys:
            raise QueryFailedError(
                "HIVE_COLUMN_ORDER_MISMATCH",
                "Partition keys must be the last columns in the table and in the same order as "
                f"the table properties: [{', '.join(keys)}]",
            )
        return keys

    def _wrong(self, name: str) -> QueryFailedError:
        return QueryFailedError(
            "INVALID_TABLE_PROPERTY",
            f"line 1:1: Unable to set catalog '{CATALOG}' table property '{name}' to "
            f"[{self._given[name]}]",
        )


class TableProperties(_Properties):
    """Of a new table."""

    known = (
        "table_type",
        "format",
        "write_compression",
        "parquet_compression",
        "orc_compression",
        "external_location",
        "partitioned_by",
        "field_delimiter",
    )
    refused = ("bucketed_by", "bucket_count", "compression_level", "location", "is_external")

    def __init__(self, given: Properties) -> None:
        super().__init__(given)
        if (self.text("table_type") or "HIVE").upper() != "HIVE":
            raise not_supported(f"A table of type {self.text('table_type')}")

    @property
    def location(self) -> str | None:
        return self.text("external_location")

    def layout(self) -> Layout:
        format_ = (self.text("format") or "PARQUET").upper()
        named = {"PARQUET": "parquet_compression", "ORC": "orc_compression"}.get(format_, "")
        compression = self.text("write_compression") or self.text(named)
        delimiter = self.text("field_delimiter")
        if delimiter is not None and len(delimiter) != 1:
            raise self._wrong("field_delimiter")
        return layout(format_, compression, delimiter)

    def serde_parameters(self) -> dict[str, str]:
        delimiter = self.text("field_delimiter")
        text = (self.text("format") or "").upper() == "TEXTFILE" and delimiter
        return {"field.delim": delimiter} if text and delimiter else {}

    @staticmethod
    def of_table(format_: str, table: Mapping[str, str], serde: Mapping[str, str]) -> Layout:
        """How rows are added to a table of these parameters."""
        compression = (
            table.get("write.compression")
            or table.get(f"{format_.lower()}.compression")
            or table.get(f"{format_.lower()}.compress")
        )
        delimiter = serde.get("field.delim") or "\x01"
        if serde.get("escape.delim"):
            raise not_supported("INSERT INTO a table with ESCAPED BY")
        return layout(
            format_, compression, delimiter, serde.get("serialization.null.format", "\\N")
        )


class UnloadProperties(_Properties):
    known = ("format", "compression", "field_delimiter", "partitioned_by")
    refused = ("compression_level",)

    def layout(self) -> Layout:
        format_ = (self.text("format") or "").upper()
        if not format_:
            raise QueryFailedError("INVALID_TABLE_PROPERTY", "line 1:1: UNLOAD needs a format")
        delimiter = self.text("field_delimiter") or ("," if format_ == "TEXTFILE" else None)
        return layout(format_, self.text("compression"), delimiter)
