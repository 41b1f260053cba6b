"""A Telegram for one machine: the Bot API over HTTP, phones, and a control API to play with both.

It needs no network and no account. Any Bot API client can talk to it unchanged; ``POST /sandbox/…`` makes
people, lets them write and tap, moves the clock, breaks links and orders failures.
"""

from sandbox.server import Sandbox, create_app, running, serve
from sandbox.settings import Bot, Settings

__all__ = ["Bot", "Sandbox", "Settings", "create_app", "running", "serve"]
