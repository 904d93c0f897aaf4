"""A shell in small: runs a program as its job, says how a stopped one left the terminal, and continues it."""

from __future__ import annotations

import os
import signal
import sys
import termios


def main() -> int:
    mode = termios.tcgetattr(0)
    signal.signal(signal.SIGTTOU, signal.SIG_IGN)
    job = os.fork()
    if job == 0:
        os.setpgid(0, 0)
        os.tcsetpgrp(0, os.getpid())
        signal.signal(signal.SIGTTOU, signal.SIG_DFL)
        os.execvp(sys.argv[1], sys.argv[1:])
    while True:
        _, status = os.waitpid(job, os.WUNTRACED)
        os.tcsetpgrp(0, os.getpgrp())
        flags = termios.tcgetattr(0)[3]
        how = f"lines {bool(flags & termios.ICANON)} echo {bool(flags & termios.ECHO)}"
        if not os.WIFSTOPPED(status):
            os.write(1, f"left with {how}\n".encode())
            return os.waitstatus_to_exitcode(status)
        os.write(1, f"stopped with {how}\n".encode())
        input()
        termios.tcsetattr(0, termios.TCSANOW, mode)  # as a shell may leave it
        os.tcsetpgrp(0, job)
        os.killpg(job, signal.SIGCONT)


if __name__ == "__main__":
    sys.exit(main())
