"""Objects in S3 that a query reads: listing them, and reading them while counting bytes."""

from __future__ import annotations

import io
import threading
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from os.path import commonprefix
from typing import Any
from urllib.parse import urlsplit

from emulator.account import BREAKS, CONNECTION_BROKEN, read_object
from emulator.athena.errors import QueryCancelledError, QueryFailedError
from emulator.ranged_file import RangedFile


@dataclass(frozen=True)
class S3Object:
    bucket: str
    key: str
    size: int
    modified: datetime

    @property
    def url(self) -> str:
        return f"s3://{self.bucket}/{self.key}"


def bucket_and_prefix(location: str) -> tuple[str, str]:
    """Bucket and key prefix of an S3 URL, without a first slash."""
    parts = urlsplit(location, allow_fragments=False)
    if parts.scheme not in ("s3", "s3a", "s3n") or not parts.netloc:
        raise QueryFailedError("HIVE_METASTORE_ERROR", f"{location!r} is no location in S3")
    return parts.netloc, parts.path.lstrip("/")


def objects_in(s3: Any, location: str) -> Iterator[S3Object]:
    """Objects of a folder and its subfolders that hold data.

    Athena doesn't see names that begin with `_` or `.` (Athena guide, "Considerations and
    limitations for SQL queries").
    """
    bucket, prefix = _folder(location)
    for found in _listed(s3, bucket, prefix):
        if _holds_data(found.key[len(prefix) :]):
            yield found


def objects_of(s3: Any, locations: Sequence[str]) -> list[list[S3Object]]:
    """As `objects_in` for each of many folders of one bucket, by listing once what is below the
    beginning that all have in common."""
    folders = [_folder(location) for location in locations]
    found: list[list[S3Object]] = [[] for _ in folders]
    places: dict[str, list[int]] = {}
    for place, (_, prefix) in enumerate(folders):
        places.setdefault(prefix, []).append(place)
    bucket = folders[0][0]
    beginning = commonprefix(list(places))  # noqa: RUF071 - characters are meant, as in S3
    for each in _listed(s3, bucket, beginning):
        for end in [0, *(place + 1 for place, letter in enumerate(each.key) if letter == "/")]:
            if _holds_data(each.key[end:]):
                for place in places.get(each.key[:end], ()):
                    found[place].append(each)
    return found


def _folder(location: str) -> tuple[str, str]:
    bucket, prefix = bucket_and_prefix(location)
    return bucket, prefix.rstrip("/") + "/" if prefix.strip("/") else ""


def _listed(s3: Any, bucket: str, prefix: str) -> Iterator[S3Object]:
    for page in s3.get_paginator("list_objects_v2").paginate(Bucket=bucket, Prefix=prefix):
        for found in page.get("Contents", []):
            if found["Size"]:
                yield S3Object(bucket, found["Key"], found["Size"], found["LastModified"])


def _holds_data(name: str) -> bool:
    return not any(part.startswith(("_", ".")) for part in name.split("/"))


class Scan:
    """Counts the bytes that one query has read, up to its limit (None: no limit).

    A byte that is read again isn't counted again.
    """

    def __init__(self, limit: int | None = None) -> None:
        self.bytes = 0
        self._limit = limit
        self._lock = threading.Lock()
        self._read: dict[str, list[tuple[int, int]]] = {}

    def add(self, source: S3Object, start: int, end: int) -> None:
        """Count a range of an object. Raises QueryCancelledError beyond the limit."""
        with self._lock:
            new, apart = [start, end], []
            for known in self._read.get(source.url, []):
                if known[1] < new[0] or known[0] > new[1]:
                    apart.append(known)
                else:
                    self.bytes -= known[1] - known[0]
                    new = [min(known[0], new[0]), max(known[1], new[1])]
            self._read[source.url] = [*apart, (new[0], new[1])]
            self.bytes += new[1] - new[0]
            if self._limit is not None and self.bytes > self._limit:
                raise QueryCancelledError("Bytes scanned limit was exceeded")


class ObjectFile(RangedFile):
    """An object as a file that is read by ranges, each of them counted."""

    def __init__(self, s3: Any, source: S3Object, scan: Scan) -> None:
        def read_range(start: int, end: int) -> bytes:
            scan.add(source, start, end)
            wanted = f"bytes={start}-{end - 1}"
            return read_object(s3, Bucket=source.bucket, Key=source.key, Range=wanted)

        super().__init__(source.size, read_range)


class ObjectStream(io.RawIOBase):
    """An object that is read once, from its start, in one request unless the connection breaks."""

    def __init__(self, s3: Any, source: S3Object, scan: Scan) -> None:
        super().__init__()
        self._s3 = s3
        self._body = s3.get_object(Bucket=source.bucket, Key=source.key)["Body"]
        self._source = source
        self._scan = scan
        self._position = 0
        self._breaks = 0

    def readable(self) -> bool:
        return True

    def readinto(self, buffer: Any) -> int:
        view = memoryview(buffer)
        data = self._read(len(view))
        self._scan.add(self._source, self._position, self._position + len(data))
        view[: len(data)] = data
        self._position += len(data)
        return len(data)

    def _read(self, size: int) -> bytes:
        while True:
            try:
                data: bytes = self._body.read(size)
                return data
            except CONNECTION_BROKEN:
                self._breaks += 1
                if self._breaks > BREAKS:
                    raise
                rest = {"Range": f"bytes={self._position}-"}
                where = {"Bucket": self._source.bucket, "Key": self._source.key}
                self._body = self._s3.get_object(**where, **rest)["Body"]

    def close(self) -> None:
        self._body.close()
        super().close()
