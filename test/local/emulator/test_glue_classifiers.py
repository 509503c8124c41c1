"""Classifiers as records, and crawlers that name them."""

from __future__ import annotations

import signal
from collections.abc import Callable
from typing import Any

import pytest

INVALID = "InvalidInputException"
MISSING = "EntityNotFoundException"
CSV = {"Name": "csv", "Delimiter": "#", "ContainsHeader": "PRESENT"}
KINDS: list[dict[str, dict[str, str]]] = [
    {"CsvClassifier": CSV},
    {"JsonClassifier": {"Name": "json", "JsonPath": "$[*]"}},
    {"GrokClassifier": {"Name": "grok", "Classification": "logs", "GrokPattern": "%{WORD:a}"}},
    {"XMLClassifier": {"Name": "xml", "Classification": "xml", "RowTag": "row"}},
]


@pytest.fixture(scope="module")
def world(emulator: Any, new_world: Any) -> Any:
    return prepared(new_world(emulator))


def prepared(world: Any) -> Any:
    world.role("crawls", {"s3:*": "*", "glue:*": "*"})
    world.glue.create_database(DatabaseInput={"Name": "raw"})
    for classifier in KINDS:
        world.glue.create_classifier(**classifier)
    world.s3.put_object(Bucket="data", Key="t/a.csv", Body=b"a#b\n1#2\n")
    return world


def crawler(name: str, *classifiers: str) -> dict[str, Any]:
    targets = {"S3Targets": [{"Path": "s3://data/t/"}]}
    return {
        "Name": name,
        "Role": "crawls",
        "DatabaseName": "raw",
        "Targets": targets,
        "Classifiers": list(classifiers),
    }


def last_crawl(world: Any, name: str) -> dict[str, Any]:
    world.glue.start_crawler(Name=name)
    record = world.wait(
        lambda: world.glue.get_crawler(Name=name)["Crawler"], lambda found: "LastCrawl" in found
    )
    last: dict[str, Any] = record["LastCrawl"]
    return last


@pytest.mark.parametrize("classifier", KINDS)
def test_records(world: Any, classifier: dict[str, dict[str, str]]) -> None:
    ((kind, fields),) = classifier.items()
    found = world.glue.get_classifier(Name=fields["Name"])["Classifier"][kind]
    assert {name: found[name] for name in fields} == fields
    assert found["Version"] == 1
    created = found["CreationTime"]
    world.glue.update_classifier(**{kind: {"Name": fields["Name"]}})
    changed = world.glue.get_classifier(Name=fields["Name"])["Classifier"][kind]
    assert {name: changed[name] for name in fields} == fields
    assert (changed["Version"], changed["CreationTime"]) == (2, created)
    assert changed["LastUpdated"] >= created
    code = world.refusal(world.glue.create_classifier, **classifier)
    assert code == "AlreadyExistsException"


def test_list_update_and_deletion(world: Any) -> None:
    listed = world.glue.get_classifiers(MaxResults=3)
    rest = world.glue.get_classifiers(NextToken=listed["NextToken"])["Classifiers"]
    assert [*map(list, listed["Classifiers"]), *map(list, rest)] == [list(each) for each in KINDS]
    world.glue.create_classifier(CsvClassifier={"Name": "brief", "Delimiter": "|"})
    world.glue.update_classifier(CsvClassifier={"Name": "brief", "QuoteSymbol": "'"})
    brief = world.glue.get_classifier(Name="brief")["Classifier"]["CsvClassifier"]
    assert (brief["Delimiter"], brief["QuoteSymbol"]) == ("|", "'")
    world.glue.delete_classifier(Name="brief")
    assert world.refusal(world.glue.get_classifier, Name="brief") == MISSING
    assert world.refusal(world.glue.delete_classifier, Name="brief") == MISSING


@pytest.mark.parametrize(
    ("broken", "code"),
    [
        ({}, INVALID),
        ({**KINDS[0], **KINDS[1]}, INVALID),
        ({"CsvClassifier": {"Name": "new", "Delimiter": ",", "QuoteSymbol": ","}}, INVALID),
        ({"CsvClassifier": {"Name": "new", "ContainsHeader": "MAYBE"}}, INVALID),
        ({"CsvClassifier": {"Name": "new", "Serde": "CSV"}}, INVALID),
        ({"JsonClassifier": {"Name": "new", "JsonPath": ""}}, INVALID),
    ],
)
def test_refusals(world: Any, broken: dict[str, Any], code: str) -> None:
    assert world.refusal(world.glue.create_classifier, **broken) == code
    assert world.refusal(world.glue.get_classifier, Name="new") == MISSING


def test_refused_updates(world: Any) -> None:
    update = world.glue.update_classifier
    assert world.refusal(update, CsvClassifier={"Name": "nowhere"}) == MISSING
    assert world.refusal(update, CsvClassifier={"Name": "json"}) == INVALID
    assert world.refusal(update, CsvClassifier={"Name": "csv", "QuoteSymbol": "#"}) == INVALID


def test_crawlers_and_the_classifiers_that_they_name(world: Any) -> None:
    create, update = world.glue.create_crawler, world.glue.update_crawler
    assert world.refusal(create, **crawler("refused", "csv", "nowhere")) == INVALID
    create(**crawler("reads", "csv"))
    assert world.refusal(update, Name="reads", Classifiers=["nowhere"]) == INVALID
    assert last_crawl(world, "reads")["Status"] == "SUCCEEDED"
    columns = world.glue.get_table(DatabaseName="raw", Name="t")["Table"]["StorageDescriptor"]
    assert [column["Name"] for column in columns["Columns"]] == ["a", "b"]
    for kind, name in (("GrokClassifier", "grok"), ("XMLClassifier", "xml")):
        create(**crawler(name, name))
        last = last_crawl(world, name)
        assert last["Status"] == "FAILED"
        assert f"{kind} isn't supported locally" in last["ErrorMessage"]


def test_classifier_survives_a_restart(start_emulator: Callable[[], Any], new_world: Any) -> None:
    world = prepared(new_world(start_emulator()))
    before = world.glue.get_classifiers()["Classifiers"]
    world.emulator.restart(signal.SIGKILL)
    assert world.glue.get_classifiers()["Classifiers"] == before
