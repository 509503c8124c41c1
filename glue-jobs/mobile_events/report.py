"""The run report: what a run read, wrote and set aside."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from mobile_events.processing import Outcome
from mobile_events.selection import Selection
from mobile_events.settings import Settings
from mobile_events.state.ledger import Counts


@dataclass
class Report:
    """What the report is made of; `dates` counts rows by local date."""

    settings: Settings
    started_at: datetime
    sources: dict[str, Counts]
    objects_seen: int = 0
    objects_processed: int = 0
    unreadable: list[str] = field(default_factory=list)
    dates: Counter[str] = field(default_factory=Counter)
    quarantine_reasons: Counter[str] = field(default_factory=Counter)
    newest: datetime | None = None
    new_columns: list[str] = field(default_factory=list)
    warnings: list[str] = field(default_factory=list)

    @staticmethod
    def start(settings: Settings) -> Report:
        """An empty report, begun now."""
        counts = {source.name: Counts() for source in settings.sources}
        return Report(settings, _now(), counts)

    def add_selection(self, selection: Selection) -> None:
        """What was found to read."""
        self.objects_seen, self.objects_processed = selection.seen, len(selection.objects)
        self.warnings += selection.warnings

    def add_outcome(self, outcome: Outcome) -> None:
        """What was read, and came of it."""
        for staged in outcome.staged:
            for place, raw in staged.task.objects:
                counts = staged.objects[place]
                self.quarantine_reasons.update(counts.reasons)
                if not counts.readable:
                    self.unreadable.append(raw.key)
                    self.warnings.append(f"{raw.key} could not be read to its end")
        self.newest = outcome.newest
        for file in outcome.all_files:
            self.dates.update(file.dates)

    def to_json(self) -> dict[str, Any]:
        """The report as it is kept, finished now."""
        settings = self.settings
        return {
            "run_id": settings.run_id,
            "job": settings.job,
            "started_at": _text(self.started_at),
            "finished_at": _text(_now()),
            "zone": settings.time_zone,
            "format": settings.output_format,
            "rebuild": settings.rebuild,
            "received_days": {
                "first": settings.first_day.isoformat(),
                "last": settings.last_day.isoformat(),
            },
            "objects": {
                "seen": self.objects_seen,
                "processed": self.objects_processed,
                "unreadable": sorted(self.unreadable),
            },
            "sources": {name: vars(counts) for name, counts in self.sources.items()},
            "newest_event": None if self.newest is None else _text(self.newest),
            "dates": dict(sorted(self.dates.items())),
            "quarantine_reasons": dict(sorted(self.quarantine_reasons.items())),
            "new_columns": self.new_columns,
            "warnings": self.warnings,
        }


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
