"""Delivers updates to a webhook, in the way Telegram does it.

Updates wait in lines: the messages of a chat in one, the taps of a person in another. A line is first in,
first out, and whatever stands behind an update that fails waits with it. Different lines go out at the same
time, over at most ``max_connections`` connections. A failed update is sent again at once, then after 2, 4, 8 …
seconds, at most about a minute, until it expires.
"""

import asyncio
from collections import deque
from collections.abc import Awaitable, Callable

from sandbox.arguments import BadBody, parse_body
from sandbox.clock import Clock
from sandbox.http_client import Answer, HttpClient, WebhookFailed
from sandbox.records import Json, Update, WebhookTarget
from sandbox.updates import UpdateQueue

ANSWER_WITHIN_S = 60.0
LONGEST_PAUSE_S = 60.0
LONGEST_RETRY_AFTER_S = 3600.0
NOT_IN_A_REPLY = frozenset({"setwebhook", "deletewebhook", "close", "logout"})

Reply = Callable[[str, Json], Awaitable[None]]
"""Performs the method that a webhook put into its answer: name and parameters."""


class Delivery:
    """Delivers one bot's updates to one URL, until it is closed."""

    def __init__(self, target: WebhookTarget, updates: UpdateQueue, clock: Clock, reply: Reply) -> None:
        self._updates = updates
        self._clock = clock
        self._reply = reply
        self._client = HttpClient(target.url)
        self._headers = b"Content-Type: application/json\r\n"
        if target.secret_token:
            self._headers += f"X-Telegram-Bot-Api-Secret-Token: {target.secret_token}\r\n".encode()
        self._connections = asyncio.Semaphore(target.max_connections)
        self._lines: dict[str, deque[Update]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self.last_error: tuple[int, str] | None = None
        """When (seconds since 1970) and how the last delivery failed."""

    def start(self) -> None:
        """Send what is pending, and from now on every new update."""
        self._updates.on_new = self._offer
        for update in self._updates.all():
            self._offer(update)

    def close(self) -> None:
        """Send nothing more; what was not delivered stays pending."""
        self._updates.on_new = None
        for task in self._tasks:
            task.cancel()
        self._client.close()

    def _offer(self, update: Update) -> None:
        line = self._lines.get(update.queue)
        if line is not None:
            line.append(update)
            return
        self._lines[update.queue] = deque([update])
        task = asyncio.get_running_loop().create_task(self._empty(update.queue))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _empty(self, queue: str) -> None:
        line = self._lines[queue]
        while line:
            await self._deliver(line[0])
            if self._updates.done(line[0].update_id):
                line.popleft()
        del self._lines[queue]

    async def _deliver(self, update: Update) -> None:
        """Send until it is accepted or expires."""
        failures, pause = 0, 1.0
        while update.expires_at > self._clock.now():
            retry_after = 0.0
            try:
                async with self._connections:
                    answer = await self._post(update)
                if 200 <= answer.status < 300:
                    await self._perform_reply(answer)
                    return
                retry_after = _retry_after(answer)
                self._failed(f"Wrong response from the webhook: {answer.status} {answer.reason}")
            except WebhookFailed as error:
                self._failed(str(error))
            if not retry_after and failures:
                pause = min(LONGEST_PAUSE_S, pause * 2)
                retry_after = pause
            failures += 1
            if self._clock.now() + retry_after > update.expires_at:
                return
            if retry_after:
                await self._clock.sleep(retry_after)

    async def _post(self, update: Update) -> Answer:
        sending = asyncio.ensure_future(self._client.post(update.body.encode(), self._headers))
        late = self._clock.call_later(ANSWER_WITHIN_S, lambda: _cancel(sending))
        try:
            return await sending
        except asyncio.CancelledError:
            current = asyncio.current_task()
            if current is not None and current.cancelling():
                sending.cancel()
                raise
            raise WebhookFailed("Read timeout expired") from None
        finally:
            late.cancel()

    async def _perform_reply(self, answer: Answer) -> None:
        if not answer.body:
            return
        try:
            arguments = await parse_body(answer.headers.get("content-type", ""), answer.body)
        except BadBody:
            return
        name = str(arguments.pop("method", ""))
        lowered = name.lower()
        if name and not lowered.startswith("get") and lowered not in NOT_IN_A_REPLY:
            await self._reply(name, arguments)

    def _failed(self, text: str) -> None:
        self.last_error = (int(self._clock.now()), text)


def _cancel(sending: "asyncio.Future[Answer]") -> None:
    sending.cancel()


def _retry_after(answer: Answer) -> float:
    value = answer.headers.get("retry-after", "")
    return min(LONGEST_RETRY_AFTER_S, float(value)) if value.isdigit() else 0.0
