"""Which tables a query reads, which of their columns, and which partitions it can do without."""

from __future__ import annotations

from collections.abc import Iterator, Sequence

from sqlglot import exp
from sqlglot.optimizer.scope import Scope, traverse_scope

from emulator.athena.catalog import CATALOG
from emulator.athena.errors import QueryFailedError, not_supported
from emulator.athena.sql.positions import position

TableName = tuple[str, str]
"""Database and table, in small letters."""


def read_tables(tree: exp.Query, database: str) -> dict[TableName, list[exp.Table]]:
    """Where the query reads which table; CTEs aren't among them.

    Each is made to name its database. Raises QueryFailedError for what is no table.
    """
    found: dict[TableName, list[exp.Table]] = {}
    sources = [
        source
        for scope in traverse_scope(tree)
        for _, source in scope.selected_sources.values()
        if isinstance(source, exp.Table)
    ]
    known = {id(source) for source in sources}
    others = (table for table in tree.find_all(exp.Table) if id(table) not in known)
    sources += [table for table in others if table.db or not _is_cte(table)]
    for source in sources:
        uses = found.setdefault(_name(source, database), [])
        if not any(use is source for use in uses):
            uses.append(source)
    for (schema, name), tables in found.items():
        for table in tables:
            table.set("catalog", None)
            table.set("db", _renamed(table.args.get("db"), schema))
            table.set("this", _renamed(table.this, name))
    return found


def _renamed(identifier: exp.Expr | None, name: str) -> exp.Identifier:
    """The name in place of the identifier, which keeps its position for messages."""
    renamed = exp.to_identifier(name, quoted=True)
    if identifier is not None:
        renamed.meta.update(identifier.meta)
    return renamed


def _is_cte(table: exp.Table) -> bool:
    """Whether a WITH around the table defines its name."""
    node: exp.Expr | None = table
    while node is not None:
        with_ = node.args.get("with_")
        if with_ and any(cte.alias.lower() == table.name.lower() for cte in with_.expressions):
            return True
        node = node.parent
    return False


def _name(table: exp.Table, database: str) -> TableName:
    if not isinstance(table.this, exp.Identifier):
        raise not_supported(f"{position(table)}: A table function")
    if table.catalog and table.catalog.lower() != CATALOG:
        raise QueryFailedError(
            "CATALOG_NOT_FOUND", f"{position(table)}: Catalog '{table.catalog}' not found"
        )
    schema = (table.db or database).lower()
    if "$" in table.name or schema == "information_schema":
        raise not_supported(f"{position(table)}: The table {schema}.{table.name}")
    return schema, table.name.lower()


def needed_columns(tree: exp.Query, columns: Sequence[str]) -> set[str]:
    """Those of the columns that the query may read: all at a star, else those it names."""
    if any(not isinstance(star.parent, exp.Count) for star in tree.find_all(exp.Star)):
        return set(columns)
    if any(join.args.get("method") == "NATURAL" for join in tree.find_all(exp.Join)):
        return set(columns)
    named = {identifier.name.lower() for identifier in tree.find_all(exp.Identifier)}
    return named & set(columns)


def partition_predicate(
    tree: exp.Query, uses: Sequence[exp.Table], keys: Sequence[str]
) -> exp.Expr | None:
    """A condition on partition keys alone, which every partition that matters fulfils; None if
    there is none."""
    scopes = list(traverse_scope(tree))
    per_use: list[exp.Expr] = []
    for use in uses:
        conditions = [each for scope in scopes for each in _conditions(scope, use, keys)]
        if not conditions:
            return None
        per_use.append(exp.and_(*conditions, copy=True))
    return exp.or_(*per_use, copy=True)


def _conditions(scope: Scope, use: exp.Table, keys: Sequence[str]) -> Iterator[exp.Expr]:
    """Parts of the scope's WHERE that name keys of the table and nothing else."""
    select = scope.expression
    if not isinstance(select, exp.Select):
        return
    where = select.args.get("where")
    if where is None or not _filters_rows_of(select, use):
        return
    alone = len(scope.selected_sources) == 1
    for part in where.this.flatten() if isinstance(where.this, exp.And) else [where.this]:
        columns = list(part.find_all(exp.Column))
        named = all(
            column.name.lower() in keys
            and (column.table.lower() == use.alias_or_name.lower() if column.table else alone)
            for column in columns
        )
        if columns and named and not part.find(exp.Query, exp.AggFunc, exp.Window, exp.Rand):
            bare = part.copy()
            for column in bare.find_all(exp.Column):
                column.set("table", None)
            yield bare


def _filters_rows_of(select: exp.Select, use: exp.Table) -> bool:
    """Whether a row of the table that WHERE refuses can't count: not if an outer join would then
    show nulls in its place."""
    first = select.args.get("from_")
    joins = select.args.get("joins") or []
    if any(join.side in ("RIGHT", "FULL") for join in joins):
        return False
    if first is not None and first.this is use:
        return True
    return any(join.this is use and not join.side for join in joins)
