"""Taps on inline buttons, and their answers."""

import asyncio

import pytest

from tests.sandbox.conftest import OTHER_TOKEN, Play, keyboard

TOO_OLD = "400 Bad Request: query is too old and response timeout expired or query ID is invalid"


async def question(play: Play) -> tuple[int, int]:
    """A person, and the id of a message with buttons."""
    person = await play.person()
    markup = keyboard({"Ndiyo": "y", "Hapana": "n"})
    sent = await play.ok("sendMessage", chat_id=person, text="?", reply_markup=markup)
    return person, sent["message_id"]


@pytest.mark.parametrize("tap", [{"data": "n"}, {"label": "Hapana"}])
async def test_a_tap_reaches_the_bot_and_its_answer_the_person(play: Play, tap: dict[str, str]) -> None:
    person, message_id = await question(play)
    await play.freeze()
    tapping = play.begin_tap(person, message_id, **tap)
    query = (await play.next_update("callback_query"))["callback_query"]
    assert query["data"] == "n"
    assert query["from"]["id"] == person
    assert query["message"]["message_id"] == message_id
    assert query["message"]["reply_markup"]
    await play.advance(2)
    assert await play.ok("answerCallbackQuery", callback_query_id=query["id"], text="Asante", show_alert=True) is True
    result = await tapping
    assert result == {"answered": True, "text": "Asante", "alert": True, "waited_ms": 2000}


async def test_an_answer_without_text_shows_nothing(play: Play) -> None:
    person, message_id = await question(play)
    tapping = play.begin_tap(person, message_id, data="y")
    query = (await play.next_update("callback_query"))["callback_query"]
    await play.ok("answerCallbackQuery", callback_query_id=query["id"])
    assert (await tapping)["text"] is None


async def test_a_second_answer_changes_nothing(play: Play) -> None:
    person, message_id = await question(play)
    tapping = play.begin_tap(person, message_id, data="y")
    query = (await play.next_update("callback_query"))["callback_query"]
    await play.ok("answerCallbackQuery", callback_query_id=query["id"], text="1")
    await play.ok("answerCallbackQuery", callback_query_id=query["id"], text="2")
    assert (await tapping)["text"] == "1"


async def test_a_tap_expires_after_150_seconds(play: Play) -> None:
    person, message_id = await question(play)
    await play.freeze()
    tapping = play.begin_tap(person, message_id, data="y")
    query = (await play.next_update("callback_query"))["callback_query"]
    await play.advance(149)
    assert not tapping.done()
    await play.advance(1)
    assert (await tapping)["answered"] is False
    assert await play.refused("answerCallbackQuery", callback_query_id=query["id"]) == TOO_OLD
    assert not await play.updates()


async def test_the_texts_outlive_the_taps_and_are_gone_after_a_day(play: Play) -> None:
    person, message_id = await question(play)
    await play.say(person, "Habari")
    tapping = play.begin_tap(person, message_id, data="y")
    await play.next_update("callback_query")
    await play.advance(151)
    await tapping
    assert ["message" in update for update in await play.updates()] == [True]
    await play.advance(24 * 3600)
    assert not await play.updates()


@pytest.mark.parametrize("query_id", ["", "1", "no number"])
async def test_an_unknown_query_is_too_old(play: Play, query_id: str) -> None:
    assert await play.refused("answerCallbackQuery", callback_query_id=query_id) == TOO_OLD


async def test_another_bots_query_is_too_old(play: Play) -> None:
    person, message_id = await question(play)
    tapping = play.begin_tap(person, message_id, data="y")
    query = (await play.next_update("callback_query"))["callback_query"]
    assert await play.refused("answerCallbackQuery", token=OTHER_TOKEN, callback_query_id=query["id"]) == TOO_OLD
    await play.ok("answerCallbackQuery", callback_query_id=query["id"])
    await tapping


async def test_an_answer_has_200_units(play: Play) -> None:
    refusal = await play.refused("answerCallbackQuery", callback_query_id="1", text="x" * 201)
    assert refusal == "400 Bad Request: MESSAGE_TOO_LONG"


async def test_a_tap_repeated_comes_as_distinct_queries(play: Play) -> None:
    person, message_id = await question(play)
    tapping = play.begin_tap(person, message_id, data="y", repeat=3)
    queries: list[str] = []
    while len(queries) < 3:
        queries = [update["callback_query"]["id"] for update in await play.updates(timeout=20)]
    assert len(set(queries)) == 3
    for number, query_id in enumerate(queries):
        await play.ok("answerCallbackQuery", callback_query_id=query_id, text=str(number))
    result = await tapping
    assert [one["text"] for one in result["answers"]] == ["0", "1", "2"]
    assert result["text"] == "0"


async def test_a_duplicate_update_comes_again_although_it_was_confirmed(play: Play) -> None:
    person, message_id = await question(play)
    tapping = play.begin_tap(person, message_id, data="y", duplicate_update=True)
    first = await play.next_update("callback_query")
    (again,) = await play.updates(first["update_id"] + 1)
    assert again == first
    assert await play.updates(first["update_id"] + 1) == []
    await play.ok("answerCallbackQuery", callback_query_id=first["callback_query"]["id"])
    await tapping


async def test_a_button_that_the_phone_does_not_show_cannot_be_tapped(play: Play) -> None:
    person, message_id = await question(play)
    url = f"{play.base_url}/sandbox/users/{person}/taps"
    for tap, complaint in (
        ({"message_id": message_id, "data": "maybe"}, "'Ndiyo': 'y', 'Hapana': 'n'"),
        ({"message_id": message_id, "label": "Labda"}, "has no such button"),
        ({"message_id": 99, "data": "y"}, "shows no message 99"),
        ({"message_id": message_id}, "name the button by its data or its label"),
    ):
        response = await play.http.post(url, json=tap)
        assert response.status_code in (400, 404)
        assert complaint in response.json()["error"]


async def test_a_forged_tap_carries_what_no_button_has(play: Play) -> None:
    person, message_id = await question(play)
    tapping = play.begin_tap(person, message_id, data="'; DROP", forged=True)
    query = (await play.next_update("callback_query"))["callback_query"]
    assert query["data"] == "'; DROP"
    await play.ok("answerCallbackQuery", callback_query_id=query["id"])
    await tapping


async def test_a_tap_on_a_message_that_is_gone_by_then_is_lost(play: Play) -> None:
    person, message_id = await question(play)
    await play.link(person, online=True, latency_ms=1000)
    tapping = play.begin_tap(person, message_id, data="y")
    await play.ok("deleteMessage", chat_id=person, message_id=message_id)
    while not tapping.done():
        await play.advance(0.5)
        await asyncio.sleep(0)
    assert (await tapping)["answered"] is False
    assert not await play.updates()
