r"""Rows as CSV that OpenCSVSerDe reads: every field quoted, `\` as escape, a line a row.

What CSV can't hold: a null and an empty text are the same, and a line break in a text is written as
`\n` or `\r`, two characters.
"""

from __future__ import annotations

import pyarrow as pa
import pyarrow.compute as pc


def header(table: pa.Table) -> bytes:
    """The line of the columns' names."""
    return ('"' + '","'.join(table.column_names) + '"\n').encode()


def lines(table: pa.Table) -> bytes:
    """A line for each row."""
    fields = [_field(column) for column in table.columns]
    quoted = pc.binary_join_element_wise(
        *fields, '","', null_handling="replace", null_replacement=""
    )
    ended = pc.binary_join_element_wise('"', quoted, '"\n', "")
    return b"".join(chunk for chunk in map(_content, ended.chunks))


def width(header: bytes) -> int:
    """The number of columns that a header's line has."""
    return header.count(b'","') + 1


def _field(column: pa.ChunkedArray) -> pa.ChunkedArray:
    """Values as text: times to the microsecond, in UTC or as they are; texts escaped."""
    if pa.types.is_string(column.type):
        text = pc.replace_substring(column, "\\", "\\\\")
        text = pc.replace_substring(text, '"', '\\"')
        # The reader takes the escape away, so that `\n` is left.
        text = pc.replace_substring(text, "\r", "\\\\r")
        return pc.replace_substring(text, "\n", "\\\\n")
    if pa.types.is_timestamp(column.type):
        return column.cast(pa.timestamp("us")).cast(pa.string())
    return column.cast(pa.string())


def _content(array: pa.StringArray) -> bytes:
    """The texts of an array, one behind the other, as they lie in memory."""
    if not len(array):
        return b""
    _, offsets, data = array.buffers()
    ends = pa.Array.from_buffers(pa.int32(), array.offset + len(array) + 1, [None, offsets])
    start, end = ends[array.offset].as_py(), ends[-1].as_py()
    content: bytes = data[start:end].to_pybytes()
    return content
