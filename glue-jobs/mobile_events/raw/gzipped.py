"""Objects read piece by piece, and unzipped as far as they are sound."""

from __future__ import annotations

import zlib
from collections.abc import Iterable, Iterator
from typing import Any

from mobile_events.raw.raw_objects import DamagedObjectError
from mobile_events.storage import Stream

GZIP = 31
READ_BYTES = 1 << 17


def pieces(body: Stream) -> Iterator[bytes]:
    """The content of an object as it is stored."""
    while piece := body.read(READ_BYTES):
        yield piece


def unzipped(packed_pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The content of all gzip members; zeros may follow a member.

    Raises DamagedObjectError, after what could be unzipped.
    """
    member = zlib.decompressobj(wbits=GZIP)
    begun = ended = False
    for piece in packed_pieces:
        packed = piece
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
