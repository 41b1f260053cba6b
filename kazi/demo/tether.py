"""Runs a module for as long as whoever started it holds the other end of its standard input.

So the demo's processes end with the demo, however it ends: `python -m kazi.demo.tether MODULE ARGUMENTS…`.
"""

import os
import runpy
import signal
import sys
from threading import Thread


def _end_with_starter() -> None:
    while os.read(0, 1024):  # not by sys.stdin, whose lock would keep the interpreter from ending
        pass
    os.kill(os.getpid(), signal.SIGTERM)


if __name__ == "__main__":
    del sys.argv[0]
    Thread(target=_end_with_starter, name="tether", daemon=True).start()
    runpy.run_module(sys.argv[0], run_name="__main__", alter_sys=True)
