"""Runs a notebook as JupyterLab's page does: `notebook_client.py URL NOTEBOOK [CODE …]`.

URL is what the command prints, token included. Each CODE runs behind the notebook's cells. Writes
JSON: for each cell its `text` (streams and results) and `images` (how many bytes of PNG), and which
foreign requests the server answered. Ends with the first error of a cell.
"""

from __future__ import annotations

import base64
import json
import sys
import urllib.request
import uuid
from pathlib import Path
from typing import Any
from urllib.error import HTTPError
from urllib.parse import parse_qs, urlsplit

import websocket

TIMEOUT_S = 120


class Server:
    """A Jupyter server, by the URL that it's opened with."""

    def __init__(self, url: str) -> None:
        parts = urlsplit(url)
        self.place = parts.netloc
        self.token = parse_qs(parts.query)["token"][0]

    def call(self, method: str, path: str, body: Any = None, **headers: str) -> Any:
        """The JSON of an answer. Raises HTTPError."""
        headers = {"Authorization": f"token {self.token}", **headers}
        data = None if body is None else json.dumps(body).encode()
        url = f"http://{self.place}{path}"
        request = urllib.request.Request(url, data, headers, method=method)
        with urllib.request.urlopen(request, timeout=TIMEOUT_S) as answer:
            content = answer.read()
        return json.loads(content) if content else None

    def refusal(self, **headers: str) -> int:
        """The status of a request with other headers, 200 if it's answered."""
        try:
            self.call("GET", "/api/kernels", **headers)
        except HTTPError as error:
            return error.code
        return 200

    def cookies(self) -> str:
        """The cookies that a browser has once it has opened the URL."""
        url = f"http://{self.place}/api/kernels?token={self.token}"
        with urllib.request.urlopen(url, timeout=TIMEOUT_S) as answer:
            given = answer.headers.get_all("Set-Cookie")
        return "; ".join(cookie.partition(";")[0] for cookie in given)

    def channel(self, kernel: str, origin: str) -> websocket.WebSocket:
        """The kernel's WebSocket, as a page opens it. Raises WebSocketBadStatusException."""
        return websocket.create_connection(
            f"ws://{self.place}/api/kernels/{kernel}/channels",
            cookie=self.cookies(),
            origin=origin,
            timeout=TIMEOUT_S,
        )

    def socket_refusal(self, kernel: str, origin: str) -> int:
        """The status of a WebSocket's opening, 101 if it's opened."""
        try:
            self.channel(kernel, origin).close()
        except websocket.WebSocketBadStatusException as error:
            return int(error.status_code)
        return 101


def run_cell(channel: websocket.WebSocket, code: str) -> dict[str, Any]:
    """Run code to its end. Raises RuntimeError with its error."""
    header = {
        "msg_id": uuid.uuid4().hex,
        "msg_type": "execute_request",
        "username": "",
        "session": uuid.uuid4().hex,
        "version": "5.3",
    }
    content = {"code": code, "silent": False, "store_history": False, "allow_stdin": False}
    message = {"header": header, "parent_header": {}, "metadata": {}, "content": content}
    channel.send(json.dumps({**message, "channel": "shell", "buffers": []}))
    text, images = "", []
    while True:
        answer = json.loads(channel.recv())
        if answer["parent_header"].get("msg_id") != header["msg_id"]:
            continue
        kind, said = answer["header"]["msg_type"], answer["content"]
        if kind == "error":
            raise RuntimeError("\n".join([code, *said["traceback"]]))
        if kind == "stream":
            text += said["text"]
        if kind in ("execute_result", "display_data"):
            text += said["data"].get("text/plain", "")
            png = said["data"].get("image/png")
            images += [len(base64.b64decode(png))] if png else []
        if kind == "status" and said["execution_state"] == "idle":
            return {"text": text, "images": images}


def main(url: str, notebook: str, *more: str) -> None:
    server = Server(url)
    cells = json.loads(Path(notebook).read_text())["cells"]
    codes = ["".join(cell["source"]) for cell in cells if cell["cell_type"] == "code"]
    kernel = server.call("POST", "/api/kernels", {"name": "python3"})["id"]
    foreign = {
        "no token": server.refusal(Authorization=""),
        "host": server.refusal(Host="evil.example"),
        "origin": server.socket_refusal(kernel, "https://evil.example"),
    }
    channel = server.channel(kernel, f"http://{server.place}")
    ran = [run_cell(channel, code) for code in [*codes, *more]]
    channel.close()
    print(json.dumps({"cells": ran, "foreign": foreign}))


if __name__ == "__main__":
    main(*sys.argv[1:])
