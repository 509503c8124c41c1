"""What a user does in one session: a walk through the shop, from opening the app to leaving it.

Event names and properties follow Segment's "Spec: Mobile" and "Spec: V2 Ecommerce Events".
"""

from __future__ import annotations

import random
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from sample_data.people import Person

PRODUCTS = [
    # (name, category, brand, price in USD)
    ("Enamel Camp Mug", "kitchen", "Northwick", 18.0),
    ("Café Pour-Over Set", "kitchen", "Lumen & Co", 42.5),
    ('Cast Iron Skillet, 10"', "kitchen", "Forge", 39.99),
    ("Linen Apron", "kitchen", "Lumen & Co", 34.0),
    ("Trail Lantern ⛺", "outdoor", "Northwick", 54.95),
    ("Wool Blanket", "outdoor", "Heather", 119.0),
    ("Folding Stool", "outdoor", "Northwick", 27.25),
    ("Field Notes, 3-pack", "books", "Paperie", 12.95),
    ("The Tidepool Atlas", "books", "Saltmarsh", 31.0),
    ("Copper Watering Can", "garden", "Forge", 48.0),
    ("Herb Seed Box 🌿", "garden", "Greenhand", 16.5),
    ("Bonsai Shears", "garden", "Forge", 22.0),
]
SEARCHES = ["mug", "gift under $50", "blanket", "seeds", "lantern", "crème brûlée dish"]


@dataclass(frozen=True)
class Call:
    """One call to the library: Segment's `type`, the seconds since the session's start, and the
    fields that the type adds to an event (`event` and `properties`, `name`, `traits`)."""

    type: str
    at: float
    fields: dict[str, Any]


class Journey:
    """One session, drawn from `rng`; iterate over it for its calls in order of time."""

    def __init__(self, rng: random.Random, platform: str, user: Person) -> None:
        self._rng = rng
        self._platform = platform
        self._user = user
        self._clock = 0.0

    def __iter__(self) -> Iterator[Call]:
        app = self._user.context["app"]
        # The iOS app sends the build as text, the Android app as a number.
        build = app["build"] if self._platform == "ios" else int(app["build"])
        yield self._track(
            "Application Opened",
            {
                "build": build,
                "from_background": self._rng.random() < 0.6,
                "version": app["version"],
            },
        )
        if self._user.user_id is not None and self._rng.random() < 0.12:
            yield Call("identify", self._tick(2), {"traits": dict(self._user.traits)})
        yield self._screen("Home", {})
        cart: list[dict[str, Any]] = []
        for _ in range(self._rng.choices([0, 1, 2, 3, 5], weights=[12, 30, 28, 20, 10])[0]):
            yield from self._browse(cart)
        if cart:
            yield from self._check_out(cart)
        yield self._track("Application Backgrounded", {})

    def _browse(self, cart: list[dict[str, Any]]) -> Iterator[Call]:
        if self._rng.random() < 0.25:
            query = self._rng.choice(SEARCHES)
            yield self._track("Products Searched", {"query": query})
        position = self._rng.randrange(len(PRODUCTS))
        name, category, brand, price = PRODUCTS[position]
        product = {
            "product_id": f"p{1001 + position}",
            "sku": f"{category[:2].upper()}-{1001 + position}",
            "name": name,
            "category": category,
            "brand": brand,
            "price": price,
            "quantity": 1,
            "currency": "USD",
        }
        yield self._screen("Product", {"category": category})
        yield self._track("Product Viewed", {**product, "position": position + 1})
        if self._rng.random() < 0.3:
            product["quantity"] = self._rng.choice([1, 1, 1, 2, 3])
            cart.append(product)
            yield self._track("Product Added", {**product, "cart_id": self._number()})

    def _check_out(self, cart: list[dict[str, Any]]) -> Iterator[Call]:
        value = round(sum(item["price"] * item["quantity"] for item in cart), 2)
        yield self._screen("Cart", {"items": len(cart)})
        yield self._track("Cart Viewed", {"products": cart, "value": value})
        if self._rng.random() > 0.6:
            return
        order = {
            "order_id": f"R{self._number()}",
            "currency": "USD",
            "products": cart,
            "value": value,
        }
        yield self._track("Checkout Started", order)
        if self._rng.random() > 0.7:
            return
        tax = round(value * 0.0825, 2)
        shipping = 0.0 if value > 50 else 5.95
        totals = {
            "revenue": value,
            "shipping": shipping,
            "tax": tax,
            "total": round(value + tax + shipping, 2),
            "coupon": "HARBOR10" if self._rng.random() < 0.15 else None,
        }
        yield self._track("Order Completed", {**order, **totals})

    def _track(self, event: str, properties: dict[str, Any]) -> Call:
        return Call("track", self._tick(14), {"event": event, "properties": properties})

    def _screen(self, name: str, properties: dict[str, Any]) -> Call:
        return Call("screen", self._tick(3), {"name": name, "properties": properties})

    def _tick(self, mean_seconds: float) -> float:
        self._clock += 0.2 + self._rng.random() * 2 * mean_seconds
        return self._clock

    def _number(self) -> int:
        return self._rng.randrange(100_000_000, 1_000_000_000)
