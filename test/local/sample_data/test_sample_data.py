"""The sample archive: same arguments, same bytes; Segment's layout; plausible shares."""

from __future__ import annotations

import gzip
import hashlib
import json
from collections import Counter
from datetime import date, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import pytest
from sample_data.__main__ import main
from sample_data.archive import Counts, write_archive

END = date(2026, 11, 2)
DAY_MS = 86_400_000
Event = dict[str, Any]


def digests(root: Path) -> dict[str, str]:
    return {
        str(path.relative_to(root)): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in root.rglob("*.gz")
    }


def read(path: Path) -> list[Event]:
    return [json.loads(line) for line in gzip.decompress(path.read_bytes()).splitlines()]


def at(text: str) -> datetime:
    assert text.endswith("Z")
    return datetime.fromisoformat(text[:-1]).replace(tzinfo=timezone.utc)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> tuple[Path, Counts]:
    out = tmp_path_factory.mktemp("archive")
    return out, write_archive(out, days=5, events=12_000, seed=7, end_date=END)


@pytest.fixture(scope="module")
def events(archive: tuple[Path, Counts]) -> list[tuple[str, int, Event]]:
    """Each line with its source and its received-day folder."""
    return [
        (path.parts[-3], int(path.parts[-2]), event)
        for path in sorted(archive[0].rglob("*.gz"))
        for event in read(path)
    ]


def test_same_arguments_give_same_bytes_and_another_seed_gives_others(tmp_path: Path) -> None:
    for name, seed in (("a", 3), ("b", 3), ("c", 4)):
        write_archive(tmp_path / name, days=2, events=400, seed=seed, end_date=END)
    first, second, other = (digests(tmp_path / name) for name in "abc")
    assert first == second
    assert not set(first.values()) & set(other.values())


def test_gzip_headers_hold_no_time_name_or_system(archive: tuple[Path, Counts]) -> None:
    headers = {path.read_bytes()[:10] for path in archive[0].rglob("*.gz")}
    # RFC 1952: magic, deflate, no flags, time 0, no extra flags, system 255 (unknown).
    assert headers == {b"\x1f\x8b\x08\x00\x00\x00\x00\x00\x00\xff"}


def test_layout_and_counts(
    archive: tuple[Path, Counts], events: list[tuple[str, int, Event]]
) -> None:
    out, counts = archive
    days = [END - timedelta(days=offset) for offset in (4, 3, 2, 1, 0)]
    folders = {(day - date(1970, 1, 1)).days * DAY_MS for day in days}
    assert {path.name for path in out.iterdir()} == {"ios", "android"}
    for source in out.iterdir():
        assert {int(folder.name) for folder in source.iterdir()} == folders
    assert len(events) == counts.events == 12_000
    assert counts.sources == Counter(source for source, _, _ in events)
    assert counts.days == [day.isoformat() for day in days]
    assert counts.files == sum(1 for _ in out.rglob("*.gz"))


@pytest.mark.parametrize(("days", "number"), [(1, 1), (3, 2), (30, 50)])
def test_small_archives_have_exactly_the_events_asked_for(
    tmp_path: Path, days: int, number: int
) -> None:
    counts = write_archive(tmp_path, days=days, events=number, seed=1, end_date=END)
    assert counts.events == number
    assert sum(len(read(path)) for path in tmp_path.rglob("*.gz")) == number


def test_every_event_is_received_on_its_folders_day(
    events: list[tuple[str, int, Event]],
) -> None:
    for _, folder, event in events:
        received = int(at(event["receivedAt"]).timestamp() * 1000)
        assert folder <= received < folder + DAY_MS
        gap = at(event["sentAt"]) - at(event["originalTimestamp"])
        assert at(event["timestamp"]) == at(event["receivedAt"]) - gap


def test_late_and_repeated_shares(events: list[tuple[str, int, Event]]) -> None:
    late = [
        e for _, _, e in events if at(e["receivedAt"]) - at(e["timestamp"]) > timedelta(hours=2)
    ]
    assert 0.015 < len(late) / len(events) < 0.05
    copies: dict[str, list[tuple[int, Event]]] = {}
    for _, folder, event in events:
        copies.setdefault(event["messageId"], []).append((folder, event))
    repeated = [pair for pair in copies.values() if len(pair) > 1]
    assert 0.005 < sum(len(pair) - 1 for pair in repeated) / len(events) < 0.015
    for (_, first), (_, second) in repeated:
        changed = {key for key in first if first[key] != second[key]}
        assert {"sentAt", "receivedAt"} <= changed <= {"sentAt", "receivedAt", "timestamp"}
        assert abs(at(first["timestamp"]) - at(second["timestamp"])) < timedelta(seconds=1)
    assert any(one[0] != two[0] for one, two in repeated), "some repeats cross a received day"


def paths(value: Any, prefix: str = "") -> set[str]:
    if not isinstance(value, dict):
        return {prefix[1:]}
    return {path for key, inner in value.items() for path in paths(inner, f"{prefix}.{key}")}


def test_platforms_send_schemas_that_overlap_and_differ(
    events: list[tuple[str, int, Event]],
) -> None:
    seen: dict[str, set[str]] = {"ios": set(), "android": set()}
    for source, _, event in events:
        seen[source] |= paths(event)
    assert {"context.device.adTrackingEnabled", "context.network.carrier"} <= (
        seen["ios"] - seen["android"]
    )
    assert {"context.userAgent", "context.screen.density", "context.network.bluetooth"} <= (
        seen["android"] - seen["ios"]
    )
    assert {"messageId", "context.os.version", "properties.price"} <= seen["ios"] & seen["android"]
    builds = {
        source: {
            type(e["properties"]["build"])
            for s, _, e in events
            if s == source and e.get("event") == "Application Opened"
        }
        for source in seen
    }
    assert builds == {"ios": {str}, "android": {int}}


def test_users_are_stable_and_walk_down_a_funnel(events: list[tuple[str, int, Event]]) -> None:
    devices: dict[str, set[str]] = {}
    for _, _, event in events:
        devices.setdefault(event["anonymousId"], set()).add(event["context"]["device"]["id"])
    assert all(len(ids) == 1 for ids in devices.values())
    assert len(devices) < len(events) / 8
    counts = Counter(e["event"] for _, _, e in events if e["type"] == "track")
    steps = ["Product Viewed", "Product Added", "Checkout Started", "Order Completed"]
    numbers = [counts[step] for step in steps]
    assert numbers == sorted(numbers, reverse=True)
    assert numbers[-1] > 0
    assert {e["type"] for _, _, e in events} == {"track", "screen", "identify"}


def test_nights_are_quiet_in_the_united_states(events: list[tuple[str, int, Event]]) -> None:
    hours = Counter(at(e["timestamp"]).hour for _, _, e in events)
    night, evening = sum(hours[h] for h in (8, 9, 10)), sum(hours[h] for h in (0, 1, 2))
    assert evening > 4 * night


def test_command_line(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    main(["--out", str(tmp_path), "--days", "2", "--events", "40", "--end-date", "2026-03-08"])
    counts = json.loads(capsys.readouterr().out)
    assert counts["events"] == 40
    assert counts["days"] == ["2026-03-07", "2026-03-08"]
    assert set(counts) == {"sources", "days", "events", "files"}


@pytest.mark.parametrize(
    ("option", "value", "message"),
    [
        ("--days", "0", "'0' is not a whole number of at least 1"),
        ("--events", "many", "'many' is not a whole number of at least 1"),
        ("--end-date", "2026-02-30", "'2026-02-30' is not a date like 2026-03-08"),
    ],
)
def test_wrong_arguments_are_refused(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], option: str, value: str, message: str
) -> None:
    with pytest.raises(SystemExit) as raised:
        main(["--out", str(tmp_path), option, value])
    assert raised.value.code == 2
    assert message in capsys.readouterr().err
