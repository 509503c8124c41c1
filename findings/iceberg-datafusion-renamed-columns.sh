#!/usr/bin/env bash
# DataFusion reads a renamed column of an Iceberg table by its old name.
#
# One would guess: Iceberg tells columns by field ids, so a rename never changes which values a name has, and
#   a column that was dropped and added anew is empty in old rows. Each reader of Iceberg keeps to that, also
#   iceberg-rust, which pyiceberg's `Table.__datafusion_table_provider__` hands to DataFusion.
# Seen: until the next append, DataFusion reads with the schema of the last snapshot, and lays the names of the
#   table's present schema over it. Of two columns that exchanged their names it gives each the other's
#   values, a dropped column's values come back in the new column of that name, a struct keeps its dropped field,
#   and a name that is only new is an error. pyiceberg and Polars read the same tables right.
# Versions: pyiceberg 0.12.0, pyiceberg-core 0.11.0, datafusion 54.0.0, Polars 2.1.0.
# Why it matters: a value that was removed from a table for a reason (a dropped column of private data) shows up
#   under a name that the table has, with no error.
set -euo pipefail
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet --disable-pip-version-check \
  "pyiceberg[pyarrow,sql-sqlite]==0.12.0" pyiceberg-core==0.11.0 datafusion==54.0.0 polars==2.1.0
"$folder/python/bin/python" -W ignore - "$folder" <<'PYTHON'
import sys

import polars
import pyarrow as pa
from datafusion import SessionContext
from pyiceberg.catalog.sql import SqlCatalog
from pyiceberg.types import StringType

folder = sys.argv[1]
catalog = SqlCatalog("local", uri=f"sqlite:///{folder}/catalog.db", warehouse=f"file://{folder}")
catalog.create_namespace("db")


def changed(name, rows, *changes):
    """A table of these rows whose schema is then changed, one commit a change."""
    data = pa.Table.from_pylist(rows)
    table = catalog.create_table(f"db.{name}", schema=data.schema)
    table.append(data)
    for change in changes:
        with table.update_schema() as schema:
            change(schema)
    return catalog.load_table(f"db.{name}")


def by_datafusion(table):
    context = SessionContext()
    context.register_table("t", table)
    try:
        return context.sql("SELECT * FROM t").to_arrow_table().to_pylist()
    except Exception as error:
        return str(error).partition(" => ")[2].partition(". ")[0]


tables = {
    "two names exchanged": changed(
        "exchanged",
        [{"country": "fr", "language": "de"}],
        lambda schema: schema.rename_column("country", "passing"),
        lambda schema: schema.rename_column("language", "country"),
        lambda schema: schema.rename_column("passing", "language"),
    ),
    "dropped and added anew": changed(
        "anew",
        [{"id": 1, "note": "to be forgotten"}],
        lambda schema: schema.delete_column("note"),
        lambda schema: schema.add_column("note", StringType()),
    ),
    "field of a struct dropped": changed(
        "struct",
        [{"user": {"id": 1, "note": "to be forgotten"}}],
        lambda schema: schema.delete_column(("user", "note")),
    ),
    "renamed": changed(
        "renamed", [{"id": 1}], lambda schema: schema.rename_column("id", "number")
    ),
}
expected = {
    "two names exchanged": (
        {"language": "fr", "country": "de"},
        [{"language": "de", "country": "fr"}],
    ),
    "dropped and added anew": (
        {"id": 1, "note": None},
        [{"id": 1, "note": "to be forgotten"}],
    ),
    "field of a struct dropped": (
        {"user": {"id": 1}},
        [{"user": {"id": 1, "note": "to be forgotten"}}],
    ),
    "renamed": ({"number": 1}, "Column number not found in table"),
}
changed_behaviour = []
for name, table in tables.items():
    right, guessed_wrong = expected[name]
    arrow = table.scan().to_arrow().to_pylist()
    native = polars.scan_iceberg(table, reader_override="native").collect().to_dicts()
    datafusion = by_datafusion(table)
    print(f"{name}:\n  pyiceberg   {arrow}\n  Polars      {native}\n  DataFusion  {datafusion}")
    if arrow != [right] or native != [right] or datafusion != guessed_wrong:
        changed_behaviour.append(name)
sys.exit(f"no longer so: {', '.join(changed_behaviour)}" if changed_behaviour else 0)
PYTHON
