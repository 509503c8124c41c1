"""Tables that compute their partitions: a range of received days, and a place for each.

Facts: Athena guide, "Partition projection with Amazon Athena".
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from mobile_events.settings import Source

PARTITION_KEY = "partition_0"
"""What Glue's crawlers call the key of a folder that isn't `key=value`; its values are strings."""

_KEY = f"projection.{PARTITION_KEY}"
_PLACEHOLDER = f"${{{PARTITION_KEY}}}"


class ProjectionError(ValueError):
    """A table's projection isn't by received day, so that it can't be computed."""


@dataclass(frozen=True)
class Projection:
    """Received-day folders from `first` to `last`, as numbers, below a common prefix."""

    first: int
    last: int
    bucket: str
    prefix: str

    @staticmethod
    def of(table: Mapping[str, Any], source: Source) -> Projection | None:
        """The projection of a catalog table; None if its partitions are registered.

        Raises ProjectionError.
        """
        given: Mapping[str, str] = table.get("Parameters", {})
        if given.get("projection.enabled", "").lower() != "true":
            return None
        return _Parameters(given, source).projection()

    def has(self, folder: str) -> bool:
        """Whether a received-day folder is in the range."""
        return self.first <= int(folder) <= self.last

    def location(self, folder: str) -> str:
        """Where a received-day folder is, or would be."""
        return f"s3://{self.bucket}/{self.prefix}{folder}/"


class _Parameters:
    """Reads a table's parameters, and says which of them can't be used."""

    def __init__(self, given: Mapping[str, str], source: Source) -> None:
        self._given = given
        self._source = source
        self._day = 86_400 * source.units_per_second

    def projection(self) -> Projection:
        self._expect(f"{_KEY}.type", "integer")
        self._expect(f"{_KEY}.interval", str(self._day))
        if f"{_KEY}.digits" in self._given:
            raise self._error(f"{_KEY}.digits", "leave it out: folders have no leading zeros")
        bounds = self._match(
            f"{_KEY}.range", r"\s*(\d+)\s*,\s*(\d+)\s*", "give the first and the last folder"
        )
        first, last = int(bounds[1]), int(bounds[2])
        if first % self._day:
            raise self._error(f"{_KEY}.range", f"begin at a midnight, a multiple of {self._day}")
        place = self._match(
            "storage.location.template",
            rf"s3://([^/]+)/((?:[^/$]+/)*){re.escape(_PLACEHOLDER)}/?",
            f"give s3://<bucket>/<prefix>/{_PLACEHOLDER}/",
        )
        return Projection(first, last, place[1], place[2])

    def _expect(self, name: str, value: str) -> None:
        if self._given.get(name, "").strip().lower() != value:
            raise self._error(name, f"set it to {value}")

    def _match(self, name: str, pattern: str, fix: str) -> re.Match[str]:
        match = re.fullmatch(pattern, self._given.get(name, ""))
        if match is None:
            raise self._error(name, fix)
        return match

    def _error(self, name: str, fix: str) -> ProjectionError:
        source, value = self._source, self._given.get(name)
        return ProjectionError(
            f"source {source.name}: table {source.database}.{source.table} has the parameter "
            f"{name} {value!r}, by which received days can't be computed: {fix}"
        )
