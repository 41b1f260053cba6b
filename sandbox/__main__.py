"""``python -m sandbox --port 8081 --token 123456:ABC-def``: a sandbox in a process of its own."""

import argparse
import sys
from pathlib import Path

from sandbox.server import Sandbox, serve
from sandbox.settings import Bot, Settings

DEFAULT_TOKEN = "123456:sandbox-token"  # noqa: S105 - good for nothing but a sandbox


def _settings(arguments: list[str] | None = None) -> Settings:
    parser = argparse.ArgumentParser(prog="python -m sandbox", description="A Telegram for one machine.")
    parser.add_argument("--host", default="127.0.0.1", help="address to listen at (default: %(default)s)")
    parser.add_argument("--port", type=int, default=8081, help="port, 0 for a free one (default: %(default)s)")
    parser.add_argument(
        "--token",
        action="append",
        metavar="TOKEN[,USERNAME[,NAME]]",
        help=f"a bot's token; may be given several times (default: {DEFAULT_TOKEN})",
    )
    parser.add_argument("--state-file", type=Path, help="keep the state here over a restart")
    options = parser.parse_args(arguments)
    bots = []
    for number, given in enumerate(options.token or [DEFAULT_TOKEN], start=1):
        token, _, names = given.partition(",")
        username, _, name = names.partition(",")
        try:
            bots.append(Bot(token, username or f"sandbox_{number}_bot", name or f"Sandbox bot {number}"))
        except ValueError as error:
            parser.error(str(error))
    try:
        return Settings(tuple(bots), options.host, options.port, options.state_file)
    except ValueError as error:
        parser.error(str(error))


def _announce(sandbox: Sandbox) -> None:
    sys.stdout.write(f"The sandbox is at {sandbox.base_url}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    try:
        serve(_settings(), _announce)
    except (OSError, ValueError) as problem:
        sys.exit(f"The sandbox cannot start: {problem}")
