"""Raw objects that are damaged, and events that come again, late, or about a day's end."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import date, timedelta

from .archive import event, gz, gz_lines, place
from .lines import Objects
from .values import Huge, Json

DAY = date(2026, 3, 9)


def _after(days: int) -> date:
    return DAY + timedelta(days=days)


def _events(prefix: str, count: int) -> bytes:
    return "".join(f"{event(DAY, f'{prefix}-{i}', n=i)}\n" for i in range(1, count + 1)).encode()


def _many(prefix: str, objects: Iterable[bytes]) -> Objects:
    return {place("ios", DAY, f"{prefix}-{i}"): data for i, data in enumerate(objects, start=1)}


def empty_objects() -> Objects:
    """No byte at all, a gzip of nothing, two of them, and one of blank lines alone."""
    return _many("empty", [b"", gz(b""), gz(b"") * 2, gz(b"\n\n \n")])


def cut_objects() -> Objects:
    """Cut in the header, in the body, and in the checksum."""
    whole = [gz(_events(f"cut-{i}", 200)) for i in range(1, 6)]
    ends = [1, 9, len(whole[2]) // 2, -8, -1]
    return _many("cut", [data[:end] for data, end in zip(whole, ends, strict=True)])


def damaged_objects() -> Objects:
    """Another byte in the body, another checksum, another length; no gzip at all."""
    whole = [bytearray(gz(_events(f"damaged-{i}", 200))) for i in range(1, 4)]
    for data, at in zip(whole, (len(whole[0]) // 2, -8, -4), strict=True):
        data[at] ^= 0xFF
    plain = event(DAY, "damaged-plain").encode()
    return _many("damaged", [*map(bytes, whole), plain, b"\x00" * 20])


def several_members() -> Objects:
    """Gzips one after the other, also split within a line and within a letter, or with padding."""
    lines = [
        _events(f"members-{i}", 3).replace(b"track", "tr\u00e4ck".encode()) for i in range(1, 6)
    ]
    letter = lines[2].index("\u00e4".encode()) + 1
    damaged = bytearray(gz(lines[4]))
    damaged[-8] ^= 0xFF
    return _many(
        "members",
        [
            b"".join(gz(line + b"\n") for line in lines[0].splitlines()),
            gz(lines[1][:50]) + gz(b"") + gz(lines[1][50:]),
            gz(lines[2][:letter]) + gz(lines[2][letter:]) + b"\x00" * 512,
            gz(lines[3]) + b"trailing",
            gz(_events("members-6", 1)) + bytes(damaged) + gz(_events("members-7", 1)),
            gzip.compress(_events("members-8", 1), compresslevel=0, mtime=1),
        ],
    )


def missing_ids() -> Objects:
    """What is no id is no duplicate of its like."""
    values: list[Json] = [None, "", [], ["a"], {}, {"a": 1}]
    lines = [event(DAY), event(DAY), *(event(DAY, messageId=v) for v in values for _ in range(2))]
    return {place("ios", DAY, "missing-ids"): gz_lines(lines)}


def ids_that_are_no_strings() -> Objects:
    """Numbers and booleans are ids by their JSON text, so they can be a string's duplicates."""
    values: list[Json] = [77, "77", 77.0, "77.0", True, "true", False, 2**70, f"{2**70}", 0, " "]
    values += [Huge("1e400"), "1e400", "null", "77 "]
    lines = [event(DAY, messageId=value) for value in values]
    return {place("ios", DAY, "other-ids"): gz_lines(lines)}


def repeated_in_one_object() -> Objects:
    """Redelivered with other times: the smallest receivedAt wins, then the line."""
    received: list[Json] = ["2026-03-09T12:00:01.5Z", "2026-03-09T12:00:01.499Z", None, "never"]
    received += ["2026-03-09T13:30:01.499+01:30", 5, "2026-03-09T12:00:01.499000999Z"]
    lines = [
        event(DAY, "again", receivedAt=value, sentAt=f"2026-03-09T12:00:{i:02}Z", n=i)
        for i, value in enumerate(received)
    ]
    unknown = [event(DAY, "again-unknown", receivedAt=value, n=value) for value in (None, "never")]
    return {place("ios", DAY, "repeated"): gz_lines([*lines, *unknown])}


def repeated_in_other_objects() -> Objects:
    """Among objects, platforms and days; alike in receivedAt, so that the object key decides."""
    noon = f"{DAY}T12:00:00Z"
    where = [("ios", 0, "z"), ("ios", 0, "a"), ("android", 0, "a"), ("android", 1, "a")]
    return {
        place(source, _after(days), f"repeated-{file}"): gz_lines(
            [
                event(_after(days), "elsewhere", receivedAt=noon, timestamp=noon, n=i),
                event(_after(days), f"elsewhere-{source}", n=i),
            ]
        )
        for i, (source, days, file) in enumerate(where)
    }


def repeated_days_later() -> Objects:
    """Redelivered within the days that are looked at, on their edge, and behind it."""
    objects: Objects = {}
    for days in (0, 1, 3, 4, 5, 8):
        day = _after(days)
        times: dict[str, Json] = {"timestamp": f"{DAY}T12:00:00.00{days}Z"}
        lines = [event(day, "days-later", **times), event(day, f"days-later-{days % 4}", **times)]
        objects[place("ios", day, "days-later")] = gz_lines(lines)
    return objects


def repeated_where_the_better_is_quarantined() -> Objects:
    """A record that is quarantined makes no other a duplicate."""
    early: dict[str, Json] = {"receivedAt": f"{DAY}T01:00:00Z", "timestamp": "soon"}
    lines = [event(DAY, "good-after-bad", **early), event(DAY, "good-after-bad")]
    return {place("ios", DAY, "good-after-bad"): gz_lines(lines)}


def late_events() -> Objects:
    """Received days after they happened: two days, ten, and a quarter of a century."""
    times = (f"{_after(-2)}T12:00:00Z", f"{_after(-10)}T12:00:00Z", "2000-01-01T12:00:00Z")
    lines = [event(DAY, f"late-{i}", timestamp=time) for i, time in enumerate(times)]
    return {place("android", DAY, "late"): gz_lines(lines)}


def days_of_time_changes() -> Objects:
    """About the hour that Los Angeles skips, the one that it has twice, and both days' ends."""
    march, november = date(2026, 3, 8), date(2026, 11, 1)
    times = {
        march: ("03-08T07:59:59.999", "03-08T08:00", "03-08T09:59:59.999999", "03-08T10:00"),
        march + timedelta(days=1): ("03-09T06:59:59.999999", "03-09T07:00"),
        november: ("11-01T06:59:59", "11-01T07:00", "11-01T08:30", "11-01T09:30", "11-01T10:00"),
        november + timedelta(days=1): ("11-02T07:59:59.999999", "11-02T08:00"),
    }
    return {
        place("ios", day, "time-change"): gz_lines(
            event(day, f"time-change-{text}", timestamp=f"2026-{text}Z") for text in texts
        )
        for day, texts in times.items()
    }


def ends_of_a_year() -> Objects:
    """The year's end in Los Angeles, eight hours behind UTC's; the first instant of all."""
    day = date(2026, 1, 1)
    times = ("2025-12-31T23:59:59.999999Z", "2026-01-01T07:59:59.999999Z", "2026-01-01T08:00:00Z")
    lines = [
        event(day, f"year-{i}", timestamp=time)
        for i, time in enumerate((*times, "2000-01-01T00:00:00Z"))
    ]
    return {place("ios", day, "year"): gz_lines(lines)}


def silent_platform() -> Objects:
    """A day for which Android has nothing."""
    day = date(2026, 3, 20)
    return {place("ios", day, "silent"): gz_lines([event(day, "silent-1")])}
