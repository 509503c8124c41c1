"""One region's Athena: which part answers which operation, and when records go to disk."""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from emulator.account import client
from emulator.athena.catalog import Catalog
from emulator.athena.data_catalogs import DataCatalogs
from emulator.athena.errors import ApiError
from emulator.athena.executions import Executions
from emulator.athena.prepared import Prepared
from emulator.athena.queries import Queries
from emulator.athena.records import Records
from emulator.athena.result_objects import ResultObjects
from emulator.athena.runner import Runner
from emulator.athena.saved import NamedQueries, PreparedStatements
from emulator.athena.workgroups import WorkGroups
from emulator.moto_api import Payload

Operation = Callable[[Payload], Payload]


class AthenaService:
    """Answers calls of the Athena API. What a call changed is on disk before it is answered."""

    def __init__(self, region: str, state_dir: Path, endpoint: str) -> None:
        self._lock = threading.RLock()
        self._records = Records(region, state_dir)
        glue, s3 = client("glue", endpoint, region), client("s3", endpoint, region)
        catalog = Catalog(glue)
        groups = WorkGroups(self._records)
        named = NamedQueries(self._records, groups)
        prepared = PreparedStatements(self._records, groups)
        catalogs = DataCatalogs(self._records, catalog)
        self._executions = executions = Executions(state_dir / region)
        results = ResultObjects(s3)
        kept = Prepared(self._lock, self._records, prepared)
        runner = Runner(catalog, glue, s3, results, kept)
        self._queries = queries = Queries(self._lock, groups, executions, kept, runner, results)
        self._of_records: dict[str, Operation] = {
            "CreateWorkGroup": groups.create,
            "GetWorkGroup": groups.describe,
            "ListWorkGroups": groups.list,
            "UpdateWorkGroup": groups.update,
            "DeleteWorkGroup": groups.delete,
            "ListTagsForResource": groups.list_tags,
            "TagResource": groups.tag,
            "UntagResource": groups.untag,
            "CreateNamedQuery": named.create,
            "GetNamedQuery": named.get,
            "BatchGetNamedQuery": named.batch_get,
            "ListNamedQueries": named.list,
            "UpdateNamedQuery": named.update,
            "DeleteNamedQuery": named.delete,
            "CreatePreparedStatement": prepared.create,
            "GetPreparedStatement": prepared.get,
            "ListPreparedStatements": prepared.list,
            "UpdatePreparedStatement": prepared.update,
            "DeletePreparedStatement": prepared.delete,
            "CreateDataCatalog": catalogs.create,
            "GetDataCatalog": catalogs.get,
            "ListDataCatalogs": catalogs.list,
        }
        self._of_queries: dict[str, Operation] = {
            "StartQueryExecution": queries.start,
            "GetQueryExecution": queries.get,
            "BatchGetQueryExecution": queries.batch_get,
            "ListQueryExecutions": queries.list,
            "StopQueryExecution": queries.stop,
            "GetQueryResults": queries.results,
            "GetQueryRuntimeStatistics": queries.runtime_statistics,
            "ListDatabases": catalogs.list_databases,
            "GetDatabase": catalogs.get_database,
            "ListTableMetadata": catalogs.list_tables,
            "GetTableMetadata": catalogs.get_table,
        }

    def call(self, operation: str, payload: Payload) -> Payload:
        """Run one operation. Raises ApiError."""
        if operation in self._of_queries:
            return self._of_queries[operation](payload)
        if operation not in self._of_records:
            raise ApiError(
                f"The local Athena has no operation {operation!r}.",
                None,
                "UnknownOperationException",
            )
        with self._lock:
            answer = self._of_records[operation](payload)
            if not operation.startswith(("Get", "List", "BatchGet")):
                self._records.save()
            return answer

    def group_of(self, payload: Mapping[str, Any]) -> str | None:
        """Work group of the execution or named query that a request names, if it does."""
        with self._lock:
            execution = str(payload.get("QueryExecutionId"))
            if self._executions.has(execution):
                return self._executions.get(execution).work_group
            query = self._records.backend.named_queries.get(str(payload.get("NamedQueryId")))
            return query.workgroup.name if query else None

    def stop(self) -> None:
        """Interrupt the queries that run."""
        self._queries.close()
