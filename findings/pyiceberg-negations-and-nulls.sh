#!/usr/bin/env bash
# What pyiceberg deletes by a negation isn't what a scan with the same filter shows, where values are null.
#
# One would guess: `table.delete(filter)` removes the rows that `table.scan(filter)` reads, and `count()` counts
#   these. By SQL's rule a row whose value is null is none of them.
# Seen: with `k != 'a'`, a null beside other values in a file is neither shown nor removed. Where all values of a
#   file or of a partition are null, the statistics decide: `delete` removes these rows, which the scan doesn't
#   show, and `count()` counts them for a partition. With `k NOT IN (…)` a scan shows every null, and `delete` removes
#   just those that lie in a file of their own.
# Versions: pyiceberg 0.12.0, pyarrow 26.0.1.
# Why it matters: rows are lost by a deletion that was looked at before with a scan, and which ones hangs on how
#   earlier commits happened to lay rows into files.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet --disable-pip-version-check \
  "pyiceberg[sql-sqlite]==0.12.0" pyarrow==26.0.1
"$folder/python/bin/python" -W ignore - "$folder" <<'PYTHON'
import sys

import pyarrow as pa
from pyiceberg.catalog.sql import SqlCatalog

folder = sys.argv[1]
catalog = SqlCatalog("local", uri=f"sqlite:///{folder}/catalog.db", warehouse=f"file://{folder}")
catalog.create_namespace("db")
schema = pa.schema([("k", pa.string()), ("id", pa.int64())])


def ids(scan):
    return sorted(scan.to_arrow()["id"].to_pylist())


def tried(name, files, filter, by_partition=False):
    """What a scan, a count and a deletion make of a filter; each file is one append."""
    table = catalog.create_table(f"db.{name}", schema=schema)
    if by_partition:
        with table.update_spec() as spec:
            spec.add_identity("k")
    for rows in files:
        table.append(pa.Table.from_pylist(rows, schema=schema))
    scan, before = table.scan(row_filter=filter), ids(table.scan())
    shown, counted = ids(scan), scan.count()
    table.delete(filter)
    return shown, counted, sorted(set(before) - set(ids(table.scan())))


def row(k, id):
    return {"k": k, "id": id}


together = [[row("a", 1), row("b", 2), row(None, 3)]]
apart = [[row("a", 1), row("b", 2)], [row(None, 3)]]
cases = {
    "k != 'a', null beside other values": (tried("t1", together, "k != 'a'"), ([2], 1, [2])),
    "k != 'a', null in a file of its own": (tried("t2", apart, "k != 'a'"), ([2], 1, [2, 3])),
    "k != 'a', null in a partition": (tried("t3", together, "k != 'a'", True), ([2], 2, [2, 3])),
    "k not in ('a', 'x'), null beside other values": (
        tried("t4", together, "k not in ('a', 'x')"),
        ([2, 3], 2, [2]),
    ),
    "k not in ('a', 'x'), null in a file of its own": (
        tried("t5", apart, "k not in ('a', 'x')"),
        ([2, 3], 2, [2, 3]),
    ),
}
changed = []
for name, (seen, expected) in cases.items():
    shown, counted, deleted = seen
    print(f"{name}: scan shows {shown}, count() is {counted}, delete removes {deleted}")
    if seen != expected:
        changed.append(name)
sys.exit(f"no longer so: {', '.join(changed)}" if changed else 0)
PYTHON
