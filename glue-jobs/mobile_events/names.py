"""Column names: how the path of a field in a raw event becomes the name of a column."""

from __future__ import annotations

import hashlib
import re
import unicodedata
from collections.abc import Collection, Iterable, Mapping

Path = tuple[str, ...]
"""Keys from the top of an event down to a field, as they were sent."""

SEPARATOR = "\x1f"
_OTHERS = re.compile(r"[^a-z0-9_]+")


def snake_case(part: str) -> str:
    """One part of a path in snake_case; empty if nothing in it can stand in a name.

    >>> snake_case("IPAddress"), snake_case("is-new"), snake_case("größe")
    ('ip_address', 'is_new', 'grosse')
    """
    broken = "".join("_" + c if _is_break(part, i) else c for i, c in enumerate(part))
    plain = "".join(
        c for c in unicodedata.normalize("NFKD", broken) if not unicodedata.combining(c)
    )
    return _OTHERS.sub("_", plain.casefold()).strip("_")


def _is_break(part: str, index: int) -> bool:
    """Whether a word starts with the capital at `index`."""
    if index == 0 or not part[index].isupper():
        return False
    before, after = part[index - 1], part[index + 1 : index + 2]
    return before.islower() or before.isdigit() or (before.isupper() and after.islower())


def column_name(path: Path) -> str:
    """The name that a path has when no other path has the same one."""
    return "_".join(filter(None, map(snake_case, path)))


def column_names(paths: Iterable[Path], reserved: Collection[str]) -> Mapping[Path, str]:
    """A name for each path, no two alike and none of them in `reserved`.

    Of paths with one name the first in code-point order keeps it; the others get `_` and the first
    six hex digits of the SHA-256 of the path (parts joined by U+001F), or more digits where even
    those are taken.
    """
    names: dict[Path, str] = {}
    taken = set(reserved)
    ordered = sorted(set(paths), key=SEPARATOR.join)
    # Plain names first: a suffix never takes the name that another path has by itself.
    for path in ordered:
        name = column_name(path)
        if name and name not in taken:
            taken.add(name)
            names[path] = name
    for path in ordered:
        if path not in names:
            digest = hashlib.sha256(SEPARATOR.join(path).encode("utf-8", "surrogatepass"))
            names[path] = _free_name(column_name(path), digest.hexdigest(), taken)
            taken.add(names[path])
    return names


def _free_name(base: str, digest: str, taken: Collection[str]) -> str:
    lengths = range(6, len(digest) + 1)
    return next(name for n in lengths if (name := f"{base}_{digest[:n]}") not in taken)
