"""Required fields of sources that aren't Segment's own JSON: which column stands for which."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any


def renamed(fields: dict[str, Any], columns: Mapping[str, str]) -> dict[str, Any]:
    """The fields with the required ones under Segment's names, by `columns` (name to column).

    Another column that happens to have such a name gets `_raw` behind it.
    """
    names = {column: name for name, column in columns.items()}
    return {
        names.get(key) or (f"{key}_raw" if key in columns else key): value
        for key, value in fields.items()
    }
