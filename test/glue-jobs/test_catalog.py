"""Where to read: partitions of the Data Catalog, and the objects below their locations."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from datetime import date, timedelta
from pathlib import Path
from typing import Any

import pytest
from job_runs import DAY
from mobile_events.raw.catalog import Catalog
from mobile_events.settings import Source
from stand_ins import FolderStore

SOURCE = Source("ios", "raw", "ios", 1000)


class Table:
    """A Glue client with one raw table, whose partitions are locations by folder."""

    def __init__(
        self,
        locations: dict[str, str],
        keys: tuple[str, ...] = ("partition_0",),
        parameters: Mapping[str, str] | None = None,
    ) -> None:
        self._parameters = parameters or {}
        self._locations = locations
        self._keys = keys
        self.expressions: list[str | None] = []

    def get_table(self, DatabaseName: str, Name: str) -> dict[str, Any]:  # noqa: N803
        keys = [{"Name": key} for key in self._keys]
        return {"Table": {"PartitionKeys": keys, "Parameters": self._parameters}}

    def get_paginator(self, operation: str) -> Table:
        assert operation == "get_partitions"
        return self

    def paginate(self, Expression: str | None = None, **_: Any) -> Iterable[Any]:  # noqa: N803
        self.expressions.append(Expression)
        for folder, location in self._locations.items():
            if Expression is None or f"'{folder}'" in Expression:
                descriptor = {"Location": location}
                yield {"Partitions": [{"Values": [folder], "StorageDescriptor": descriptor}]}


def day(offset: int) -> date:
    return DAY + timedelta(days=offset)


def table(*offsets: int) -> dict[str, str]:
    folders = [SOURCE.folder(day(offset)) for offset in offsets]
    return {folder: f"s3://bucket/logs/{folder}/" for folder in folders}


@pytest.fixture
def store(tmp_path: Path) -> FolderStore:
    store = FolderStore(tmp_path)
    for offset in range(-3, 4):
        for name in ("b.gz", "a.gz"):
            store.put("bucket", f"logs/{SOURCE.folder(day(offset))}/{name}", b"12345")
    return store


def test_objects_of_the_days_that_the_catalog_has(store: FolderStore) -> None:
    glue = Table(table(-2, -1, 0, 1))
    found = Catalog(glue, store).objects(SOURCE, [day(0), day(1), day(2)])
    assert [(raw.source, raw.bucket, raw.key, raw.received_day, raw.size) for raw in found] == [
        ("ios", "bucket", f"logs/{SOURCE.folder(day(offset))}/{name}", day(offset), 5)
        for offset in (0, 1)
        for name in ("a.gz", "b.gz")
    ]
    assert all(len(raw.etag) == 32 for raw in found), "without quotes"
    (expression,) = glue.expressions
    folders = ", ".join(f"'{SOURCE.folder(day(offset))}'" for offset in (0, 1, 2))
    assert expression == f"partition_0 IN ({folders})"


def test_expressions_are_as_short_as_glue_takes(store: FolderStore) -> None:
    glue = Table(table(0, 200))
    days = [day(offset) for offset in range(366)]
    assert {raw.received_day for raw in Catalog(glue, store).objects(SOURCE, days)} == {DAY}
    assert len(glue.expressions) == 4
    assert all(len(expression or "") <= 2048 for expression in glue.expressions)


def test_what_queries_do_not_see_is_not_read(store: FolderStore) -> None:
    folder = f"logs/{SOURCE.folder(DAY)}"
    for name in ("_SUCCESS", ".hidden.gz", "deeper/_temporary", "deeper/x.gz"):
        store.put("bucket", f"{folder}/{name}", b"")
    found = Catalog(Table(table(0)), store).objects(SOURCE, [DAY])
    assert [raw.key.removeprefix(folder) for raw in found] == ["/a.gz", "/b.gz", "/deeper/x.gz"]


def test_location_needs_no_final_slash_and_takes_in_no_neighbour(store: FolderStore) -> None:
    folder = SOURCE.folder(DAY)
    store.put("bucket", f"logs/{folder}0/x.gz", b"")
    glue = Table({folder: f"s3://bucket/logs/{folder}"})
    found = Catalog(glue, store).objects(SOURCE, [DAY])
    assert [raw.key for raw in found] == [f"logs/{folder}/a.gz", f"logs/{folder}/b.gz"]


@pytest.mark.parametrize("keys", [(), ("year",), ("partition_0", "partition_1")])
def test_table_with_other_partitions_is_refused(store: FolderStore, keys: tuple[str, ...]) -> None:
    with pytest.raises(ValueError, match=r"source ios: table raw\.ios .*: crawl the folder above"):
        Catalog(Table({}, keys), store).objects(SOURCE, [DAY])


def declared(**changes: str | None) -> Table:
    """A table of the source's days from 7 March to 10 March, as Athena would compute them."""
    parameters: dict[str, str | None] = {
        "projection.enabled": "true",
        "projection.partition_0.type": "integer",
        "projection.partition_0.range": f"{SOURCE.folder(day(-2))},{SOURCE.folder(day(1))}",
        "projection.partition_0.interval": "86400000",
        "storage.location.template": "s3://bucket/logs/${partition_0}/",
    }
    for name, value in changes.items():
        parameters[name if name in parameters else f"projection.partition_0.{name}"] = value
    return Table({}, parameters={k: v for k, v in parameters.items() if v is not None})


class CountingStore(FolderStore):
    """Remembers what is listed."""

    def __init__(self, root: Path) -> None:
        super().__init__(root)
        self.listed: list[str] = []

    def entries(self, bucket: str, prefix: str, after: str = "") -> Iterator[dict[str, Any]]:
        self.listed.append(prefix)
        return super().entries(bucket, prefix, after)


def test_declared_table_has_the_days_of_its_range(store: FolderStore) -> None:
    days = [day(offset) for offset in range(-4, 5)]
    found = Catalog(declared(), store).objects(SOURCE, days)
    assert [(raw.received_day, raw.key.rsplit("/", 1)[1]) for raw in found] == [
        (day(offset), name) for offset in (-2, -1, 0, 1) for name in ("a.gz", "b.gz")
    ]
    assert {raw.bucket for raw in found} == {"bucket"}


def test_declared_table_costs_one_listing_a_day_asked_for(tmp_path: Path) -> None:
    """Not one a day of its range; days without a folder are simply empty."""
    store, glue = CountingStore(tmp_path), declared(range=f"0,{SOURCE.folder(day(5000))}")
    assert Catalog(glue, store).objects(SOURCE, [day(0), day(1)]) == []
    assert sorted(store.listed) == [f"logs/{SOURCE.folder(day(n))}/" for n in (0, 1)]


@pytest.mark.parametrize(
    "template", ["s3://bucket/logs/${partition_0}", "s3://bucket/${partition_0}/"]
)
def test_template_of_a_declared_table(tmp_path: Path, template: str) -> None:
    store = FolderStore(tmp_path)
    key = (
        template.removeprefix("s3://bucket/")
        .replace("${partition_0}", SOURCE.folder(DAY))
        .strip("/")
    )
    store.put("bucket", f"{key}/x.gz", b"")
    store.put("bucket", f"{key}0/neighbour.gz", b"")
    glue = declared(**{"storage.location.template": template})
    assert [raw.key for raw in Catalog(glue, store).objects(SOURCE, [DAY])] == [f"{key}/x.gz"]
    assert Catalog(glue, store).received_days(SOURCE) == [DAY]


def test_received_days_of_a_declared_table_are_the_folders_of_its_range(store: FolderStore) -> None:
    store.put("bucket", "logs/not-a-day/x.gz", b"")
    days = Catalog(declared(), store).received_days(SOURCE)
    assert days == [day(-2), day(-1), day(0), day(1)]


def test_projection_that_is_off_counts_as_none(store: FolderStore) -> None:
    glue = declared(**{"projection.enabled": "false"})
    assert Catalog(glue, store).objects(SOURCE, [DAY]) == []
    assert len(glue.expressions) == 1


def test_seconds_have_an_interval_of_their_own(tmp_path: Path) -> None:
    source, store = Source("ios", "raw", "ios", 1), FolderStore(tmp_path)
    store.put("bucket", f"logs/{source.folder(DAY)}/x.gz", b"")
    asked = {"range": "0,4000000000", "interval": "86400"}
    assert len(Catalog(declared(**asked), store).objects(source, [DAY])) == 1
    with pytest.raises(
        ValueError, match=r"projection\.partition_0\.interval '86400000'.*to 86400$"
    ):
        Catalog(declared(range="0,4000000000"), store).objects(source, [DAY])


@pytest.mark.parametrize(
    ("name", "value", "fix"),
    [
        ("type", "date", "set it to integer"),
        ("type", "enum", "set it to integer"),
        ("type", "injected", "set it to integer"),
        ("type", None, "set it to integer"),
        ("interval", "3600000", "set it to 86400000"),
        ("interval", None, "set it to 86400000"),
        ("digits", "14", "leave it out"),
        ("range", "NOW-3DAYS,NOW", "give the first and the last folder"),
        ("range", None, "give the first and the last folder"),
        ("range", "1,86400001", "begin at a midnight, a multiple of 86400000"),
        ("storage.location.template", None, "give s3://<bucket>/<prefix>/${partition_0}/"),
        ("storage.location.template", "s3://bucket/logs/", "give s3://<bucket>"),
        ("storage.location.template", "s3://bucket/${other}/${partition_0}/", "give s3://<bucket>"),
        ("storage.location.template", "s3://bucket/day=${partition_0}/", "give s3://<bucket>"),
    ],
)
def test_other_projection_is_refused(
    store: FolderStore, name: str, value: str | None, fix: str
) -> None:
    full = name if "." in name else f"projection.partition_0.{name}"
    with pytest.raises(ValueError, match=r"^source ios: table raw\.ios ") as raised:
        Catalog(declared(**{name: value}), store).objects(SOURCE, [DAY])
    assert f"has the parameter {full} {value!r}, by which" in str(raised.value)
    assert fix in str(raised.value)


@pytest.mark.parametrize("units", [1, 1000])
def test_received_days_of_the_catalog(store: FolderStore, units: int) -> None:
    source = Source("ios", "raw", "ios", units)
    folders = {source.folder(day(offset)): "s3://bucket/x/" for offset in (2, -1)}
    glue = Table({**folders, "not-a-day": "s3://bucket/y/"})
    assert Catalog(glue, store).received_days(source) == [day(-1), day(2)]
    assert glue.expressions == [None]
