"""Phones that are offline or slow."""

from tests.sandbox.conftest import OTHER_TOKEN, Play, keyboard, until
from tests.sandbox.test_requests import png


async def test_a_tap_made_offline_is_lost(play: Play) -> None:
    person = await play.person()
    sent = await play.ok("sendMessage", chat_id=person, text="?", reply_markup=keyboard({"A": "a"}))
    await play.link(person, online=False)
    result = await play.begin_tap(person, sent["message_id"], data="a")
    assert result == {"answered": False, "text": None, "alert": False, "waited_ms": 0}
    await play.link(person, online=True)
    assert await play.updates() == []


async def test_texts_written_offline_are_sent_later_in_order(play: Play) -> None:
    person = await play.person()
    await play.link(person, online=False)
    for text in "abc":
        said = await play.say(person, text)
        assert said["pending"]
        assert said["message_id"] < 0
    files = {"photo": ("a.png", png(), "image/png")}
    url = f"{play.base_url}/sandbox/users/{person}/messages"
    assert (await play.http.post(url, files=files, data={"caption": "d"})).json()["pending"]
    assert await play.updates() == []
    shown = await play.messages(person)
    assert [(message["text"], message.get("pending", False)) for message in shown] == [
        ("/start", False),
        ("a", True),
        ("b", True),
        ("c", True),
        ("d", True),
    ]
    await play.link(person, online=True)
    heard = [update["message"] for update in await play.updates()]
    assert [message.get("text") or message["caption"] for message in heard] == ["a", "b", "c", "d"]
    shown = await play.messages(person)
    assert [message["message_id"] for message in shown[1:]] == [message["message_id"] for message in heard]
    assert not any("pending" in message for message in shown)


async def test_an_offline_phone_shows_the_chat_as_it_was_and_catches_up(play: Play) -> None:
    person = await play.person()
    ids = [(await play.ok("sendMessage", chat_id=person, text=text))["message_id"] for text in "ab"]
    await play.link(person, online=False)
    before = await play.messages(person)
    await play.ok("editMessageText", chat_id=person, message_id=ids[0], text="a2")
    await play.ok("editMessageText", chat_id=person, message_id=ids[0], text="a3")
    await play.ok("deleteMessage", chat_id=person, message_id=ids[1])
    gone = await play.ok("sendMessage", chat_id=person, text="gone")
    await play.ok("deleteMessage", chat_id=person, message_id=gone["message_id"])
    await play.ok("sendMessage", chat_id=person, text="new", reply_markup={"keyboard": [["K"]]})
    assert await play.messages(person) == before
    await play.control("DELETE", f"/users/{person}/traffic")
    await play.link(person, online=True)
    assert await play.texts(person) == ["/start", "a3", "new"]
    assert (await play.chat(person))["reply_keyboard"] == [["K"]]
    traffic = await play.traffic(person)
    assert (traffic["messages"], traffic["edits"]) == (1, 1), "each message comes once, as it is by now"


async def test_a_slow_link_delays_both_ways(play: Play) -> None:
    person = await play.person()
    await play.freeze()
    await play.link(person, online=True, latency_ms=500)
    assert (await play.say(person, "a"))["pending"]
    assert await play.updates() == []
    await play.advance(0.5)
    assert [update["message"]["text"] for update in await play.updates()] == ["a"]
    await play.ok("sendMessage", chat_id=person, text="b")
    assert await play.texts(person) == ["/start", "a"]
    await play.advance(0.5)
    assert await play.texts(person) == ["/start", "a", "b"]


async def test_a_tap_over_a_slow_link_waits_for_both_ways(play: Play) -> None:
    person = await play.person()
    sent = await play.ok("sendMessage", chat_id=person, text="?", reply_markup=keyboard({"A": "a"}))
    await play.freeze()
    await play.link(person, online=True, latency_ms=1000)
    tapping = play.begin_tap(person, sent["message_id"], data="a")
    while not (updates := await play.updates()):
        await play.advance(0.25)
    query_id = updates[0]["callback_query"]["id"]
    await play.ok("answerCallbackQuery", callback_query_id=query_id, text="Asante")
    assert not tapping.done()
    await play.advance(1)
    result = await tapping
    assert result == {"answered": True, "text": "Asante", "alert": False, "waited_ms": 2000}


async def test_an_answer_that_comes_while_the_phone_is_away_is_not_seen(play: Play) -> None:
    person = await play.person()
    sent = await play.ok("sendMessage", chat_id=person, text="?", reply_markup=keyboard({"A": "a"}))
    tapping = play.begin_tap(person, sent["message_id"], data="a")
    query = (await play.next_update("callback_query"))["callback_query"]
    await play.link(person, online=False)
    assert (await tapping)["answered"] is False
    assert await play.ok("answerCallbackQuery", callback_query_id=query["id"]) is True


async def test_a_narrow_link_takes_its_time_for_each_byte(play: Play) -> None:
    person = await play.person()
    await play.freeze()
    await play.link(person, online=True, kbps=8)
    for text in ("x" * 952, "y" * 952):
        await play.ok("sendMessage", chat_id=person, text=text)
    assert len(await play.texts(person)) == 1
    await play.advance(1.0)
    assert len(await play.texts(person)) == 2, "1000 bytes take a second at 8 kbit/s"
    await play.advance(1.0)
    assert len(await play.texts(person)) == 3


async def test_what_was_under_way_when_the_link_broke_comes_later(play: Play) -> None:
    person = await play.person()
    await play.freeze()
    await play.link(person, online=True, latency_ms=1000)
    await play.say(person, "up 1")
    await play.say(person, "up 2")
    await play.ok("sendMessage", chat_id=person, text="down")
    await play.link(person, online=False)
    await play.advance(5)
    assert await play.updates() == []
    assert "down" not in await play.texts(person)
    await play.link(person, online=True)
    assert [update["message"]["text"] for update in await play.updates()] == ["up 1", "up 2"]
    assert await play.texts(person) == ["/start", "down", "up 1", "up 2"]


async def test_a_phone_has_one_link_for_all_its_chats(play: Play) -> None:
    person = await play.person()
    await play.control("POST", f"/users/{person}/messages?bot=second_bot", {"text": "hi"})
    await play.link(person, online=False)
    await play.ok("sendMessage", token=OTHER_TOKEN, chat_id=person, text="x")
    assert len((await play.chat(person, bot="second_bot"))["messages"]) == 1
    await play.link(person, online=True)
    assert len((await play.chat(person, bot="654321"))["messages"]) == 2


async def test_an_offline_phone_cannot_delete_for_both_sides(play: Play) -> None:
    person = await play.person()
    await play.link(person, online=False)
    message_id = (await play.messages(person))[0]["message_id"]
    response = await play.http.delete(f"{play.base_url}/sandbox/users/{person}/messages/{message_id}")
    assert response.status_code == 409
    assert "put it online first" in response.json()["error"]


async def test_time_passes_by_itself(play: Play) -> None:
    person = await play.person()
    await play.link(person, online=True, latency_ms=20)
    await play.say(person, "a")

    async def arrived() -> bool:
        return bool(await play.updates())

    await until(arrived)
