"""Which handler answers which command, tap or text. Handlers announce themselves; nothing lists them."""

import random
from collections.abc import Awaitable, Callable
from dataclasses import dataclass, field
from functools import cache

from bot.fetching import Brought
from bot.i18n.tongue import Tongue, tongue
from bot.incoming import Sent
from bot.screens import Reaction
from crowd.payouts.vault import Vault
from crowd.plugins import modules_in
from crowd.receipts.desk import ReceiptDesk
from crowd.workers.registry import Worker, find
from db.database import UpdateTx


@dataclass(slots=True)
class Call:
    """One update on its way through: who, what, and the transaction it happens in."""

    tx: UpdateTx
    person_id: int
    first_name: str
    language_code: str | None
    text: str
    """Of a message; of a command, what follows it; of a tap, its data."""
    sent: Sent
    """What a message is."""
    brought: Brought
    """What was taken in of a file that the message has."""
    arguments: list[str]
    """Of a tap, what follows the verb; of a command, the words that follow."""
    luck: random.Random
    vault: Vault
    """Seals and opens where money goes."""
    receipts: ReceiptDesk
    """Signs receipts."""
    tapped: bool
    bot_name: str | None
    """By which links name the bot; None while the chat network has not told it yet."""
    _worker: Worker | None = field(default=None)

    async def worker(self) -> Worker | None:
        """The worker that the person is, if they are one."""
        if self._worker is None and self.tx.known:
            self._worker = await find(self.tx, self.person_id)
        return self._worker

    async def voice(self) -> Tongue:
        """In the worker's language, or else the phone's."""
        worker = await self.worker()
        return tongue(worker.locale if worker else self.language_code or "")

    def number(self, place: int = 0) -> int:
        """An argument as an id; 0, which no row has, when it is none."""
        said = self.arguments[place] if place < len(self.arguments) else ""
        return int(said) if said.isascii() and said.isdigit() and len(said) < 19 else 0

    def forget_worker(self) -> None:
        """Read the worker again: a row of theirs was changed."""
        self._worker = None


Handler = Callable[[Call], Awaitable[Reaction]]


@dataclass(frozen=True, slots=True)
class Listed:
    """How a command stands in the chat's menu and in /help."""

    place: int
    about: Callable[[Tongue], str]
    """A few words on what it is for."""


_commands: dict[str, Handler] = {}
_listed: dict[str, Listed] = {}
_taps: dict[str, Handler] = {}
_answering: set[str] = set()
_looking: set[str] = set()
_message: Handler | None = None


def command(name: str, listed: Listed | None = None) -> Callable[[Handler], Handler]:
    """Announce the handler of `/name`. Without `listed`, it works and is shown nowhere."""

    def announce(handler: Handler) -> Handler:
        _commands[name] = handler
        if listed is not None:
            _listed[name] = listed
        return handler

    return announce


def tap(verb: str, *, answers: bool = False, looks: bool = False) -> Callable[[Handler], Handler]:
    """Announce the handler of buttons whose data begin with that verb. `answers`: they answer the lease they name.

    `looks`: who taps them wants to see the picture, or to hear the sound.
    """

    def announce(handler: Handler) -> Handler:
        _taps[verb] = handler
        if answers:
            _answering.add(verb)
        if looks:
            _looking.add(verb)
        return handler

    return announce


def message(handler: Handler) -> Handler:
    """Announce the handler of messages that are no command."""
    global _message  # noqa: PLW0603
    _message = handler
    return handler


@cache
def _load() -> None:
    from bot import handlers

    modules_in(handlers)


def listed_commands(voice: Tongue) -> dict[str, str]:
    """The commands that people are shown, in their order, each with what it is for; plain text."""
    _load()
    return {name: listed.about(voice) for name, listed in sorted(_listed.items(), key=lambda item: item[1].place)}


def handler_of_tap(verb: str) -> Handler | None:
    """Who handles taps of a verb."""
    _load()
    return _taps.get(verb)


def answers_a_lease(verb: str) -> bool:
    """Whether a tap of that verb answers the lease that it names."""
    _load()
    return verb in _answering


def is_look(verb: str) -> bool:
    """Whether who taps a button of that verb wants to see the picture, or to hear the sound."""
    return verb in _looking


def handler_of_message(text: str) -> tuple[Handler, list[str]]:
    """Who handles a message, and the words behind its command."""
    _load()
    words = text.split()
    if text.startswith("/"):
        name = words[0][1:].split("@")[0].lower()
        return _commands.get(name, _commands["help"]), words[1:]
    assert _message is not None
    return _message, []
