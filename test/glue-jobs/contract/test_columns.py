"""The model on expectations that are written by hand: names, types and values."""

from __future__ import annotations

import pytest

from .archive import event
from .instants import nanoseconds
from .names import column_name
from .testing import DAY, EVER, after, at, held, properties, raw_columns, run
from .values import Huge, Json


@pytest.mark.parametrize(
    ("path", "name"),
    [
        (("messageId",), "message_id"),
        (("userID",), "user_id"),
        (("context", "IPAddress"), "context_ip_address"),
        (("context", "device", "adTrackingEnabled"), "context_device_ad_tracking_enabled"),
        (("context", "os", "version"), "context_os_version"),
        (("properties", "order id"), "properties_order_id"),
        (("properties", "cart.total"), "properties_cart_total"),
        (("properties", "größe"), "properties_grosse"),
        (("properties", "is-new"), "properties_is_new"),
        (("properties", "2fa"), "properties_2fa"),
        (("HTTPServer", "x-Address", "utf8String"), "http_server_x_address_utf8_string"),
        (("_metadata", "a__b", "日本", ""), "metadata_a__b"),
        (("ÀB", "ﬁne", "x²Y"), "ab_fine_x2y"),
        (("日本",), "_cf2abf"),
        (("\ud800",), "_91a681"),
        (("l" * 255,), "l" * 255),
        (("order id", "k" * 300), f"order_id_{'k' * 239}_eca5fe"),
    ],
)
def test_names(path: tuple[str, ...], name: str) -> None:
    assert column_name(path) == name


def test_one_name_for_several_paths() -> None:
    model = run(
        event(DAY, "1", **{"order id": 3}, orderId=1, order_id=2, order={"id": 4}),
        event(DAY, "2", order_id_ca13a6=5, date="x", Date="y", sent_at="z"),
    )
    assert [c.name for c in model.registry] == [
        "message_id",
        "date_99c40a",
        "date_0e8763",
        "order_id",
        "order_id_ae40de",
        "order_id_120559",
        "order_id_ca13a6b",
        "order_id_ca13a6",
        "sent_at_837701",
        "type",
    ]
    assert [c.path for c in model.registry if c.name == "order_id"] == [("order", "id")]


def test_the_registry_keeps_a_name() -> None:
    model = run(event(DAY, "1", order_id=1))
    model.run(at(after(1), event(after(1), "2", orderId=2)), *EVER)
    assert raw_columns(model) == {"order_id": "bigint", "order_id_120559": "bigint"}


@pytest.mark.parametrize(
    ("values", "expected", "cells"),
    [
        ([True, False], "boolean", ["True", "False"]),
        ([2**63 - 1, -(2**63)], "bigint", ["9223372036854775807", "-9223372036854775808"]),
        ([1, 0.5, 2**53], "double", ["1.0", "0.5", "9007199254740992.0"]),
        ([2**53 + 1, 0.5], "string", ["'9007199254740993'", "'0.5'"]),
        ([2**63, 0.5], "string", ["'9223372036854775808'", "'0.5'"]),
        ([Huge("1E+400"), [Huge("-1e400"), 1e16]], "string", ["'1E+400'", "'[-1e400,1e+16]'"]),
        ([True, 1], "string", ["'true'", "'1'"]),
        ([[], ["é,\n", {"b": None}]], "string", ["'[]'", r"""'["é,\\n",{"b":null}]'"""]),
        (["", "null", None], "string", ["''", "'null'"]),
    ],
)
def test_types_of_new_columns(values: list[Json], expected: str, cells: list[str]) -> None:
    model = run(*properties(*values))
    assert raw_columns(model) == {"a": expected}
    assert held(model, "a") == cells


@pytest.mark.parametrize(
    ("first", "later", "columns"),
    [
        ("t", [1, True, 0.5, [1]], {"a": ["'t'", "'1'", "'true'", "'0.5'", "'[1]'"]}),
        (1, [1.0, True, 2], {"a": ["1", "2"], "a__double": ["1.0"], "a__boolean": ["True"]}),
        (0.5, [1, 2**53 + 1], {"a": ["0.5", "1.0"], "a__bigint": ["9007199254740993"]}),
        (True, [0, "x", [], 2**63], {
            "a": ["True"],
            "a__bigint": ["0"],
            "a__string": ["'x'", "'[]'", "'9223372036854775808'"],
        }),
        (1, [{"b": 2}, {}, None], {"a": ["1"], "a_b": ["2"]}),
    ],
)  # fmt: skip
def test_later_values_of_a_column(
    first: Json, later: list[Json], columns: dict[str, list[str]]
) -> None:
    model = run(*properties(first))
    model.run(at(after(1), *properties(*later, day=after(1))), *EVER)
    assert {name: held(model, name) for name in raw_columns(model)} == columns


def test_siblings_have_names_of_their_own() -> None:
    model = run(event(DAY, "1", thing=1, thing__string=2, sentAt="soon", receivedAt=5))
    model.run(
        at(after(1), event(after(1), "2", thing="x"), event(after(1), "3", thing=True)), *EVER
    )
    assert [c.name for c in model.registry] == [
        "message_id",
        "thing",
        "thing__string",
        "type",
        "received_at__bigint",
        "sent_at__string",
        "thing__boolean",
        "thing__string_5de94d",
    ]
    assert held(model, "sent_at__string") == ["'soon'"]
    assert held(model, "sent_at") == ["1773144000000000"] * 2


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("1970-01-01T00:00Z", 0),
        ("1970-01-01T00:00:01.5-00", 1_500_000_000),
        ("1970-01-01T05:30:00.000000001+0530", 1),
        ("1969-12-31T16:00:00-08:00", 0),
        ("1969-12-31T23:59:59.999999999Z", -1),
    ],
)
def test_instants(text: str, expected: int) -> None:
    assert nanoseconds(text) == expected
