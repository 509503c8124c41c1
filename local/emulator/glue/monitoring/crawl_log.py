"""What a crawler writes to its log: each line begins with the id of the crawl."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from typing import Any

from emulator.glue.monitoring.log_groups import LogStream
from emulator.glue.monitoring.log_writer import LogWriter
from emulator.moto_api import Payload

PAST = {"ADD": "Created", "UPDATE": "Updated", "DELETE": "Deleted"}
Changes = Mapping[str, Mapping[str, list[str]]]


class CrawlLog:
    """One crawl's lines in the stream of its crawler, put by `logs`, a client of its role."""

    def __init__(self, logs: Any, stream: LogStream, crawl_id: str, crawler: Payload) -> None:
        self._writer = LogWriter(logs, stream)
        self._id = crawl_id
        self._crawler = crawler

    def started(self) -> None:
        policy = json.dumps(self._crawler["SchemaChangePolicy"], separators=(",", ":"))
        self._put(
            f"BENCHMARK : Running Start Crawl for Crawler {self._crawler['Name']}",
            f"INFO : Crawler configured with SchemaChangePolicy {policy}.",
        )

    def ended(self, changes: Changes, error: str | None) -> None:
        self._put(
            *self._told(changes),
            *([f"ERROR : {error}"] if error else ["BENCHMARK : Finished writing to Catalog"]),
            "BENCHMARK : Crawler has finished running and is in state READY",
        )

    def _told(self, changes: Changes) -> Iterator[str]:
        database = self._crawler["DatabaseName"]
        for entity, kinds in changes.items():
            for change, names in kinds.items():
                for name in names:
                    yield f"INFO : {PAST[change]} {entity.lower()} {name} in database {database}"

    def _put(self, *lines: str) -> None:
        self._writer.put([f"[{self._id}] {line}" for line in lines])
