"""What the job does with S3, against a real API on loopback."""

from __future__ import annotations

import hashlib
from pathlib import Path
from typing import Any

import pytest
from botocore.exceptions import ClientError, ResponseStreamingError
from job_runs import Glue
from mobile_events.object_body import BREAKS, ObjectBody
from mobile_events.state.lock import OtherRunError, lock
from mobile_events.storage import ChangedMeanwhileError, Store

BUCKET = "curated"


@pytest.fixture
def store(s3: Any) -> Store:
    store = Store(s3)
    store.delete(BUCKET, [entry["Key"] for entry in store.entries(BUCKET, "")])
    return store


def keys(store: Store, prefix: str = "") -> list[str]:
    return [entry["Key"] for entry in store.entries(BUCKET, prefix)]


def test_entries_and_folders(store: Store) -> None:
    for key in ("a/1/x", "a/1/y", "a/2/x", "a/z", "b/1/x"):
        store.put_json(BUCKET, key, key)
    assert keys(store, "a/1/") == ["a/1/x", "a/1/y"]
    assert keys(store) == ["a/1/x", "a/1/y", "a/2/x", "a/z", "b/1/x"]
    assert store.folders(BUCKET, "a/") == ["a/1/", "a/2/"]
    assert store.folders(BUCKET, "c/") == keys(store, "c/") == []
    (entry,) = store.entries(BUCKET, "b/")
    md5 = hashlib.md5(b'"b/1/x"', usedforsecurity=False).hexdigest()
    assert (entry["Size"], entry["ETag"]) == (7, f'"{md5}"')


def test_contents(store: Store, tmp_path: Path) -> None:
    content = bytes(range(256)) * 100
    path = tmp_path / "file"
    path.write_bytes(content)
    store.put_file(BUCKET, "file", path)
    assert store.get(BUCKET, "file") == content
    body = store.open(BUCKET, "file")
    assert body.read(1000) + body.read(1 << 20) + body.read(1) == content


class BrokenBody:
    """A body whose connection breaks off after some bytes."""

    def __init__(self, body: Any, sound: int) -> None:
        self._body, self._sound = body, sound

    def read(self, amount: int | None = None) -> bytes:
        if self._sound == 0:
            raise ResponseStreamingError(error="reset by peer")
        content: bytes = self._body.read(min(amount or self._sound, self._sound))
        self._sound -= len(content)
        if amount is None:
            raise ResponseStreamingError(error="reset by peer")
        return content


@pytest.mark.parametrize("amount", [-1, 1000])
@pytest.mark.parametrize("breaks", [0, 3, BREAKS, BREAKS + 1])
def test_a_broken_connection_is_taken_up_again(
    store: Store, s3: Any, monkeypatch: pytest.MonkeyPatch, breaks: int, amount: int
) -> None:
    content = bytes(range(256)) * 100
    s3.put_object(Bucket=BUCKET, Key="file", Body=content)
    get_object, left = s3.get_object, breaks

    def breaking(**request: Any) -> Any:
        nonlocal left
        answer = get_object(**request)
        if left:
            left -= 1
            answer["Body"] = BrokenBody(answer["Body"], 2500)
        return answer

    monkeypatch.setattr(s3, "get_object", breaking)
    body = store.open(BUCKET, "file")
    if breaks > BREAKS:
        with pytest.raises(ResponseStreamingError):
            b"".join(iter(lambda: body.read(amount), b""))
    else:
        assert b"".join(iter(lambda: body.read(amount), b"")) == content


def test_an_object_that_was_replaced_is_not_read_on(store: Store, s3: Any) -> None:
    s3.put_object(Bucket=BUCKET, Key="file", Body=b"first" * 1000)
    body = ObjectBody(s3, BUCKET, "file")
    body._body = BrokenBody(body._body, 1000)
    assert len(body.read(1000)) == 1000
    s3.put_object(Bucket=BUCKET, Key="file", Body=b"other" * 1000)
    with pytest.raises(ClientError, match="PreconditionFailed"):
        body.read(1000)


def test_json_of_one_object_and_of_many(store: Store) -> None:
    store.put_json(BUCKET, "é b", {"ü": [1, None, "\ud800"]})
    assert store.get_json(BUCKET, "é b") == {"ü": [1, None, "\ud800"]}
    assert store.get_json(BUCKET, "no such key") is None
    store.put_json(BUCKET, "c", 7)
    wanted = ["c", "no such key", "é b", "c"]
    assert [type(v) for v in store.get_all_json(BUCKET, wanted)] == [int, type(None), dict, int]


def test_conditional_writes(store: Store) -> None:
    assert store.get_tagged_json(BUCKET, "k") == (None, "")
    first = store.put_json_if_unchanged(BUCKET, "k", 1, "")
    repeated = store.put_json_if_unchanged(BUCKET, "k", 1, "")
    assert repeated == first
    with pytest.raises(ChangedMeanwhileError):
        store.put_json_if_unchanged(BUCKET, "k", 2, "")
    assert store.get_tagged_json(BUCKET, "k") == (1, first)
    second = store.put_json_if_unchanged(BUCKET, "k", 3, first)
    with pytest.raises(ChangedMeanwhileError):
        store.put_json_if_unchanged(BUCKET, "k", 4, first)
    assert store.get_tagged_json(BUCKET, "k") == (3, second)
    store.delete(BUCKET, ["k"])
    with pytest.raises(ChangedMeanwhileError):
        store.put_json_if_unchanged(BUCKET, "k", 5, second)


def test_lock_by_conditional_writes(store: Store) -> None:
    glue = Glue(store)
    glue.active.add("jr_1")
    place = (BUCKET, "_lock.json")
    with lock(store, glue, place, "daily", "jr_1"):
        with (
            pytest.raises(OtherRunError, match="run jr_1"),
            lock(store, glue, place, "daily", "jr_2"),
        ):
            pytest.fail("two runs at once")
        assert store.get_json(*place)["run_id"] == "jr_1"
    with lock(store, glue, place, "daily", "jr_2"):
        assert store.get_json(*place)["run_id"] == "jr_2"


def test_copies(store: Store) -> None:
    pairs = [(f"from/{n} é", f"to/{n}") for n in range(40)]
    for source, _ in pairs:
        store.put_json(BUCKET, source, source)
    store.copy(BUCKET, pairs)
    assert [store.get_json(BUCKET, target) for _, target in pairs] == [s for s, _ in pairs]
    with pytest.raises(Exception, match="NoSuchKey"):
        store.copy(BUCKET, [*pairs, ("nowhere", "to/x")])


def test_more_keys_than_one_request_takes_are_deleted(
    store: Store, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("mobile_events.storage.DELETE_AT_ONCE", 4)
    for n in range(11):
        store.put_json(BUCKET, f"k/{n}", n)
    store.put_json(BUCKET, "kept", 0)
    store.delete(BUCKET, [*keys(store, "k/"), "never was", "k/1"])
    assert keys(store) == ["kept"]
    store.delete(BUCKET, [])


class Stubborn:
    """An S3 client that deletes nothing."""

    def delete_objects(self, **_: Any) -> dict[str, Any]:
        return {"Errors": [{"Key": "k/1", "Code": "AccessDenied"}]}


def test_object_that_stays_is_an_error() -> None:
    with pytest.raises(OSError, match=r"s3://curated/k/1 not deleted: AccessDenied"):
        Store(Stubborn()).delete(BUCKET, ["k/1"])
