"""The files of one statement: written beside each other on disk, put into S3 once all are whole."""

from __future__ import annotations

import uuid
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from datetime import datetime, timezone
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import pyarrow as pa

from emulator.athena.ddl.partitions import NULL_VALUE
from emulator.athena.errors import QueryFailedError
from emulator.athena.objects import bucket_and_prefix
from emulator.athena.results import formatter
from emulator.athena.writes.encoders import Encoder, Layout, encoder

MAX_PARTITIONS = 100
"""Partitions that one statement writes (Athena guide, "Considerations and limitations")."""

Values = tuple[str, ...]
"""A partition: the values of its keys as text."""


@dataclass
class Written:
    """What a statement put into S3: URLs of objects, partitions, number of rows."""

    urls: list[str] = field(default_factory=list)
    partitions: set[Values] = field(default_factory=set)
    rows: int = 0


@contextmanager
def written(
    s3: Any,
    batches: Iterable[pa.RecordBatch],
    keys: int,
    layout: Layout,
    location_of: Callable[[Values], str],
    extra: Mapping[str, str],
) -> Iterator[Written]:
    """Write the rows; the last `keys` columns tell the partition and aren't in the file.

    `extra` are the arguments of an upload. The objects are taken away again if what is done with
    them fails. Raises QueryFailedError for values that no partition can have.
    """
    found = Written()
    with TemporaryDirectory(prefix="athena-") as temporary:
        files = _encode(batches, keys, layout, Path(temporary), found)
        stamp = datetime.now(timezone.utc).strftime("%Y%m%d_%H%M%S")
        try:
            for values, path in files.items():
                name = f"{stamp}_{uuid.uuid4()}{layout.suffix}"
                url = f"{location_of(values).rstrip('/')}/{name}"
                bucket, key = bucket_and_prefix(url)
                s3.upload_file(str(path), bucket, key, ExtraArgs=dict(extra))
                found.urls.append(url)
            yield found
        except BaseException:
            for url in found.urls:
                bucket, key = bucket_and_prefix(url)
                s3.delete_object(Bucket=bucket, Key=key)
            raise


def _encode(
    batches: Iterable[pa.RecordBatch], keys: int, layout: Layout, folder: Path, found: Written
) -> dict[Values, Path]:
    encoders: dict[Values, Encoder] = {}
    files: dict[Values, Path] = {}
    try:
        for batch in batches:
            found.rows += batch.num_rows
            for values, part in _parts(batch, keys):
                if values not in encoders:
                    _check(values, len(encoders))
                    files[values] = folder / str(len(files))
                    encoders[values] = encoder(layout, files[values], part.schema)
                encoders[values].write(part)
    finally:
        for each in encoders.values():
            each.close()
    found.partitions = set(files) if keys else set()
    return files


def _parts(batch: pa.RecordBatch, keys: int) -> Iterator[tuple[Values, pa.RecordBatch]]:
    data = batch.select(range(batch.num_columns - keys))
    if batch.num_rows == 0:
        return
    if keys == 0:
        yield (), data
        return
    places: dict[Values, list[int]] = {}
    texts = [_texts(column) for column in batch.columns[-keys:]]
    for place, values in enumerate(zip(*texts, strict=True)):
        places.setdefault(values, []).append(place)
    for values, rows in places.items():
        yield values, data.take(pa.array(rows))


def _texts(column: pa.Array) -> Sequence[str]:
    format_ = formatter(column.type)
    return [NULL_VALUE if value in (None, "") else format_(value) for value in column.to_pylist()]


def _check(values: Values, open_files: int) -> None:
    if open_files == MAX_PARTITIONS:
        raise QueryFailedError(
            "HIVE_TOO_MANY_OPEN_PARTITIONS",
            f"Exceeded limit of {MAX_PARTITIONS} open writers for partitions/buckets",
        )
    for value in values:
        if not all(" " <= letter <= "~" for letter in value):
            raise QueryFailedError(
                "HIVE_INVALID_PARTITION_VALUE",
                "Hive partition keys can only contain printable ASCII characters (0x20 - 0x7E). "
                f"Invalid value: {' '.join(f'{byte:02X}' for byte in value.encode())}",
            )
