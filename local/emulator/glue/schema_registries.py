"""Schema registries: the changes and lists that moto lacks.

Source: AWS Glue API reference, "Schema registry API".
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow

from emulator.glue.errors import entity_not_found, invalid_input
from emulator.glue.region import Operation, Region, page, required
from emulator.moto_api import Payload


class SchemaRegistries:
    """Answers what moto doesn't about registries, schemas and their versions."""

    def __init__(self, region: Region) -> None:
        self._region = region

    def operations(self) -> dict[str, Operation]:
        return {
            "GetRegistry": self._get,
            "UpdateRegistry": self._update,
            "ListSchemas": self._schemas,
            "ListSchemaVersions": self._versions,
            "PutSchemaVersionMetadata": self._put_metadata,
        }

    def _get(self, payload: Payload) -> Payload:
        registry = self._registry(payload.get("RegistryId") or {})
        return {
            "RegistryName": registry.name,
            "RegistryArn": registry.registry_arn,
            "Description": registry.description or "",
            "Status": registry.status,
            **_times(registry),
        }

    def _update(self, payload: Payload) -> Payload:
        registry = self._registry(payload.get("RegistryId") or {})
        registry.description = payload.get("Description")
        registry.updated_time = utcnow()
        return {"RegistryName": registry.name, "RegistryArn": registry.registry_arn}

    def _schemas(self, payload: Payload) -> Payload:
        """Those of a registry, or of all."""
        asked = payload.get("RegistryId")
        all_ = self._region.records.backend.registries.values()
        registries: list[Any] = [self._registry(asked)] if asked else list(all_)
        found = [
            {
                "RegistryName": schema.registry_name,
                "SchemaName": schema.schema_name,
                "SchemaArn": schema.schema_arn,
                "Description": schema.description or "",
                "SchemaStatus": schema.schema_status,
                **_times(schema),
            }
            for registry in registries
            for schema in registry.schemas.values()
        ]
        return page(found, payload, "Schemas")

    def _versions(self, payload: Payload) -> Payload:
        identity = payload.get("SchemaId") or {}
        arn = str(identity.get("SchemaArn") or "")
        registry_name, _, name = arn.partition(":schema/")[2].partition("/")
        name = name or str(identity.get("SchemaName"))
        registry = self._registry(
            {"RegistryName": registry_name or identity.get("RegistryName") or "default-registry"}
        )
        schema = registry.schemas.get(name)
        if schema is None:
            raise entity_not_found(f"Schema is not found. RegistryName: {registry.name}, {name}")
        found = [
            {
                "SchemaArn": version.schema_arn,
                "SchemaVersionId": version.schema_version_id,
                "VersionNumber": version.version_number,
                "Status": version.schema_version_status,
                "CreatedTime": version.created_time.isoformat(),
            }
            for version in schema.schema_versions.values()
        ]
        return page(found, payload, "Schemas")

    def _put_metadata(self, payload: Payload) -> Payload:
        for field in ("MetadataKey", "MetadataValue"):
            required(payload.get("MetadataKeyValue") or {}, field)
        return self._region.records.call("PutSchemaVersionMetadata", payload)

    def _registry(self, identity: Payload) -> Any:
        if not identity:
            raise invalid_input("One of registryName or registryArn has to be provided")
        arn = str(identity.get("RegistryArn") or "")
        name = str(identity.get("RegistryName") or arn.rpartition("registry/")[2])
        registry = self._region.records.backend.registries.get(name)
        if registry is None:
            raise entity_not_found(f"Registry is not found. RegistryName: {name}")
        return registry


def _times(record: Any) -> Payload:
    return {
        "CreatedTime": record.created_time.isoformat(),
        "UpdatedTime": record.updated_time.isoformat(),
    }
