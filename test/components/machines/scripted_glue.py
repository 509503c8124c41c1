"""ministack with a Glue that answers by a script: `python scripted_glue.py PORT STATE_DIR`.

Two operations are the test's own. `Script` sets, for each operation, its answers in turn, the last
of which stays; an answer may be `{"error": code}`. `Calls` gives what was called since.
"""

from __future__ import annotations

import json
import os
import sys
from typing import Any

Answer = dict[str, Any]

script: dict[str, list[Answer]] = {}
calls: list[tuple[str, Answer]] = []


def answer_to(operation: str, payload: Answer) -> Answer:
    if operation == "Script":
        script.clear()
        script.update(payload)
        calls.clear()
        return {}
    if operation == "Calls":
        return {"calls": calls}
    calls.append((operation, payload))
    answers = script.get(operation) or [{"error": f"{operation}IsNotScripted"}]
    return answers.pop(0) if len(answers) > 1 else answers[0]


async def glue(
    _method: str, _path: str, headers: dict[str, str], body: bytes, _query: Answer
) -> tuple[int, dict[str, str], bytes]:
    operation = headers["x-amz-target"].partition(".")[2]
    answer = answer_to(operation, json.loads(body or b"{}"))
    error = answer.get("error")
    status = 400 if error else 200
    found = {"__type": error, "Message": "scripted"} if error else answer
    return status, {"content-type": "application/x-amz-json-1.1"}, json.dumps(found).encode()


def main(port: str, state_dir: str) -> None:
    # ministack reads both when it is imported. Waits take no time.
    os.environ.update(
        GATEWAY_PORT=port, BIND_HOST="127.0.0.1", STATE_DIR=state_dir, SFN_WAIT_SCALE="0"
    )
    sys.argv = sys.argv[:1]
    from ministack import app

    app.SERVICE_HANDLERS["glue"] = glue
    app.main()


if __name__ == "__main__":
    main(*sys.argv[1:3])
