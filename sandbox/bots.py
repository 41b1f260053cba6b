"""A bot as the sandbox runs it."""

from sandbox.clock import Clock
from sandbox.records import BotRecord, Json, WebhookTarget
from sandbox.settings import Bot
from sandbox.updates import UpdateQueue
from sandbox.webhook import Delivery, Reply


class BotAccount:
    """A bot: what it is called, what it is to be told, and how it is told."""

    def __init__(self, bot: Bot, record: BotRecord, clock: Clock) -> None:
        self.bot = bot
        self.id = bot.id
        self.record = record
        self.clock = clock
        self.updates = UpdateQueue(record, clock)
        self.delivery: Delivery | None = None
        self.json: Json = {
            "id": bot.id,
            "is_bot": True,
            "first_name": record.profile.names.get("", bot.first_name),
            "username": bot.username,
        }

    def next_message_id(self) -> int:
        """Message ids of a bot's private chats come from one series."""
        message_id = self.record.next_message_id
        self.record.next_message_id += 1
        return message_id

    def next_query_id(self) -> str:
        """The id of the next tap."""
        query_id = self.record.next_query_id
        self.record.next_query_id += 1
        return f"{self.id % 10**6}{query_id:012}"

    def point_webhook(self, target: WebhookTarget | None, reply: Reply) -> None:
        """Send updates to ``target`` from now on, or keep them for polling (None)."""
        if target == self.record.webhook and (self.delivery is not None or target is None):
            return
        if self.delivery is not None:
            self.delivery.close()
            self.delivery = None
        self.record.webhook = target
        if target is not None:
            self.delivery = Delivery(target, self.updates, self.clock, reply)
            self.delivery.start()

    def close(self) -> None:
        """Stop telling the bot anything."""
        if self.delivery is not None:
            self.delivery.close()
        self.updates.end_poll()
