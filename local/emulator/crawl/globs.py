"""Exclude patterns of an S3 target (AWS Glue guide, "Include and exclude patterns").

`*` and `?` stay within a folder, `**` crosses folders, `[a-z]` and `[!a]` are sets, `{a,b}` are
alternatives, `\\` escapes. A pattern matches a whole path, relative to the target.
"""

from __future__ import annotations

import re
from collections.abc import Iterable


class Exclusions:
    """The exclude patterns of one target."""

    def __init__(self, patterns: Iterable[str]) -> None:
        self._whole = [re.compile(_translate(pattern), re.DOTALL) for pattern in patterns]
        self._subtrees = [
            re.compile(_translate(pattern), re.DOTALL)
            for pattern in patterns
            if pattern.endswith("**")
        ]

    def excludes(self, path: str) -> bool:
        return any(pattern.fullmatch(path) for pattern in self._whole)

    def excludes_all_below(self, folder: str) -> bool:
        """Whether nothing below `folder` (with its final slash) can be left."""
        return any(pattern.fullmatch(folder) for pattern in self._subtrees)


_TOKEN = re.compile(
    r"""(?P<deep>\*\*+) | (?P<any>\*) | (?P<one>\?) | \\(?P<escaped>.)
      | \[(?P<negated>!?)(?P<set>[^\]]+)\] | (?P<open>\{) | (?P<close>\}) | (?P<comma>,)
      | (?P<other>.)""",
    re.VERBOSE | re.DOTALL,
)


def _translate(pattern: str) -> str:
    """The regular expression of a glob pattern."""
    parts: list[str] = []
    in_group = False
    for token in _TOKEN.finditer(pattern):
        kind = token.lastgroup
        if kind == "open" and not in_group:
            in_group = True
            parts.append("(?:")
        elif kind == "close" and in_group:
            in_group = False
            parts.append(")")
        elif kind == "comma" and in_group:
            parts.append("|")
        elif kind == "set":
            parts.append(_translate_set(token["set"], negated=bool(token["negated"])))
        elif kind in _WILDCARDS:
            parts.append(_WILDCARDS[kind])
        else:
            parts.append(re.escape(token["escaped"] or token.group()))
    if in_group:
        raise ValueError(f"exclusion {pattern!r}: a '{{' is never closed; escape it as '\\{{'")
    return "".join(parts)


_WILDCARDS = {"deep": ".*", "any": "[^/]*", "one": "[^/]"}


def _translate_set(members: str, *, negated: bool) -> str:
    escaped = re.sub(r"([\\\[\]^&~|])", r"\\\1", members)
    return f"(?!/)[{'^' if negated else ''}{escaped}]"
