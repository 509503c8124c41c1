"""Serves the pages of workflow runs, which `npm run local -- run` leaves beside the state."""

from __future__ import annotations

import re
from pathlib import Path

from hypercorn.typing import ASGISendCallable, HTTPResponseBodyEvent, HTTPResponseStartEvent

REPORTS_PATH = "/_local/reports/"
LATEST = "latest.html"
PAGE = re.compile(r"[A-Za-z0-9_-]{1,128}\.html")
"""The only names that are served: no path can come of them."""

HEADERS = [
    (b"content-type", b"text/html; charset=utf-8"),
    (
        b"content-security-policy",
        b"default-src 'none'; style-src 'unsafe-inline'; base-uri 'none'; form-action 'none'; "
        b"frame-ancestors 'none'",
    ),
    (b"x-content-type-options", b"nosniff"),
    (b"referrer-policy", b"no-referrer"),
    (b"cache-control", b"no-store"),
]
MISSING = (
    b'<!doctype html><html lang="en"><title>No such page</title>'
    b"<p>There is no such page. Each <code>npm run local -- run</code> leaves one.</p></html>"
)


class Reports:
    """The pages in a folder, which needn't be there yet."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    async def answer(self, path: str, send: ASGISendCallable) -> None:
        """Send the page of a path below REPORTS_PATH, the newest run's where it names none."""
        name = path.removeprefix(REPORTS_PATH) or LATEST
        page = self._read(name) if PAGE.fullmatch(name) else None
        start: HTTPResponseStartEvent = {
            "type": "http.response.start",
            "status": 404 if page is None else 200,
            "headers": HEADERS,
            "trailers": False,
        }
        body: HTTPResponseBodyEvent = {
            "type": "http.response.body",
            "body": MISSING if page is None else page,
            "more_body": False,
        }
        await send(start)
        await send(body)

    def _read(self, name: str) -> bytes | None:
        try:
            return (self._folder / name).read_bytes()
        except FileNotFoundError:
            return None
