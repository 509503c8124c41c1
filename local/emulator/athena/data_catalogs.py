"""Data catalogs: AwsDataCatalog, which is the Glue catalog, and those that moto records."""

from __future__ import annotations

import uuid
from typing import Any

from emulator.athena.catalog import CATALOG, Catalog
from emulator.athena.errors import ApiError, QueryFailedError
from emulator.athena.records import Records, page, required
from emulator.athena.sql.statements import matches
from emulator.moto_api import Payload

NAME = "AwsDataCatalog"


class DataCatalogs:
    """Answers the operations on data catalogs, their databases and tables."""

    def __init__(self, records: Records, catalog: Catalog) -> None:
        self._records = records
        self._catalog = catalog

    def list(self, payload: Payload) -> Payload:
        others = self._records.call("ListDataCatalogs", {})["DataCatalogsSummary"]
        return page(
            [{"CatalogName": NAME, "Type": "GLUE"}, *others], payload, "DataCatalogsSummary"
        )

    def get(self, payload: Payload) -> Payload:
        name = required(payload, "Name")
        if name.lower() == CATALOG:
            return {
                "DataCatalog": {"Name": NAME, "Type": "GLUE", "Description": "", "Parameters": {}}
            }
        if name not in self._records.backend.data_catalogs:
            raise ApiError(f"Data catalog {name} was not found")
        kept = self._records.call("GetDataCatalog", payload)["DataCatalog"]
        return {"DataCatalog": {key: value for key, value in kept.items() if value is not None}}

    def create(self, payload: Payload) -> Payload:
        if required(payload, "Name").lower() == CATALOG:
            raise ApiError(f"Data catalog {NAME} already exists")
        self._records.call("CreateDataCatalog", payload)
        return {}

    def list_databases(self, payload: Payload) -> Payload:
        _check_catalog(payload)
        databases = [_database(record) for record in self._catalog.databases()]
        return page(databases, payload, "DatabaseList")

    def get_database(self, payload: Payload) -> Payload:
        _check_catalog(payload)
        name = required(payload, "DatabaseName")
        record = self._catalog.database(name.lower())
        if record is None:
            raise _not_found(f"Database {name} not found.")
        return {"Database": _database(record)}

    def list_tables(self, payload: Payload) -> Payload:
        _check_catalog(payload)
        try:
            tables = self._catalog.tables(required(payload, "DatabaseName").lower())
        except QueryFailedError as error:
            raise _not_found(error.message) from error
        pattern = payload.get("Expression")
        found = [_table(record) for record in tables if matches(pattern, str(record["Name"]))]
        return page(found, payload, "TableMetadataList")

    def get_table(self, payload: Payload) -> Payload:
        _check_catalog(payload)
        names = (required(payload, field).lower() for field in ("DatabaseName", "TableName"))
        try:
            return {"TableMetadata": _table(self._catalog.record(*names))}
        except QueryFailedError as error:
            raise _not_found(error.message) from error


def _check_catalog(payload: Payload) -> None:
    name = required(payload, "CatalogName")
    if name.lower() != CATALOG:
        raise _not_found(f"Catalog {name} not found.")


def _not_found(message: str) -> ApiError:
    """As Athena hands on what the Glue catalog said; clients look for the code in it."""
    said = "Service: AmazonDataCatalog; Status Code: 400; Error Code: EntityNotFoundException"
    full = f"{message} ({said}; Request ID: {uuid.uuid4()}; Proxy: null)"
    return ApiError(full, None, "MetadataException")


def _database(record: dict[str, Any]) -> dict[str, Any]:
    return {
        "Name": record["Name"],
        "Description": record.get("Description") or "",
        "Parameters": record.get("Parameters") or {},
    }


def _table(record: dict[str, Any]) -> dict[str, Any]:
    storage = record.get("StorageDescriptor") or {}
    serde = storage.get("SerdeInfo") or {}
    parameters = {
        **(record.get("Parameters") or {}),
        "location": storage.get("Location"),
        "inputformat": storage.get("InputFormat"),
        "outputformat": storage.get("OutputFormat"),
        "serde.serialization.lib": serde.get("SerializationLibrary"),
        **{f"serde.param.{key}": value for key, value in (serde.get("Parameters") or {}).items()},
    }
    return {
        "Name": record["Name"],
        "CreateTime": record["CreateTime"].timestamp() if "CreateTime" in record else 0,
        "TableType": record.get("TableType") or "EXTERNAL_TABLE",
        "Columns": [_column(column) for column in storage.get("Columns") or []],
        "PartitionKeys": [_column(column) for column in record.get("PartitionKeys") or []],
        "Parameters": {key: value for key, value in parameters.items() if value is not None},
    }


def _column(record: dict[str, Any]) -> dict[str, Any]:
    return {key: record[key] for key in ("Name", "Type", "Comment") if key in record}
