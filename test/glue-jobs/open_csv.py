r"""Reads CSV as Athena's OpenCSVSerDe does, with `,`, `"` and `\`.

Lines are those of Hadoop, which also end at a bare `\r`; a line is parsed by the rules of opencsv's
CSVParser: an escape counts before a quote or an escape alone, and is dropped before anything else.
"""

from __future__ import annotations

import re

SEPARATOR, QUOTE, ESCAPE = ',"\\'


def read(content: bytes) -> list[dict[str, str]]:
    """The rows of a file, by the names of its header."""
    header, *lines = re.split("\r\n|\r|\n", content.decode().removesuffix("\n"))
    names = fields(header)
    return [dict(zip(names, fields(line), strict=True)) for line in lines]


def fields(line: str) -> list[str]:
    """The fields of a line. Raises ValueError for a quote that isn't closed."""
    found: list[str] = []
    field = ""
    quoted = inside = False
    place = 0
    while place < len(line):
        letter, after = line[place], line[place + 1 : place + 2]
        if letter == ESCAPE:
            if (quoted or inside) and after in (QUOTE, ESCAPE):
                field += after
                place += 1
        elif letter == QUOTE and (quoted or inside) and after == QUOTE:
            field += QUOTE
            place += 1
        elif letter == QUOTE:
            quoted, inside = not quoted, not inside
            # A quote within a field belongs to it.
            inner = after not in (SEPARATOR, "") and line[place - 1] != SEPARATOR
            field += QUOTE if place > 2 and inner else ""
        elif letter == SEPARATOR and not quoted:
            found.append(field)
            field, inside = "", False
        else:
            field += letter
            inside = True
        place += 1
    if quoted:
        raise ValueError(f"a quoted field doesn't end: {line}")
    return [*found, field]
