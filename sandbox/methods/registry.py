"""The methods of the Bot API that the sandbox performs."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sandbox.arguments import Arguments
from sandbox.bots import BotAccount
from sandbox.chats import Chat
from sandbox.errors import bad_request, forbidden
from sandbox.records import Message
from sandbox.webhook import Reply
from sandbox.world import World


@dataclass(frozen=True, slots=True)
class Call:
    """One call of a method by a bot. ``reply`` performs a further one, for webhooks that answer with a call."""

    world: World
    account: BotAccount
    args: Arguments
    reply: Reply

    def chat(self) -> Chat:
        """The chat that the call is about. Raises ApiError if the bot may not write there."""
        chat = self.find_chat("chat_id")
        if chat.record.blocked:
            raise forbidden("bot was blocked by the user")
        return chat

    def find_chat(self, name: str) -> Chat:
        """The chat named by a parameter, blocked or not: one whose person has written to the bot."""
        value = self.args.raw.get(name)
        if value is None or value == "":
            raise bad_request(f"{name} is empty")
        try:
            chat_id = int(value)
        except (TypeError, ValueError):
            raise bad_request("chat not found") from None
        if chat_id in self.world.bots:
            raise forbidden("bots can't send messages to bots")
        chat = self.world.chat(self.account, chat_id)
        if chat is None or not chat.record.started:
            raise bad_request("chat not found")
        return chat

    def message(self, chat: Chat, missing: str) -> Message:
        """The message that the call is about. ``missing`` is the complaint if it is not there."""
        message_id = self.args.integer("message_id")
        if message_id is None:
            raise bad_request("message identifier is not specified")
        message = chat.record.messages.get(message_id)
        if message is None:
            raise bad_request(missing)
        return message


Function = Callable[[Call], Any]
"""Performs a method: its result as a JSON value, or a coroutine of it. Raises ApiError."""

METHODS: dict[str, Function] = {}
"""The methods by name, in lower case: Telegram does not mind the case."""


def method(name: str) -> Callable[[Function], Function]:
    """Register the function that performs a method."""

    def register(function: Function) -> Function:
        METHODS[name.lower()] = function
        return function

    return register
