"""Exclude patterns, by the examples of the AWS Glue guide."""

from __future__ import annotations

import pytest
from emulator.crawl.globs import Exclusions


@pytest.mark.parametrize(
    ("pattern", "matching", "other"),
    [
        ("*.csv", ["a.csv", ".csv"], ["b/a.csv", "a.csv.gz"]),
        ("*.{csv,avro}", ["a.csv", "a.avro"], ["a.json", "a."]),
        ("foo.?", ["foo.a"], ["foo.", "foo.ab", "foo./"]),
        ("myfolder/*", ["myfolder/mysource"], ["myfolder/mysource/data", "myfolder"]),
        ("myfolder/*/*", ["myfolder/mysource/data"], ["myfolder/mysource"]),
        ("myfolder/**", ["myfolder/a", "myfolder/a/b"], ["myfolder", "other/a"]),
        ("myfolder**", ["myfolder", "myfolder/a.txt", "myfolder2"], ["other/myfolder"]),
        ("**.csv", ["a.csv", "b/c/a.csv"], ["a.json"]),
        ("departments/market*", ["departments/market-us.json"], ["departments/finance.json"]),
        ("[abce-g].x", ["a.x", "f.x"], ["d.x", "h.x"]),
        ("[!a-c].x", ["d.x"], ["a.x", "/.x"]),
        ("[*?\\].x", ["*.x", "?.x", "\\.x"], ["a.x"]),
        ("[-a].x", ["-.x", "a.x"], ["b.x"]),
        ("\\{a\\}", ["{a}"], ["a"]),
        ("a,b", ["a,b"], ["a"]),
        ("*", [".hidden", "a"], ["a/b"]),
        ("2015/01/{[!0],0[8-9]}**", ["2015/01/12/x", "2015/01/08/x"], ["2015/01/07/x"]),
        ("a.b+c", ["a.b+c"], ["aab+c", "a.bbc"]),
    ],
)
def test_pattern(pattern: str, matching: list[str], other: list[str]) -> None:
    exclusions = Exclusions([pattern])
    assert [path for path in matching if not exclusions.excludes(path)] == []
    assert [path for path in other if exclusions.excludes(path)] == []


def test_a_folder_is_left_out_whole_only_if_nothing_of_it_can_stay() -> None:
    exclusions = Exclusions(["old/**", "**.csv", "logs/*"])
    assert exclusions.excludes_all_below("old/")
    assert exclusions.excludes_all_below("old/2020/")
    assert not exclusions.excludes_all_below("new/")
    assert not exclusions.excludes_all_below("logs/")
    assert not exclusions.excludes_all_below("a.csv/")


def test_a_group_that_is_never_closed_is_refused() -> None:
    with pytest.raises(ValueError, match="never closed"):
        Exclusions(["a.{csv,json"])
