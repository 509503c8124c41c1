"""Custom classifiers, as records; what a crawl makes of them is `crawl`'s.

Source: AWS Glue API reference, "Classifier API", and AWS Glue guide, "Writing custom classifiers".
"""

from __future__ import annotations

from collections.abc import Iterable

from emulator.glue.errors import GlueError, entity_not_found, invalid_input
from emulator.glue.region import Operation, Region, page, required
from emulator.glue.runs import now
from emulator.moto_api import Payload

REQUIRED = {
    "GrokClassifier": ("Classification", "GrokPattern"),
    "XMLClassifier": ("Classification",),
    "JsonClassifier": ("JsonPath",),
    "CsvClassifier": (),
}
"""Kinds of classifiers, and the fields that each must have beside its name."""

HEADERS = ("UNKNOWN", "PRESENT", "ABSENT")
SERDES = ("OpenCSVSerDe", "LazySimpleSerDe", "None")


class Classifiers:
    """Operations on classifiers."""

    def __init__(self, region: Region) -> None:
        self._region = region

    def operations(self) -> dict[str, Operation]:
        return {
            "CreateClassifier": self._create,
            "GetClassifier": self._get,
            "GetClassifiers": self._get_all,
            "UpdateClassifier": self._update,
            "DeleteClassifier": self._delete,
        }

    def _create(self, payload: Payload) -> Payload:
        kind, fields = _only(payload)
        name = required(fields, "Name")
        if name in self._records:
            raise GlueError("AlreadyExistsException", f"Classifier with name {name} already exists")
        _check(kind, fields)
        moment = now()
        times = {"CreationTime": moment, "LastUpdated": moment}
        self._records[name] = {kind: {**fields, **times, "Version": 1}}
        return {}

    def _get(self, payload: Payload) -> Payload:
        return {"Classifier": self._record(required(payload, "Name"))}

    def _get_all(self, payload: Payload) -> Payload:
        return page(list(self._records.values()), payload, "Classifiers")

    def _update(self, payload: Payload) -> Payload:
        """Change the fields that are given. The kind stays."""
        kind, fields = _only(payload)
        name = required(fields, "Name")
        before = self._record(name).get(kind)
        if before is None:
            raise invalid_input(f"Classifier {name} is no {kind}")
        after = {**before, **fields}
        _check(kind, after)
        version = {"LastUpdated": now(), "Version": before["Version"] + 1}
        self._records[name] = {kind: {**after, **version}}
        return {}

    def _delete(self, payload: Payload) -> Payload:
        name = required(payload, "Name")
        self._record(name)
        del self._records[name]
        return {}

    @property
    def _records(self) -> dict[str, Payload]:
        return self._region.own.classifiers

    def _record(self, name: str) -> Payload:
        if name not in self._records:
            raise entity_not_found(f"Classifier entry with name {name} does not exist")
        return self._records[name]


def check_classifiers(region: Region, names: Iterable[str]) -> list[Payload]:
    """The classifiers that a crawler names, in its order.

    Raises InvalidInputException for a name of none.
    """
    wanted = list(names)
    unknown = [name for name in wanted if name not in region.own.classifiers]
    if unknown:
        raise invalid_input(f"Classifier {unknown[0]} does not exist.")
    return [region.own.classifiers[name] for name in wanted]


def _only(payload: Payload) -> tuple[str, Payload]:
    given = [kind for kind in REQUIRED if payload.get(kind)]
    if len(given) != 1:
        raise invalid_input(f"A classifier must be one of {', '.join(REQUIRED)}")
    return given[0], payload[given[0]]


def _check(kind: str, fields: Payload) -> None:
    for name in REQUIRED[kind]:
        required(fields, name)
    if kind != "CsvClassifier":
        return
    if fields.get("Delimiter") and fields["Delimiter"] == fields.get("QuoteSymbol"):
        raise invalid_input("QuoteSymbol must be different from Delimiter")
    for name, known in (("ContainsHeader", HEADERS), ("Serde", SERDES)):
        if fields.get(name) not in (None, *known):
            raise invalid_input(f"{name} must be one of {', '.join(known)}")
