#!/usr/bin/env bash
# Daft calls the files of an Iceberg table corrupt once a column was dropped that isn't their last.
#
# One would guess: a column that was dropped is passed over in old files, wherever it stands. It's the simplest
#   change of an Iceberg schema, and Daft reads renamed, moved, widened and added columns right.
# Seen: with the last column of the file dropped, also a field in a struct, the rows are read. With any column
#   before it dropped, `read_iceberg` fails: "CorruptFile Failed to decode parquet column … failed to fill whole
#   buffer". So it does with a projection that leaves the dropped column's neighbours out. Counting works.
# Versions: daft 0.7.26, pyiceberg 0.12.0.
# Why it matters: the error sends one to look for a damaged file in S3. The files are healthy, and until each of
#   them is rewritten, a schema change by anybody stops all readers that use Daft.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet --disable-pip-version-check \
  "pyiceberg[pyarrow,sql-sqlite]==0.12.0" daft==0.7.26
DO_NOT_TRACK=1 DAFT_ANALYTICS_ENABLED=0 DAFT_PROGRESS_BAR=0 \
  "$folder/python/bin/python" -W ignore - "$folder" 2>"$folder/log" <<'PYTHON'
import sys

import daft
import pyarrow as pa
from pyiceberg.catalog.sql import SqlCatalog

folder = sys.argv[1]
catalog = SqlCatalog("local", uri=f"sqlite:///{folder}/catalog.db", warehouse=f"file://{folder}")
catalog.create_namespace("db")
data = pa.Table.from_pylist([{"id": 1, "name": "Ada", "place": {"city": "Paris", "zip": "75001"}}])


def answer(read):
    try:
        return read()
    except Exception as error:
        words = " ".join(str(error).split())
        return f"{words[:51]} … {words[-27:]}"


def read_without(*path):
    """What pyiceberg and Daft read of a table after a column was dropped."""
    name = "without_" + "_".join(path)
    table = catalog.create_table(f"db.{name}", schema=data.schema)
    table.append(data)
    with table.update_schema() as schema:
        schema.delete_column(path)
    table = catalog.load_table(f"db.{name}")
    frame = daft.read_iceberg(table)
    right = table.scan().to_arrow().to_pylist()
    return right, answer(frame.to_pylist), answer(frame.select("place").to_pylist), frame.count_rows()


failing = "DaftError::CorruptFile Failed to decode parquet col … failed to fill whole buffer"
is_read = {
    ("place", "zip"): True,
    ("place", "city"): False,
    ("name",): False,
    ("id",): False,
}
changed_behaviour = []
for path, works in is_read.items():
    right, rows, projected, count = read_without(*path)
    print(f"without {'.'.join(path)}, of which Daft counts {count} row:")
    print(f"  pyiceberg  {right}\n  Daft       {rows}\n  one column {projected}")
    wanted = (right, [{"place": right[0]["place"]}]) if works else (failing, failing)
    if (rows, projected, count) != (*wanted, 1):
        changed_behaviour.append(".".join(path))
sys.exit(f"no longer so: {', '.join(changed_behaviour)}" if changed_behaviour else 0)
PYTHON
