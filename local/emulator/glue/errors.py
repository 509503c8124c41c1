"""Errors of the Glue API, as its clients see them."""

from __future__ import annotations


class GlueError(Exception):
    """An answer other than success.

    `code` is the exception's name in the Glue API, `message` its text, `status` the HTTP status
    (400 for everything but faults of the service itself, as in the service's model).
    """

    def __init__(self, code: str, message: str, status: int = 400) -> None:
        super().__init__(f"{code}: {message}")
        self.code = code
        self.message = message
        self.status = status


def invalid_input(message: str) -> GlueError:
    return GlueError("InvalidInputException", message)


def entity_not_found(message: str) -> GlueError:
    return GlueError("EntityNotFoundException", message)
