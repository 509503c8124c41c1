"""Finds the tables of a target: which folder is a table, and which folders are its partitions.

With a table level, the folders at that depth are the tables. Without, a folder is a table when
what lies below is of one format and one depth, and its folders' columns are alike (AWS Glue guide,
"How does a crawler determine when to create partitions?"; re:Post, "How does the AWS Glue crawler
detect the schema?"): more than 70 % of them in one of at most five clusters. Otherwise the same is
asked of each folder in it.
"""

from __future__ import annotations

import logging
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import groupby

from emulator.crawl.hive_types import STRING, Struct, merge
from emulator.crawl.listing import Folder, S3Object
from emulator.crawl.sampling import Sample
from emulator.crawl.schema.file_schema import FileSchema, combine

SIMILARITY = 0.7
MAX_CLUSTERS = 5

_log = logging.getLogger(__name__)


@dataclass(frozen=True)
class Partition:
    values: tuple[str, ...]
    location: str
    schema: FileSchema
    objects: tuple[S3Object, ...]


@dataclass(frozen=True)
class Table:
    """A table that the data suggest."""

    folder_name: str
    """What the table is named after."""
    location: str
    schema: FileSchema
    objects: tuple[S3Object, ...]
    partition_keys: tuple[str, ...]
    partitions: tuple[Partition, ...]


def find_tables(
    target_prefix: str,
    samples: Sequence[Sample],
    *,
    table_level: int | None,
    combine_schemas: bool,
) -> list[Table]:
    """The tables of one target, by location. `samples` are in the order of their prefixes."""
    if table_level is None:
        return list(_find_below(target_prefix, samples, combine_schemas))
    at_level = groupby(samples, lambda sample: _table_prefix(sample, target_prefix, table_level))
    return [table_at(prefix, list(below)) for prefix, below in at_level]


def _table_prefix(sample: Sample, target_prefix: str, level: int) -> str:
    parts = sample.folder.prefix.split("/")[: level - 1]
    prefix = "".join(f"{part}/" for part in parts if part)
    return max(prefix, target_prefix, key=len)


def table_at(prefix: str, samples: Sequence[Sample]) -> Table:
    """The table at `prefix`: what doesn't fit most of its data is left out, and logged."""
    kinds = Counter(
        (_depth(sample, prefix), schema.format.compatible_with)
        for sample in samples
        for _, schema in sample.files
    )
    depth, compatible_with = max(kinds, key=lambda kind: kinds[kind])
    fitting: list[Sample] = []
    for sample in samples:
        files = tuple(
            (item, schema)
            for item, schema in sample.files
            if schema.format.compatible_with == compatible_with and _depth(sample, prefix) == depth
        )
        if files:
            fitting.append(Sample(sample.folder, files))
        if len(files) < len(sample.files):
            _log.warning(
                "%s: %d files left out, of another format or depth than the table at %s",
                sample.folder.location,
                len(sample.files) - len(files),
                prefix,
            )
    return _table(prefix, fitting)


def _find_below(prefix: str, samples: Sequence[Sample], combine_schemas: bool) -> Iterator[Table]:
    if not samples:
        return
    if _is_table(prefix, samples, combine_schemas):
        yield _table(prefix, samples)
        return
    own = [sample for sample in samples if sample.folder.prefix == prefix]
    below = [sample for sample in samples if sample.folder.prefix != prefix]
    if not below:
        yield from (table for sample in own for table in _tables_of_files(sample))
        return
    yield from _find_below(prefix, own, combine_schemas)
    children = groupby(below, lambda sample: _child_prefix(sample, prefix))
    for child, members in children:
        yield from _find_below(child, list(members), combine_schemas)


def _child_prefix(sample: Sample, prefix: str) -> str:
    return prefix + sample.folder.prefix[len(prefix) :].partition("/")[0] + "/"


def _is_table(prefix: str, samples: Sequence[Sample], combine_schemas: bool) -> bool:
    files = [schema for sample in samples for _, schema in sample.files]
    if len({schema.format.compatible_with for schema in files}) > 1:
        return False
    if len({_depth(sample, prefix) for sample in samples}) > 1:
        return False
    if combine_schemas:
        return True
    if len(samples) == 1:
        return are_alike([schema.columns for schema in files])
    return are_alike([sample.schema.columns for sample in samples])


def are_alike(schemas: Sequence[Struct]) -> bool:
    """Whether more than 70 % of the schemas are similar and there are five kinds at most."""
    clusters: list[list[Struct]] = []
    for schema in schemas:
        for cluster in clusters:
            if similarity(cluster[0], schema) >= SIMILARITY:
                cluster.append(schema)
                break
        else:
            clusters.append([schema])
    largest = max(len(cluster) for cluster in clusters)
    return len(clusters) <= MAX_CLUSTERS and largest > SIMILARITY * len(schemas)


def similarity(left: Struct, right: Struct) -> float:
    """Share of the columns that both have, by name and without a conflict of types, 0 to 1."""
    if not left.fields or not right.fields:
        return float(left.fields == right.fields)
    shared = 0
    for name, type_ in right.fields.items():
        spelling = left.spelling_of(name)
        if spelling is not None:
            known = left.fields[spelling]
            shared += STRING in (known, type_) or merge(known, type_) != STRING
    return shared / max(len(left.fields), len(right.fields))


def _tables_of_files(sample: Sample) -> Iterator[Table]:
    """A table for each file of a folder whose files don't go together."""
    for item, schema in sample.files:
        location = f"s3://{item.bucket}/{item.key}"
        yield Table(item.name, location, schema, (item,), (), ())


def _table(prefix: str, samples: Sequence[Sample]) -> Table:
    bucket = samples[0].folder.bucket
    schemas = [sample.schema for sample in samples]
    names = [_partition_names(sample.folder, prefix) for sample in samples]
    keys = _partition_keys(names)
    return Table(
        folder_name=prefix.rstrip("/").rpartition("/")[2] or bucket,
        location=f"s3://{bucket}/{prefix}",
        schema=combine(schemas),
        objects=tuple(item for sample in samples for item in sample.folder.objects),
        partition_keys=keys,
        partitions=tuple(
            Partition(
                values=partition_values(folders, keys),
                location=sample.folder.location,
                schema=schema,
                objects=sample.folder.objects,
            )
            for sample, schema, folders in zip(samples, schemas, names, strict=True)
            if keys
        ),
    )


def _depth(sample: Sample, prefix: str) -> int:
    return len(_partition_names(sample.folder, prefix))


def _partition_names(folder: Folder, prefix: str) -> list[str]:
    return folder.prefix[len(prefix) :].split("/")[:-1]


def _partition_keys(names: Sequence[Sequence[str]]) -> tuple[str, ...]:
    """`key` where all folders of a level are `key=value`, else `partition_<level>`."""
    keys: list[str] = []
    for level, folders in enumerate(zip(*names, strict=True)):
        found = {name.partition("=")[0].lower() if "=" in name else "" for name in folders}
        key = found.pop()
        keys.append(key if key and not found else f"partition_{level}")
    return tuple(keys)


def partition_values(folders: Sequence[str], keys: Sequence[str]) -> tuple[str, ...]:
    """What the folders of a partition say, without `key=` where that names the key."""
    return tuple(
        folder.partition("=")[2] if folder.lower().startswith(f"{key}=") else folder
        for folder, key in zip(folders, keys, strict=True)
    )
