"""`python -m kazi` is the command `kazi`."""

from kazi.main import run

run()
