"""What a sandbox is started with."""

import re
from dataclasses import dataclass, field
from pathlib import Path

from starlette.routing import BaseRoute

_TOKEN = re.compile(r"\d{1,16}:[A-Za-z0-9_-]+")


@dataclass(frozen=True, slots=True)
class Bot:
    """A bot that the sandbox knows, as BotFather would have registered it.

    Raises ValueError if the token does not look like ``123456:ABC-def``.
    """

    token: str = field(repr=False)
    username: str
    first_name: str = "Bot"

    def __post_init__(self) -> None:
        if not _TOKEN.fullmatch(self.token):
            raise ValueError("a bot token is a number, a colon and letters or digits, such as 123456:ABC-def")
        if not re.fullmatch(r"\w{3,32}", self.username):
            raise ValueError(f"a bot's username has 3 to 32 letters, digits or _, without @: {self.username!r}")

    @property
    def id(self) -> int:
        """The bot's user id: what stands before the colon of its token."""
        return int(self.token.partition(":")[0])


@dataclass(frozen=True, slots=True)
class Settings:
    """How to serve: the bots, the address (port 0 takes a free one), and where the state is kept.

    Without a ``state_file`` everything is forgotten at the end; with one, files that people and bots sent
    are kept in a folder of the same name with the ending ``.files``; what phones had not sent yet is forgotten, as
    are taps that wait for an answer. ``extra_routes`` are served beside
    the sandbox's own.
    """

    bots: tuple[Bot, ...]
    host: str = "127.0.0.1"
    port: int = 0
    state_file: Path | None = None
    extra_routes: tuple[BaseRoute, ...] = ()

    def __post_init__(self) -> None:
        if not self.bots:
            raise ValueError("a sandbox needs at least one bot")
        for what in ("id", "username"):
            values = [getattr(bot, what) for bot in self.bots]
            if len(set(values)) < len(values):
                raise ValueError(f"two bots have the same {what}: {values}")
