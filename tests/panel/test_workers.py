"""Workers in the panel: how right each likely is, on what that rests, and what the test says, in words."""

import re
from collections.abc import AsyncIterator
from dataclasses import dataclass
from html import unescape
from itertools import count
from typing import Any

import pytest_asyncio
from playwright.async_api import Browser, expect

from admin.i18n import locales
from crowd.workers.cards import batch_worker_cards
from crowd.workers.estimate import State
from crowd.workers.retest import begin_retest
from db.database import Database
from tests.browser import DESK, PHONE, open_page
from tests.database import Clock
from tests.panel.house import panel, token, visitor
from tests.requester.scene import Item, Worker, batch_file, people, posted, work
from tests.serving import serving

pytest_plugins = ("tests.browser",)

_WITHIN = """all => all.every(one =>
    one.getBoundingClientRect().right < one.closest('.card').getBoundingClientRect().right)"""
"""Nothing sticks out of its card."""

LABELS = ("good", "bad", "neither")


@dataclass(frozen=True)
class House:
    address: str
    batch: int
    states: dict[State, Worker]


@pytest_asyncio.fixture(scope="module", loop_scope="session")
async def house(database: Database, clock: Clock, tmp_path_factory: Any) -> AsyncIterator[House]:
    """One worker in each state, who came there by what they answered."""
    items = [Item(f"i{number}", f"text {number}") for number in range(40)]
    golds = [Item(f"g{number}", f"gold {number}", LABELS[number % 3]) for number in range(60)]
    path = batch_file(
        tmp_path_factory.mktemp("batch"), [*items, *golds], name="People", overlap={"least": 6, "most": 6}
    )
    batch = (await posted(database, path, owner="ada")).batch_id
    cleared, watched, paused, retest, new = crew = await people(database, 5)
    turns = count()

    def opinion(worker: Worker, text: str) -> str:
        right = int(text.split()[1]) % 3
        wrong = worker in {paused, retest} or (worker is watched and next(turns) % 3 == 0)
        return LABELS[(right + wrong) % 3]

    await work(database, clock, batch, [cleared], opinion, most=40)
    for _ in range(20):  # golds come by chance: until there are enough of them, and before they settle it
        await work(database, clock, batch, [watched], opinion, most=1)
        async with database.reading() as tx:
            cards = await batch_worker_cards(tx, batch)
        if any(card.worker_id == watched.id and card.estimate.state is State.WATCHED for card in cards):
            break
    for worker, most in ((paused, 30), (retest, 30), (new, 2)):
        await work(database, clock, batch, [worker], opinion, most=most)
    async with database.transaction() as tx:
        await tx.run("SELECT FROM worker WHERE id = $1 FOR UPDATE", retest.id)
        assert await begin_retest(tx, retest.id, batch)
    async with serving(panel(database)) as address:
        yield House(
            address,
            batch,
            dict(zip((State.CLEARED, State.WATCHED, State.PAUSED, State.RETEST, State.NEW), crew, strict=True)),
        )


async def test_each_worker_is_in_the_state_that_their_answers_call_for(house: House, database: Database) -> None:
    async with database.reading() as tx:
        found = {card.worker_id: card.estimate for card in await batch_worker_cards(tx, house.batch)}
    assert {state: found[worker.id].state for state, worker in house.states.items()} == {
        state: state for state in State
    }
    anew = found[house.states[State.RETEST].id]
    assert (anew.golds, anew.right, anew.compared) == (0, None, None), "a re-test counts anew"
    able, never = found[house.states[State.CLEARED].id], found[house.states[State.PAUSED].id]
    assert never.high < able.low
    assert found[house.states[State.NEW].id].high - found[house.states[State.NEW].id].low > able.high - able.low


async def test_a_state_is_said_in_words_and_explained_in_every_language(house: House, database: Database) -> None:
    async with visitor(house.address, database, "ada", "states") as client:
        said = {}
        for locale in locales():
            for address in ("/workers", f"/batches/{house.batch}/workers"):
                page = (await client.get(address, headers={"accept-language": locale})).text
                chips = [unescape(chip) for chip in re.findall(r'<span class="chip[^>]*>([^<]+)</span>', page)]
                explained = [unescape(word) for word in re.findall(r"<dt>([^<]+)</dt>", page)]
                assert set(explained) <= set(chips), (locale, address)
                assert len(set(explained)) == len(State)
                said[locale] = frozenset(explained)
    assert len(set(said.values())) == len(said), "each in its own words"


async def test_accuracy_comes_with_its_range_and_what_it_rests_on(
    house: House, browser: Browser, database: Database
) -> None:
    secret = await token(database, "ada", "accuracy")
    async with database.reading() as tx:
        able = next(card for card in await batch_worker_cards(tx, house.batch) if card.estimate.state is State.CLEARED)
    known = able.estimate
    for size in (DESK, PHONE):
        async with open_page(browser, size) as page:
            await page.goto(f"{house.address}/login")
            await page.get_by_label("API token").fill(secret)
            await page.get_by_role("button", name="Log in").click()
            for address in ("/workers", f"/batches/{house.batch}/workers"):
                await page.goto(house.address + address)
                row = page.locator(f"#worker-{able.worker_id}")
                await expect(row).to_contain_text(f"{known.accuracy:.0%}")
                await expect(row).to_contain_text(f"likely {known.low:.0%} to")
                await expect(row).to_contain_text(f"{known.right:g} of {known.golds} golds right")
                await expect(page.get_by_text("In nine cases of ten")).to_be_hidden()
                await page.get_by_text("What accuracy and state mean").click()
                await expect(page.get_by_text("In nine cases of ten")).to_be_visible()
                assert await page.eval_on_selector_all(".accuracy", _WITHIN), (size, address)
                wide = await page.evaluate(
                    "document.documentElement.scrollWidth - document.documentElement.clientWidth"
                )
                assert wide <= 0, (size, address)
