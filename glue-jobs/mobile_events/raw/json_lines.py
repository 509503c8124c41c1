"""Gzipped newline-delimited JSON, as Segment writes it."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from mobile_events.raw.gzipped import pieces, unzipped
from mobile_events.raw.raw_objects import (
    NOT_AN_OBJECT,
    NOT_JSON,
    DamagedObjectError,
    Records,
)
from mobile_events.rows.values import decode
from mobile_events.storage import Stream


def blocks(body: Stream) -> Iterator[tuple[int, bytes]]:
    """All lines, some at a time: the number of the first, and the text without its last `\\n`.

    `\\n` alone ends a line. Raises DamagedObjectError, after what could be unzipped.
    """
    number = 1
    for text in _whole_lines(unzipped(pieces(body))):
        yield number, text
        number += text.count(b"\n") + 1


def records(first: int, text: bytes) -> Records:
    """The lines of a block that aren't blank."""
    for number, line in enumerate(text.split(b"\n"), first):
        try:
            event = decode(line.decode())
        except (ValueError, RecursionError):
            if line.strip():
                yield number, None, line, NOT_JSON
            continue
        if type(event) is dict and event:
            yield number, event, line, None
        else:
            yield number, None, line, NOT_AN_OBJECT


def _whole_lines(chunks: Iterable[bytes]) -> Iterator[bytes]:
    """The text cut at ends of lines, and what stands after the last one, even if damaged."""
    rest: list[bytes] = []
    try:
        for chunk in chunks:
            end = chunk.rfind(b"\n")
            if end < 0:
                rest.append(chunk)
                continue
            yield b"".join([*rest, chunk[:end]])
            rest = [chunk[end + 1 :]]
    except DamagedObjectError:
        yield b"".join(rest)
        raise
    yield b"".join(rest)
