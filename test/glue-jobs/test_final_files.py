"""Final files of one partition: when one is large enough, row groups, and what is told of each."""

from __future__ import annotations

import gzip
import io
import random
from collections import Counter
from collections.abc import Sequence
from datetime import datetime, timedelta, timezone
from pathlib import Path

import open_csv
import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from mobile_events.curated import final_files
from mobile_events.curated.final_files import FinalFile, FinalFiles

RNG = random.Random(1)
START = datetime(2026, 3, 9, 23, 0, tzinfo=timezone.utc)


def table(numbers: Sequence[int], platform: str = "ios") -> pa.Table:
    """A row each, an hour apart, of values that hardly shrink."""
    utc = [START + timedelta(hours=n) for n in numbers]
    return pa.table(
        {
            "platform": pa.array([platform] * len(numbers)),
            "utc_timestamp": pa.array(utc, pa.timestamp("us", "UTC")),
            "local_timestamp": pa.array([t.replace(tzinfo=None) for t in utc], pa.timestamp("us")),
            "n": pa.array(numbers, pa.int64()),
            "text": pa.array([RNG.randbytes(500).hex() for _ in numbers]),
        }
    )


def numbers_in(file: FinalFile) -> list[int]:
    content = file.path.read_bytes()
    if file.path.name.endswith(".csv.gz"):
        return [int(row["n"]) for row in open_csv.read(gzip.decompress(content))]
    found: list[int] = pq.read_table(io.BytesIO(content))["n"].to_pylist()
    return found


@pytest.mark.parametrize("output_format", ["parquet", "csv"])
def test_file_that_is_large_enough_is_followed_by_another(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, output_format: str
) -> None:
    monkeypatch.setattr(final_files, "ROW_GROUP_BYTES", 1)
    files = FinalFiles(tmp_path, output_format, 200_000)
    for first in range(0, 2000, 100):
        files.write(table(range(first, first + 100)))
    files.close()
    found = [numbers_in(file) for file in files.files]
    assert [n for part in found for n in part] == list(range(2000))
    sizes = [file.path.stat().st_size for file in files.files]
    assert len(sizes) > 3
    # 100 rows more make it large enough, and a writer may hold some of them back.
    assert all(200_000 <= size < 400_000 for size in sizes[:-1])
    assert [file.bytes for file in files.files] == sizes
    assert [file.rows for file in files.files] == list(map(len, found))


def test_rows_wait_for_a_row_group_of_some_size(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    some = table(range(100))
    monkeypatch.setattr(final_files, "ROW_GROUP_BYTES", 3 * some.nbytes)
    files = FinalFiles(tmp_path, "parquet", 1 << 30)
    for _ in range(10):
        files.write(some)
    files.close()
    (file,) = files.files
    metadata = pq.ParquetFile(file.path).metadata
    groups = [metadata.row_group(n).num_rows for n in range(metadata.num_row_groups)]
    assert groups == [300, 300, 300, 100]
    assert metadata.row_group(0).column(0).compression == "ZSTD"


@pytest.mark.parametrize("output_format", ["parquet", "csv"])
def test_file_is_described(tmp_path: Path, output_format: str) -> None:
    files = FinalFiles(tmp_path, output_format, 1 << 30)
    files.write(table([3, 0, 1]))
    files.write(table([2], "android"))
    files.close()
    (file,) = files.files
    assert file.rows == 4
    assert file.platforms == Counter(ios=3, android=1)
    assert file.dates == Counter({"2026-03-10": 3, "2026-03-09": 1})
    assert file.newest == int((START + timedelta(hours=3)).timestamp()) * 1_000_000
    assert file.bytes == file.path.stat().st_size
    assert file.path.name == ("0.parquet" if output_format == "parquet" else "0.csv.gz")
    assert numbers_in(file) == [3, 0, 1, 2]


def test_no_rows_are_no_file(tmp_path: Path) -> None:
    files = FinalFiles(tmp_path, "parquet", 1)
    files.close()
    assert files.files == []
    assert list(tmp_path.iterdir()) == []
