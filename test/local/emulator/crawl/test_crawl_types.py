"""The catalog's types: reading, writing and merging them."""

from __future__ import annotations

import pytest
from emulator.crawl.hive_types import (
    UNKNOWN,
    Array,
    GlueType,
    Primitive,
    Struct,
    add_new_fields,
    merge,
    parse,
)


@pytest.mark.parametrize(
    "text",
    [
        "string",
        "decimal(10,2)",
        "varchar(20)",
        "array<string>",
        "map<string,array<int>>",
        "struct<a:int,B:struct<c:array<struct<d:double>>>,e:decimal(5,1)>",
        "struct<a b:string,cart.total:double,is-new:boolean,größe:int>",
        "struct<a:b:string,x,y:int,z:array<int>>",
        "array<struct<k:map<string,struct<v:int>>>>",
    ],
)
def test_a_type_is_printed_as_it_was_read(text: str) -> None:
    assert str(parse(text)) == text
    assert not isinstance(parse(text), Primitive) or "<" not in text


def test_names_with_colons_and_commas_are_kept_whole() -> None:
    assert parse("struct<a:b:string,x,y:int>") == Struct(
        {"a:b": Primitive("string"), "x,y": Primitive("int")}
    )


@pytest.mark.parametrize("text", ["struct<a:int", "uniontype<int,string>", "array<>", "a b", ""])
def test_what_is_no_type_stays_as_it_is(text: str) -> None:
    assert parse(text) == Primitive(text)


def test_a_long_type_that_cannot_be_read_takes_no_time() -> None:
    fields = ",".join(f"field{number}:int" for number in range(500))
    text = f"struct<{fields},last:uniontype<int,string>>"
    assert parse(text) == Primitive(text)


@pytest.mark.parametrize(
    ("left", "right", "merged"),
    [
        ("int", "int", "int"),
        ("int", "bigint", "bigint"),
        ("bigint", "double", "double"),
        ("smallint", "float", "float"),
        ("int", "float", "double"),
        ("int", "string", "string"),
        ("boolean", "int", "string"),
        ("date", "timestamp", "string"),
        ("decimal(5,1)", "decimal(7,1)", "string"),
        ("array<int>", "array<string>", "array<string>"),
        ("array<int>", "int", "string"),
        ("struct<a:int>", "array<int>", "string"),
        ("struct<a:int,b:string>", "struct<b:int,c:boolean>", "struct<a:int,b:string,c:boolean>"),
        ("struct<a:struct<b:int>>", "struct<a:struct<b:double>>", "struct<a:struct<b:double>>"),
        ("map<string,int>", "map<string,bigint>", "map<string,bigint>"),
    ],
)
def test_merge(left: str, right: str, merged: str) -> None:
    assert str(merge(parse(left), parse(right))) == merged
    if "struct<a:int,b" not in left:
        assert str(merge(parse(right), parse(left))) == merged


def test_names_that_differ_by_case_are_one_field_as_first_spelled() -> None:
    merged = merge(parse("struct<userId:int>"), parse("struct<userID:string,USERID:string>"))
    assert str(merged) == "struct<userId:string>"


@pytest.mark.parametrize("type_", [Primitive("int"), Array(Primitive("int")), Struct({})])
def test_nulls_say_nothing(type_: GlueType) -> None:
    assert merge(UNKNOWN, type_) == merge(type_, UNKNOWN) == type_


def test_what_was_never_seen_filled_is_text() -> None:
    assert str(UNKNOWN) == "string"
    assert str(Struct()) == "string"
    assert str(Struct({"a": Struct(), "b": Array(UNKNOWN)})) == "struct<a:string,b:array<string>>"


@pytest.mark.parametrize(
    ("known", "seen", "result"),
    [
        ("int", "string", "int"),
        ("struct<a:int>", "struct<A:string,b:int>", "struct<a:int,b:int>"),
        ("array<struct<a:int>>", "array<struct<b:int>>", "array<struct<a:int,b:int>>"),
        ("string", "struct<a:int>", "string"),
    ],
)
def test_new_fields_are_added_and_known_ones_keep_their_type(
    known: str, seen: str, result: str
) -> None:
    assert str(add_new_fields(parse(known), parse(seen))) == result
