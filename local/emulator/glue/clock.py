"""The clock that schedules go by: UTC, moved by a trial.

Seam, an internal of the pinned ministack 1.5.33: `services.eventbridge._now_ts`.
"""

from __future__ import annotations

from datetime import datetime, timedelta, timezone


class Clock:
    """Real time; or, with `start`, a time that begins there now and goes on at its usual pace."""

    def __init__(self, start: datetime | None = None) -> None:
        real = datetime.now(timezone.utc)
        self._ahead = start - real if start else timedelta(0)

    def now(self) -> datetime:
        return datetime.now(timezone.utc) + self._ahead

    def install(self) -> None:
        """Have the scheduled rules of EventBridge go by this clock, too."""
        from ministack.services import eventbridge

        eventbridge._now_ts = lambda: self.now().timestamp()
