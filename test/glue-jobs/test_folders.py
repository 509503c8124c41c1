"""The folders of the package build on each other in one direction."""

from __future__ import annotations

import ast
from graphlib import TopologicalSorter
from pathlib import Path

PACKAGE = Path(__file__).resolve().parents[2] / "glue-jobs" / "mobile_events"
BASE = {"settings", "storage"}
"""Modules beside the folders that the folders build on; the others there build on the folders."""


def imported(file: Path) -> set[str]:
    """The folders of the package, and the modules beside them, that a file imports."""
    found: set[str] = set()
    for node in ast.walk(ast.parse(file.read_text())):
        if isinstance(node, ast.ImportFrom) and node.module == "mobile_events":
            found |= {alias.name for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.module:
            package, _, rest = node.module.partition(".")
            if package == "mobile_events":
                found.add(rest.split(".")[0])
    return found


def needs() -> dict[str, set[str]]:
    """Each folder, and each module beside them, with what it imports of the others."""
    found: dict[str, set[str]] = {}
    for file in PACKAGE.rglob("*.py"):
        name = file.relative_to(PACKAGE).with_suffix("").parts[0]
        found.setdefault(name, set()).update(imported(file) - {name})
    return found


def test_no_folder_needs_another_in_a_circle() -> None:
    order = list(TopologicalSorter(needs()).static_order())
    assert order.index("rows") < order.index("raw") < order.index("stage") < order.index("curated")
    assert order[-1] == "run"


def test_folders_need_no_module_of_a_run() -> None:
    graph = needs()
    folders = {path.parent.name for path in PACKAGE.glob("*/__init__.py")}
    assert len(folders) == 5
    for folder in folders:
        assert graph[folder] <= folders | BASE
