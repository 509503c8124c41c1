"""What Athena answers when a call is refused or a query fails.

The numbers of failed queries are those of the Athena guide's "Error catalog".
"""

from __future__ import annotations

USER = 2
SYSTEM = 1

ERROR_TYPES = {
    "DIVISION_BY_ZERO": 1001,
    "TYPE_MISMATCH": 1002,
    "COLUMN_NOT_FOUND": 1006,
    "SYNTAX_ERROR": 1006,
    "INVALID_CAST_ARGUMENT": 1100,
    "NUMERIC_VALUE_OUT_OF_RANGE": 1100,
    "INVALID_FUNCTION_ARGUMENT": 1106,
    "NOT_SUPPORTED": 1200,
    "SCHEMA_NOT_FOUND": 1301,
    "TABLE_NOT_FOUND": 1301,
    "FUNCTION_NOT_FOUND": 1303,
}


class ApiError(Exception):
    """A call that is refused: exception name, message, AthenaErrorCode if it has one."""

    def __init__(
        self,
        message: str,
        athena_code: str | None = "INVALID_INPUT",
        code: str = "InvalidRequestException",
        status: int = 400,
    ) -> None:
        super().__init__(f"{code}: {message}")
        self.message = message
        self.athena_code = athena_code
        self.code = code
        self.status = status


class QueryFailedError(Exception):
    """Why a query ends as FAILED: an error name of the engine (`TABLE_NOT_FOUND`) and a message."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(f"{name}: {message}")
        self.name = name
        self.message = message

    @property
    def reason(self) -> str:
        return f"{self.name}: {self.message}"

    @property
    def error_type(self) -> int:
        """Number in Athena's error catalog; 1000 is a user's error of no other kind."""
        return ERROR_TYPES.get(self.name, 1000)


class QueryCancelledError(Exception):
    """Why a query ends as CANCELLED."""


def not_supported(what: str) -> QueryFailedError:
    return QueryFailedError("NOT_SUPPORTED", f"{what} is not supported locally")
