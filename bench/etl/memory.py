"""The memory of a process and all below it, as Linux tells."""

from __future__ import annotations

import os
from pathlib import Path

PROC = Path("/proc")


def resident_bytes(root: int) -> int:
    """The sum of what the process `root` and all its descendants have resident; shared pages count
    in each of them. 0 where there is no /proc."""
    pages: dict[int, int] = {}
    children: dict[int, list[int]] = {}
    for entry in PROC.glob("[0-9]*"):
        try:
            stat = (entry / "stat").read_bytes()
        except OSError:
            continue  # it has ended meanwhile
        # After the name, which is in parentheses: state, parent, …; rss is field 24 (proc(5)).
        fields = stat.rpartition(b")")[2].split()
        pages[int(entry.name)] = int(fields[21])
        children.setdefault(int(fields[1]), []).append(int(entry.name))
    total, pending = 0, [root]
    while pending:
        process = pending.pop()
        total += pages.get(process, 0)
        pending += children.get(process, [])
    return total * os.sysconf("SC_PAGE_SIZE")
