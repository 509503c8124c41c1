"""Starts ministack on loopback with IAM enforced and this project's Glue and Athena plugged in.

Seams used, all internals of the pinned ministack 1.5.33 and covered by `test_glue_launcher.py`:
`ministack.app.app` (the ASGI application), `SERVICE_HANDLERS`, `_build_persistence_save_dict` with
`core.persistence.save_all`, and the `X-Forwarded-Proto` header that marks a request as TLS.
"""

from __future__ import annotations

import asyncio
import fcntl
import json
import os
import signal
import socket
from collections.abc import Callable, Mapping
from datetime import datetime
from pathlib import Path
from typing import IO, Any

from hypercorn.asyncio import serve
from hypercorn.config import Config
from hypercorn.typing import (
    ASGIFramework,
    ASGIReceiveCallable,
    ASGISendCallable,
    ASGISendEvent,
    HTTPResponseBodyEvent,
    HTTPResponseStartEvent,
    Scope,
)

from emulator.account import ACCOUNT_ID, DEFAULT_REGION, ROOT_KEY
from emulator.fixes import START_ANEW
from emulator.loopback import foreign
from emulator.reports import REPORTS_PATH, Reports

SAVE_PATH = "/_local/save"
ACCESS_PATH = "/_local/access"
SCHEDULE_PATH = "/_local/schedule"
PROCESS_PATH = "/_local/process"
"""The server's process, by which its starter knows it from another emulator on the port."""
REFUSED = "Only programs of this machine are answered, by the name 127.0.0.1 or localhost, not "
ENCRYPTION_HEADERS = b"x-amz-server-side-encryption"


class StartError(Exception):
    """The emulator can't start; the message says why and what to do."""


class PortTakenError(StartError):
    """Another program listens on the port."""


def run(port: int, state_dir: Path, endpoint: str, at: datetime | None) -> None:
    """Serve the AWS API on 127.0.0.1:`port` until SIGTERM or SIGINT, keeping state in `state_dir`.

    `endpoint` is where jobs, crawls and queries reach it: itself, or a proxy before it. The clock
    of the schedules starts at `at`, default: now. Raises PortTakenError, or StartError if another
    emulator uses the folder, or the state in it can't be read.
    """
    state_dir.mkdir(parents=True, exist_ok=True)
    lock = _lock_state(state_dir)
    listener = _listen(port)
    _check_services(state_dir)
    _configure(port, state_dir)
    from emulator.glue.snapshot import SnapshotError

    try:
        asyncio.run(_serve(listener.detach(), state_dir, endpoint, at))
    except SnapshotError as error:
        raise StartError(str(error)) from error
    finally:
        lock.close()


def _lock_state(state_dir: Path) -> IO[str]:
    lock = (state_dir / "emulator.lock").open("w")
    try:
        fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
    except OSError as error:
        lock.close()
        raise StartError(
            f"{state_dir} is in use by another emulator; stop that one first"
        ) from error
    return lock


def _check_services(state_dir: Path) -> None:
    """ministack begins anew with a service whose state is broken, and nobody would know why."""
    for saved in (state_dir / "services").glob("*.json"):
        try:
            json.loads(saved.read_bytes())
        except ValueError as error:
            raise StartError(f"{saved} can't be read ({error}): {START_ANEW}") from error


def _listen(port: int) -> socket.socket:
    try:
        return socket.create_server(("127.0.0.1", port), backlog=256)
    except OSError as error:
        raise PortTakenError(
            f"can't listen on 127.0.0.1:{port} ({error.strerror}); choose another port"
        ) from error


def _configure(port: int, state_dir: Path) -> None:
    """Set the environment that ministack and moto read when they are imported."""
    for name in ("AWS_SESSION_TOKEN", "AWS_PROFILE", "AWS_ENDPOINT_URL", "SERVICES"):
        os.environ.pop(name, None)
    os.environ.update(
        AUTH="true",
        AWS_ACCESS_KEY_ID=ROOT_KEY,
        AWS_SECRET_ACCESS_KEY=ROOT_KEY,
        AWS_EC2_METADATA_DISABLED="true",
        GATEWAY_PORT=str(port),
        IOT_MTLS_ENABLED="0",
        MINISTACK_ACCOUNT_ID=ACCOUNT_ID,
        MINISTACK_HOST="127.0.0.1",
        MINISTACK_REGION=DEFAULT_REGION,
        MOTO_ACCOUNT_ID=ACCOUNT_ID,
        PERSIST_STATE="1",
        S3_DATA_DIR=str(state_dir / "objects"),
        S3_PERSIST="1",
        SFTP_ENABLED="0",
        STATE_DIR=str(state_dir / "services"),
    )


async def _serve(listener: int, state_dir: Path, endpoint: str, at: datetime | None) -> None:
    from ministack import app as ministack

    from emulator.access import (
        conditions,
        denials,
        event_targets,
        keys,
        log_streams,
        record,
        state_machines,
    )
    from emulator.alarms import install as install_alarms
    from emulator.athena.handler import make_handler as make_athena_handler
    from emulator.glue.clock import Clock
    from emulator.glue.handler import GlueHandler
    from emulator.log_group_keys import with_key_changes
    from emulator.oidc_providers import install as install_oidc_providers

    install_oidc_providers()
    install_alarms()
    clock = Clock(at)
    clock.install()
    access = record.install()
    keys.install()
    conditions.install()
    denials.install()
    log_streams.install()
    state_machines.install()
    glue = GlueHandler(state_dir, endpoint, clock)
    event_targets.install(glue.notify)
    athena = make_athena_handler(state_dir / "athena", endpoint)
    ministack.SERVICE_HANDLERS["glue"] = glue
    ministack.SERVICE_HANDLERS["athena"] = athena
    ministack.SERVICE_HANDLERS["logs"] = with_key_changes(ministack.SERVICE_HANDLERS["logs"])

    stop = asyncio.Event()
    loop = asyncio.get_running_loop()
    for signal_number in (signal.SIGTERM, signal.SIGINT):
        loop.add_signal_handler(signal_number, stop.set)

    config = Config()
    config.bind = [f"fd://{listener}"]
    config.keep_alive_timeout = 75
    config.graceful_timeout = 1

    async def stopped() -> None:
        await stop.wait()
        await asyncio.to_thread(athena.stop)
        await asyncio.to_thread(glue.stop)

    own: dict[str, Callable[[], Any]] = {
        ACCESS_PATH: access.as_json,
        PROCESS_PATH: os.getpid,
        SCHEDULE_PATH: glue.schedule,
    }
    reports = Reports(state_dir.parent / "reports")
    local = _local_application(ministack.app, own, reports)
    await serve(local, config, shutdown_trigger=stopped)


def _local_application(
    application: ASGIFramework, own: Mapping[str, Callable[[], Any]], reports: Reports
) -> ASGIFramework:
    """Wrap ministack: answer what only this emulator has (`own`: JSON by path; pages of runs),
    refuse what a foreign page sends, and count every request as TLS.

    Only loopback reaches this server, so a bucket policy that refuses plain HTTP
    (`aws:SecureTransport` false) must not refuse these requests.
    """

    async def local(scope: Scope, receive: ASGIReceiveCallable, send: ASGISendCallable) -> None:
        if scope["type"] == "http":
            stranger = foreign(scope["headers"])
            if stranger is not None:
                await _answer(send, 403, json.dumps({"message": REFUSED + stranger}).encode())
                return
            if scope["path"] == SAVE_PATH and scope["method"] == "POST":
                await _save(send)
                return
            if scope["path"] in own and scope["method"] == "GET":
                told = await asyncio.to_thread(own[scope["path"]])
                await _answer(send, 200, json.dumps(told).encode())
                return
            if scope["path"].startswith(REPORTS_PATH) and scope["method"] == "GET":
                await reports.answer(scope["path"], send)
                return
            headers = scope["headers"]
            scope["headers"] = [*headers, (b"x-forwarded-proto", b"https")]
            if any(name == b"user-agent" and b"hadoop" in value.lower() for name, value in headers):
                send = _without_encryption(send)
        await application(scope, receive, send)

    return local


def _without_encryption(send: ASGISendCallable) -> ASGISendCallable:
    """Leave an object's encryption out of an answer to Hadoop.

    S3A renames by copying, and asks for the encryption and the key that it read from the source;
    its SDK refuses to name a key over plain HTTP. Without them, the bucket's default holds.
    """

    async def send_filtered(event: ASGISendEvent) -> None:
        if event["type"] == "http.response.start":
            event["headers"] = [
                (name, value)
                for name, value in event["headers"]
                if not name.lower().startswith(ENCRYPTION_HEADERS)
            ]
        await send(event)

    return send_filtered


async def _save(send: ASGISendCallable) -> None:
    from ministack.app import _build_persistence_save_dict
    from ministack.core.persistence import save_all

    save_all(_build_persistence_save_dict())
    await _answer(send, 204, b"")


async def _answer(send: ASGISendCallable, status: int, body: bytes) -> None:
    start: HTTPResponseStartEvent = {
        "type": "http.response.start",
        "status": status,
        "headers": [(b"content-type", b"application/json")] if body else [],
        "trailers": False,
    }
    end: HTTPResponseBodyEvent = {"type": "http.response.body", "body": body, "more_body": False}
    await send(start)
    await send(end)
