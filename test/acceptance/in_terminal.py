"""Runs a command in a terminal: `in_terminal.py TEXT ANSWER COMMAND …` answers when TEXT is shown.

What it shows goes to standard output; the exit code is the command's.
"""

import fcntl
import os
import pty
import struct
import sys
import termios


def main(text: str, answer: str, *command: str) -> int:
    pid, terminal = pty.fork()
    if pid == 0:
        os.execvp(command[0], command)
    # A terminal that nobody has given a size has no columns, on which no line fits.
    fcntl.ioctl(terminal, termios.TIOCSWINSZ, struct.pack("HHHH", 24, 120, 0, 0))
    shown, answered = b"", False
    while part := _read(terminal):
        sys.stdout.buffer.write(part)
        shown += part
        if not answered and text.encode() in shown:
            answered = True
            os.write(terminal, f"{answer}\r".encode())
    return os.waitstatus_to_exitcode(os.waitpid(pid, 0)[1])


def _read(terminal: int) -> bytes:
    try:
        return os.read(terminal, 4096)
    except OSError:  # Linux's word for the end, once nobody has the terminal open
        return b""


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
