"""Who asks for payouts, and who pays them: people with phones, and a provider who is slow and does not always say."""

import asyncio
import random
from contextlib import suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import httpx
from starlette.requests import Request
from starlette.responses import Response

from crowd.money.holds import release_holds
from crowd.payouts.details import enter
from crowd.payouts.method import Asked
from crowd.payouts.methods.manual import METHOD as MANUAL
from crowd.payouts.methods.webhook import METHOD as WEBHOOK
from crowd.payouts.vault import Vault
from db.database import Database
from tests.crowd.scene import Batch, Worker, people, working
from tests.payouts.provider import FakeProvider

_EARNED = {"USD": "2.00", "KES": "250.00"}
"""What everybody has available, by currency."""
_FICKLE = 16
"""Of the first so many payouts some fail; of the later ones none, or it would never end."""


def can_be_paid(payout_id: int) -> bool:
    """How a payout ends, whoever pays it and however often they are asked."""
    return payout_id > _FICKLE or random.Random(f"paid {payout_id}").random() < 0.6


@dataclass
class MoodyProvider(FakeProvider):
    """Takes its time, pays and does not say so, or says that it will see; but pays or not, by what the payout is."""

    luck: random.Random = field(default_factory=random.Random)
    moody: bool = True
    """Fails now and then."""
    answering: int = 0
    """Posts that are under way."""
    reached: asyncio.Event = field(default_factory=asyncio.Event)
    """Set with each post."""

    async def taken(self, request: Request) -> Response:
        """A post."""
        self.answering += 1
        self.reached.set()
        try:
            await asyncio.sleep(self.luck.uniform(0, 0.1))
            answer = await super().taken(request)
            await asyncio.sleep(self.luck.uniform(0.1, 0.3))
            return answer
        finally:
            self.answering -= 1

    async def decide(self, key: str, order: dict[str, Any]) -> tuple[bool, Any]:
        """Whether it pays, and how it answers."""
        number = int(order["reference"].removeprefix("KAZI-"))
        good = can_be_paid(number)
        if self.moody and self.luck.random() < 0.25:
            return good and self.luck.random() < 0.6, self.luck.choice([500, 503, "cut"])
        if random.Random(f"later {number}").random() < 0.3:
            return good, (202, {"status": "accepted"})
        return good, None if good else (422, {"status": "failed", "reason": f"no {order['reference']}"})


@dataclass
class Phone:
    """Somebody who asks for payouts in the chat, tapping more than once."""

    http: httpx.AsyncClient
    worker: Worker
    luck: random.Random
    waiting: bool = False
    """For the answer to a tap."""

    async def ask(self) -> None:
        """Ask once for something that is available, if the bot is there and there is any."""
        sent = await self.http.post(f"{self._at}/messages", json={"text": "/payout"})
        for start in ("oa:", "oy:"):
            button = await self._button(start, sent.json()["message_id"])
            if button is None:
                return
            await self._tap(*button)

    @property
    def _at(self) -> str:
        return f"/sandbox/users/{self.worker.person_id}"

    async def _button(self, start: str, after_message: int) -> tuple[int, str] | None:
        """One of the buttons that begin so, once a screen has any; None where none comes."""
        version = 0
        for _ in range(4):
            seen = (await self.http.get(f"{self._at}/chat", params={"last": 8, "after": version, "wait_s": 1})).json()
            version = seen["version"]
            screens = [each for each in seen["messages"] if each["from_bot"] and each["message_id"] > after_message]
            buttons = [
                (each["message_id"], button["data"]) for each in screens for row in each["buttons"] for button in row
            ]
            found = [each for each in buttons if each[1].startswith(start)]
            if found:
                return self.luck.choice(found)
        return None

    async def _tap(self, message_id: int, data: str) -> None:
        often = {"repeat": self.luck.choice([1, 1, 2, 3]), "duplicate_update": self.luck.random() < 0.3}
        self.waiting = True
        with suppress(TimeoutError):  # the answer was lost with the bot
            async with asyncio.timeout(3):
                await self.http.post(f"{self._at}/taps", json={"message_id": message_id, "data": data, **often})
        self.waiting = False


async def rich_people(database: Database, folder: Path, vault: Vault, how_many: int) -> list[Worker]:
    """People who have money available in two currencies; half of them are paid by the provider."""
    crew = await people(database, how_many)
    for number, who in enumerate(crew):
        async with working(database, who) as tx:
            await tx.run("UPDATE worker SET country = 'KE' WHERE id = $1", who.id)
            if number % 2:
                await enter(tx, vault, who.id, MANUAL, {Asked.WORDS: f"by hand {number}", Asked.NAME: "Amina"})
            else:
                await enter(tx, vault, who.id, WEBHOOK, {Asked.ACCOUNT: f"MW-{number}", Asked.NAME: "Amina"})
    for currency, price in _EARNED.items():
        overlap = {"least": how_many, "most": how_many}
        batch = await Batch.post(database, folder, tasks=1, price=price, currency=currency, overlap=overlap)
        for who in crew:
            await batch.accepted(who, (await batch.given(who)).lease_id)
    async with database.transaction() as tx:
        await tx.run("UPDATE hold SET due_at = $1", tx.now)
    await release_holds(database)
    return crew
