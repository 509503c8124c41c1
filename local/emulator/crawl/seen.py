"""What a crawl has looked at, and so what it can tell to be gone."""

from __future__ import annotations

from dataclasses import dataclass, field


@dataclass
class Seen:
    """Locations of folders, with a final slash.

    `listed` have files, readable or not. A crawl by events looks at the folders of the events
    alone (`partial`): only those of them that have no files, `emptied`, are known to be gone.
    """

    partial: bool
    listed: set[str] = field(default_factory=set)
    emptied: set[str] = field(default_factory=set)

    def is_gone(self, location: str) -> bool:
        return location in self.emptied if self.partial else location not in self.listed
