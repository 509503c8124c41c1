"""Interactive sessions, as records: nothing runs in them here.

Source: AWS Glue API reference, "Interactive sessions API". A session that nobody works in ends by
its idle timeout; one that is stopped takes a moment, and can only then be deleted.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from moto.core.utils import utcnow
from moto.glue.models import FakeSession

from emulator.glue.errors import GlueError, invalid_input
from emulator.glue.job_rules import DPU_OF_WORKER
from emulator.glue.region import Operation, Region, page, required
from emulator.glue.roles import RoleRefusedError, assume_for_glue
from emulator.glue.security import check_security_configuration
from emulator.moto_api import Payload

TIMEOUT_MINUTES = 2880
STOPPING_TIME = timedelta(seconds=1)
COMMANDS = ("glueetl", "gluestreaming")


class Sessions:
    """Operations on sessions and on the statements that would run in them."""

    def __init__(self, region: Region) -> None:
        self._region = region
        self._call = region.records.call

    def operations(self) -> dict[str, Operation]:
        return {
            "CreateSession": self._create,
            "GetSession": self._get,
            "ListSessions": self._list,
            "StopSession": self._stop,
            "DeleteSession": self._delete,
            "RunStatement": self._run_statement,
            "ListStatements": self._list_statements,
            "GetStatement": self._get_statement,
        }

    def _create(self, payload: Payload) -> Payload:
        name, role = required(payload, "Id"), required(payload, "Role")
        command = (payload.get("Command") or {}).get("Name")
        if command not in COMMANDS:
            raise invalid_input(f"Command name {command!r} is not one of {', '.join(COMMANDS)}")
        check_security_configuration(self._region, payload.get("SecurityConfiguration"))
        try:
            assume_for_glue(
                role,
                "GlueInteractiveSession",
                self._region.arn("session", name),
                self._region.endpoint,
                self._region.name,
            )
        except RoleRefusedError as refused:
            raise invalid_input(f"Role {role} can't be assumed by Glue. ({refused})") from refused
        minutes = payload.get("Timeout") or TIMEOUT_MINUTES
        self._call("CreateSession", {"Timeout": minutes, "IdleTimeout": minutes, **payload})
        return {"Session": _described(self._session(name))}

    def _get(self, payload: Payload) -> Payload:
        return {"Session": _described(self._session(required(payload, "Id")))}

    def _list(self, payload: Payload) -> Payload:
        wanted = payload.get("Tags") or {}
        found = [
            _described(session)
            for session in self._region.records.backend.sessions.values()
            if wanted.items() <= self._tags(session).items()
        ]
        answer = page(found, payload, "Sessions")
        return {**answer, "Ids": [session["Id"] for session in answer["Sessions"]]}

    def _stop(self, payload: Payload) -> Payload:
        session = self._session(required(payload, "Id"))
        _require(session, "READY")
        session.state = "STOPPING"
        session.last_updated = utcnow()
        return {"Id": session.session_id}

    def _delete(self, payload: Payload) -> Payload:
        session = self._session(required(payload, "Id"))
        _require(session, "STOPPED", "TIMEOUT", "FAILED")
        answer = self._call("DeleteSession", payload)
        self._region.forget_tags("session", session.session_id)
        return answer

    def _run_statement(self, payload: Payload) -> Payload:
        _require(self._session(required(payload, "SessionId")), "READY")
        raise GlueError(
            "OperationNotSupportedException",
            "The local Glue runs no statements in sessions: use the local notebook or shell.",
        )

    def _list_statements(self, payload: Payload) -> Payload:
        self._session(required(payload, "SessionId"))
        return {"Statements": []}

    def _get_statement(self, payload: Payload) -> Payload:
        name = self._session(required(payload, "SessionId")).session_id
        raise GlueError(
            "EntityNotFoundException", f"Session {name} has no statement {payload.get('Id')}"
        )

    def _session(self, name: str) -> FakeSession:
        return self._region.records.ask(lambda backend: backend.get_session(name))

    def _tags(self, session: FakeSession) -> dict[str, str]:
        tags: dict[str, str] = self._region.records.backend.get_tags(session.arn)
        return tags


def _state(session: FakeSession) -> tuple[str, datetime | None]:
    """The state as it is now, and when the session ended if it did."""
    if session.state == "STOPPING":
        stopped = session.last_updated + STOPPING_TIME
        return ("STOPPED", stopped) if utcnow() >= stopped else ("STOPPING", None)
    idle_until = session.creation_time + timedelta(minutes=session.idle_timeout)
    return ("TIMEOUT", idle_until) if utcnow() >= idle_until else (str(session.state), None)


def _require(session: FakeSession, *states: str) -> None:
    state, _ = _state(session)
    if state not in states:
        raise GlueError(
            "IllegalSessionStateException", f"Session {session.session_id} is in {state} status"
        )


def _described(session: FakeSession) -> Payload:
    state, ended = _state(session)
    capacity = session.max_capacity
    if session.worker_type and session.number_of_workers:
        capacity = DPU_OF_WORKER.get(session.worker_type, 1.0) * session.number_of_workers
    lasted = ((ended or utcnow()) - session.creation_time).total_seconds()
    fields = {
        "Id": session.session_id,
        "CreatedOn": _epoch(session.creation_time),
        "CompletedOn": _epoch(ended) if ended else None,
        "ExecutionTime": lasted if ended else None,
        "Status": state,
        "Description": session.description,
        "Role": session.role,
        "Command": session.command,
        "DefaultArguments": session.default_arguments,
        "Connections": session.connections,
        "Progress": 0.0,
        "MaxCapacity": capacity,
        "NumberOfWorkers": session.number_of_workers,
        "WorkerType": session.worker_type,
        "SecurityConfiguration": session.security_configuration,
        "GlueVersion": session.glue_version,
        "IdleTimeout": session.idle_timeout,
    }
    return {name: value for name, value in fields.items() if value is not None}


def _epoch(moment: datetime) -> float:
    return moment.replace(tzinfo=timezone.utc).timestamp()
