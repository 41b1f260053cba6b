"""Everything in the sandbox: bots, people with phones, their chats, files and taps."""

from collections.abc import Callable
from dataclasses import dataclass, replace

from sandbox.bots import BotAccount
from sandbox.calls import CallLog
from sandbox.chats import Chat
from sandbox.clock import Clock
from sandbox.faults import Faults
from sandbox.files import Files
from sandbox.limits import Limits
from sandbox.phones import Phone
from sandbox.records import BotRecord, ChatRecord, Json, Message, Person, PhoneRecord, Snapshot
from sandbox.settings import Settings
from sandbox.taps import Taps

FIRST_PERSON_ID = 7_000_000_001
"""Needs more than 32 bits, as the ids of newer Telegram accounts do."""


@dataclass(frozen=True, slots=True)
class NewMessage:
    """What a message is made of, before it has an id."""

    content: Json
    inline_keyboard: Json | None = None
    keyboard: Json | None = None
    reply_to: int | None = None
    head: Json | None = None


class World:
    """The state of one sandbox, and the few ways to change it that keep its parts in step."""

    def __init__(self, settings: Settings, snapshot: Snapshot, files: Files, touch: Callable[[], None]) -> None:
        self.clock = Clock()
        self.clock.offset_s = snapshot.clock_offset_s
        self.files = files
        self.calls = CallLog()
        self.faults = Faults()
        self.limits = Limits(self.clock)
        self.taps = Taps(self.clock)
        self.closed = False
        self.touch = touch
        """Called after every change, so that it can be written to a file."""
        records = {record.bot_id: record for record in snapshot.bots}
        self.bots = {
            bot.id: BotAccount(bot, records.get(bot.id) or BotRecord(bot.id), self.clock) for bot in settings.bots
        }
        self.tokens = {account.bot.token: account for account in self.bots.values()}
        self._next_person_id = snapshot.next_person_id or FIRST_PERSON_ID
        self.phones: dict[int, Phone] = {}
        self._chats: dict[tuple[int, int], Chat] = {}
        for phone_record in snapshot.phones:
            self.phones[phone_record.person.id] = Phone(phone_record, self.clock)
        for chat_record in snapshot.chats:
            if chat_record.bot_id in self.bots and chat_record.person_id in self.phones:
                self._open(chat_record)

    def add_person(self, person: Person) -> Phone:
        """Somebody new, with a phone. An id of 0 takes the next free one. Raises KeyError if it is taken."""
        person_id = person.id
        while not person_id:
            if self._next_person_id not in self.phones:
                person_id = self._next_person_id
            self._next_person_id += 1
        if person_id in self.phones or person_id in self.bots:
            raise KeyError(person_id)
        phone_number = person.phone_number or f"999{person_id % 10**9:09}"
        person = replace(person, id=person_id, phone_number=phone_number)
        phone = self.phones[person_id] = Phone(PhoneRecord(person), self.clock)
        return phone

    def describe_person(self, person: Person) -> None:
        """Somebody's name or language has changed."""
        self.phones[person.id].record.person = person
        for account in self.bots.values():
            if chat := self._chats.get((account.id, person.id)):
                chat.describe(person)

    def chat(self, account: BotAccount, person_id: int) -> Chat | None:
        """The chat of a person with a bot, if the person ever opened it."""
        return self._chats.get((account.id, person_id))

    def open_chat(self, account: BotAccount, person_id: int) -> Chat:
        """The same, opened if need be. Raises KeyError if there is no such person."""
        chat = self._chats.get((account.id, person_id))
        return chat or self._open(ChatRecord(account.id, self.phones[person_id].record.person.id))

    def add_message(self, account: BotAccount, chat: Chat, new: NewMessage, *, from_bot: bool) -> Message:
        """Put a message into a chat; the phone is told if it comes from the bot."""
        message = Message(
            account.next_message_id(),
            from_bot,
            int(self.clock.now()),
            new.content,
            new.inline_keyboard,
            new.keyboard,
            new.reply_to,
            head=new.head or {},
        )
        if from_bot:
            chat.store(message)
        else:
            chat.record.messages[message.message_id] = message
        return message

    def snapshot(self) -> Snapshot:
        """The state, to be written down at once: it is shared with the running sandbox, not copied."""
        for account in self.bots.values():
            account.record.updates = account.updates.all()
        return Snapshot(
            clock_offset_s=self.clock.offset_s,
            next_person_id=self._next_person_id,
            bots=[account.record for account in self.bots.values()],
            phones=[phone.record for phone in self.phones.values()],
            chats=[chat.record for chat in self._chats.values()],
            files=self.files.records(),
        )

    def close(self) -> None:
        """Let everybody go who waits for something. The world cannot be used afterwards."""
        self.closed = True
        for account in self.bots.values():
            account.close()
        self.taps.close()
        for chat in self._chats.values():
            chat.screen.release()
        self.clock.close()

    def _open(self, record: ChatRecord) -> Chat:
        phone = self.phones[record.person_id]
        chat = Chat(record, self.bots[record.bot_id].json, self.clock, self._bring)
        chat.describe(phone.record.person)
        phone.add_chat(chat)
        self._chats[(record.bot_id, record.person_id)] = chat
        return chat

    def _bring(self, chat: Chat, message_id: int) -> None:
        self.phones[chat.record.person_id].bring(chat, message_id)
