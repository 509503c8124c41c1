"""Gzipped newline-delimited JSON, as Segment writes it."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from mobile_events.raw_objects import (
    NOT_AN_OBJECT,
    NOT_JSON,
    DamagedObjectError,
    Record,
    Records,
    Stream,
)
from mobile_events.values import decode

GZIP = 31
READ_BYTES = 1 << 20


def records(body: Stream) -> Records:
    """All lines that aren't blank. Raises DamagedObjectError, after what could be unzipped."""
    for number, line in enumerate(_lines(_unzip(body)), 1):
        try:
            event = decode(line.decode())
        except (ValueError, RecursionError):
            if line.strip():
                yield Record(number, None, line, NOT_JSON)
            continue
        if type(event) is dict and event:
            yield Record(number, event, line, None)
        else:
            yield Record(number, None, line, NOT_AN_OBJECT)


def _unzip(body: Stream) -> Iterator[bytes]:
    """The unzipped content of all gzip members; zeros may follow a member."""
    member = zlib.decompressobj(wbits=GZIP)
    begun = ended = False
    while packed := body.read(READ_BYTES):
        while packed:
            if ended:
                packed = packed.lstrip(b"\0")
                if not packed:
                    break
                member, ended = zlib.decompressobj(wbits=GZIP), False
            begun = True
            before = member.copy()
            try:
                yield member.decompress(packed)
            except zlib.error as error:
                yield from _sound_part(before, packed)
                raise DamagedObjectError(str(error)) from error
            packed, ended = member.unused_data, member.eof
    if begun and not ended:
        raise DamagedObjectError("the object ends in the middle of a gzip member")


def _sound_part(member: Any, packed: bytes) -> Iterator[bytes]:
    """What comes before the damage, which zlib keeps back where the same call meets it."""
    for place in range(len(packed)):
        try:
            yield member.decompress(packed[place : place + 1])
        except zlib.error:
            return


def _lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """Lines ended by `\\n` alone, and what stands after the last one, even if damaged."""
    rest: list[bytes] = []
    try:
        for chunk in chunks:
            first, *others = chunk.split(b"\n")
            rest.append(first)
            if others:
                yield b"".join(rest)
                yield from others[:-1]
                rest = [others[-1]]
    except DamagedObjectError:
        yield b"".join(rest)
        raise
    yield b"".join(rest)
