"""Connections and development endpoints: the operations that moto lacks.

Source: AWS Glue API reference.
"""

from __future__ import annotations

from typing import Any

from moto.core.utils import utcnow
from moto.glue.models import FakeConnection

from emulator.account import ACCOUNT_ID
from emulator.glue.errors import GlueError, entity_not_found, invalid_input
from emulator.glue.region import Operation, Region, page, required
from emulator.moto_api import Payload


class Connections:
    """Changes and deletions of connections."""

    def __init__(self, region: Region) -> None:
        self._region = region

    def operations(self) -> dict[str, Operation]:
        return {
            "UpdateConnection": self._update,
            "DeleteConnection": self._delete,
            "BatchDeleteConnection": self._delete_all,
        }

    def _update(self, payload: Payload) -> Payload:
        name, given = required(payload, "Name"), payload.get("ConnectionInput") or {}
        before = self._existing(name)
        if given.get("Name") not in (None, name):
            raise invalid_input(f"The name of connection {name} can't be changed")
        backend = self._region.records.backend
        after = FakeConnection(backend, ACCOUNT_ID, {**given, "Name": name}, {})
        after.created_time = before.created_time
        backend.connections[name] = after
        return {}

    def _delete(self, payload: Payload) -> Payload:
        name = required(payload, "ConnectionName")
        self._existing(name)
        del self._region.records.backend.connections[name]
        self._region.forget_tags("connection", name)
        return {}

    def _delete_all(self, payload: Payload) -> Payload:
        deleted: list[str] = []
        errors: dict[str, Payload] = {}
        for name in payload.get("ConnectionNameList") or []:
            try:
                self._delete({"ConnectionName": name})
                deleted.append(name)
            except GlueError as error:
                errors[name] = {"ErrorCode": error.code, "ErrorMessage": error.message}
        return {"Succeeded": deleted, "Errors": errors}

    def _existing(self, name: str) -> FakeConnection:
        connection = self._region.records.backend.connections.get(name)
        if connection is None:
            raise entity_not_found(f"Connection {name} not found.")
        return connection


class DevEndpoints:
    """Lists and changes of development endpoints, which are records here: no one can log in."""

    def __init__(self, region: Region) -> None:
        self._region = region

    def operations(self) -> dict[str, Operation]:
        return {
            "UpdateDevEndpoint": self._update,
            "BatchGetDevEndpoints": self._batch_get,
            "ListDevEndpoints": self._list,
        }

    def _update(self, payload: Payload) -> Payload:
        name = required(payload, "EndpointName")
        endpoint: Any = self._region.records.ask(lambda backend: backend.get_dev_endpoint(name))
        libraries = payload.get("CustomLibraries") or {}
        for field, attribute in {
            "ExtraPythonLibsS3Path": "extra_python_libs_s3_path",
            "ExtraJarsS3Path": "extra_jars_s3_path",
        }.items():
            if field in libraries:
                setattr(endpoint, attribute, libraries[field])
        keys = [*endpoint.public_keys, *(payload.get("AddPublicKeys") or [])]
        gone = payload.get("DeletePublicKeys") or []
        endpoint.public_keys = [key for key in keys if key not in gone]
        endpoint.public_key = payload.get("PublicKey") or endpoint.public_key
        endpoint.arguments.update(payload.get("AddArguments") or {})
        for argument in payload.get("DeleteArguments") or []:
            endpoint.arguments.pop(argument, None)
        endpoint.last_modified_timestamp = utcnow()
        return {}

    def _batch_get(self, payload: Payload) -> Payload:
        names = payload.get("DevEndpointNames") or []
        known = self._region.records.backend.dev_endpoints
        get = self._region.records.call
        return {
            "DevEndpoints": [
                get("GetDevEndpoint", {"EndpointName": name})["DevEndpoint"]
                for name in names
                if name in known
            ],
            "DevEndpointsNotFound": [name for name in names if name not in known],
        }

    def _list(self, payload: Payload) -> Payload:
        wanted = payload.get("Tags") or {}
        backend = self._region.records.backend
        names = [
            name
            for name in sorted(backend.dev_endpoints)
            if wanted.items() <= backend.get_tags(self._region.arn("devEndpoint", name)).items()
        ]
        return page(names, payload, "DevEndpointNames")
