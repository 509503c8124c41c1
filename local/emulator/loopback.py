"""Which requests come from this machine's own programs, and which from a page in its browser.

A page of a foreign site reaches loopback by its own name (DNS rebinding) or across origins; its
browser then says so in Host or Origin.
"""

from __future__ import annotations

from collections.abc import Iterable
from urllib.parse import urlsplit

HOSTS = ("127.0.0.1", "localhost", "::1")


def foreign(headers: Iterable[tuple[bytes, bytes]]) -> str | None:
    """The Host or Origin of a request that isn't this machine's; None if both are, or absent."""
    for name, value in headers:
        text = value.decode("latin-1")
        if name == b"host" and not _is_local(f"//{text}"):
            return text
        if name == b"origin" and not _is_local(text):
            return text
    return None


def _is_local(url: str) -> bool:
    """Whether the URL's host is loopback. Names below `localhost` never leave a machine."""
    try:
        host = urlsplit(url).hostname or ""
    except ValueError:
        return False
    return host in HOSTS or host.endswith(".localhost")
