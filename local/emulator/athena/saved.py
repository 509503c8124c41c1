"""Named queries and prepared statements: moto's records, with the operations that moto lacks."""

from __future__ import annotations

import time
from typing import Any

from emulator.athena.errors import ApiError
from emulator.athena.records import Records, page, required
from emulator.athena.workgroups import PRIMARY, WorkGroups
from emulator.moto_api import Payload


class NamedQueries:
    """Answers the operations on named queries. The caller holds the region's lock."""

    def __init__(self, records: Records, groups: WorkGroups) -> None:
        self._records = records
        self._groups = groups

    def create(self, payload: Payload) -> Payload:
        for field in ("Name", "Database", "QueryString"):
            required(payload, field)
        self._groups.get(payload.get("WorkGroup") or PRIMARY)
        return self._records.call("CreateNamedQuery", payload)

    def get(self, payload: Payload) -> Payload:
        return {"NamedQuery": self._record(required(payload, "NamedQueryId"))}

    def batch_get(self, payload: Payload) -> Payload:
        kept = self._records.backend.named_queries
        ids = payload.get("NamedQueryIds") or []
        return {
            "NamedQueries": [self._record(key) for key in ids if key in kept],
            "UnprocessedNamedQueryIds": [
                {
                    "NamedQueryId": key,
                    "ErrorCode": "NAMED_QUERY_NOT_FOUND",
                    "ErrorMessage": f"NamedQuery {key} was not found",
                }
                for key in ids
                if key not in kept
            ],
        }

    def list(self, payload: Payload) -> Payload:
        group = payload.get("WorkGroup") or PRIMARY
        self._groups.get(group)
        kept = self._records.backend.named_queries.values()
        return page(
            [query.id for query in kept if query.workgroup.name == group], payload, "NamedQueryIds"
        )

    def update(self, payload: Payload) -> Payload:
        query = self._kept(required(payload, "NamedQueryId"))
        query.name = required(payload, "Name")
        query.query_string = required(payload, "QueryString")
        query.description = payload.get("Description") or query.description
        return {}

    def delete(self, payload: Payload) -> Payload:
        key = required(payload, "NamedQueryId")
        self._kept(key)
        del self._records.backend.named_queries[key]
        return {}

    def _kept(self, key: str) -> Any:
        query = self._records.backend.named_queries.get(key)
        if query is None:
            raise ApiError(f"NamedQuery {key} was not found", "NAMED_QUERY_NOT_FOUND")
        return query

    def _record(self, key: str) -> dict[str, Any]:
        query = self._kept(key)
        return {
            "NamedQueryId": query.id,
            "Name": query.name,
            "Description": query.description or "",
            "Database": query.database,
            "QueryString": query.query_string,
            "WorkGroup": query.workgroup.name,
        }


class PreparedStatements:
    """Answers the operations on prepared statements, each kept by work group and name."""

    def __init__(self, records: Records, groups: WorkGroups) -> None:
        self._records = records
        self._groups = groups

    def create(self, payload: Payload) -> Payload:
        name, group = required(payload, "StatementName"), required(payload, "WorkGroup")
        required(payload, "QueryStatement")
        self._groups.get(group)
        kept: dict[Any, Any] = self._records.backend.prepared_statements
        if (group, name) in kept:
            raise ApiError(f"PreparedStatement {name} already exists in WorkGroup {group}")
        self._records.call("CreatePreparedStatement", payload)
        kept[group, name] = kept.pop(name)
        return {}

    def get(self, payload: Payload) -> Payload:
        statement = self._kept(payload)
        return {
            "PreparedStatement": {
                "StatementName": statement.statement_name,
                "QueryStatement": statement.query_statement,
                "WorkGroupName": statement.workgroup,
                "Description": statement.description or "",
                "LastModifiedTime": statement.last_modified_time.timestamp(),
            }
        }

    def list(self, payload: Payload) -> Payload:
        group = required(payload, "WorkGroup")
        self._groups.get(group)
        statements = [
            {
                "StatementName": statement.statement_name,
                "LastModifiedTime": statement.last_modified_time.timestamp(),
            }
            for statement in self._records.backend.prepared_statements.values()
            if str(statement.workgroup) == group
        ]
        return page(statements, payload, "PreparedStatements")

    def update(self, payload: Payload) -> Payload:
        statement = self._kept(payload)
        statement.query_statement = required(payload, "QueryStatement")
        statement.description = payload.get("Description") or statement.description
        statement.last_modified_time = type(statement.last_modified_time).fromtimestamp(time.time())
        return {}

    def delete(self, payload: Payload) -> Payload:
        self._kept(payload)
        kept: dict[Any, Any] = self._records.backend.prepared_statements
        del kept[payload["WorkGroup"], payload["StatementName"]]
        return {}

    def _kept(self, payload: Payload) -> Any:
        name, group = required(payload, "StatementName"), required(payload, "WorkGroup")
        kept: dict[Any, Any] = self._records.backend.prepared_statements
        if (group, name) not in kept:
            raise ApiError(
                f"PreparedStatement {name} was not found in WorkGroup {group}",
                None,
                "ResourceNotFoundException",
            )
        return kept[group, name]
