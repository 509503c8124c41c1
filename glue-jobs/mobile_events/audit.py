"""Checks of what was staged, before anything is published: each warns or fails by its threshold."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, timezone

from mobile_events.settings import Settings, Threshold
from mobile_events.state.ledger import Counts, Day

WEEK = 7
LEAST_HISTORY = 3
"""Days that the trailing week must have before a day is held against it."""


class AuditError(RuntimeError):
    """What was staged breaks a threshold; nothing was published."""


@dataclass(frozen=True)
class Findings:
    """What was staged: each source's account, what each received day has with it, the newest event
    (None without a row)."""

    sources: Mapping[str, Counts]
    days: Mapping[date, int]
    newest: datetime | None


def audit(
    settings: Settings, findings: Findings, ledger: Mapping[date, Day], now: datetime
) -> list[str]:
    """What is worth a warning. `ledger` has the days before those of the run. Raises AuditError."""
    checks = settings.audit
    results = [
        *_judged(checks.max_quarantined_share, _quarantined(findings), _above),
        *_judged(checks.min_rows_share, _against_week(findings, ledger, now.date()), _below),
        *_judged(checks.max_stale_hours, _stale(settings, findings, now), _above),
    ]
    failures = [text for failed, text in results if failed]
    if failures:
        raise AuditError(f"nothing was published: {'; '.join(failures)}")
    return [text for _, text in results]


def _judged(
    threshold: Threshold,
    measured: Iterator[tuple[float, str]],
    breaks: Callable[[float, float], bool],
) -> Iterator[tuple[bool, str]]:
    """Texts of what breaks the threshold, and whether it breaks the one that fails."""
    for value, text in measured:
        if threshold.fail is not None and breaks(value, threshold.fail):
            yield True, f"{text} (audit fails at {threshold.fail:g})"
        elif threshold.warn is not None and breaks(value, threshold.warn):
            yield False, f"{text} (audit warns at {threshold.warn:g})"


def _above(value: float, limit: float) -> bool:
    return value > limit


def _below(value: float, limit: float) -> bool:
    return value < limit


def _quarantined(findings: Findings) -> Iterator[tuple[float, str]]:
    for source, counts in findings.sources.items():
        if counts.records_read:
            share = counts.quarantined / counts.records_read
            yield share, f"source {source}: {share:.2%} of the records are quarantined"


def _against_week(
    findings: Findings, ledger: Mapping[date, Day], today: date
) -> Iterator[tuple[float, str]]:
    """Days that have ended, against the mean of the days that the week before them has."""
    for day, rows in findings.days.items():
        before = (day - timedelta(days=offset) for offset in range(1, WEEK + 1))
        week: list[int] = [ledger[past].rows for past in before if past in ledger]
        total = sum(week)
        if day < today and len(week) >= LEAST_HISTORY and total:
            share = rows * len(week) / total
            yield share, f"received day {day}: {rows} rows, {share:.0%} of the week before"


def _stale(settings: Settings, findings: Findings, now: datetime) -> Iterator[tuple[float, str]]:
    if findings.newest is not None:
        hours = age_in_hours(findings.newest, settings.last_day, now)
        yield hours, f"the newest event is {hours:.1f} hours old"


def age_in_hours(newest: datetime, last_day: date, now: datetime) -> float:
    """How old the newest event is at the end of the range, or now if that is still to come."""
    midnight = datetime.combine(last_day, time(), timezone.utc) + timedelta(days=1)
    return (min(now, midnight) - newest) / timedelta(hours=1)
