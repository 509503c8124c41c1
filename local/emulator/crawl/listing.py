"""The folders of a target and the files in each, listed once, a folder a request."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from concurrent.futures import FIRST_COMPLETED, Executor, Future, wait
from dataclasses import dataclass

from botocore.client import BaseClient

from emulator.crawl.settings import Target


@dataclass(frozen=True)
class S3Object:
    bucket: str
    key: str
    size: int
    """Bytes, as stored."""

    @property
    def name(self) -> str:
        return self.key.rpartition("/")[2]


@dataclass(frozen=True)
class Folder:
    """A folder that has files of its own."""

    bucket: str
    prefix: str
    """With a final slash; empty for the top of a bucket."""
    objects: tuple[S3Object, ...]

    @property
    def location(self) -> str:
        return f"s3://{self.bucket}/{self.prefix}"


def list_folders(
    s3: BaseClient, target: Target, executor: Executor, skip: Collection[str] = ()
) -> list[Folder]:
    """All folders with files below the target, by name.

    What begins with `_` or `.`, is empty, is a folder marker or is excluded doesn't count, and
    such folders are not listed, nor are those whose prefix is in `skip`. Raises the ClientError
    that S3 answers.
    """
    folders: list[Folder] = []
    running: set[Future[tuple[Folder, list[str]]]] = {
        executor.submit(_list_folder, s3, target, target.prefix)
    }
    while running:
        done, running = wait(running, return_when=FIRST_COMPLETED)
        for future in done:
            folder, children = future.result()
            if folder.objects:
                folders.append(folder)
            running |= {
                executor.submit(_list_folder, s3, target, child)
                for child in children
                if child not in skip
            }
    return sorted(folders, key=lambda folder: folder.prefix)


def list_named(
    s3: BaseClient, target: Target, executor: Executor, prefixes: Collection[str]
) -> list[Folder]:
    """These folders of the target, without those below them, by name; some may have no files.

    What doesn't count in `list_folders` doesn't here.
    """
    visible = [prefix for prefix in sorted(prefixes) if _is_visible(prefix, target)]
    return [
        folder
        for folder, _ in executor.map(lambda prefix: _list_folder(s3, target, prefix), visible)
    ]


def _is_visible(prefix: str, target: Target) -> bool:
    """Whether `list_folders` would get to the folder."""
    if not prefix.startswith(target.prefix):
        return False
    parts = prefix[len(target.prefix) :].split("/")[:-1]
    above = ["".join(f"{part}/" for part in parts[: end + 1]) for end in range(len(parts))]
    wanted = [target.prefix + each for each in above]
    return list(_visible_folders(wanted, target)) == wanted


def _list_folder(s3: BaseClient, target: Target, prefix: str) -> tuple[Folder, list[str]]:
    objects: list[S3Object] = []
    children: list[str] = []
    pages = s3.get_paginator("list_objects_v2").paginate(
        Bucket=target.bucket, Prefix=prefix, Delimiter="/"
    )
    for page in pages:
        children += [child["Prefix"] for child in page.get("CommonPrefixes", ())]
        objects += [
            S3Object(target.bucket, item["Key"], item["Size"]) for item in page.get("Contents", ())
        ]
    return (
        Folder(target.bucket, prefix, tuple(_visible_files(objects, target))),
        list(_visible_folders(children, target)),
    )


def _visible_files(objects: list[S3Object], target: Target) -> Iterator[S3Object]:
    for item in objects:
        relative = item.key[len(target.prefix) :]
        if (
            item.size > 0
            and not _is_hidden(item.name)
            and not item.name.endswith("_$folder$")
            and not target.exclusions.excludes(relative)
        ):
            yield item


def _visible_folders(prefixes: list[str], target: Target) -> Iterator[str]:
    for prefix in prefixes:
        relative = prefix[len(target.prefix) :]
        name = relative.rstrip("/").rpartition("/")[2]
        if not _is_hidden(name) and not target.exclusions.excludes_all_below(relative):
            yield prefix


def _is_hidden(name: str) -> bool:
    return name == "" or name[0] in "_."
