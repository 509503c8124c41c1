"""What each role called, counted by action and by the statement that allowed it."""

from __future__ import annotations

import threading
from collections import Counter
from collections.abc import Iterable
from contextvars import ContextVar
from typing import Any, NamedTuple


class Call(NamedTuple):
    """`statement` is the Sid that allowed the action. Refused calls name their resource instead:
    allowed ones have too many (each object of a bucket)."""

    role: str
    action: str
    allowed: bool
    statement: str
    resource: str


class AccessRecord:
    """Calls since the process started, of roles and of services that act with a role."""

    def __init__(self) -> None:
        self._calls: Counter[Call] = Counter()
        self._lock = threading.Lock()

    def note(self, call: Call) -> None:
        with self._lock:
            self._calls[call] += 1

    def as_json(self) -> list[dict[str, Any]]:
        with self._lock:
            calls: Iterable[tuple[Call, int]] = sorted(self._calls.items())
        return [{**call._asdict(), "count": count} for call, count in calls]


_decision: ContextVar[Any] = ContextVar("decision", default=None)
"""What the role's own policies say in the check that runs."""


def install() -> AccessRecord:
    """Have every decision on a role recorded from now on."""
    from ministack.core import iam_evaluator
    from ministack.services import sts

    record = AccessRecord()
    evaluate, enforce = iam_evaluator.evaluate, iam_evaluator.enforce

    def evaluate_noted(context: Any, policies: Any, *limits: Any) -> Any:
        result = evaluate(context, policies, *limits)
        if _decision.get() is None:
            _decision.set(result)
        return result

    def enforce_noted(
        access_key_id: str,
        iam_action: str,
        service: str,
        region: str,
        resource_arn: str = "*",
        service_context: Any = None,
    ) -> Any:
        # The role's policies are evaluated first, then the resource's.
        token = _decision.set(None)
        try:
            denied = enforce(
                access_key_id, iam_action, service, region, resource_arn, service_context
            )
            decision = _decision.get()
        finally:
            _decision.reset(token)
        session = sts._sessions.get(access_key_id)
        if session and not isinstance(denied, iam_evaluator.AuthError):
            allowed = denied is None
            by_role = allowed and decision is not None and decision.decision == "Allow"
            record.note(
                Call(
                    role=session["Arn"].split("/")[1],
                    action=iam_action,
                    allowed=allowed,
                    statement=decision.matched_sid if by_role else "",
                    resource="" if allowed else resource_arn,
                )
            )
        return denied

    iam_evaluator.evaluate = evaluate_noted
    iam_evaluator.enforce = enforce_noted
    return record
