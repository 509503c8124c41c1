"""The settings of all Parquet files that the job writes."""

from __future__ import annotations

from typing import Any

import pyarrow as pa
import pyarrow.parquet as pq

UNIQUE_COLUMNS = frozenset(
    {
        "message_id",
        "utc_timestamp",
        "local_timestamp",
        "sent_at",
        "received_at",
        "original_timestamp",
    }
)
"""A dictionary of values that hardly repeat only costs time."""

COMPRESSION = "zstd"
ZSTD_LEVEL = 1


def new_writer(sink: Any, schema: pa.Schema) -> pq.ParquetWriter:
    """Writes a row group for each table."""
    return pq.ParquetWriter(
        sink,
        schema,
        compression=COMPRESSION,
        compression_level=ZSTD_LEVEL,
        use_dictionary=[name for name in schema.names if name not in UNIQUE_COLUMNS],
    )
