"""Raw objects for tests, and the archive on disk that holds them."""

from __future__ import annotations

import gzip
from collections.abc import Iterable
from datetime import date
from pathlib import Path

from .instants import midnight
from .lines import Objects, Place
from .values import Json, json_text

SOURCE_IDS = {"ios": "ksMsMXyyEaIOS", "android": "ksMsMXyyEaANDROID"}
MILLISECOND = 1_000_000


def place(source: str, received_day: date, file: str) -> Place:
    """The place of `<file>.gz` of a received day, in a bucket as Segment fills it."""
    folder = midnight(received_day) // MILLISECOND
    return Place(source, received_day, f"segment-logs/{SOURCE_IDS[source]}/{folder}/{file}.gz")


def gz(data: bytes) -> bytes:
    """One gzip member; the same bytes at any time."""
    return gzip.compress(data, mtime=0)


def gz_lines(lines: Iterable[str | bytes]) -> bytes:
    """A gzip of lines that each end in a newline."""
    raw = (line.encode() if isinstance(line, str) else line for line in lines)
    return gz(b"".join(line + b"\n" for line in raw))


def event(received_day: date, message_id: str | None = None, /, **fields: Json) -> str:
    """The line of a call that happened and was received at noon (UTC) of a day.

    `fields` are added to it or replace what it has; None is JSON's null.
    """
    noon = f"{received_day}T12:00:00.000Z"
    names = ("timestamp", "originalTimestamp", "sentAt", "receivedAt")
    call: dict[str, Json] = {"type": "track", **dict.fromkeys(names, noon)}
    if message_id is not None:
        call["messageId"] = message_id
    return json_text({**call, **fields})


def write_objects(folder: Path, objects: Objects) -> None:
    """Writes raw objects as `<source>/<received day in ms>/<file>.gz`."""
    for (source, received_day, key), data in objects.items():
        day_folder = folder / source / str(midnight(received_day) // MILLISECOND)
        day_folder.mkdir(parents=True, exist_ok=True)
        (day_folder / key.rsplit("/", 1)[1]).write_bytes(data)
