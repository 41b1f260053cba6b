"""Failures on demand, and Telegram's limits."""

import asyncio

import httpx
import pytest

from tests.sandbox.conftest import TOKEN, Play, keyboard


async def test_the_next_calls_of_a_method_fail(play: Play) -> None:
    await play.fault("getMe", 502, times=2)
    assert await play.refused("GETME") == "502 Bad Gateway"
    assert await play.ok("getMyCommands") == []
    assert await play.refused("getMe") == "502 Bad Gateway"
    assert (await play.ok("getMe"))["id"] == 123456


async def test_a_429_says_how_long_to_wait(play: Play) -> None:
    await play.fault("sendMessage", 429, retry_after=7)
    response = await play.http.post(f"{play.base_url}/bot{TOKEN}/sendMessage", json={})
    assert response.status_code == 429
    assert response.headers["retry-after"] == "7"
    assert response.json() == {
        "ok": False,
        "error_code": 429,
        "description": "Too Many Requests: retry after 7",
        "parameters": {"retry_after": 7},
    }


async def test_a_failed_call_has_no_effect_but_a_lost_answer_has(play: Play) -> None:
    person = await play.person()
    await play.fault("sendMessage", 500)
    await play.call("sendMessage", chat_id=person, text="before")
    await play.fault("sendMessage", 500, kind="after")
    await play.call("sendMessage", chat_id=person, text="after")
    assert await play.texts(person) == ["/start", "after"]


@pytest.mark.parametrize("status", [0, "drop"])
async def test_a_dropped_call_gets_no_answer(play: Play, status: int | str) -> None:
    await play.fault("getMe", status)
    with pytest.raises(httpx.RemoteProtocolError):
        await play.call("getMe")
    assert (await play.calls("getMe"))[0]["status"] == 0
    assert await play.ok("getMe")


async def test_a_fault_may_hit_any_method_and_speak_its_own_words(play: Play) -> None:
    await play.fault("*", 403, description="Forbidden: user is deactivated")
    assert await play.refused("getMe") == "403 Forbidden: user is deactivated"


async def test_a_call_may_be_slow_and_succeed(play: Play) -> None:
    await play.fault("getMe", 200, delay_ms=60_000)
    slow = asyncio.create_task(play.ok("getMe"))
    while not slow.done():
        await play.advance(10)
    assert (await slow)["id"] == 123456
    assert (await play.control("GET", "/clock"))["offset_s"] >= 60


async def test_faults_can_be_seen_and_taken_back(play: Play) -> None:
    await play.fault("getMe", 500, times=9)
    (fault,) = (await play.control("GET", "/faults"))["faults"]
    assert (fault["method"], fault["times"]) == ("getme", 9)
    await play.control("DELETE", "/faults")
    assert await play.ok("getMe")


async def test_an_impossible_fault_is_explained(play: Play) -> None:
    response = await play.http.post(f"{play.base_url}/sandbox/faults", json={"method": "getMe", "status": 77})
    assert response.status_code == 400
    assert "status is an HTTP status" in response.json()["error"]


async def test_a_fault_of_a_method_that_does_not_exist_is_refused(play: Play) -> None:
    response = await play.http.post(f"{play.base_url}/sandbox/faults", json={"method": "sendMassage", "status": 500})
    assert response.status_code == 400
    assert "'sendMassage'" in response.json()["error"]
    assert (await play.control("GET", "/faults"))["faults"] == []
    await play.fault("sendPoll", 500)
    assert await play.refused("sendPoll") == "500 Internal Server Error"


async def test_a_call_that_cannot_be_read_meets_faults_too(play: Play) -> None:
    url, headers = f"{play.base_url}/bot{TOKEN}/getMe", {"content-type": "application/json"}
    for kind in ("before", "after"):
        await play.fault("getMe", 503, kind=kind)
        assert (await play.http.post(url, content=b"{", headers=headers)).status_code == 503
    assert (await play.http.post(url, content=b"{", headers=headers)).status_code == 400


async def test_without_limits_a_bot_sends_as_fast_as_it_can(play: Play) -> None:
    person = await play.person()
    for number in range(40):
        await play.ok("sendMessage", chat_id=person, text=str(number))


async def test_with_limits_a_chat_gets_one_message_a_second(play: Play) -> None:
    person = await play.person()
    await play.freeze()
    await play.control("PUT", "/limits", {"enabled": True})
    answers = [await play.call("sendMessage", chat_id=person, text=str(number)) for number in range(8)]
    assert [answer["ok"] for answer in answers] == [True] * 5 + [False] * 3, "a short burst passes"
    assert answers[-1]["parameters"] == {"retry_after": 1}
    await play.advance(1)
    assert (await play.call("sendMessage", chat_id=person, text="again"))["ok"]
    await play.control("PUT", "/limits", {"enabled": False})
    await play.ok("sendMessage", chat_id=person, text="free")


async def test_with_limits_a_bot_sends_30_messages_a_second(play: Play) -> None:
    people = [await play.person(started=False) for _ in range(40)]
    for person in people:
        await play.say(person, "/start")
    await play.freeze()
    await play.control("PUT", "/limits", {"enabled": True})
    answers = [await play.call("sendMessage", chat_id=person, text="push") for person in people]
    assert [answer["ok"] for answer in answers] == [True] * 30 + [False] * 10
    assert answers[-1]["error_code"] == 429


async def test_edits_and_answers_are_not_limited(play: Play) -> None:
    person = await play.person()
    sent = await play.ok("sendMessage", chat_id=person, text="x", reply_markup=keyboard({"A": "a"}))
    await play.control("PUT", "/limits", {"enabled": True})
    for number in range(20):
        await play.ok("editMessageText", chat_id=person, message_id=sent["message_id"], text=str(number))
