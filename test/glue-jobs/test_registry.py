"""The registry of columns: how it grows, siblings, and what is kept of it."""

from __future__ import annotations

import hashlib
import json

import pytest
from mobile_events.rows.names import Path
from mobile_events.rows.registry import MESSAGE_ID, OWN_COLUMNS, ColumnKey, Registry
from mobile_events.rows.values import BIGINT, BOOLEAN, DOUBLE, STRING, WIDE

START = Registry.start("2026-03-01")
A, B = ("a",), ("b",)


def grown(
    registry: Registry, kinds: dict[Path, int], *siblings: ColumnKey, seen: str = "2026-03-02"
) -> Registry:
    return registry.extended(kinds, set(siblings), seen)


def names(registry: Registry) -> list[str]:
    return [column.name for column in registry.columns]


def suffix(path: Path) -> str:
    return hashlib.sha256("\x1f".join(path).encode("utf-8", "surrogatepass")).hexdigest()[:6]


def test_start_has_the_id_of_messages_as_text() -> None:
    (column,) = START.columns
    assert (column.path, column.name, column.type) == (MESSAGE_ID, "message_id", "string")
    assert column.first_seen == "2026-03-01"


def test_new_paths_come_in_code_point_order_behind_the_old_ones() -> None:
    first = grown(START, {("c", "d"): STRING, ("Z",): BOOLEAN, ("c",): WIDE})
    second = grown(first, {A: BIGINT | DOUBLE, ("c", "a"): STRING | BIGINT}, seen="2026-03-03")
    assert [(c.name, c.type, c.first_seen) for c in second.columns[1:]] == [
        ("z", "boolean", "2026-03-02"),
        ("c", "bigint", "2026-03-02"),
        ("c_d", "string", "2026-03-02"),
        ("a", "double", "2026-03-03"),
        ("c_a", "string", "2026-03-03"),
    ]
    assert second.columns[:4] == first.columns
    assert names(START) == ["message_id"], "a registry is never changed"


def test_type_is_that_of_the_first_column() -> None:
    registry = grown(grown(START, {A: BIGINT}), {}, (A, "string"), (A, "boolean"))
    assert registry.type_of(A) == "bigint"
    assert registry.type_of(("A",)) is registry.type_of(("a", "a")) is None
    assert registry.first[A].name == "a"
    assert registry.by_key[A, "boolean"].name == "a__boolean"


@pytest.mark.parametrize("key", ["timestamp", "sentAt", "receivedAt", "originalTimestamp"])
def test_named_timestamps_are_known_from_the_start(key: str) -> None:
    assert START.type_of((key,)) == "timestamp"
    assert START.type_of(("context", key)) is None


def test_siblings_come_behind_new_paths_by_path_and_type() -> None:
    registry = grown(START, {A: BIGINT, B: DOUBLE})
    sent = ("sentAt",)
    siblings = [(B, "string"), (sent, "bigint"), (A, "string"), (A, "double"), (sent, "string")]
    again = grown(registry, {("z",): STRING}, *siblings)
    assert [(c.name, c.type) for c in again.columns[3:]] == [
        ("z", "string"),
        ("a__double", "double"),
        ("a__string", "string"),
        ("b__string", "string"),
        ("sent_at__bigint", "bigint"),
        ("sent_at__string", "string"),
    ]


def test_what_is_there_is_not_added_again() -> None:
    registry = grown(START, {A: BIGINT}, (MESSAGE_ID, "string"))
    assert names(registry) == ["message_id", "a"]
    siblings = (A, "string"), (A, "bigint")
    once = grown(registry, {}, *siblings)
    assert names(once) == ["message_id", "a", "a__string"]
    assert grown(once, {}, *siblings) == once


def test_name_that_the_registry_has_stays_with_its_path() -> None:
    registry = grown(grown(START, {("b",): STRING}), {("B",): STRING, ("a",): STRING})
    assert [(c.path, c.name) for c in registry.columns[1:]] == [
        (("b",), "b"),
        (("B",), f"b_{suffix(('B',))}"),
        (("a",), "a"),
    ]


@pytest.mark.parametrize("own", [*(name for name, _ in OWN_COLUMNS), "year", "month", "date"])
def test_names_of_the_pipeline_itself_are_reserved(own: str) -> None:
    assert names(grown(START, {(own,): STRING}))[1:] == [f"{own}_{suffix((own,))}"]


def test_sibling_gives_way_to_a_path_of_its_name() -> None:
    taken = ("a__string",)
    at_once = grown(grown(START, {A: BIGINT}), {taken: STRING}, (A, "string"))
    later = grown(grown(START, {A: BIGINT, taken: STRING}), {}, (A, "string"))
    for registry in (at_once, later):
        assert registry.first[taken].name == "a__string"
        assert registry.by_key[A, "string"].name == f"a__string_{suffix(A)}"


def test_names_are_no_longer_than_the_catalog_takes() -> None:
    long, longer = ("x" * 255,), ("x" * 300,)
    registry = grown(grown(START, {long: BIGINT, longer: BIGINT}), {}, (long, "string"))
    assert names(registry)[1:] == [
        "x" * 255,
        f"{'x' * 248}_{suffix(longer)}",
        f"{'x' * 248}_{suffix(long)}",
    ]


def test_registry_survives_json() -> None:
    odd: dict[Path, int] = {("é", "a.b", ""): STRING, ("\ud800",): BIGINT, ("", "日"): WIDE}
    registry = grown(grown(START, odd), {}, (("\ud800",), "string"), (("sentAt",), "string"))
    assert Registry.from_json(json.loads(json.dumps(registry.to_json()))) == registry
    assert registry.to_json()["columns"][0] == {
        "path": ["messageId"],
        "column": "message_id",
        "type": "string",
        "first_seen": "2026-03-01",
    }
