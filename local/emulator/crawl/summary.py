"""What a crawl changed in the catalog."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass(frozen=True)
class CrawlSummary:
    """Names of what was changed; a partition is `table/value/value…`.

    A table marked as deprecated counts as updated.
    """

    tables_created: list[str] = field(default_factory=list)
    tables_updated: list[str] = field(default_factory=list)
    tables_deleted: list[str] = field(default_factory=list)
    partitions_created: list[str] = field(default_factory=list)
    partitions_updated: list[str] = field(default_factory=list)
    partitions_deleted: list[str] = field(default_factory=list)
