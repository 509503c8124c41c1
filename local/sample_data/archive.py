"""Writes the archive `<out>/<source name>/<received-day>/<file>.gz`, one window of hours at a time.

A window's events are made, sorted by arrival and written before the next window's, so memory
depends on the events of one window, not on the number of days.
"""

from __future__ import annotations

import gzip
import json
import random
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

from sample_data.journey import Call, Journey
from sample_data.people import ZONES, Person, network, new_id, person

SOURCES = {"ios": ("ksMsMXyyEaIOS", 0.58), "android": ("ksMsMXyyEaANDROID", 0.42)}
"""Source name to Segment's id (`projectId`) and its share of the events."""

WINDOW_HOURS = 4
LATE_SHARE = 0.03
REPEATED_SHARE = 0.01
FLUSH_MS = 30_000
DAY_MS = 86_400_000
EPOCH = datetime(1970, 1, 1, tzinfo=timezone.utc)
# Relative activity by hour of the local day: quiet nights, a lunch hump, a long evening.
ACTIVITY = [3, 2, 1, 1, 1, 2, 5, 9, 11, 10, 10, 12, 15, 13, 11, 11, 12, 14, 17, 20, 22, 20, 14, 7]


@dataclass(frozen=True)
class Window:
    """Some hours of one source's received day: `start_ms` is UTC, `events` how many lines."""

    source: str
    day: date
    start_ms: int
    events: int


@dataclass
class Counts:
    """What was written; `sources` counts events by source, `days` are received days."""

    sources: dict[str, int] = field(default_factory=lambda: dict.fromkeys(SOURCES, 0))
    days: list[str] = field(default_factory=list)
    events: int = 0
    files: int = 0

    def add(self, window: Window) -> None:
        self.sources[window.source] += window.events
        self.events += window.events
        self.files += 1
        if window.day.isoformat() not in self.days:
            self.days.append(window.day.isoformat())


def write_archive(out: Path, days: int, events: int, seed: int, end_date: date) -> Counts:
    """Write exactly `events` lines over `days` received days, the last being `end_date` (UTC).

    Files that the same arguments wrote before are overwritten; others in `out` are left alone.
    """
    counts = Counts()
    users = {name: max(25, round(events * share / 12)) for name, (_, share) in SOURCES.items()}
    writers = {name: SourceWriter(out, name, seed, users[name]) for name in SOURCES}
    for window in _windows(days, events, seed, end_date):
        if window.events:
            writers[window.source].write(window)
            counts.add(window)
    return counts


def _windows(days: int, events: int, seed: int, end_date: date) -> Iterator[Window]:
    """All windows in order of time; their events add up to `events`."""
    plan: list[tuple[str, date, int, float]] = []
    for offset in range(days):
        day = end_date - timedelta(days=days - 1 - offset)
        busy = (1.2 if day.weekday() >= 5 else 1.0) * random.Random(f"{seed}/{day}").uniform(
            0.9, 1.1
        )
        for hour in range(0, 24, WINDOW_HOURS):
            weight = busy * sum(
                share * _activity(zone, day, hour + h)
                for zone, share in ZONES.items()
                for h in range(WINDOW_HOURS)
            )
            start_ms = _ms(day) + hour * 3_600_000
            plan += [(name, day, start_ms, weight * s) for name, (_, s) in SOURCES.items()]
    total = sum(weight for *_, weight in plan)
    done, cumulative = 0, 0.0
    for index, (name, day, start_ms, weight) in enumerate(plan, 1):
        cumulative += weight
        target = events if index == len(plan) else round(events * cumulative / total)
        yield Window(name, day, start_ms, target - done)
        done = target


def _activity(zone: str, day: date, utc_hour: int) -> int:
    at = datetime(day.year, day.month, day.day, utc_hour, tzinfo=timezone.utc)
    return ACTIVITY[at.astimezone(ZoneInfo(zone)).hour]


def _ms(day: date) -> int:
    return (day - date(1970, 1, 1)).days * DAY_MS


def _iso(ms: int) -> str:
    return (EPOCH + timedelta(milliseconds=ms)).isoformat(timespec="milliseconds")[:-6] + "Z"


class SourceWriter:
    """Makes one source's sessions and writes them; its random numbers are the source's own."""

    def __init__(self, out: Path, source: str, seed: int, users: int) -> None:
        self._folder = out / source
        self._source = source
        self._seed = seed
        self._users = users
        self._rng = random.Random(f"{seed}/{source}")
        # Calls whose answer was lost: they're sent again in the next window.
        self._resend: list[dict[str, Any]] = []

    def write(self, window: Window) -> None:
        """Write the window's file, `<start ms>.<hex>.<n>-<n>.<uuid>.gz`, as Segment names them."""
        rng = self._rng
        events = [self._send_again(event, window) for event in self._resend[: window.events]]
        self._resend = self._resend[window.events :]
        for event in self._sessions(window):
            if len(events) == window.events:
                break
            events.append(event)
            if rng.random() < REPEATED_SHARE:
                if rng.random() < 0.3:
                    self._resend.append(event)
                elif len(events) < window.events:
                    events.append(self._send_again(event, window))
        events.sort(key=lambda event: str(event["receivedAt"]))
        name = f"{window.start_ms}.{rng.getrandbits(48):012x}.1-{window.events}"
        path = self._folder / str(_ms(window.day)) / f"{name}.{new_id(rng, 'android')}.gz"
        path.parent.mkdir(parents=True, exist_ok=True)
        # No name and no time in the header; level 6 is what gzip itself uses.
        with path.open("wb") as raw, gzip.GzipFile("", "wb", 6, raw, mtime=0) as packed:
            for event in events:
                line = json.dumps(event, ensure_ascii=False, separators=(",", ":"))
                packed.write(line.encode() + b"\n")

    def _sessions(self, window: Window) -> Iterator[dict[str, Any]]:
        while True:
            user = self._awake_user(window)
            rng = self._rng
            calls = list(Journey(rng, self._source, user))
            # Everything is sent before the window ends, so before the received day does.
            latest = WINDOW_HOURS * 3_600_000 - int(calls[-1].at * 1000) - FLUSH_MS - 2_000
            start = window.start_ms + rng.randrange(latest)
            offline = rng.randrange(2, 72) * 3_600_000 if rng.random() < LATE_SHARE else 0
            yield from self._events(user, calls, start, offline)

    def _awake_user(self, window: Window) -> Person:
        """A user, the busier ones more often, for whom it is a likely hour."""
        hour = (window.start_ms % DAY_MS) // 3_600_000 + WINDOW_HOURS // 2
        while True:
            index = int(self._users * self._rng.random() ** 1.7)
            user = person(self._seed, self._source, index)
            if self._rng.random() * max(ACTIVITY) < _activity(user.zone, window.day, hour):
                return user

    def _events(
        self, user: Person, calls: list[Call], start: int, offline: int
    ) -> Iterator[dict[str, Any]]:
        rng = self._rng
        latency = rng.randrange(60, 900)
        context = {
            **user.context,
            "network": network(self._source, user.carrier, rng.random() < 0.55),
        }
        for call in calls:
            happened = start + int(call.at * 1000)
            # The library sends its queue every half minute; a phone that was offline sends late.
            sent = start + (int(call.at * 1000) // FLUSH_MS + 1) * FLUSH_MS
            event: dict[str, Any] = {
                "anonymousId": user.anonymous_id,
                "channel": "client",
                "context": context,
                "integrations": {},
                "messageId": new_id(rng, self._source),
                "originalTimestamp": _iso(happened - offline + user.clock_skew_ms),
                "projectId": SOURCES[self._source][0],
                "type": call.type,
                "version": 2,
                "_metadata": {"bundled": [], "unbundled": [], "bundledIds": []},
                **call.fields,
            }
            if user.user_id is not None:
                event["userId"] = user.user_id
            yield _stamped(event, sent + user.clock_skew_ms, sent + latency)

    def _send_again(self, event: dict[str, Any], window: Window) -> dict[str, Any]:
        """The same call, sent once more at some later time of the window."""
        rng = self._rng
        earliest = max(window.start_ms, _parse(event["receivedAt"]) + 1)
        received = rng.randrange(earliest, window.start_ms + WINDOW_HOURS * 3_600_000)
        skew = _parse(event["sentAt"]) - _parse(event["receivedAt"])
        return _stamped(event, received + skew + rng.randrange(-40, 41), received)


def _stamped(event: dict[str, Any], sent_ms: int, received_ms: int) -> dict[str, Any]:
    """The event with its times of arrival; `timestamp` is the device's time without its skew."""
    timestamp = received_ms - (sent_ms - _parse(event["originalTimestamp"]))
    return {
        **event,
        "receivedAt": _iso(received_ms),
        "sentAt": _iso(sent_ms),
        "timestamp": _iso(timestamp),
    }


def _parse(text: str) -> int:
    at = datetime.fromisoformat(text[:-1]).replace(tzinfo=timezone.utc)
    return (at - EPOCH) // timedelta(milliseconds=1)
