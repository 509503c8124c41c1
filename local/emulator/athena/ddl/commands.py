"""What the statements that define something say, as plain records. Names are in small letters."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from emulator.athena.catalog import Column
from emulator.athena.sql.tables import TableName

PartitionSpec = Sequence[tuple[str, str, str]]
"""Key, operator (`=`, `<`, …), value."""


@dataclass(frozen=True)
class RowFormat:
    """How rows are read: the serde's class or, where only formats are named, their keyword."""

    serde: str
    parameters: Mapping[str, str]
    stored_as: str
    input_format: str | None = None
    output_format: str | None = None


@dataclass(frozen=True)
class CreateTable:
    name: TableName
    if_not_exists: bool
    columns: Sequence[Column]
    keys: Sequence[Column]
    comment: str | None
    format: RowFormat
    location: str
    properties: Mapping[str, str]


@dataclass(frozen=True)
class DropTable:
    name: TableName
    if_exists: bool
    is_view: bool = False


@dataclass(frozen=True)
class CreateDatabase:
    name: str
    if_not_exists: bool
    comment: str | None
    location: str | None
    properties: Mapping[str, str]


@dataclass(frozen=True)
class DropDatabase:
    name: str
    if_exists: bool
    cascade: bool


@dataclass(frozen=True)
class AddPartitions:
    """`partitions`: specification and location, None for the usual one."""

    table: TableName
    if_not_exists: bool
    partitions: Sequence[tuple[PartitionSpec, str | None]]


@dataclass(frozen=True)
class DropPartitions:
    table: TableName
    if_exists: bool
    partitions: Sequence[PartitionSpec]


@dataclass(frozen=True)
class RenamePartition:
    table: TableName
    old: PartitionSpec
    new: PartitionSpec


@dataclass(frozen=True)
class ChangeColumns:
    """ADD COLUMNS or, with `replace`, REPLACE COLUMNS."""

    table: TableName
    columns: Sequence[Column]
    replace: bool


@dataclass(frozen=True)
class SetLocation:
    table: TableName
    partition: PartitionSpec | None
    location: str


@dataclass(frozen=True)
class SetProperties:
    table: TableName
    properties: Mapping[str, str]


@dataclass(frozen=True)
class RepairTable:
    table: TableName


@dataclass(frozen=True)
class CreateView:
    """`query` is the text behind AS."""

    name: TableName
    replace: bool
    query: str


Command = (
    CreateTable
    | DropTable
    | CreateDatabase
    | DropDatabase
    | AddPartitions
    | DropPartitions
    | RenamePartition
    | ChangeColumns
    | SetLocation
    | SetProperties
    | RepairTable
    | CreateView
)
