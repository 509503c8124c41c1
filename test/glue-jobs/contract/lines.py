"""Raw objects: what a gzip holds, its lines, and what each line says."""

from __future__ import annotations

import json
import zlib
from collections.abc import Iterator
from datetime import date
from typing import Literal, NamedTuple, TypeAlias

from .values import Json, float_or_huge

Reason = Literal["not_json", "not_an_object", "bad_timestamp"]


class Place(NamedTuple):
    """Where a raw object is: its source, the UTC day of its folder, its whole object key."""

    source: str
    received_day: date
    object_key: str


Objects: TypeAlias = "dict[Place, bytes]"


class Unzipped(NamedTuple):
    """What could be unzipped of an object, and whether that is all of it."""

    data: bytes
    complete: bool


def unzip(data: bytes) -> Unzipped:
    """Unzips member by member; zeros may follow a member.

    Byte by byte, since zlib keeps back what it has unzipped where the same call meets an error.
    """
    unzipped = bytearray()
    while data:
        member = zlib.decompressobj(wbits=31)
        at = 0
        while not member.eof:
            if at == len(data):
                return Unzipped(bytes(unzipped), complete=False)
            try:
                unzipped += member.decompress(data[at : at + 1])
            except zlib.error:
                return Unzipped(bytes(unzipped), complete=False)
            at += 1
        data = data[at:].lstrip(b"\0")
    return Unzipped(bytes(unzipped), complete=True)


def numbered_lines(data: bytes) -> Iterator[tuple[int, bytes]]:
    """The lines that aren't blank, with their numbers from 1."""
    for number, line in enumerate(data.split(b"\n"), start=1):
        if line.strip():
            yield number, line


def parse(line: bytes) -> dict[str, Json] | Reason:
    """The event of a line, or why it has none."""
    try:
        value: Json = json.loads(
            line.decode("utf-8"), parse_float=float_or_huge, parse_constant=_refuse
        )
    except (ValueError, RecursionError):
        return "not_json"
    return value if isinstance(value, dict) and value else "not_an_object"


def _refuse(constant: str) -> Json:
    raise ValueError(f"{constant} isn't JSON")
