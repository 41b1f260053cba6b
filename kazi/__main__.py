"""`python -m kazi` is the command `kazi`."""

from kazi.main import run

if __name__ == "__main__":
    run()
