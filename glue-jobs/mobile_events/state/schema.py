"""The schema document: the registry, and what else all files of a dataset must have in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from mobile_events.rows.registry import Registry
from mobile_events.settings import Settings
from mobile_events.storage import Store


class SchemaError(RuntimeError):
    """The dataset was written by other settings, and can't be mixed."""


@dataclass(frozen=True)
class Schema:
    """What is kept at `_schema/<table>.json`. `exists` is False before anything was published."""

    settings: Settings
    registry: Registry
    written_as: dict[str, Any]
    exists: bool

    @staticmethod
    def key(settings: Settings) -> str:
        return f"{settings.prefix}_schema/{settings.table}.json"

    @staticmethod
    def read(store: Store, settings: Settings) -> Schema:
        """The schema as it is, or a new one."""
        kept = store.get_json(settings.bucket, Schema.key(settings))
        if kept is None:
            return Schema(settings, _start(settings), written_as(settings), exists=False)
        return Schema(settings, Registry.from_json(kept), kept["written_as"], exists=True)

    def to_start_with(self, anew: bool) -> Schema:
        """The schema to add to: a new one where all files are replaced.

        Raises SchemaError where others stay that were written by other settings.
        """
        if anew:
            return Schema(self.settings, _start(self.settings), written_as(self.settings), False)
        asked = written_as(self.settings)
        for name, value in asked.items():
            if self.written_as[name] != value:
                raise SchemaError(
                    f"{name} is {value!r}, but the dataset was written with "
                    f"{self.written_as[name]!r}: set it back, or rebuild all received days at once"
                )
        return self

    def new_columns(self, registry: Registry) -> list[str]:
        """Names of the registry's columns that the schema lacks, those that all datasets have
        aside."""
        known = {column.name for column in (*self.registry.columns, *_start(self.settings).columns)}
        return [column.name for column in registry.columns if column.name not in known]

    def with_registry(self, registry: Registry) -> Schema:
        return Schema(self.settings, registry, self.written_as, exists=True)

    def to_json(self) -> dict[str, Any]:
        return {"written_as": self.written_as, **self.registry.to_json()}


def written_as(settings: Settings) -> dict[str, Any]:
    """The settings that all files must share."""
    return {
        "output_format": settings.output_format,
        "time_zone": settings.time_zone,
        "partition_keys": list(settings.partition_keys),
    }


def _start(settings: Settings) -> Registry:
    return Registry.start(settings.first_seen)
