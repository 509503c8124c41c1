"""One fixture for each nasty case that the contract names, and all of them in one archive."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

from . import nasty_delivery as delivery
from . import nasty_lines as lines
from . import nasty_values as values
from .archive import write_objects
from .lines import Objects

CASES: dict[str, Callable[[], Objects]] = {
    "blank lines": lines.blank_lines,
    "truncated lines": lines.truncated_lines,
    "last line without newline": lines.last_line_without_newline,
    "not objects": lines.not_objects,
    "only dropped fields": lines.only_dropped_fields,
    "not json": lines.not_json,
    "too much for a parser": lines.too_much_for_a_parser,
    "deep nesting": lines.deep_nesting,
    "carriage returns": lines.carriage_returns,
    "other line ends": lines.other_line_ends,
    "white space": lines.white_space,
    "repeated keys": lines.repeated_keys,
    "timestamp forms": values.timestamp_forms,
    "timestamp nonsense": values.timestamp_nonsense,
    "other timestamps": values.nonsense_in_other_timestamps,
    "far timestamps": values.implausible_other_timestamps,
    "instants beyond the years": values.instants_beyond_the_years,
    "keys by case": values.keys_that_differ_in_case,
    "odd keys": values.odd_keys,
    "separators in keys": values.separators_in_keys,
    "long keys": values.long_keys,
    "lone surrogates": values.lone_surrogates,
    "pipeline names": values.names_of_the_pipeline,
    "colliding names": values.names_that_collide,
    "sibling names": values.names_of_siblings,
    "scalar and object": values.scalar_and_object,
    "number and string": values.number_here_and_string_there,
    "types that change": values.types_that_change,
    "big integers": values.big_integers,
    "odd doubles": values.odd_doubles,
    "arrays": values.arrays,
    "nulls": values.nulls,
    "odd texts": values.odd_texts,
    "long text": values.long_text,
    "dropped fields": values.dropped_and_private_fields,
    "empty objects": delivery.empty_objects,
    "cut objects": delivery.cut_objects,
    "damaged objects": delivery.damaged_objects,
    "several members": delivery.several_members,
    "missing ids": delivery.missing_ids,
    "other ids": delivery.ids_that_are_no_strings,
    "repeated in one object": delivery.repeated_in_one_object,
    "repeated in other objects": delivery.repeated_in_other_objects,
    "repeated days later": delivery.repeated_days_later,
    "better is quarantined": delivery.repeated_where_the_better_is_quarantined,
    "late events": delivery.late_events,
    "time changes": delivery.days_of_time_changes,
    "ends of a year": delivery.ends_of_a_year,
    "silent platform": delivery.silent_platform,
}
"""The raw objects of each case, by a short name; no object key comes twice."""


def everything() -> Objects:
    """The raw objects of all cases."""
    return {place: data for case in CASES.values() for place, data in case().items()}


def write_archive(folder: Path) -> None:
    """Writes all cases as `<source>/<received day in ms>/<file>.gz`, as `load --raw` reads them."""
    write_objects(folder, everything())
