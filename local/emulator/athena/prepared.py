"""PREPARE, EXECUTE and DEALLOCATE PREPARE over the prepared statements of a work group."""

from __future__ import annotations

import threading
from collections.abc import Sequence

from emulator.athena.errors import ApiError, QueryFailedError, not_supported
from emulator.athena.records import Records
from emulator.athena.saved import PreparedStatements
from emulator.athena.sql.prepared import Deallocate, Execute, Prepare, bind, placeholders
from emulator.athena.sql.statements import Statement, read
from emulator.athena.writes.commands import WRITES
from emulator.moto_api import Payload


class Prepared:
    """`lock` is the region's."""

    def __init__(
        self, lock: threading.RLock, records: Records, statements: PreparedStatements
    ) -> None:
        self._lock = lock
        self._records = records
        self._statements = statements

    def resolved(self, statement: Statement, group: str, parameters: Sequence[str]) -> Statement:
        """The statement that is run: for EXECUTE the prepared one, with its parameters put in.

        Raises ApiError where there is no such prepared statement.
        """
        action = statement.action
        if isinstance(action, Execute):
            record = self._record(action.name, group)
            statement = read(str(record["PreparedStatement"]["QueryStatement"]))
            parameters = action.parameters or parameters
        if not (statement.tree is not None and _may_have_parameters(statement)):
            return statement
        try:
            if not parameters and not placeholders(statement.text):
                return statement
            return read(bind(statement.text, parameters))
        except QueryFailedError as error:
            return Statement(statement.text, statement.type, statement.substatement, failure=error)

    def _record(self, name: str, group: str) -> Payload:
        try:
            return self._statements.get({"StatementName": name, "WorkGroup": group})
        except ApiError as error:
            raise ApiError(error.message) from error

    def change(self, action: Prepare | Deallocate, group: str) -> None:
        """Keep or drop a prepared statement. Raises QueryFailedError."""
        payload = {"StatementName": action.name, "WorkGroup": group}
        with self._lock:
            try:
                if isinstance(action, Prepare):
                    if not _may_have_parameters(read(action.text)):
                        raise not_supported("PREPARE of anything but SELECT, INSERT, CTAS, UNLOAD")
                    self._statements.create({**payload, "QueryStatement": action.text})
                else:
                    self._statements.delete(payload)
            except ApiError as error:
                raise QueryFailedError("GENERIC_USER_ERROR", error.message) from error
            self._records.save()


def _may_have_parameters(statement: Statement) -> bool:
    return statement.substatement == "SELECT" or isinstance(statement.action, WRITES)
