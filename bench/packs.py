"""Bytes of packs: many tasks in one message, and their answers in another."""

import asyncio
import re
from collections.abc import Callable
from dataclasses import dataclass

import aiohttp

from bench.batches import Item
from bench.house import House
from bench.result import Result, at_most, told
from sandbox.workers import Phone
from sandbox.workers.phone import Chat

PACK_BYTES = 120
"""Of a task, beyond the item's own text, at most."""

SIZE = 25
_LOOK_S = 30.0
_ASKED = re.compile(r"^\W*(\d+)\. (.*)$", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class _Pack:
    numbers: list[str]
    own: int
    """Bytes of the items."""


async def measured(
    house: House, phone: Phone, items: list[Item], packs: int, advance: Callable[[], None]
) -> list[Result]:
    """So many packs by somebody who has joined, and knows how it is done from one before."""
    texts = {item.text for item in items}
    await _said(phone, f"/pack {SIZE}")
    await _answered(phone, await _pack(phone, texts))
    address = f"{house.sandbox}/sandbox/users/{phone.user_id}/traffic"
    async with aiohttp.ClientSession() as http:
        async with http.delete(address):
            pass
        tasks = own = 0
        for _ in range(packs):
            await _said(phone, "/pack")
            pack = await _pack(phone, texts)
            tasks, own = tasks + len(pack.numbers), own + pack.own
            await _answered(phone, pack)
            advance()
        async with http.get(address) as response:
            traffic: dict[str, int] = await response.json()
    against = f"payload beyond the item's own UTF-8, {packs} packs of {SIZE} choices"
    return [
        at_most("bytes.pack_overhead", (traffic["down_bytes"] - own) / tasks, "bytes down a task", PACK_BYTES, against),
        told("bytes.pack_up", traffic["up_bytes"] / tasks, "bytes up a task", "answers by number and letter"),
    ]


async def _said(phone: Phone, text: str) -> Chat:
    """Send something, and wait for what comes."""
    before = await phone.chat()
    await phone.send(text)
    now = before
    async with asyncio.timeout(_LOOK_S):
        while now.screens == before.screens:
            now = await phone.chat(now.version, _LOOK_S)
    return now


async def _pack(phone: Phone, texts: set[str]) -> _Pack:
    found = _ASKED.findall((await phone.chat()).screens[0].text)
    assert all(text in texts for _, text in found), found
    return _Pack([number for number, _ in found], sum(len(text.encode()) for _, text in found))


async def _answered(phone: Phone, pack: _Pack) -> None:
    await _said(phone, " ".join(f"{number}a" for number in pack.numbers))
