"""What the model's own tests share."""

from __future__ import annotations

from datetime import date, timedelta

from .archive import event, gz_lines, place
from .lines import Objects
from .model import Model, Settings
from .values import Json

DAY = date(2026, 3, 9)
EVER = (date(2025, 1, 1), date(2027, 1, 1))


def at(day: date, *lines: str | bytes, file: str = "a", source: str = "ios") -> Objects:
    return {place(source, day, file): gz_lines(lines)}


def after(days: int) -> date:
    return DAY + timedelta(days=days)


def run(*lines: str | bytes, settings: Settings | None = None) -> Model:
    model = Model(settings)
    model.run(at(DAY, *lines), DAY, DAY)
    return model


def properties(*values: Json, day: date = DAY) -> list[str]:
    """An event for each value of the field `a`."""
    return [event(day, f"{day}-{i}", a=value) for i, value in enumerate(values)]


def held(model: Model, column: str) -> list[str]:
    """The values of a column with their types, as Python writes them."""
    return [repr(row[column]) for row in model.rows if column in row]


def raw_columns(model: Model) -> dict[str, str]:
    own = ("message_id", "type")
    return {column.name: column.type for column in model.registry if column.name not in own}


def column(model: Model, name: str) -> set[object]:
    return {row.get(name) for row in model.rows}
