"""Runs one statement of any kind and leaves its result."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from emulator.athena.catalog import Catalog
from emulator.athena.ddl.commands import CreateView
from emulator.athena.ddl.definitions import Definitions
from emulator.athena.ddl.views import ViewMaker
from emulator.athena.engine import Engine, Interruptible
from emulator.athena.engine_result import Result
from emulator.athena.executions import Execution
from emulator.athena.objects import Scan
from emulator.athena.prepared import Prepared
from emulator.athena.result_objects import ResultObjects, upload_arguments
from emulator.athena.results import string_column
from emulator.athena.sql.prepared import Deallocate, Execute, Prepare
from emulator.athena.sql.statements import Statement
from emulator.athena.utilities import Lines, Utilities
from emulator.athena.writes.commands import WRITES, Insert, Write
from emulator.athena.writes.files import Written
from emulator.athena.writes.writer import Target, Writer

DEFAULT_DATABASE = "default"


@dataclass(frozen=True)
class Reading:
    """`started` is called with what can be interrupted, once there is something."""

    scan: Scan
    started: Callable[[Interruptible], None]


class Runner:
    def __init__(
        self, catalog: Catalog, glue: Any, s3: Any, results: ResultObjects, prepared: Prepared
    ) -> None:
        self._engine = Engine(catalog, s3)
        self._utilities = Utilities(catalog)
        self._definitions = Definitions(catalog, glue, s3)
        self._views = ViewMaker(catalog, glue)
        self._writer = Writer(catalog, glue, s3)
        self._results = results
        self._prepared = prepared

    def run(self, execution: Execution, statement: Statement, reading: Reading) -> None:
        """Raises QueryFailedError or QueryCancelledError."""
        database = (execution.database or DEFAULT_DATABASE).strip("`").lower()
        action = statement.action
        if statement.failure is not None:
            raise statement.failure
        if isinstance(action, WRITES):
            self._write(execution, statement, action, database, reading)
        elif statement.type == "DML":
            self._query(execution, statement, database, reading)
        else:
            self._say(execution, self._lines(execution, statement, database, reading))

    def _query(
        self, execution: Execution, statement: Statement, database: str, reading: Reading
    ) -> None:
        def write(result: Result) -> None:
            execution.columns = list(result.columns)
            execution.rows = self._results.write_csv(execution, result.columns, result.rows)

        self._engine.run(statement, database, reading.scan, reading.started, write)

    def _write(
        self,
        execution: Execution,
        statement: Statement,
        action: Write,
        database: str,
        reading: Reading,
    ) -> None:
        made = Written()
        target = Target(execution.output, upload_arguments(execution), execution.enforced)
        if isinstance(action, Insert):
            self._writer.table(action, database)

        def write(result: Result) -> None:
            nonlocal made
            made = self._writer.run(action, database, result, target)

        if not self._writer.is_done(action, database):
            self._engine.run(statement, database, reading.scan, reading.started, write)
        execution.rows = made.rows
        execution.manifest = self._results.write_manifest(execution, made.urls)

    def _lines(
        self, execution: Execution, statement: Statement, database: str, reading: Reading
    ) -> Lines:
        action = statement.action
        if action is None:
            return self._utilities.run(statement, database)
        if isinstance(action, CreateView):
            view = action

            def create(result: Result) -> None:
                self._views.create(view, database, result)

            self._engine.run(statement, database, reading.scan, reading.started, create)
            return [], []
        if isinstance(action, (Prepare, Deallocate)):
            self._prepared.change(action, execution.work_group)
            return [], []
        assert not isinstance(action, (Execute, *WRITES)), "EXECUTE is resolved when it is started"
        lines = self._definitions.run(action, database)
        return ([string_column("result")] if lines else []), lines

    def _say(self, execution: Execution, answer: Lines) -> None:
        execution.columns, lines = answer
        self._results.write_text(execution, execution.columns, lines)
        execution.rows = len(lines)
