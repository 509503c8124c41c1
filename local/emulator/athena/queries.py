"""Starting, running and stopping queries, and giving their results."""

from __future__ import annotations

import logging
import threading
import time
import uuid
from concurrent.futures import ThreadPoolExecutor

from emulator.athena.engine import Interruptible
from emulator.athena.errors import ApiError, QueryCancelledError, QueryFailedError
from emulator.athena.executions import (
    CANCELLED,
    FAILED,
    QUEUED,
    RUNNING,
    SUCCEEDED,
    Execution,
    Executions,
)
from emulator.athena.objects import Scan, bucket_and_prefix
from emulator.athena.prepared import Prepared
from emulator.athena.records import page, required
from emulator.athena.result_objects import ResultObjects
from emulator.athena.runner import Reading, Runner
from emulator.athena.sql.statements import Statement, read
from emulator.athena.workgroups import PRIMARY, WorkGroups
from emulator.moto_api import Payload

WORKERS = 3
"""Queries that run at once; others wait."""
MAX_RESULTS = 1000
NO_OUTPUT = (
    "No output location provided. An output location is required either through the Workgroup "
    "result configuration setting or as an API input."
)
BY_USER = "Query cancelled by user"

_log = logging.getLogger(__name__)


class Queries:
    """`lock` is the region's; it is held while executions change, never while one runs."""

    def __init__(
        self,
        lock: threading.RLock,
        groups: WorkGroups,
        executions: Executions,
        prepared: Prepared,
        runner: Runner,
        results: ResultObjects,
    ) -> None:
        self._lock = lock
        self._groups = groups
        self._executions = executions
        self._prepared = prepared
        self._runner = runner
        self._results = results
        self._running: dict[str, Interruptible] = {}
        self._workers = ThreadPoolExecutor(WORKERS, thread_name_prefix="athena-query")

    def start(self, payload: Payload) -> Payload:
        query = required(payload, "QueryString")
        token = payload.get("ClientRequestToken")
        with self._lock:
            known = self._executions.with_token(token) if token else None
            if known is not None:
                return {"QueryExecutionId": _same(known, payload)}
            execution, statement = self._new(query, payload)
            self._executions.save(execution)
        self._workers.submit(self._run, execution, statement)
        return {"QueryExecutionId": execution.id}

    def get(self, payload: Payload) -> Payload:
        with self._lock:
            execution = self._executions.get(required(payload, "QueryExecutionId"))
            return {"QueryExecution": execution.wire()}

    def batch_get(self, payload: Payload) -> Payload:
        ids = payload.get("QueryExecutionIds") or []
        with self._lock:
            return {
                "QueryExecutions": [
                    self._executions.get(key).wire() for key in ids if self._executions.has(key)
                ],
                "UnprocessedQueryExecutionIds": [
                    {
                        "QueryExecutionId": key,
                        "ErrorCode": "QUERY_EXECUTION_NOT_FOUND",
                        "ErrorMessage": f"QueryExecution {key} was not found",
                    }
                    for key in ids
                    if not self._executions.has(key)
                ],
            }

    def list(self, payload: Payload) -> Payload:
        group = payload.get("WorkGroup") or PRIMARY
        with self._lock:
            self._groups.get(group)
            newest = self._executions.newest_first()
            ids = [execution.id for execution in newest if execution.work_group == group]
        return page(ids, payload, "QueryExecutionIds")

    def stop(self, payload: Payload) -> Payload:
        with self._lock:
            execution = self._executions.get(required(payload, "QueryExecutionId"))
            if not execution.ended:
                execution.end(CANCELLED, BY_USER)
                self._executions.save(execution)
                connection = self._running.get(execution.id)
                if connection is not None:
                    connection.interrupt()
        return {}

    def results(self, payload: Payload) -> Payload:
        with self._lock:
            execution = self._executions.get(required(payload, "QueryExecutionId"))
        size = int(payload.get("MaxResults") or MAX_RESULTS)
        if size > MAX_RESULTS:
            raise ApiError(f"MaxResults is more than maximum allowed length {MAX_RESULTS}")
        _check_finished(execution)
        paged = page(self._results.rows(execution), {**payload, "MaxResults": size}, "Rows")
        rows = [{"Data": [_datum(value) for value in row]} for row in paged["Rows"]]
        answer: Payload = {
            "UpdateCount": execution.rows if execution.manifest is not None else 0,
            "ResultSet": {
                "Rows": rows,
                "ResultSetMetadata": {"ColumnInfo": [each.wire() for each in execution.columns]},
            },
        }
        if "NextToken" in paged:
            answer["NextToken"] = paged["NextToken"]
        return answer

    def runtime_statistics(self, payload: Payload) -> Payload:
        with self._lock:
            execution = self._executions.get(required(payload, "QueryExecutionId"))
            statistics = execution.statistics()
            return {
                "QueryRuntimeStatistics": {
                    "Timeline": {
                        key: value
                        for key, value in statistics.items()
                        if key.endswith("TimeInMillis")
                    },
                    "Rows": {"InputBytes": execution.scanned, "OutputRows": execution.rows},
                }
            }

    def close(self) -> None:
        """End what runs or waits, which is then recorded as failed."""
        self._workers.shutdown(wait=False, cancel_futures=True)
        with self._lock:
            self._executions.cut_off()
            for connection in self._running.values():
                connection.interrupt()

    def _new(self, query: str, payload: Payload) -> tuple[Execution, Statement]:
        group = self._groups.get(payload.get("WorkGroup") or PRIMARY)
        if group["State"] == "DISABLED":
            raise ApiError(f"WorkGroup {group['Name']} is disabled.")
        configuration = group["Configuration"]
        given = payload.get("ResultConfiguration") or {}
        kept = configuration.get("ResultConfiguration") or {}
        settings = kept if configuration["EnforceWorkGroupConfiguration"] else {**kept, **given}
        location = settings.get("OutputLocation")
        if not location:
            raise ApiError(NO_OUTPUT)
        _check_location(location)
        written = read(query)
        statement = self._prepared.resolved(
            written, group["Name"], payload.get("ExecutionParameters") or []
        )
        key = str(uuid.uuid4())
        context = payload.get("QueryExecutionContext") or {}
        execution = Execution(
            id=key,
            query=written.text,
            type=statement.type,
            substatement=statement.substatement,
            work_group=group["Name"],
            database=context.get("Database"),
            catalog=context.get("Catalog"),
            output=f"{location.rstrip('/')}/{statement.result_name.format(id=key)}",
            enforced=bool(configuration["EnforceWorkGroupConfiguration"]),
            settings=settings,
            token=payload.get("ClientRequestToken"),
            scan_limit=configuration.get("BytesScannedCutoffPerQuery"),
        )
        return execution, statement

    def _run(self, execution: Execution, statement: Statement) -> None:
        with self._lock:
            if execution.state != QUEUED:
                return
            execution.state = RUNNING
            execution.started = time.time()
            self._executions.save(execution)
        scan = Scan(execution.scan_limit)
        outcome: Exception | None = None
        try:
            self._produce(execution, statement, scan)
        except Exception as error:
            outcome = error
        with self._lock:
            self._running.pop(execution.id, None)
            execution.scanned = scan.bytes
            if not execution.ended:
                _conclude(execution, outcome)
            self._executions.save(execution)

    def _produce(self, execution: Execution, statement: Statement, scan: Scan) -> None:
        def started(connection: Interruptible) -> None:
            with self._lock:
                self._running[execution.id] = connection
                if execution.ended:
                    raise QueryCancelledError(BY_USER)

        self._runner.run(execution, statement, Reading(scan, started))


def _conclude(execution: Execution, outcome: Exception | None) -> None:
    if outcome is None:
        execution.end(SUCCEEDED)
    elif isinstance(outcome, QueryCancelledError):
        execution.end(CANCELLED, str(outcome))
    else:
        if not isinstance(outcome, QueryFailedError):
            _log.error("query %s failed", execution.id, exc_info=outcome)
        execution.fail(outcome)


def _same(known: Execution, payload: Payload) -> str:
    """The execution's id, for a request that repeats the one that started it."""
    database = (payload.get("QueryExecutionContext") or {}).get("Database")
    if read(payload["QueryString"]).text != known.query or database != known.database:
        raise ApiError("Idempotent parameters do not match", "IDEMPOTENT_PARAMETER_MISMATCH")
    return known.id


def _check_finished(execution: Execution) -> None:
    if execution.state in (QUEUED, RUNNING):
        raise ApiError(
            f"Query has not yet finished. Current state: {execution.state}",
            "INVALID_QUERY_EXECUTION_STATE",
        )
    if execution.state == FAILED:
        raise ApiError(
            "Query did not finish successfully. Final query state: FAILED",
            "INVALID_QUERY_EXECUTION_STATE",
        )
    if execution.state == CANCELLED:
        raise ApiError("Could not find results", "RESULT_NOT_FOUND")


def _check_location(location: str) -> None:
    try:
        bucket_and_prefix(location)
    except QueryFailedError as error:
        raise ApiError(f"outputLocation is not a valid S3 path: {location}") from error


def _datum(value: str | None) -> dict[str, str]:
    return {} if value is None else {"VarCharValue": value}
