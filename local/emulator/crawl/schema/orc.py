"""ORC: columns and row count from a file's footer, by pyarrow."""

from __future__ import annotations

from typing import BinaryIO

import pyarrow as pa
import pyarrow.orc as pyarrow_orc

from emulator.crawl.hive_types import Struct
from emulator.crawl.schema.parquet import glue_type

MAGIC = b"ORC"


def infer(file: BinaryIO) -> tuple[Struct, int] | None:
    """Columns and rows of an ORC file; None if its footer can't be read."""
    try:
        found = pyarrow_orc.ORCFile(file)
    except (pa.ArrowException, OSError):
        return None
    return Struct({field.name: glue_type(field.type) for field in found.schema}), found.nrows
