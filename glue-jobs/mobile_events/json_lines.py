"""Gzipped newline-delimited JSON, as Segment writes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mobile_events.gzipped import pieces, unzipped
from mobile_events.raw_objects import (
    NOT_AN_OBJECT,
    NOT_JSON,
    DamagedObjectError,
    Record,
    Records,
    Stream,
)
from mobile_events.values import decode


def records(body: Stream) -> Records:
    """All lines that aren't blank. Raises DamagedObjectError, after what could be unzipped."""
    for number, line in enumerate(_lines(unzipped(pieces(body))), 1):
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
