"""The app's users: stable ids, one device each, a home time zone, the `context` their app sends.

Field names follow Segment's "Spec: Common Fields" and what its libraries collect: analytics-ios
has advertising fields and a carrier, analytics-kotlin has screen density, Bluetooth and userAgent.
"""

from __future__ import annotations

import random
import uuid
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

ZONES = {
    "America/New_York": 0.42,
    "America/Chicago": 0.26,
    "America/Denver": 0.09,
    "America/Los_Angeles": 0.20,
    "America/Phoenix": 0.03,
}
"""Home zones of the users and their shares."""

CITIES = {
    "America/New_York": ("Boston", "MA"),
    "America/Chicago": ("Chicago", "IL"),
    "America/Denver": ("Denver", "CO"),
    "America/Los_Angeles": ("Oakland", "CA"),
    "America/Phoenix": ("Tucson", "AZ"),
}
APP_VERSIONS = [("5.2.0", 1842), ("5.1.3", 1817), ("5.1.2", 1811), ("4.9.8", 1760)]
IPHONES = [
    ("iPhone16,1", "18.5", 393, 852),
    ("iPhone15,2", "18.4.1", 393, 852),
    ("iPhone14,5", "17.7.2", 390, 844),
    ("iPhone12,1", "17.6.1", 414, 896),
    ("iPad13,1", "17.5", 820, 1180),
]
ANDROIDS = [
    ("Google", "Pixel 8", "shiba", "15", 1080, 2400, 2.625),
    ("samsung", "SM-S921U", "e1q", "14", 1080, 2340, 3.0),
    ("samsung", "SM-A146U", "a14xm", "14", 1080, 2408, 2.0),
    ("motorola", "moto g power (2022)", "tonga", "12", 720, 1600, 1.75),
    ("OnePlus", "CPH2451", "OP594DL1", "14", 1440, 3216, 3.5),
]
CARRIERS = ["Verizon", "AT&T", "T-Mobile", "US Cellular"]
FIRST_NAMES = ["Avery", "Zoë", "Jordan", "José", "Mei", "Priya", "Sam", "Taylor", "Noor", "Liam"]
LAST_NAMES = ["Nguyen", "García", "Smith", "O'Neill", "Patel", "Müller", "Johnson", "Kim"]


@dataclass(frozen=True)
class Person:
    """One user with one device.

    `clock_skew_ms` is how far the device's clock is ahead; `traits` is empty for a user who has no
    account; `context` is what every call of the device carries, but for the network.
    """

    anonymous_id: str
    user_id: str | None
    zone: str
    clock_skew_ms: int
    carrier: str
    traits: Mapping[str, Any]
    context: Mapping[str, Any]


@lru_cache(maxsize=8192)
def person(seed: int, platform: str, index: int) -> Person:
    """The user number `index` of a platform; the same arguments give the same user."""
    rng = random.Random(f"{seed}/{platform}/{index}")
    zone = rng.choices(list(ZONES), weights=list(ZONES.values()))[0]
    traits = _traits(rng, zone, index) if rng.random() < 0.7 else {}
    common = {
        "ip": f"203.0.113.{rng.randrange(1, 255)}",
        "locale": "es-US" if rng.random() < 0.12 else "en-US",
        "timezone": zone,
    }
    return Person(
        anonymous_id=new_id(rng, platform),
        user_id=f"u{rng.getrandbits(40):010x}" if traits else None,
        zone=zone,
        clock_skew_ms=int(rng.gauss(0, 1500)) + (420_000 if rng.random() < 0.02 else 0),
        carrier=rng.choice(CARRIERS),
        traits=traits,
        context=CONTEXTS[platform](rng, common),
    )


def new_id(rng: random.Random, platform: str) -> str:
    """A random UUID as the platform's library writes it: capitals on iOS."""
    text = str(uuid.UUID(int=rng.getrandbits(128), version=4))
    return text.upper() if platform == "ios" else text


def network(platform: str, carrier: str, on_wifi: bool) -> dict[str, Any]:
    """The `context.network` object of a session."""
    if platform == "ios":
        return {"carrier": carrier, "cellular": not on_wifi, "wifi": on_wifi}
    return {"bluetooth": False, "cellular": not on_wifi, "wifi": on_wifi}


def _traits(rng: random.Random, zone: str, index: int) -> dict[str, Any]:
    first, last = rng.choice(FIRST_NAMES), rng.choice(LAST_NAMES)
    city, state = CITIES[zone]
    return {
        "address": {"city": city, "country": "US", "state": state},
        "createdAt": f"2025-{rng.randrange(1, 13):02}-{rng.randrange(1, 29):02}T17:00:00.000Z",
        "email": f"shopper{index}@example.com",
        "favoriteCategories": rng.sample(["kitchen", "outdoor", "books", "garden"], k=2),
        "marketingOptIn": rng.random() < 0.4,
        "name": f"{first} {last}",
        "plan": rng.choice(["free", "free", "free", "plus"]),
    }


def _ios_context(rng: random.Random, common: Mapping[str, Any]) -> dict[str, Any]:
    model, system, width, height = rng.choice(IPHONES)
    version, build = rng.choice(APP_VERSIONS)
    device: dict[str, Any] = {
        "adTrackingEnabled": rng.random() < 0.3,
        "id": new_id(rng, "ios"),
        "manufacturer": "Apple",
        "model": model,
        "name": "iPad" if model.startswith("iPad") else "iPhone",
        "type": "ios",
    }
    if device["adTrackingEnabled"]:
        device["advertisingId"] = new_id(rng, "ios")
    return {
        "app": _app("com.example.harborgoods", version, build),
        "device": device,
        "library": {"name": "analytics-ios", "version": "4.1.8"},
        "os": {"name": "iPadOS" if device["name"] == "iPad" else "iOS", "version": system},
        "screen": {"height": height, "width": width},
        **common,
    }


def _android_context(rng: random.Random, common: Mapping[str, Any]) -> dict[str, Any]:
    maker, model, name, system, width, height, density = rng.choice(ANDROIDS)
    version, build = rng.choice(APP_VERSIONS)
    return {
        "app": _app("com.example.harborgoods.android", version, build),
        "device": {
            "id": f"{rng.getrandbits(64):016x}",
            "manufacturer": maker,
            "model": model,
            "name": name,
            "type": "android",
        },
        "instanceId": new_id(rng, "android"),
        "library": {"name": "analytics-kotlin", "version": "1.16.3"},
        "os": {"name": "Android", "version": system},
        "screen": {"density": density, "height": height, "width": width},
        "userAgent": f"Dalvik/2.1.0 (Linux; U; Android {system}; {model})",
        **common,
    }


def _app(namespace: str, version: str, build: int) -> dict[str, str]:
    return {
        "build": str(build),
        "name": "Harbor Goods",
        "namespace": namespace,
        "version": version,
    }


CONTEXTS: Mapping[str, Callable[[random.Random, Mapping[str, Any]], dict[str, Any]]] = {
    "android": _android_context,
    "ios": _ios_context,
}
