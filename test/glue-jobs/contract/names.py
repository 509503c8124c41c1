"""Names of columns from paths of fields."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Sequence

from .values import Path

RESERVED = (
    "platform",
    "utc_timestamp",
    "local_timestamp",
    "sent_at",
    "received_at",
    "original_timestamp",
    "year",
    "month",
    "date",
)
LONGEST = 255


def column_name(path: Path) -> str:
    """The name that a path has by itself, whatever else is there."""
    name = "_".join(part for part in map(snake_case, path) if part)
    return _cut(name or f"_{_digest(path)[:6]}", path)


def sibling_name(first: str, kind: str, path: Path) -> str:
    """The name of the column for values of another kind than the path's first column takes."""
    return _cut(f"{first}__{kind}", path)


def _cut(name: str, path: Path) -> str:
    return name if len(name) <= LONGEST else _suffixed(name, path, 6)


def snake_case(part: str) -> str:
    """One part of a path: small ASCII letters, digits and underscores, or nothing at all."""
    broken = "".join(f"_{c}" if _breaks(part, i) else c for i, c in enumerate(part))
    letters = unicodedata.normalize("NFKD", broken)
    plain = "".join(c for c in letters if not unicodedata.category(c).startswith("M"))
    return re.sub("[^a-z0-9_]+", "_", plain.casefold()).strip("_")


def _breaks(part: str, at: int) -> bool:
    before, letter, after = (unicodedata.category(c) for c in f"\n{part}\n"[at : at + 3])
    if letter != "Lu":
        return False
    return before in ("Ll", "Nd") or (before == "Lu" and after == "Ll")


def in_order(path: Path) -> tuple[str, Path]:
    """Key that sorts paths."""
    return "\x1f".join(path), path


def assign(wanted: Sequence[tuple[Path, str]], taken: Collection[str]) -> list[str]:
    """A name of its own for each wanted one, in the order given.

    Who comes first has the name as it is; the others, and those whose name is taken, get a suffix.
    The suffix has six digits of the path's hash, more where even that name is taken.
    """
    used = set(taken)
    names: dict[int, str] = {}
    for i, (_, name) in enumerate(wanted):
        if name not in used:
            names[i] = name
            used.add(name)
    for i, (path, name) in enumerate(wanted):
        if i not in names:
            tries = (_suffixed(name, path, digits) for digits in range(6, 65))
            names[i] = next(free for free in tries if free not in used)
            used.add(names[i])
    return [names[i] for i in range(len(wanted))]


def _suffixed(name: str, path: Path, digits: int) -> str:
    return f"{name[: LONGEST - 1 - digits]}_{_digest(path)[:digits]}"


def _digest(path: Path) -> str:
    return hashlib.sha256("\x1f".join(path).encode("utf-8", "surrogatepass")).hexdigest()
