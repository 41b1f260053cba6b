"""One simulated worker: looks at the screen, decides, taps, and waits for what comes."""

import asyncio
import time
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.workers.character import Character
from sandbox.workers.knowledge import Knowledge
from sandbox.workers.manners import Manners
from sandbox.workers.mind import Act, Attach, Mind, Press, Write
from sandbox.workers.phone import Pause, Phone, SandboxRefusedError, SandboxUnreachableError
from sandbox.workers.record import Ending, Report, Sent, Tapped

_LONGEST_LOOK_S = 25.0


@dataclass(frozen=True, slots=True)
class Limits:
    """When a worker stops of its own accord."""

    idle_s: float = 30.0
    """Seconds without anything to do, after which the worker asks for work again."""
    nudges: int = 3
    """How often it asks in a row before it gives up."""
    answers: int | None = None
    """Answers after which it has had enough; None: never."""
    patience_s: float = 30.0
    """Seconds for which it waits for a sandbox that is away."""


class Worker:
    """Works on one phone until stopped, satisfied, or without work for too long.

    `report` is complete at any time; `changed` is called after every tap, text and file. `stop` ends the work: at
    once while the worker waits, after the answer while a tap is on its way.
    """

    def __init__(
        self,
        phone: Phone,
        character: Character,
        knowledge: Knowledge,
        manners: Manners,
        limits: Limits | None = None,
        *,
        pause: Pause = asyncio.sleep,
        changed: Callable[[], None] = lambda: None,
    ) -> None:
        self.report = Report(character, phone.user_id)
        self._phone, self._manners, self._limits = phone, manners, limits or Limits()
        self._mind = Mind(character, knowledge, manners)
        self._pause, self._changed = pause, changed
        self._idle_nudges = 0
        self._task: asyncio.Task[None] | None = None
        self._acting = False
        self._stopping = False

    async def run(self) -> Report:
        """Works until the end; how it ended is in the report."""
        if self._stopping:
            self._end("stopped")
            return self.report
        self._task = asyncio.create_task(self._work())
        try:
            await asyncio.wait({self._task})
        except asyncio.CancelledError:
            self._task.cancel()
            await asyncio.wait({self._task})
            raise
        finally:
            self.report.retries = self._phone.retries
        if self._task.cancelled():
            self._end("stopped")
        elif (error := self._task.exception()) is not None:
            if not isinstance(error, SandboxUnreachableError | SandboxRefusedError):
                raise error
            self._end("unreachable" if isinstance(error, SandboxUnreachableError) else "failed", str(error))
        return self.report

    def stop(self, *, at_once: bool = False) -> None:
        """Ends the work; `at_once` does not wait for the answer to a tap."""
        self._stopping = True
        if self._task is not None and (at_once or not self._acting):
            self._task.cancel()

    def _end(self, how: Ending, error: str | None = None) -> None:
        self.report.ended, self.report.error = how, error

    async def _work(self) -> None:
        loop = asyncio.get_running_loop()
        chat = await self._phone.chat()
        if chat.empty:
            await self._send(Write(self._manners.start, None, None))
        since = loop.time()
        while True:
            act = self._mind.decide(chat)
            if act is not None:
                done = await self._act(act)
                if self._limits.answers is not None and self.report.answers >= self._limits.answers:
                    return self._end("enough")
                if done:
                    since = loop.time()
            left = since + self._limits.idle_s - loop.time()
            if left <= 0:
                if self._idle_nudges >= self._limits.nudges:
                    return self._end("idle")
                await self._nudge()
                since, left = loop.time(), self._limits.idle_s
            if self._stopping:
                return self._end("stopped")
            chat = await self._phone.chat(chat.version, min(left, _LONGEST_LOOK_S))

    async def _nudge(self) -> None:
        """Asks for work again."""
        self._idle_nudges += 1
        self.report.nudges += 1
        self._mind.refresh()
        await self._send(Write(self._manners.work, None, None))

    async def _act(self, act: Act) -> bool:
        """Does it; False if a tap was not answered."""
        takes_s = self._mind.takes_s(task=act.item is not None)
        if takes_s > 0:
            await self._pause(takes_s)
        if not isinstance(act, Press):
            await self._send(act)
            return True
        self._acting = True
        try:
            if self._mind.slips():
                answered = any(await asyncio.gather(self._tap(act), self._tap(act)))
            else:
                answered = await self._tap(act)
        finally:
            self._acting = False
        if not answered:
            self._mind.lost(act)
        elif act.item is not None:
            self._count(act.item, act.right)
        self._changed()
        return answered

    async def _tap(self, act: Press) -> bool:
        at, started = time.time(), time.perf_counter()
        answered, text = False, None
        try:
            answered, text, _ = await self._phone.tap(
                act.screen.message_id, act.button.data, repeated=self._mind.is_repeated()
            )
        finally:
            waited_ms = (time.perf_counter() - started) * 1000
            tap = Tapped(
                worker=self._phone.user_id,
                message_id=act.screen.message_id,
                data=act.button.data,
                label=act.button.label,
                item=act.item,
                right=act.right,
                answered=answered,
                text=text,
                at=at,
                waited_ms=waited_ms,
            )
            self.report.taps.append(tap)
        return answered

    async def _send(self, act: Write | Attach) -> None:
        self._acting = True
        try:
            at = time.time()
            if isinstance(act, Attach):
                file = act.file
                await self._phone.send_file(file.sort, file.content, file.name)
                sent = Sent(self._phone.user_id, file.name, act.item, act.right, at, file.sort)
            else:
                await self._phone.send(act.text)
                sent = Sent(self._phone.user_id, act.text, act.item, act.right, at)
        finally:
            self._acting = False
        self.report.sent.append(sent)
        if act.item is not None:
            self._count(act.item, act.right)
        self._changed()

    def _count(self, item: str, right: bool | None) -> None:
        self._idle_nudges = 0
        if not self._mind.is_complete(item):
            return
        self.report.answers += 1
        self.report.right += right is True
