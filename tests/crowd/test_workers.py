"""Who a worker is, and where their chat stands."""

from itertools import count
from pathlib import Path

from crowd.loop.drafts import Draft, draft, forget_draft, keep_draft, of_lease, of_practice
from crowd.updates import note_failure
from crowd.workers.registry import (
    Level,
    WorkerState,
    agree,
    claim_language,
    drop_language,
    find,
    languages_in_demand,
    set_blocked,
    set_country,
    set_locale,
    set_state,
    set_time_zone,
    welcome,
)
from db.database import Database
from tests.crowd.scene import Batch

_people = count(8_000_000)


async def test_a_worker_comes_by_a_link_and_says_who_they_are(database: Database, tmp_path: Path) -> None:
    batch = await Batch.post(database, tmp_path)
    slug = await batch.value("SELECT slug FROM batch WHERE id = $1", batch.id)
    person = next(_people)
    async with database.transaction() as tx:
        assert await find(tx, person) is None
        worker = await welcome(tx, person, locale="sw", country="KE", time_zone=None, slug=slug)
        assert (worker.state, worker.agreed, worker.languages) == (WorkerState.JOINING, False, {})
        assert (worker.invited_to, worker.locale, worker.country) == (batch.id, "sw", "KE")
        await agree(tx, worker.id)
        await claim_language(tx, worker.id, "sw", Level.BASIC)
        await claim_language(tx, worker.id, "sw", Level.NATIVE)
        await claim_language(tx, worker.id, "ha", Level.GOOD)
        await drop_language(tx, worker.id, "ha")
        await set_locale(tx, worker.id, "ar")
        await set_country(tx, worker.id, "MA")
        await set_time_zone(tx, worker.id, "Africa/Casablanca")
        await set_state(tx, worker.id, WorkerState.ACTIVE)
        known = await find(tx, person)
    assert known is not None
    assert (known.locale, known.country, known.time_zone) == ("ar", "MA", "Africa/Casablanca")
    assert (known.agreed, known.languages, known.state) == (True, {"sw": Level.NATIVE}, WorkerState.ACTIVE)


async def test_coming_again_changes_nothing_but_the_invitation(database: Database) -> None:
    person = next(_people)
    async with database.transaction() as tx:
        first = await welcome(tx, person, locale="sw", country="KE", time_zone=None, slug=None)
        again = await welcome(tx, person, locale="en", country="US", time_zone="UTC", slug="no-such-batch")
    assert again == first


async def test_who_stopped_or_blocked_comes_back_active_once_they_had_agreed(database: Database) -> None:
    person = next(_people)
    async with database.transaction() as tx:
        worker = await welcome(tx, person, locale="sw", country=None, time_zone=None, slug=None)
        states = []
        for agreed in (False, True):
            if agreed:
                await agree(tx, worker.id)
                await claim_language(tx, worker.id, "sw", Level.GOOD)
                await set_state(tx, worker.id, WorkerState.ACTIVE)
            await set_blocked(tx, person, blocked=True)
            states.append((await welcome(tx, person, locale="sw", country=None, time_zone=None, slug=None)).state)
            for blocked in (False, True, False):
                await set_blocked(tx, person, blocked=blocked)
                found = await find(tx, person)
                assert found is not None
                states.append(found.state)
        await set_state(tx, worker.id, WorkerState.STOPPED)
        for blocked in (True, False):  # who stopped is not brought back by blocking and unblocking
            await set_blocked(tx, person, blocked=blocked)
            found = await find(tx, person)
            assert found is not None
            assert found.state is WorkerState.STOPPED
        states.append((await welcome(tx, person, locale="sw", country=None, time_zone=None, slug=None)).state)
        await set_blocked(tx, next(_people), blocked=True)  # a stranger
    joining, active, blocked_state = WorkerState.JOINING, WorkerState.ACTIVE, WorkerState.BLOCKED
    assert states == [joining, joining, blocked_state, joining, active, active, blocked_state, active, active]


async def test_languages_with_the_most_tasks_are_asked_for_first(database: Database, tmp_path: Path) -> None:
    await Batch.post(database, tmp_path, tasks=500, language="am")
    await Batch.post(database, tmp_path, tasks=400, language="ha")
    async with database.reading() as tx:
        asked = await languages_in_demand(tx)
    assert asked.index("am") < asked.index("ha")


async def test_a_draft_is_kept_until_it_is_sent(database: Database) -> None:
    person = next(_people)
    async with database.transaction() as tx:
        assert await draft(tx, 1, person) is None
        await keep_draft(tx, 1, person, of_lease(7), "first")
        await keep_draft(tx, 1, person, of_practice(8, 2), "second")
        assert await draft(tx, 1, person) == Draft("practice:8:2", "second")
        assert await draft(tx, 2, person) is None
        await forget_draft(tx, 1, person)
        assert await draft(tx, 1, person) is None


async def test_an_update_that_cannot_be_handled_is_noted_and_not_tried_again(database: Database) -> None:
    async with database.transaction() as tx:
        await note_failure(tx, 1, 123_456, "ValueError")
        await note_failure(tx, 1, 123_456, "KeyError")
    async with database.update(1, 123_456, 1) as opened:
        assert opened.seen
        assert await opened.value("SELECT failed FROM inbox WHERE update_id = 123456") == "KeyError"
