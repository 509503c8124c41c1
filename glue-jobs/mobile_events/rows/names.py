"""Column names: how the path of a field in a raw event becomes the name of a column."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable

Path = tuple[str, ...]
"""Keys from the top of an event down to a field, as they were sent."""

SEPARATOR = "\x1f"
MOST_CHARACTERS = 255
"""Of a column's name in the Data Catalog (AWS Glue API, "Column structure")."""

_OTHERS = re.compile(r"[^a-z0-9_]+")
_category = unicodedata.category


def snake_case(part: str) -> str:
    """One part of a path in snake_case; empty if nothing in it can stand in a name.

    >>> snake_case("IPAddress"), snake_case("is-new"), snake_case("größe")
    ('ip_address', 'is_new', 'grosse')
    """
    broken = "".join("_" + c if _is_break(part, i) else c for i, c in enumerate(part))
    plain = (c for c in unicodedata.normalize("NFKD", broken) if _category(c)[0] != "M")
    return _OTHERS.sub("_", "".join(plain).casefold()).strip("_")


def _is_break(part: str, index: int) -> bool:
    """Whether a word starts with the capital at `index`."""
    if index == 0 or _category(part[index]) != "Lu":
        return False
    before = _category(part[index - 1])
    after = _category(part[index + 1]) if index + 1 < len(part) else ""
    return before in ("Ll", "Nd") or (before == "Lu" and after == "Ll")


def in_order(path: Path) -> tuple[str, Path]:
    """What paths are sorted by: code points, the parts joined by U+001F."""
    return SEPARATOR.join(path), path


def column_name(path: Path) -> str:
    """The name that a path has when no other path has the same one."""
    return limited("_".join(filter(None, map(snake_case, path))), path)


def limited(name: str, path: Path) -> str:
    """The name; an empty one and one that is too long get digits of the path's hash."""
    return name if 0 < len(name) <= MOST_CHARACTERS else _with_digits(name, path, 6)


def assign(wanted: Iterable[tuple[Path, str]], taken: Collection[str]) -> list[str]:
    """A name for each wanted one, in their order, no two alike and none of them in `taken`.

    The first that wants a name has it; the others get `_` and the first six hex digits of the
    SHA-256 of the path (parts joined by U+001F), or more digits where even those are taken.
    """
    used = set(taken)
    names: list[str | None] = []
    both = list(wanted)
    # Plain names first: a suffix never takes the name that another path has by itself.
    for _, name in both:
        names.append(None if name in used else name)
        used.add(name)
    for place, (path, name) in enumerate(both):
        if names[place] is None:
            names[place] = _free(name, path, used)
            used.add(names[place] or "")
    return [name for name in names if name is not None]


def _free(name: str, path: Path, used: Collection[str]) -> str:
    tries = (_with_digits(name, path, digits) for digits in range(6, 65))
    return next(free for free in tries if free not in used)


def _with_digits(name: str, path: Path, digits: int) -> str:
    digest = hashlib.sha256(SEPARATOR.join(path).encode("utf-8", "surrogatepass")).hexdigest()
    return f"{name[: MOST_CHARACTERS - 1 - digits]}_{digest[:digits]}"
