"""The pages of runs over HTTP: those of the folder, and nothing else of the machine."""

from __future__ import annotations

import http.client
from pathlib import Path
from typing import Any

import pytest


def get(emulator: Any, path: str, host: str = "127.0.0.1") -> http.client.HTTPResponse:
    connection = http.client.HTTPConnection("127.0.0.1", emulator.port, timeout=10)
    connection.request("GET", path, headers={"Host": host})
    return connection.getresponse()


@pytest.fixture
def reports(emulator: Any) -> Path:
    folder: Path = emulator.state_dir.parent / "reports"
    folder.mkdir(exist_ok=True)
    return folder


def test_pages_are_served_under_a_strict_policy(emulator: Any, reports: Path) -> None:
    (reports / "wr_1.html").write_text("<p>one</p>")
    (reports / "latest.html").write_text("<p>newest</p>")
    for path, text in {"wr_1.html": b"<p>one</p>", "": b"<p>newest</p>"}.items():
        answer = get(emulator, f"/_local/reports/{path}")
        assert (answer.status, answer.read()) == (200, text)
        policy = answer.headers["content-security-policy"]
        assert policy.startswith("default-src 'none'; ")
        assert "script" not in policy
        assert "frame-ancestors 'none'" in policy
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "../secret.html",
        "..%2fsecret.html",
        "%2e%2e/secret.html",
        "..%5csecret.html",
        "inner/secret.html",
        "/etc/passwd",
        "secret.txt",
        "secret.html%00",
        "secret.html%0a",
        ".html",
        "no-such.html",
    ],
)
def test_nothing_else_is_served(emulator: Any, reports: Path, path: str) -> None:
    (reports.parent / "secret.html").write_text("secret")
    (reports / "secret.txt").write_text("secret")
    (reports / "inner").mkdir(exist_ok=True)
    (reports / "inner" / "secret.html").write_text("secret")
    answer = get(emulator, f"/_local/reports/{path}")
    assert answer.status == 404
    assert b"secret" not in answer.read()


def test_foreign_pages_read_none(emulator: Any, reports: Path) -> None:
    (reports / "latest.html").write_text("<p>newest</p>")
    assert get(emulator, "/_local/reports/", host="attacker.example").status == 403
