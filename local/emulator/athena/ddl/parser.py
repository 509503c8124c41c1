"""Reads statements that define something, by the grammar of the Athena guide's "DDL statements"."""

from __future__ import annotations

from collections.abc import Callable

from emulator.athena.catalog import Column
from emulator.athena.ddl.commands import (
    AddPartitions,
    ChangeColumns,
    Command,
    CreateDatabase,
    CreateTable,
    CreateView,
    DropDatabase,
    DropPartitions,
    DropTable,
    PartitionSpec,
    RenamePartition,
    RepairTable,
    RowFormat,
    SetLocation,
    SetProperties,
)
from emulator.athena.errors import QueryFailedError, not_supported
from emulator.athena.sql.cursor import Cursor

LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
_DELIMITERS = {
    ("FIELDS", "TERMINATED", "BY"): "field.delim",
    ("ESCAPED", "BY"): "escape.delim",
    ("COLLECTION", "ITEMS", "TERMINATED", "BY"): "collection.delim",
    ("MAP", "KEYS", "TERMINATED", "BY"): "mapkey.delim",
    ("LINES", "TERMINATED", "BY"): "line.delim",
    ("NULL", "DEFINED", "AS"): "serialization.null.format",
}
_OPERATORS = ("=", "<>", "!=", "<=", ">=", "<", ">")


def parse_ddl(sql: str) -> tuple[str, Command] | None:
    """Substatement and command; None for a statement of another kind. A name's database is empty
    where the statement names none.

    Raises ApiError for what isn't in the grammar, QueryFailedError for what isn't here.
    """
    cursor = Cursor(sql)
    for words, read in _STATEMENTS.items():
        if cursor.at(*words):
            return read(cursor)
    return None


def _create_table(cursor: Cursor) -> tuple[str, Command]:
    cursor.expect("CREATE")
    if not cursor.accept("EXTERNAL"):
        raise not_supported("CREATE TABLE of an Iceberg table")
    cursor.expect("TABLE")
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    name = cursor.qualified()
    columns = cursor.listed(lambda: _column(cursor))
    comment = cursor.string() if cursor.accept("COMMENT") else None
    keys = cursor.listed(lambda: _column(cursor)) if cursor.accept("PARTITIONED", "BY") else []
    if cursor.at("CLUSTERED", "BY"):
        raise not_supported("CLUSTERED BY")
    row_format = _row_format(cursor)
    if cursor.accept("LOCATION"):
        location = cursor.string()
    else:
        raise QueryFailedError("GENERIC_USER_ERROR", f"No location was specified for {name[1]}")
    properties = cursor.pairs() if cursor.accept("TBLPROPERTIES") else {}
    cursor.end()
    return "CREATE_TABLE", CreateTable(
        name, if_not_exists, columns, keys, comment, row_format, location, properties
    )


def _column(cursor: Cursor) -> Column:
    name, type_ = cursor.name(), cursor.type()
    return Column(name, type_, cursor.string() if cursor.accept("COMMENT") else "")


def _row_format(cursor: Cursor) -> RowFormat:
    serde, parameters = "", {}
    if cursor.accept("ROW", "FORMAT", "SERDE"):
        serde = cursor.string()
    elif cursor.accept("ROW", "FORMAT", "DELIMITED"):
        serde = LAZY
        parameters = _delimiters(cursor)
    if cursor.accept("WITH", "SERDEPROPERTIES"):
        parameters |= cursor.pairs()
    if not cursor.accept("STORED", "AS"):
        return RowFormat(serde, parameters, "TEXTFILE")
    if not cursor.accept("INPUTFORMAT"):
        return RowFormat(serde, parameters, cursor.name().upper())
    input_format = cursor.string()
    cursor.expect("OUTPUTFORMAT")
    return RowFormat(serde, parameters, "", input_format, cursor.string())


def _delimiters(cursor: Cursor) -> dict[str, str]:
    found: dict[str, str] = {}
    while words := next((words for words in _DELIMITERS if cursor.accept(*words)), None):
        found[_DELIMITERS[words]] = cursor.string()
    if "field.delim" in found:
        found["serialization.format"] = found["field.delim"]
    return found


def _drop_table(cursor: Cursor) -> tuple[str, Command]:
    cursor.expect("DROP")
    is_view = cursor.accept("VIEW")
    if not is_view:
        cursor.expect("TABLE")
    if_exists = cursor.accept("IF", "EXISTS")
    name = cursor.qualified()
    cursor.accept("PURGE")
    cursor.end()
    return ("DROP_VIEW" if is_view else "DROP_TABLE"), DropTable(name, if_exists, is_view)


def _create_database(cursor: Cursor) -> tuple[str, Command]:
    cursor.expect("CREATE")
    _database_word(cursor)
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    name = cursor.qualified()[1]
    comment = cursor.string() if cursor.accept("COMMENT") else None
    location = cursor.string() if cursor.accept("LOCATION") else None
    properties = cursor.pairs() if cursor.accept("WITH", "DBPROPERTIES") else {}
    cursor.end()
    return "CREATE_DATABASE", CreateDatabase(name, if_not_exists, comment, location, properties)


def _drop_database(cursor: Cursor) -> tuple[str, Command]:
    cursor.expect("DROP")
    _database_word(cursor)
    if_exists = cursor.accept("IF", "EXISTS")
    name = cursor.qualified()[1]
    cascade = cursor.accept("CASCADE")
    if not cascade:
        cursor.accept("RESTRICT")
    cursor.end()
    return "DROP_DATABASE", DropDatabase(name, if_exists, cascade)


def _database_word(cursor: Cursor) -> None:
    if not cursor.accept("DATABASE"):
        cursor.expect("SCHEMA")


def _repair(cursor: Cursor) -> tuple[str, Command]:
    cursor.expect("MSCK", "REPAIR", "TABLE")
    table = cursor.qualified()
    cursor.end()
    return "MSCK", RepairTable(table)


def _create_view(cursor: Cursor) -> tuple[str, Command]:
    cursor = Cursor(cursor.sql, "trino")
    cursor.expect("CREATE")
    replace = cursor.accept("OR", "REPLACE")
    cursor.expect("VIEW")
    name = cursor.qualified()
    cursor.expect("AS")
    return "CREATE_VIEW", CreateView(name, replace, cursor.rest())


def _alter(cursor: Cursor) -> tuple[str, Command]:
    cursor.expect("ALTER", "TABLE")
    command = _alteration(cursor, cursor.qualified())
    cursor.end()
    return "ALTER_TABLE", command


def _alteration(cursor: Cursor, table: tuple[str, str]) -> Command:
    if cursor.accept("ADD", "COLUMNS"):
        return ChangeColumns(table, cursor.listed(lambda: _column(cursor)), replace=False)
    if cursor.accept("REPLACE", "COLUMNS"):
        return ChangeColumns(table, cursor.listed(lambda: _column(cursor)), replace=True)
    if cursor.accept("ADD"):
        return _add_partitions(cursor, table)
    if cursor.accept("DROP"):
        if_exists = cursor.accept("IF", "EXISTS")
        specs = [_partition(cursor)]
        while cursor.accept(","):
            specs.append(_partition(cursor))
        return DropPartitions(table, if_exists, specs)
    if cursor.accept("SET", "LOCATION"):
        return SetLocation(table, None, cursor.string())
    if cursor.accept("SET", "TBLPROPERTIES"):
        return SetProperties(table, cursor.pairs())
    if not cursor.at("PARTITION"):
        raise cursor.mismatched("ADD, DROP, REPLACE, SET or PARTITION")
    spec = _partition(cursor)
    if cursor.accept("SET", "LOCATION"):
        return SetLocation(table, spec, cursor.string())
    cursor.expect("RENAME", "TO")
    return RenamePartition(table, spec, _partition(cursor))


def _add_partitions(cursor: Cursor, table: tuple[str, str]) -> AddPartitions:
    if_not_exists = cursor.accept("IF", "NOT", "EXISTS")
    found: list[tuple[PartitionSpec, str | None]] = []
    while not found or cursor.at("PARTITION"):
        spec = _partition(cursor)
        found.append((spec, cursor.string() if cursor.accept("LOCATION") else None))
        cursor.accept(",")
    return AddPartitions(table, if_not_exists, found)


def _partition(cursor: Cursor) -> PartitionSpec:
    cursor.expect("PARTITION")

    def condition() -> tuple[str, str, str]:
        key = cursor.name()
        operator = next((sign for sign in _OPERATORS if cursor.accept(sign)), None)
        if operator is None:
            raise cursor.mismatched("=")
        return key, operator, cursor.literal()

    return cursor.listed(condition)


_STATEMENTS: dict[tuple[str, ...], Callable[[Cursor], tuple[str, Command]]] = {
    ("CREATE", "EXTERNAL"): _create_table,
    ("DROP", "TABLE"): _drop_table,
    ("DROP", "VIEW"): _drop_table,
    ("CREATE", "DATABASE"): _create_database,
    ("CREATE", "SCHEMA"): _create_database,
    ("DROP", "DATABASE"): _drop_database,
    ("DROP", "SCHEMA"): _drop_database,
    ("MSCK",): _repair,
    ("CREATE", "OR", "REPLACE", "VIEW"): _create_view,
    ("CREATE", "VIEW"): _create_view,
    ("ALTER", "TABLE"): _alter,
}
