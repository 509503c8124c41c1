"""Which raw objects a run takes, and which received days it replaces."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import date

from mobile_events.audit import WEEK
from mobile_events.raw.catalog import Catalog
from mobile_events.raw.raw_objects import RawObject
from mobile_events.settings import Settings
from mobile_events.state.ledger import Day, Ledger, around


class NoDataError(RuntimeError):
    """There is no raw object in the received days asked for."""


@dataclass
class Selection:
    """`objects` are to be read, in order of key. `ledger` has their days, those near them and, if
    the audit asks for it, the week before. `replaced` are days whose former files go;
    `starts_anew` says that these are all days that were ever published."""

    seen: int
    objects: list[RawObject] = field(default_factory=list)
    ledger: Mapping[date, Day] = field(default_factory=dict)
    replaced: frozenset[date] = frozenset()
    starts_anew: bool = False
    warnings: list[str] = field(default_factory=list)

    @property
    def days(self) -> list[date]:
        return sorted({raw.received_day for raw in self.objects})

    def published_ids(self, window: int) -> dict[date, Day]:
        """Days whose ids a record of this run may repeat."""
        near = around(self.days, window, window) - self.replaced
        return {day: entry for day, entry in self.ledger.items() if day in near}


def select(settings: Settings, catalog: Catalog, ledger: Ledger) -> Selection:
    """Raises NoDataError for a range without any object, unless it may be empty."""
    warnings: list[str] = []
    found = _find(settings, catalog, warnings)
    entries = ledger.read(settings.received_days)
    selection = (_rebuild if settings.rebuild else _new)(settings, found, entries, ledger)
    selection.warnings[:0] = warnings
    selection.ledger = entries | ledger.read(_near(settings, selection.days) - entries.keys())
    return selection


def _near(settings: Settings, days: list[date]) -> set[date]:
    """Days whose ledger matters to records of these days."""
    window = settings.dedupe_days
    week = WEEK if settings.audit.min_rows_share.is_set else 0
    return around(days, max(window, week), window)


def _new(
    settings: Settings, found: list[RawObject], entries: Mapping[date, Day], ledger: Ledger
) -> Selection:
    """The objects that no run has published."""
    selection = Selection(len(found))
    etags = {day: entry.etags() for day, entry in entries.items()}
    for raw in found:
        etag = etags.get(raw.received_day, {}).get((raw.bucket, raw.key))
        if etag is None:
            selection.objects.append(raw)
        elif etag != raw.etag:
            selection.warnings.append(
                f"{raw.key} has changed since it was published, and is left out: rebuild its day"
            )
    return selection


def _rebuild(
    settings: Settings, found: list[RawObject], entries: Mapping[date, Day], ledger: Ledger
) -> Selection:
    """All objects, also published ones."""
    warnings: list[str] = []
    days = frozenset(raw.received_day for raw in found)
    there = {(raw.bucket, raw.key) for raw in found}
    for day in settings.received_days:
        gone = [key for _, key in set(entries[day].etags()) - there] if day in entries else []
        if not gone:
            continue
        what = f"{len(gone)} raw objects of received day {day} are gone, such as {min(gone)}: "
        fate = "their rows go too" if day in days else "the day has none left, and stays as it was"
        warnings.append(what + fate)
    anew = ledger.days() <= days
    return Selection(len(found), found, replaced=days, starts_anew=anew, warnings=warnings)


def _find(settings: Settings, catalog: Catalog, warnings: list[str]) -> list[RawObject]:
    objects: list[RawObject] = []
    asked = f"{settings.first_day} to {settings.last_day}"
    for source in settings.sources:
        found = catalog.objects(source, settings.received_days)
        if not found:
            warnings.append(f"source {source.name} has no object from {asked}")
        objects += found
    if not objects and not settings.allow_empty:
        days = (
            f"{source.name} {_describe_days(map(str, catalog.received_days(source)))}"
            for source in settings.sources
        )
        raise NoDataError(
            f"no raw object was received from {asked}; there are these received days: "
            f"{'; '.join(days)}. Pass start_date and end_date, crawl the raw data first, or pass "
            "allow_empty=true"
        )
    return sorted(objects, key=lambda raw: (raw.key, raw.bucket, raw.source))


def _describe_days(days: Iterable[str]) -> str:
    """Days in a few words: all of them if few, else the first, the last and how many."""
    ordered = sorted(set(days))
    if len(ordered) <= 10:
        return ", ".join(ordered) or "none"
    return f"{ordered[0]} to {ordered[-1]} ({len(ordered)} days)"
