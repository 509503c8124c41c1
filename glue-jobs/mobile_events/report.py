"""The run report: what a run read, wrote and set aside."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field
from datetime import datetime, timezone
from typing import Any

from mobile_events.settings import Settings


class AccountError(RuntimeError):
    """Records that were read are not the rows and quarantined records that were staged."""


@dataclass
class SourceCounts:
    """One source's account; `duplicates` are 0 while nothing is deduplicated."""

    records_read: int = 0
    rows_written: int = 0
    duplicates: int = 0
    quarantined: int = 0


@dataclass
class Report:
    """What the report is made of; `dates` counts rows by local date."""

    settings: Settings
    started_at: datetime
    sources: dict[str, SourceCounts]
    objects_seen: int = 0
    objects_processed: int = 0
    unreadable: list[str] = field(default_factory=list)
    dates: Counter[str] = field(default_factory=Counter)
    quarantine_reasons: Counter[str] = field(default_factory=Counter)
    warnings: list[str] = field(default_factory=list)

    @staticmethod
    def start(settings: Settings) -> Report:
        """An empty report, begun now."""
        counts = {source.name: SourceCounts() for source in settings.sources}
        return Report(settings, _now(), counts)

    def check_account(self) -> None:
        """Raise AccountError unless every source's records are all accounted for."""
        for name, counts in self.sources.items():
            found = counts.rows_written + counts.duplicates + counts.quarantined
            if counts.records_read != found:
                raise AccountError(
                    f"source {name}: {counts.records_read} records were read, but {found} are "
                    f"accounted for ({vars(counts)}); nothing was published"
                )

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
            "dates": dict(sorted(self.dates.items())),
            "quarantine_reasons": dict(sorted(self.quarantine_reasons.items())),
            "warnings": self.warnings,
        }


def describe_days(days: Iterable[str]) -> str:
    """Days in a few words: all of them if few, else the first, the last and how many."""
    ordered = sorted(set(days))
    if len(ordered) <= 10:
        return ", ".join(ordered) or "none"
    return f"{ordered[0]} to {ordered[-1]} ({len(ordered)} days)"


def _now() -> datetime:
    return datetime.now(timezone.utc)


def _text(at: datetime) -> str:
    return at.isoformat(timespec="milliseconds").replace("+00:00", "Z")
