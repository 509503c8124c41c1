"""Uses the shell as a person at a terminal does: `shell_client.py PROJECT`.

Prints JSON: the rows that Spark counts, whether Ctrl-C ended a cell alone, and what the job's code
says before and after a change of it, here and in Spark's workers.
"""

from __future__ import annotations

import json
import os
import re
import sys
from pathlib import Path
from typing import Any

import pexpect

PROMPT = r"In \[\d+\]: "


class Shell:
    """The command at a terminal of its own."""

    def __init__(self, project: Path) -> None:
        # IPython then asks in plain lines, as it does on a terminal that can't more.
        environment = {**os.environ, "TERM": "dumb"}
        command = ["npm", ["run", "--silent", "local", "--", "shell"]]
        self.terminal = pexpect.spawn(
            *command, cwd=str(project), env=environment, timeout=120, encoding="utf-8"
        )
        self.terminal.setecho(False)
        self.terminal.expect(PROMPT)

    def ask(self, expression: str) -> Any:
        """The value of an expression, by way of JSON."""
        self.terminal.sendline(f"import json; print('<' + json.dumps({expression}) + '>')")
        self.terminal.expect(r"\r\n<(.*)>\r\n")
        value = json.loads(self.terminal.match.group(1))
        self.terminal.expect(PROMPT)
        return value

    def run(self, line: str) -> None:
        self.terminal.sendline(line)
        self.terminal.expect(PROMPT)


def main(project: Path) -> None:
    shell = Shell(project)
    rows = "SELECT platform, count(*) AS n FROM mobile_analytics.mobile_user GROUP BY platform"
    found: dict[str, Any] = {
        "rows": shell.ask(f"[row.asDict() for row in spark.sql('{rows}').collect()]")
    }
    shell.terminal.sendline("import time; print('wait' + 'ing'); time.sleep(600)")
    shell.terminal.expect("waiting\r\n")
    shell.terminal.sendintr()
    shell.terminal.expect("KeyboardInterrupt")
    shell.terminal.expect(PROMPT)
    found["alive"] = shell.ask("spark.range(3).count()")
    shell.run("from mobile_events.stage import staging")
    workers = (
        "sc.parallelize([0], 1).map(lambda _: __import__('mobile_events.stage.staging', "
        "fromlist=['staging'])._message_id(None)).collect()"
    )
    asked = f"[staging._message_id(None), {workers}, samples.rows('ios').duplicates]"
    found["before"] = shell.ask(asked)
    code = project / "glue-jobs" / "mobile_events" / "stage" / "staging.py"
    text = code.read_text()
    changed = re.sub(r"(def _message_id\(.*\n(?:    \"\"\".*\n)?)", r"\1    return 'same'\n", text)
    code.write_text(changed)
    found["after"] = shell.ask(asked)
    code.write_text(text)
    shell.terminal.sendline("exit")
    shell.terminal.expect(pexpect.EOF)
    shell.terminal.close()
    print(json.dumps(found))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
