"""Custom classifiers for CSV: delimiter, quote, header, and the serde that they ask for."""

from __future__ import annotations

from typing import Any

import pytest
from emulator.crawl.settings import CrawlError

LAZY = "org.apache.hadoop.hive.serde2.lazy.LazySimpleSerDe"
OPEN_CSV = "org.apache.hadoop.hive.serde2.OpenCSVSerde"


def crawled(lake: Any, text: str, *classifiers: dict[str, Any]) -> dict[str, Any]:
    """The table of one CSV file, crawled with these classifiers."""
    lake.put("t/a.csv", text.encode())
    named = [{"CsvClassifier": {"Name": "mine", **each}} for each in classifiers]
    lake.crawl(classifiers=named)
    table: dict[str, Any] = lake.table()
    return table


def test_delimiter_that_glue_does_not_know(lake: Any) -> None:
    table = crawled(lake, "id#name\n1#a\n2#b\n", {"Delimiter": "#"})
    assert lake.columns() == {"id": "bigint", "name": "string"}
    serde = table["StorageDescriptor"]["SerdeInfo"]
    assert serde == {"SerializationLibrary": LAZY, "Parameters": {"field.delim": "#"}}
    parameters = table["Parameters"]
    assert (parameters["classification"], parameters["delimiter"]) == ("csv", "#")
    assert parameters["skip.header.line.count"] == "1"


def test_quote_makes_an_open_csv_table(lake: Any) -> None:
    table = crawled(lake, "1,'a, b'\n2,'c'\n", {"QuoteSymbol": "'"})
    assert lake.columns() == {"col0": "bigint", "col1": "string"}
    serde = table["StorageDescriptor"]["SerdeInfo"]
    wanted = {"separatorChar": ",", "quoteChar": "'"}
    assert serde == {"SerializationLibrary": OPEN_CSV, "Parameters": wanted}


@pytest.mark.parametrize(
    ("classifier", "library"),
    [
        ({"Serde": "OpenCSVSerDe"}, OPEN_CSV),
        ({"Serde": "LazySimpleSerDe", "QuoteSymbol": '"'}, LAZY),
        ({"Serde": "None", "QuoteSymbol": '"'}, OPEN_CSV),
        ({"Serde": "None"}, LAZY),
    ],
)
def test_serde(lake: Any, classifier: dict[str, Any], library: str) -> None:
    table = crawled(lake, "a,b\n1,2\n", classifier)
    assert table["StorageDescriptor"]["SerdeInfo"]["SerializationLibrary"] == library


@pytest.mark.parametrize(
    ("classifier", "columns", "skipped"),
    [
        ({}, {"a": "bigint", "b": "string"}, True),
        ({"ContainsHeader": "PRESENT"}, {"a": "bigint", "b": "string"}, True),
        ({"ContainsHeader": "ABSENT"}, {"col0": "string", "col1": "string"}, False),
        ({"ContainsHeader": "PRESENT", "Header": ["x", "y"]}, {"x": "bigint", "y": "string"}, True),
        ({"ContainsHeader": "ABSENT", "Header": ["x", "y"]}, {"x": "string", "y": "string"}, False),
        ({"Header": ["a", "b"]}, {"a": "bigint", "b": "string"}, True),
        ({"Header": ["x", "y"]}, {"x": "string", "y": "string"}, False),
        # The names don't fit: Glue's own classifier reads the file.
        ({"Header": ["x"]}, {"a": "bigint", "b": "string"}, True),
    ],
)
def test_header(
    lake: Any, classifier: dict[str, Any], columns: dict[str, str], skipped: bool
) -> None:
    table = crawled(lake, "a,b\n1,x\n2,y\n", classifier)
    assert lake.columns() == columns
    assert ("skip.header.line.count" in table["Parameters"]) is skipped


def test_header_of_text_over_text(lake: Any) -> None:
    """What the data can't tell, the classifier can."""
    crawled(lake, "a,b\nx,y\n", {"ContainsHeader": "PRESENT"})
    assert lake.columns() == {"a": "string", "b": "string"}


def test_one_column(lake: Any) -> None:
    crawled(lake, "n\n1\n2\n", {"AllowSingleColumn": True})
    assert lake.columns() == {"n": "bigint"}


@pytest.mark.parametrize(("disabled", "type_"), [(False, "bigint"), (True, "string")])
def test_trimming(lake: Any, disabled: bool, type_: str) -> None:
    rules = {"DisableValueTrimming": disabled, "ContainsHeader": "PRESENT"}
    crawled(lake, "a,b\n 1,x\n", rules)
    assert lake.columns()["a"] == type_


def test_first_that_fits_is_taken_and_glues_own_come_last(lake: Any) -> None:
    table = crawled(lake, "a;b#c\n1;2#3\n", {"Delimiter": "|"}, {"Delimiter": "#"})
    assert table["Parameters"]["delimiter"] == "#"
    lake.put_json("j/a.json", {"n": 1})
    lake.crawl("j/", classifiers=[{"CsvClassifier": {"Name": "mine", "Delimiter": "|"}}])
    assert lake.table("j")["Parameters"]["classification"] == "json"


@pytest.mark.parametrize(
    ("classifier", "message"),
    [
        ({"GrokClassifier": {"Name": "g"}}, "g: a GrokClassifier isn't supported locally"),
        ({"XMLClassifier": {"Name": "x"}}, "x: a XMLClassifier isn't supported locally"),
        ({"JsonClassifier": {"Name": "j"}}, "j: a JsonClassifier isn't supported locally"),
        ({"CsvClassifier": {"Name": "c", "CustomDatatypes": ["DATE"]}}, "CustomDatatypes"),
    ],
)
def test_classifiers_that_cannot_be_used(
    lake: Any, classifier: dict[str, Any], message: str
) -> None:
    lake.put("t/a.csv", b"a,b\n1,2\n")
    with pytest.raises(CrawlError, match=message):
        lake.crawl(classifiers=[classifier])
