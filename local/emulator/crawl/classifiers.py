"""Custom classifiers of a crawler, as far as crawls here know them: those for CSV."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from emulator.crawl.schema.delimited import Rules
from emulator.crawl.settings import CrawlError


def csv_rules(classifiers: Sequence[Mapping[str, Any]]) -> list[Rules]:
    """The rules of CSV classifiers, as GetClassifier gives them, in the crawler's order.

    Raises CrawlError for a classifier of another kind, and for data types of its own.
    """
    rules = []
    for classifier in classifiers:
        ((kind, fields),) = classifier.items()
        if kind != "CsvClassifier":
            raise CrawlError(
                f"classifier {fields['Name']}: a {kind} isn't supported locally, only CsvClassifier"
            )
        if fields.get("CustomDatatypes"):
            raise CrawlError(
                f"classifier {fields['Name']}: CustomDatatypes aren't supported locally"
            )
        rules.append(_rules(fields))
    return rules


def _rules(fields: Mapping[str, Any]) -> Rules:
    """A quote symbol asks for OpenCSVSerDe, unless the classifier names a serde."""
    quote = fields.get("QuoteSymbol")
    serde = fields.get("Serde") or "None"
    return Rules(
        delimiters=(fields.get("Delimiter") or ",",),
        quote=quote or '"',
        header=fields.get("ContainsHeader") or "UNKNOWN",
        names=tuple(fields.get("Header") or ()),
        allows_one_column=bool(fields.get("AllowSingleColumn")),
        trims=not fields.get("DisableValueTrimming", True),
        is_open_csv=serde == "OpenCSVSerDe" or (serde == "None" and quote is not None),
    )
