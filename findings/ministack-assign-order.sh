#!/usr/bin/env bash
# In ministack's state machines, an entry of Assign sees the new values of the entries before it.
#
# One would guess: as on AWS, all entries see the variables as they were when the state was entered, so that
#   `{"x": "{% $y %}", "y": "{% $x %}"}` exchanges two variables (Step Functions guide, "Passing data between states
#   with variables", evaluation order in an assign field).
# Seen: the entries are evaluated one after the other, each with what the ones before have set. The exchange
#   leaves both variables with one value, and a counter beside its old value is off by one.
# Versions: ministack 1.5.33.
# Why it matters: a machine that passes its test here works with other values on AWS, and an execution that
#   succeeds in both shows no difference but in its data.
set -euo pipefail
folder=$(mktemp -d)
server=
trap 'kill "$server" 2>/dev/null || true; rm -rf "$folder"' EXIT
python3 -m venv "$folder/python"
"$folder/python/bin/pip" install --quiet --disable-pip-version-check ministack==1.5.33 boto3==1.43.106 jsonata-python==0.7.1
port=$("$folder/python/bin/python" -c 'import socket; s = socket.socket(); s.bind(("127.0.0.1", 0)); print(s.getsockname()[1])')
export AWS_ACCESS_KEY_ID=test AWS_SECRET_ACCESS_KEY=test AWS_DEFAULT_REGION=us-east-1
cd "$folder"
GATEWAY_PORT=$port BIND_HOST=127.0.0.1 HOME=$folder \
  "$folder/python/bin/ministack" >"$folder/log" 2>&1 &
server=$!
"$folder/python/bin/python" - "http://127.0.0.1:$port" <<'PYTHON'
import json
import sys
import time

import boto3

machines = boto3.client("stepfunctions", endpoint_url=sys.argv[1])


def states(assign, output):
    return {
        "QueryLanguage": "JSONata",
        "StartAt": "First",
        "States": {
            "First": {"Type": "Pass", "Assign": {"x": 1, "y": 2}, "Next": "Second"},
            "Second": {"Type": "Pass", "Assign": assign, "Next": "Third"},
            "Third": {"Type": "Pass", "Output": output, "End": True},
        },
    }


def output_of(name, definition):
    for _ in range(100):
        try:
            made = machines.create_state_machine(
                name=name,
                definition=json.dumps(definition),
                roleArn="arn:aws:iam::000000000000:role/any",
            )
            break
        except Exception:
            time.sleep(0.2)
    started = machines.start_execution(stateMachineArn=made["stateMachineArn"])
    while True:
        found = machines.describe_execution(executionArn=started["executionArn"])
        if found["status"] != "RUNNING":
            return found["status"], json.loads(found.get("output") or "null")
        time.sleep(0.1)


both = {"x": "{% $x %}", "y": "{% $y %}"}
cases = {
    "exchange": (
        states({"x": "{% $y %}", "y": "{% $x %}"}, both),
        {"x": 2, "y": 1},
        {"x": 2, "y": 2},
    ),
    "counter": (
        states({"x": "{% $x + 1 %}", "y": "{% $x %}"}, both),
        {"x": 2, "y": 1},
        {"x": 2, "y": 2},
    ),
}
changed = False
for name, (definition, on_aws, expected) in cases.items():
    status, output = output_of(name, definition)
    print(f"{name}: {status} with {output}, on AWS {on_aws}")
    changed |= (status, output) != ("SUCCEEDED", expected)
sys.exit("no longer so" if changed else 0)
PYTHON
