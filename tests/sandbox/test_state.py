"""A sandbox that is started again goes on where it was."""

import asyncio
import signal
import sys
from collections.abc import MutableMapping
from pathlib import Path
from typing import Any

import httpx
import pytest

from sandbox import Bot, Settings, create_app, running
from tests.sandbox.conftest import BOTS, TOKEN, Play, keyboard, until
from tests.sandbox.receiver import accept, receiving
from tests.sandbox.test_files import upload
from tests.sandbox.test_requests import png

ROOT = Path(__file__).parents[2]


async def test_people_chats_files_and_updates_survive_a_restart(tmp_path: Path, http: httpx.AsyncClient) -> None:
    settings = Settings(BOTS, state_file=tmp_path / "state.json")
    async with running(settings) as sandbox:
        play = Play(sandbox.base_url, http)
        person = await play.person("sw")
        sent = await play.ok(
            "sendMessage", chat_id=person, text="<b>x</b>", parse_mode="HTML", reply_markup=keyboard({"A": "a"})
        )
        photo = await upload(play, "sendPhoto", person, photo=("a.png", png(), "image/png"))
        await play.ok("setMyCommands", commands=[{"command": "help", "description": "Help"}], language_code="sw")
        await play.say(person, "unconfirmed")
        update = (await play.updates())[0]
        chat, traffic = await play.chat(person), await play.traffic(person)
        await play.link(person, online=False)
        await play.ok("editMessageText", chat_id=person, message_id=sent["message_id"], text="edited")
        await play.advance(1000)
        now = (await play.control("GET", "/clock"))["now"]
    async with running(settings) as sandbox:
        play = Play(sandbox.base_url, http)
        assert (await play.messages(person)) == chat["messages"], "the phone is still offline"
        assert await play.traffic(person) == traffic
        assert await play.updates() == [update]
        assert (await play.control("GET", "/bot", params={"user_id": person}))["commands"]
        assert (await play.control("GET", "/clock"))["now"] >= now
        await play.link(person, online=True)
        assert "edited" in await play.texts(person)
        again = await play.ok("sendPhoto", chat_id=person, photo=photo["photo"][0]["file_id"])
        assert again["message_id"] > photo["message_id"]
        shown = (await play.messages(person))[-1]["photo"]
        assert len((await play.http.get(f"{play.base_url}{shown['url']}")).content) == shown["bytes"]
        await play.say(person, "next")
        assert [one["update_id"] for one in await play.updates()] == [update["update_id"], update["update_id"] + 1]
        newcomer = await play.person()
        assert newcomer != person


async def test_a_webhook_goes_on_after_a_restart(tmp_path: Path, http: httpx.AsyncClient) -> None:
    settings = Settings(BOTS, state_file=tmp_path / "state.json")
    async with receiving(accept) as receiver:
        async with running(settings) as sandbox:
            play = Play(sandbox.base_url, http)
            person = await play.person()
            await play.ok("setWebhook", url=receiver.url)
        async with running(settings) as sandbox:
            await Play(sandbox.base_url, http).say(person, "a")
            await receiver.count(1)


async def test_the_state_is_written_soon_after_a_change(tmp_path: Path, http: httpx.AsyncClient) -> None:
    state = tmp_path / "deep" / "state.json"
    async with running(Settings(BOTS, state_file=state)) as sandbox:
        await Play(sandbox.base_url, http).person()

        async def written() -> bool:
            return state.exists()

        await until(written)


async def test_a_file_that_is_no_state_is_refused_and_kept(tmp_path: Path) -> None:
    state = tmp_path / "state.json"
    state.write_text("{nonsense")
    with pytest.raises(ValueError, match="move it away to start afresh"):
        async with running(Settings(BOTS, state_file=state)):
            pass
    assert state.read_text() == "{nonsense"


@pytest.mark.parametrize("sign", [signal.SIGTERM, signal.SIGINT])
async def test_the_process_ends_when_told_and_keeps_its_state(
    tmp_path: Path, http: httpx.AsyncClient, sign: signal.Signals
) -> None:
    state = tmp_path / "state.json"
    arguments = ("-m", "sandbox", "--port", "0", "--token", "99:abc,kazi_bot,Kazi", "--state-file", str(state))
    process = await asyncio.create_subprocess_exec(sys.executable, *arguments, stdout=asyncio.subprocess.PIPE, cwd=ROOT)
    try:
        assert process.stdout is not None
        base_url = (await process.stdout.readline()).decode().split()[-1]
        play = Play(base_url, http)
        assert (await play.ok("getMe", token="99:abc"))["first_name"] == "Kazi"
        await play.person(started=False)
        polling = asyncio.create_task(play.call("getUpdates", token="99:abc", timeout=50))

        async def polled() -> bool:
            return bool((await play.control("GET", "/bots"))["bots"][0]["polling"])

        await until(polled)
        process.send_signal(sign)
        assert (await polling)["result"] == []
        async with asyncio.timeout(20):
            assert await process.wait() == 0
    finally:
        if process.returncode is None:
            process.kill()
            await process.wait()
    async with running(Settings((Bot("99:abc", "kazi_bot"),), state_file=state)) as sandbox:
        assert (await Play(sandbox.base_url, http).control("GET", "/users"))["users"]


@pytest.mark.parametrize("arguments", [("--token", "nonsense"), ("--token", "1:abc", "--token", "2:abc,a b")])
async def test_a_wrong_token_on_the_command_line_is_explained(arguments: tuple[str, ...]) -> None:
    process = await asyncio.create_subprocess_exec(
        sys.executable, "-m", "sandbox", *arguments, stderr=asyncio.subprocess.PIPE, cwd=ROOT
    )
    _, complaint = await process.communicate()
    assert process.returncode == 2
    assert b"error: a bot" in complaint


async def test_the_application_runs_under_any_asgi_server(tmp_path: Path) -> None:
    app = create_app(Settings(BOTS, state_file=tmp_path / "state.json"))
    events = iter(("lifespan.startup", "lifespan.shutdown"))
    told: list[str] = []

    async def receive() -> dict[str, str]:
        event = next(events)
        if event == "lifespan.shutdown":
            transport = httpx.ASGITransport(app)
            async with httpx.AsyncClient(transport=transport, base_url="http://sandbox") as http:
                assert (await http.get(f"/bot{TOKEN}/getMe")).json()["ok"]
                await http.post("/sandbox/faults", json={"method": "getMe", "status": 0})
                with pytest.raises(AssertionError):
                    await http.get(f"/bot{TOKEN}/getMe")
        return {"type": event}

    async def send(message: MutableMapping[str, Any]) -> None:
        told.append(message["type"])

    await app({"type": "lifespan"}, receive, send)
    assert told == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert (tmp_path / "state.json").exists()


def test_bots_must_be_told_apart() -> None:
    with pytest.raises(ValueError, match="at least one bot"):
        Settings(())
    with pytest.raises(ValueError, match="same username"):
        Settings((Bot("123:abc", "one_bot"), Bot("456:abc", "one_bot")))
    assert "abc" not in repr(Bot("123:abc", "one_bot")), "a token is a secret"
