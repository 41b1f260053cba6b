"""A private chat of one person with one bot: what the server holds, and what the person's phone shows."""

import asyncio
from collections.abc import Callable
from dataclasses import dataclass, field

from sandbox.clock import Clock, end
from sandbox.records import ChatRecord, Json, Message, Person


@dataclass(slots=True, eq=False)
class Outgoing:
    """Something the person sent that has not reached the server. ``local_id`` is below zero."""

    local_id: int
    content: Json
    size: int


@dataclass(slots=True)
class Screen:
    """What the phone shows of one chat. ``version`` grows with every change."""

    record: ChatRecord
    clock: Clock
    version: int = 1
    outgoing: list[Outgoing] = field(default_factory=list)
    _watchers: list["asyncio.Future[None]"] = field(default_factory=list)

    def changed(self) -> None:
        """The phone shows something new: tell whoever watches."""
        self.version += 1
        watchers, self._watchers = self._watchers, []
        for watcher in watchers:
            end(watcher)

    async def change_after(self, version: int, wait_s: float) -> None:
        """Return as soon as the screen is newer than ``version``, or after ``wait_s`` of the sandbox's clock."""
        if self.version > version or wait_s <= 0:
            return
        watcher = asyncio.get_running_loop().create_future()
        self._watchers.append(watcher)
        try:
            await self.clock.limit(watcher, wait_s)
        finally:
            if watcher in self._watchers:
                self._watchers.remove(watcher)

    def release(self) -> None:
        """Let everybody who waits for a change go."""
        for watcher in self._watchers:
            end(watcher)

    def show(self, message: Message) -> bool:
        """Show a message as it is now. True if the phone did not have it before."""
        record = self.record
        new = message.message_id not in record.shown
        record.shown[message.message_id] = message
        if new and message.keyboard is not None:
            record.keyboard = None if message.keyboard.get("remove_keyboard") else message.keyboard
        self.changed()
        return new

    def hide(self, message_id: int) -> None:
        """The message was deleted."""
        if self.record.shown.pop(message_id, None) is not None:
            self.changed()

    def reply_keyboard(self) -> list[list[Json]]:
        """The rows of the reply keyboard that stands below the chat."""
        rows = (self.record.keyboard or {}).get("keyboard", [])
        return [[{"text": b} if isinstance(b, str) else b for b in row] for row in rows]


class Chat:
    """A chat with the JSON objects that every message of it repeats. Made by World."""

    __slots__ = ("bot_json", "chat_json", "on_change", "person_json", "record", "screen")

    def __init__(
        self,
        record: ChatRecord,
        bot_json: Json,
        clock: Clock,
        on_change: Callable[["Chat", int], None],
    ) -> None:
        self.record = record
        self.screen = Screen(record, clock)
        self.bot_json = bot_json
        self.chat_json: Json = {}
        self.person_json: Json = {}
        self.on_change = on_change

    def describe(self, person: Person) -> None:
        """Take over what Telegram tells bots about the person."""
        names: Json = {"first_name": person.first_name}
        if person.last_name:
            names["last_name"] = person.last_name
        if person.username:
            names["username"] = person.username
        self.chat_json = {"id": person.id, **names, "type": "private"}
        self.person_json = {"id": person.id, "is_bot": False, **names}
        if person.language_code is not None:
            self.person_json["language_code"] = person.language_code

    def store(self, message: Message) -> None:
        """Keep a message, new or edited, and let the phone know."""
        self.record.messages[message.message_id] = message
        self.on_change(self, message.message_id)

    def delete(self, message_id: int) -> None:
        """Delete a message for both sides."""
        del self.record.messages[message_id]
        if message_id in self.record.pinned:
            self.record.pinned.remove(message_id)
        self.on_change(self, message_id)

    def as_json(self, message: Message, *, with_reply: bool = True) -> Json:
        """The message as the Bot API gives it."""
        found: Json = {
            "message_id": message.message_id,
            "from": self.bot_json if message.from_bot else self.person_json,
            "chat": self.chat_json,
            "date": message.date,
        }
        if message.edit_date is not None:
            found["edit_date"] = message.edit_date
        if message.head:
            found.update(message.head)
        if with_reply and message.reply_to is not None:
            original = self.record.messages.get(message.reply_to)
            if original is not None:
                found["reply_to_message"] = self.as_json(original, with_reply=False)
        found.update(message.content)
        if message.inline_keyboard is not None:
            found["reply_markup"] = message.inline_keyboard
        return found
