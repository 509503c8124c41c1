"""The catalog's column types: a small model with parsing, printing and the crawler's merge rules.

Types are written as Hive writes them: `bigint`, `array<string>`, `struct<name:type,…>`,
`map<string,int>`. Field names stand unquoted and may hold anything (spaces, dots, colons).
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from functools import reduce


@dataclass(frozen=True)
class Primitive:
    """A type without parts, by its Hive name."""

    name: str

    def __str__(self) -> str:
        return self.name


@dataclass(frozen=True)
class Unknown:
    """Nothing but nulls was seen."""

    def __str__(self) -> str:
        return STRING.name


@dataclass(frozen=True)
class Array:
    element: GlueType

    def __str__(self) -> str:
        return f"array<{self.element}>"


@dataclass(frozen=True)
class Map:
    key: GlueType
    value: GlueType

    def __str__(self) -> str:
        return f"map<{self.key},{self.value}>"


@dataclass(frozen=True)
class Struct:
    """Fields in the order in which they were first seen, with the case first seen."""

    fields: Mapping[str, GlueType] = field(default_factory=dict)

    def __str__(self) -> str:
        # Athena refuses `struct<>`, so an object that was always empty is text.
        if not self.fields:
            return STRING.name
        return f"struct<{','.join(f'{name}:{type_}' for name, type_ in self.fields.items())}>"

    def spelling_of(self, name: str) -> str | None:
        """The name of the field that `name` means, whatever its case; None if there is none."""
        if name in self.fields:
            return name
        lower = name.lower()
        return next((known for known in self.fields if known.lower() == lower), None)


GlueType = Primitive | Unknown | Array | Map | Struct

STRING = Primitive("string")
BOOLEAN = Primitive("boolean")
INT = Primitive("int")
BIGINT = Primitive("bigint")
DOUBLE = Primitive("double")
UNKNOWN = Unknown()

# Each widens to those after it without losing values; double stands for every wider number.
_NUMBERS = ("tinyint", "smallint", "int", "bigint", "float", "double")


def merge(left: GlueType, right: GlueType) -> GlueType:
    """The one type that holds both: numbers widen, structs unite, what conflicts is a string."""
    if left is right or left == right or isinstance(right, Unknown):
        return left
    if isinstance(left, Unknown):
        return right
    if isinstance(left, Struct) and isinstance(right, Struct):
        return _merge_structs(left, right)
    if isinstance(left, Array) and isinstance(right, Array):
        return Array(merge(left.element, right.element))
    if isinstance(left, Map) and isinstance(right, Map):
        return Map(merge(left.key, right.key), merge(left.value, right.value))
    if isinstance(left, Primitive) and isinstance(right, Primitive):
        return _merge_primitives(left, right)
    return STRING


def merge_all(schemas: Iterable[Struct]) -> Struct:
    return reduce(_merge_structs, schemas, Struct())


def _merge_structs(left: Struct, right: Struct) -> Struct:
    fields = dict(left.fields)
    for name, type_ in right.fields.items():
        known = left.spelling_of(name)
        if known is None:
            fields[name] = type_
        else:
            fields[known] = merge(fields[known], type_)
    return Struct(fields)


def _merge_primitives(left: Primitive, right: Primitive) -> GlueType:
    if left.name not in _NUMBERS or right.name not in _NUMBERS:
        return STRING
    narrow, wide = sorted((left.name, right.name), key=_NUMBERS.index)
    if wide == "float" and narrow in ("int", "bigint"):
        return DOUBLE
    return Primitive(wide)


def add_new_fields(known: GlueType, seen: GlueType) -> GlueType:
    """`known` with the fields that only `seen` has; what is known keeps its type.

    The rule of MergeNewColumns (AWS Glue guide, "Setting crawler configuration options").
    """
    if isinstance(known, Array) and isinstance(seen, Array):
        return Array(add_new_fields(known.element, seen.element))
    if isinstance(known, Map) and isinstance(seen, Map):
        return Map(known.key, add_new_fields(known.value, seen.value))
    if not isinstance(known, Struct) or not isinstance(seen, Struct):
        return known
    fields = dict(known.fields)
    for name, type_ in seen.fields.items():
        spelling = known.spelling_of(name)
        fields[spelling or name] = add_new_fields(fields[spelling], type_) if spelling else type_
    return Struct(fields)


def parse(text: str) -> GlueType:
    """The type that `text` spells. One that can't be read stays as it is, as a primitive."""
    try:
        type_, end = _parse_type(text, 0)
    except _UnreadableTypeError:
        return Primitive(text)
    return type_ if end == len(text) else Primitive(text)


class _UnreadableTypeError(Exception):
    """The text isn't a type that the crawler knows."""


_PRIMITIVE = re.compile(r"\w+(\([\d, ]+\))?(?=[,>]|$)")
# A field's name may hold colons: it ends at the first one with a type behind it.
_FIELD = re.compile(r"(.*?):(?=array<|map<|struct<|\w+(?:\([\d, ]+\))?[,>])", re.DOTALL)


def _parse_type(text: str, start: int) -> tuple[GlueType, int]:
    for opening, parse_parts in _CONTAINERS.items():
        if text.startswith(opening, start):
            return parse_parts(text, start + len(opening))
    word = _PRIMITIVE.match(text, start)
    if word is None:
        raise _UnreadableTypeError
    return Primitive(word.group()), word.end()


def _parse_array(text: str, start: int) -> tuple[GlueType, int]:
    element, end = _parse_type(text, start)
    return Array(element), _skip(text, end, ">")


def _parse_map(text: str, start: int) -> tuple[GlueType, int]:
    key, end = _parse_type(text, start)
    value, end = _parse_type(text, _skip(text, end, ","))
    return Map(key, value), _skip(text, end, ">")


def _parse_struct(text: str, start: int) -> tuple[GlueType, int]:
    fields: dict[str, GlueType] = {}
    end = start
    while name := _FIELD.match(text, end):
        fields[name.group(1)], end = _parse_type(text, name.end())
        if not text.startswith(",", end):
            break
        end += 1
    return Struct(fields), _skip(text, end, ">")


def _skip(text: str, start: int, mark: str) -> int:
    if not text.startswith(mark, start):
        raise _UnreadableTypeError
    return start + 1


_CONTAINERS = {"array<": _parse_array, "map<": _parse_map, "struct<": _parse_struct}
