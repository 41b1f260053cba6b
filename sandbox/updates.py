"""The updates of one bot: kept until they are confirmed or expire, handed to a poll or to a webhook."""

import asyncio
import math
import random
from collections import OrderedDict
from collections.abc import Callable
from itertools import islice

import orjson

from sandbox.clock import Clock, end
from sandbox.errors import ApiError, conflict
from sandbox.records import BotRecord, Json, Update

MESSAGE_LIFETIME_S = 24 * 3600.0
CALLBACK_LIFETIME_S = 150.0
IDS_FORGOTTEN_AFTER_S = 7 * 24 * 3600.0
IDS_START_IN = (2**20, 2**30)
NOT_BY_DEFAULT = frozenset({"chat_member", "message_reaction", "message_reaction_count"})

OTHER_POLL = "terminated by other getUpdates request; make sure that only one bot instance is running"
WEBHOOK_SET = "terminated by setWebhook request"
WEBHOOK_ACTIVE = "can't use getUpdates method while webhook is active; use deleteWebhook to delete the webhook first"


class UpdateQueue:
    """Updates in the order of their ids, which grow by one, and start anew after a week without any."""

    def __init__(self, record: BotRecord, clock: Clock) -> None:
        self._record = record
        self._clock = clock
        self._pending: OrderedDict[int, Update] = OrderedDict((u.update_id, u) for u in record.updates)
        self._repeated: set[int] = set()
        self._earliest_end = 0.0
        self._poll: asyncio.Future[None] | None = None
        self.on_new: Callable[[Update], None] | None = None
        """Called with each new update while a webhook is set."""

    def __len__(self) -> int:
        self._expire()
        return len(self._pending)

    def add(self, kind: str, payload: Json, *, queue: str, lifetime_s: float, repeated: bool = False) -> None:
        """Tell the bot, unless it asked not to be told of this kind. ``repeated``: deliver the same twice."""
        allowed = self._record.allowed_updates
        if kind not in allowed if allowed else kind in NOT_BY_DEFAULT:
            return
        update_id = self._next_id()
        body = orjson.dumps({"update_id": update_id, kind: payload}).decode()
        update = Update(update_id, queue, self._clock.now() + lifetime_s, body)
        self._pending[update_id] = update
        self._earliest_end = min(self._earliest_end, update.expires_at)
        if repeated:
            self._repeated.add(update_id)
        if self.on_new is not None:
            self.on_new(update)
        elif self._poll is not None:
            end(self._poll)

    def _next_id(self) -> int:
        """The id of the next update: one more than the last, but anywhere, also lower, after a week of silence.

        By then nothing is pending: everything has expired. The same story brings the same ids.
        """
        record, now = self._record, self._clock.now()
        if record.last_update_at and now - record.last_update_at > IDS_FORGOTTEN_AFTER_S:
            record.next_update_id = random.Random(f"{record.bot_id} {record.next_update_id}").randrange(*IDS_START_IN)
        record.last_update_at = now
        update_id = record.next_update_id
        record.next_update_id += 1
        return update_id

    def all(self) -> list[Update]:
        """What is still to be delivered, oldest first."""
        self._expire()
        return list(self._pending.values())

    def done(self, update_id: int) -> bool:
        """The bot has it. False if it is one of those that must be delivered once more."""
        if update_id in self._repeated:
            self._repeated.discard(update_id)
            return False
        self._pending.pop(update_id, None)
        return True

    def clear(self) -> None:
        """Forget everything that is pending."""
        self._pending.clear()
        self._repeated.clear()

    def confirm(self, offset: int) -> None:
        """The bot has all updates before ``offset``; if negative, all but the last so many.

        An id that is yet to come, as from before the ids started anew, confirms nothing.
        """
        if offset < 0:
            offset = (list(self._pending)[offset:] or [self._record.next_update_id])[0]
        if offset > self._record.next_update_id:
            return
        again = []
        while self._pending:
            update_id = next(iter(self._pending))
            if update_id >= offset:
                break
            update = self._pending.pop(update_id)
            if update_id in self._repeated:
                self._repeated.discard(update_id)
                again.append(update)
        for update in reversed(again):
            self._pending[update.update_id] = update
            self._pending.move_to_end(update.update_id, last=False)

    def first(self, limit: int) -> list[Update]:
        """The oldest updates, at most ``limit``."""
        self._expire()
        return list(islice(self._pending.values(), limit))

    async def poll(self, limit: int, timeout_s: float) -> list[Update]:
        """The oldest updates; if there are none, those that come within ``timeout_s`` of the sandbox's clock.

        Raises ApiError 409 when another poll begins or a webhook is set meanwhile.
        """
        self.end_poll(conflict(OTHER_POLL))
        found = self.first(limit)
        if found or timeout_s <= 0:
            return found
        waiting = self._poll = asyncio.get_running_loop().create_future()
        try:
            await self._clock.limit(waiting, timeout_s)
        finally:
            if self._poll is waiting:
                self._poll = None
        return self.first(limit)

    @property
    def polled(self) -> bool:
        """Is a poll waiting for the next update?"""
        return self._poll is not None

    def end_poll(self, reason: ApiError | None = None) -> None:
        """End the poll that is waiting, if any: with an error, or with nothing."""
        if self._poll is not None and not self._poll.done():
            if reason is not None:
                self._poll.set_exception(reason)
            else:
                self._poll.set_result(None)
        self._poll = None

    def _expire(self) -> None:
        now = self._clock.now()
        if now < self._earliest_end:
            return
        for update_id in [u.update_id for u in self._pending.values() if u.expires_at <= now]:
            del self._pending[update_id]
            self._repeated.discard(update_id)
        self._earliest_end = min((u.expires_at for u in self._pending.values()), default=math.inf)
