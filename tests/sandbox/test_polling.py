"""getUpdates, as awkward as the real one."""

import asyncio
from itertools import pairwise

import pytest

from tests.sandbox.conftest import OTHER_TOKEN, TOKEN, Json, Play, until


async def heard(play: Play, *texts: str) -> int:
    """Somebody who wrote these texts."""
    person = await play.person()
    for text in texts:
        await play.say(person, text)
    return person


def said(updates: list[Json]) -> list[str]:
    return [update["message"]["text"] for update in updates]


async def test_updates_come_in_order_until_they_are_confirmed(play: Play) -> None:
    await heard(play, "a", "b", "c")
    first = await play.updates()
    assert said(first) == ["a", "b", "c"]
    assert [update["update_id"] - first[0]["update_id"] for update in first] == [0, 1, 2]
    assert said(await play.updates(limit=2)) == ["a", "b"]
    assert said(await play.updates(first[1]["update_id"])) == ["b", "c"]
    assert said(await play.updates()) == ["b", "c"]
    assert said(await play.updates(first[2]["update_id"] + 1)) == []


async def test_after_a_week_of_silence_ids_start_anew_sometimes_lower(play: Play) -> None:
    await play.freeze()
    person = await heard(play, "first")
    ids = [update["update_id"] for update in await play.updates()]
    for number in range(8):
        await play.advance(7 * 86_400 - 1)
        await play.say(person, "in time")
        await play.advance(7 * 86_400 + 1)
        await play.say(person, str(number))
        (update,) = await play.updates(ids[-1] + 1)
        ids.append(update["update_id"])
        assert said([update]) == [str(number)]
    steps = [after - before for before, after in pairwise(ids)]
    assert min(steps) < 0 < max(steps)
    assert 2 not in steps
    await play.say(person, "next")
    assert [update["update_id"] for update in await play.updates()] == [ids[-1], ids[-1] + 1]


async def test_a_week_without_updates_is_not_yet_silence(play: Play) -> None:
    await play.freeze()
    person = await heard(play, "a")
    (first,) = await play.updates()
    await play.advance(7 * 86_400 - 1)
    await play.say(person, "b")
    (second,) = await play.updates(first["update_id"] + 1)
    assert second["update_id"] == first["update_id"] + 1


async def test_a_negative_offset_forgets_all_but_the_last(play: Play) -> None:
    await heard(play, "a", "b", "c")
    assert said(await play.updates(-2)) == ["b", "c"]
    assert said(await play.updates()) == ["b", "c"]


async def test_a_message_carries_who_wrote_it(play: Play) -> None:
    person = await play.person("sw")
    await play.say(person, "/start abc")
    (update,) = await play.updates()
    assert update["message"]["from"] == {"id": person, "is_bot": False, "first_name": "Amina", "language_code": "sw"}
    assert update["message"]["entities"] == [{"type": "bot_command", "offset": 0, "length": 6}]


async def test_somebody_without_a_language_has_none(play: Play) -> None:
    person = await play.person(None)
    await play.say(person, "a")
    assert "language_code" not in (await play.updates())[0]["message"]["from"]


async def test_a_poll_waits_for_the_next_update(play: Play) -> None:
    person = await heard(play)
    waiting = await play.poll()
    await play.say(person, "a")
    assert said((await waiting)["result"]) == ["a"]


async def test_a_poll_ends_empty_when_its_time_is_over(play: Play) -> None:
    await play.freeze()
    waiting = await play.poll(timeout=40)
    await play.advance(39)
    assert not waiting.done()
    await play.advance(1)
    assert (await waiting)["result"] == []


async def test_a_second_poll_ends_the_first(play: Play) -> None:
    person = await heard(play)
    first = await play.poll()
    second = asyncio.create_task(play.updates(timeout=50))
    assert (await first)["description"] == (
        "Conflict: terminated by other getUpdates request; make sure that only one bot instance is running"
    )
    await play.say(person, "a")
    assert said(await second) == ["a"]


async def test_bots_do_not_disturb_each_others_polls(play: Play) -> None:
    person = await heard(play)
    first = await play.poll()
    await play.control("POST", f"/users/{person}/messages?bot=second_bot", {"text": "for the second"})
    assert said(await play.updates(token=OTHER_TOKEN)) == ["for the second"]
    assert not first.done()
    await play.say(person, "for the first")
    assert said((await first)["result"]) == ["for the first"]


async def test_a_webhook_ends_the_poll_and_forbids_polling(play: Play) -> None:
    waiting = await play.poll()
    await play.ok("setWebhook", url="http://127.0.0.1:9/hook")
    assert (await waiting)["description"] == "Conflict: terminated by setWebhook request"
    refusal = await play.refused("getUpdates")
    assert refusal.startswith("409 Conflict: can't use getUpdates method while webhook is active; use deleteWebhook")
    await play.ok("deleteWebhook")
    assert await play.updates() == []


async def test_only_allowed_kinds_are_kept(play: Play) -> None:
    person = await heard(play)
    await play.updates(allowed_updates=["callback_query"])
    await play.say(person, "a")
    assert await play.updates() == []
    await play.updates(allowed_updates=[])
    await play.say(person, "b")
    assert said(await play.updates()) == ["b"]


@pytest.mark.parametrize(
    "nothing", [{"allowed_updates": ""}, {"allowed_updates": None}, {"allowed_updates": "null"}, {}]
)
async def test_the_allowed_kinds_stay_until_others_are_named(play: Play, nothing: Json) -> None:
    person = await heard(play)
    await play.updates(allowed_updates=["callback_query"])
    await play.updates(**nothing)
    await play.say(person, "a")
    assert await play.updates() == []
    await play.ok("setWebhook", url="", **nothing)
    await play.say(person, "b")
    assert await play.updates() == []


async def test_somebody_who_hangs_up_is_not_waited_for(play: Play) -> None:
    person = await heard(play)
    host = play.base_url.removeprefix("http://")
    reader, writer = await asyncio.open_connection(*host.split(":"))
    writer.write(f"GET /bot{TOKEN}/getUpdates?timeout=50 HTTP/1.1\r\nHost: {host}\r\n\r\n".encode())

    async def polled() -> bool:
        return bool((await play.control("GET", "/bots"))["bots"][0]["polling"])

    await until(polled)
    writer.transport.abort()
    assert await reader.read() == b""

    async def noticed() -> bool:
        return any(call["status"] == 499 for call in await play.calls("getUpdates"))

    await until(noticed)
    await play.say(person, "a")
    assert said(await play.updates(timeout=50)) == ["a"]
