"""Column names, by the table and the collision rule of the data contract."""

from __future__ import annotations

import hashlib
import random
from collections.abc import Collection, Iterable

import pytest
from mobile_events.rows.names import Path, assign, column_name, in_order


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
        (("properties", "GRÖẞE"), "properties_grosse"),
        (("properties", "is-new"), "properties_is_new"),
        (("properties", "2fa"), "properties_2fa"),
        (("properties", "__proto__"), "properties_proto"),
        (("properties", "a__b"), "properties_a__b"),
        (("properties", "iOS14Build"), "properties_i_os14_build"),
        (("properties", "\uff46ull"), "properties_full"),
        (("properties", "éÉa"), "properties_e_ea"),
        (("properties", "🙂"), "properties"),
        (("properties", "价格", "usd"), "properties_usd"),
    ],
)
def test_name_of_a_path(path: Path, name: str) -> None:
    assert column_name(path) == name


def names_of(paths: Iterable[Path], taken: Collection[str]) -> dict[Path, str]:
    """Names as the registry gives them to new paths."""
    ordered = sorted(paths, key=in_order)
    names = assign([(path, column_name(path)) for path in ordered], taken)
    return dict(zip(ordered, names, strict=True))


def suffix(path: Path) -> str:
    return hashlib.sha256("\x1f".join(path).encode()).hexdigest()[:6]


def test_first_in_code_point_order_keeps_a_shared_name() -> None:
    paths = [("properties", "price"), ("properties", "Price"), ("properties", "PRICE")]
    names = names_of(paths, ())
    assert names == {
        ("properties", "PRICE"): "properties_price",
        ("properties", "Price"): f"properties_price_{suffix(paths[1])}",
        ("properties", "price"): f"properties_price_{suffix(paths[0])}",
    }
    assert names_of(reversed(paths), ()) == names


def test_nested_and_flat_paths_can_share_a_name() -> None:
    paths = [("a", "b_c"), ("a", "b", "c"), ("a_b_c",)]
    names = names_of(paths, ())
    assert names[("a", "b", "c")] == "a_b_c"
    assert names[("a", "b_c")] == f"a_b_c_{suffix(paths[0])}"
    assert names[("a_b_c",)] == f"a_b_c_{suffix(paths[2])}"


def test_names_of_the_pipeline_itself_are_never_given() -> None:
    names = names_of([("platform",), ("Date",)], ("platform", "date"))
    assert names == {
        ("platform",): f"platform_{suffix(('platform',))}",
        ("Date",): f"date_{suffix(('Date',))}",
    }


def test_path_without_a_usable_character_is_named_by_its_digest() -> None:
    assert names_of([("🙂",)], ()) == {("🙂",): f"_{suffix(('🙂',))}"}


def test_name_that_looks_like_a_suffixed_one_is_left_to_its_own_path() -> None:
    taken = ("x", f"a_{suffix(('x', 'A'))}")
    plain = ("x", "a"), ("x", "A")
    names = names_of([*plain, taken], ())
    assert names[taken] == f"x_a_{suffix(plain[1])}"
    assert len(set(names.values())) == 3


def test_names_never_collide() -> None:
    rng = random.Random(7)
    parts = ["a", "A", "b", "a_b", "aB", "a b", "a.b", "", "🙂", "é", "e", "date"]
    paths = {tuple(rng.choices(parts, k=rng.randrange(1, 4))) for _ in range(2000)}
    names = names_of(paths, ("date",))
    assert set(names) == paths
    assert len(set(names.values())) == len(paths)
    assert "date" not in names.values()
