"""Voice messages and pictures on the phone in the browser: recorded there, attached, and played."""

import io
import re
from collections.abc import AsyncIterator

import numpy as np
import pytest
import soundfile
from playwright.async_api import Browser, FilePayload, Page, expect

from tests.browser import open_page
from tests.sandbox.scripted_bot import TOKEN, Json, Stage, open_stage
from tests.sandbox.test_phone_page import phone, picture, set_link
from tests.sandbox.test_voice import note, wav

pytest_plugins = ("tests.browser",)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_stage() as opened:
        yield opened


async def record(page: Page, pieces: int) -> None:
    """Press the microphone, and wait until so many pieces of some 0.043 s have been recorded."""
    await page.get_by_role("button", name="Record a voice message").click()
    await expect(page.locator("#recorder")).to_be_visible()
    await expect(page.locator("#levels i").nth(pieces - 1)).to_be_attached()


async def heard_voice(stage: Stage) -> Json:
    message = await stage.bot.heard("message")
    while "voice" not in message:
        message = await stage.bot.heard("message")
    return message


async def download(stage: Stage, file_id: str) -> bytes:
    path = (await stage.bot.call("getFile", file_id=file_id))["file_path"]
    return (await stage.http.get(f"/file/bot{TOKEN}/{path}")).content


async def test_what_is_recorded_reaches_the_bot_as_a_real_phone_would_send_it(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        await record(page, 35)
        await expect(page.locator("#recorded")).to_have_text(re.compile("^0:0[1-9]$"))
        await expect(page.get_by_label("Message", exact=True)).to_be_hidden()
        await page.get_by_role("button", name="Send", exact=True).click()
        voice = (await heard_voice(stage))["voice"]
        assert voice["mime_type"] == "audio/ogg"
        content = await download(stage, voice["file_id"])
        about = soundfile.info(io.BytesIO(content))
        assert (about.format, about.subtype, about.channels) == ("OGG", "OPUS", 1)
        assert about.samplerate in (24_000, 48_000)
        assert about.duration > 1.3
        assert voice["duration"] == round(about.duration)
        samples, _ = soundfile.read(io.BytesIO(content))
        assert np.abs(samples).max() > 0.02, "the microphone's beeps are in it"
        await expect(page.locator('[data-from="me"] .length')).to_have_text(f"0:0{voice['duration']}")
        await expect(page.get_by_label("Message", exact=True)).to_be_visible()


async def test_the_microphone_stands_where_a_text_is_sent_from_while_there_is_none(
    browser: Browser, stage: Stage
) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        microphone = page.get_by_role("button", name="Record a voice message")
        send, entry = page.get_by_role("button", name="Send", exact=True), page.get_by_label("Message", exact=True)
        await expect(microphone).to_be_visible()
        before = await microphone.bounding_box()
        await entry.fill("Hello")
        await expect(microphone).to_be_hidden()
        assert await send.bounding_box() == before
        await send.click()
        assert (await stage.bot.heard("message"))["text"] == "Hello"
        await expect(microphone).to_be_visible()
        await entry.fill("  ")
        await expect(send).to_be_hidden()


async def test_a_recording_is_made_sent_and_dropped_with_the_keyboard(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        microphone = page.get_by_role("button", name="Record a voice message")
        for key in ("Escape", "Shift+Tab"):
            await microphone.focus()
            await page.keyboard.press("Enter")
            await expect(page.get_by_role("button", name="Send", exact=True)).to_be_focused()
            await page.keyboard.press(key)
            if key != "Escape":
                await expect(page.get_by_role("button", name="Cancel")).to_be_focused()
                await page.keyboard.press("Space")
            await expect(page.locator("#recorder")).to_be_hidden()
            await expect(microphone).to_be_focused()
        await page.keyboard.press("Enter")
        await expect(page.locator("#levels i").nth(3)).to_be_attached()
        await page.keyboard.press("Enter")
        assert (await heard_voice(stage))["voice"]["duration"] >= 1
        await expect(page.locator('[data-from="me"] .voice')).to_have_count(1)


async def test_an_offline_phone_keeps_a_recording_and_sends_it_in_its_turn(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        await set_link(page, "offline")
        entry = page.get_by_label("Message", exact=True)
        await entry.fill("before")
        await page.keyboard.press("Enter")
        await record(page, 5)
        await page.get_by_role("button", name="Send", exact=True).click()
        await expect(page.locator("[data-pending]")).to_have_count(2)
        await expect(page.locator("[data-pending] .voice")).to_be_visible()
        await entry.fill("after")
        await page.keyboard.press("Enter")
        await expect(page.locator("[data-pending]")).to_have_count(3)
        await set_link(page, "online")
        heard: list[Json] = []
        while len(heard) < 3:
            heard += [update["message"] for update in await stage.bot.hear() if "message" in update]
        assert [message.get("text", "voice") for message in heard] == ["before", "voice", "after"]
        await expect(page.locator("[data-pending]")).to_have_count(0)


async def test_a_recording_outlives_a_server_that_is_away(browser: Browser) -> None:
    async with open_page(browser, forgive=("Failed to load resource",)) as page:
        async with open_stage() as stage:
            user_id = await stage.person()
            await page.goto(f"{stage.base_url}/phone/?user={user_id}")
            await record(page, 5)
        await expect(page.locator("#banner")).to_contain_text("Trying again")
        await page.get_by_role("button", name="Send", exact=True).click()
        waiting = page.locator("[data-pending] .voice")
        await waiting.get_by_role("button", name="Play").click()
        await expect(waiting.locator("progress")).to_have_js_property("value", 1)
        async with open_stage(port=int(stage.base_url.rpartition(":")[2])) as stage:
            assert (await heard_voice(stage))["from"]["id"] == user_id


async def test_a_phone_without_a_microphone_says_so(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        await page.evaluate("() => { navigator.mediaDevices.getUserMedia = () => Promise.reject(new Error('no')); }")
        await page.get_by_role("button", name="Record a voice message").click()
        await expect(page.locator("#toast")).to_have_text("No microphone: allow it in the browser")
        await expect(page.locator("#recorder")).to_be_hidden()


async def test_pictures_and_sounds_are_attached_with_a_caption(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        for name, kind, content, sent_as in (
            ("me.jpg", "image/jpeg", picture(), "photo"),
            ("say.ogg", "audio/ogg", note(), "voice"),
            ("say.wav", "audio/wav", wav(2.0), "voice"),
            ("drawing.svg", "image/svg+xml", b"<svg/>", "document"),
        ):
            await page.get_by_label("Message", exact=True).fill(f"This is {name}")
            await page.locator("#file").set_input_files(FilePayload(name=name, mimeType=kind, buffer=content))
            message = await stage.bot.heard("message")
            while sent_as not in message:
                message = await stage.bot.heard("message")
            assert message["caption"] == f"This is {name}"
            bubble = page.locator('[data-from="me"]').last
            await expect(bubble.locator(".text")).to_have_text(f"This is {name}")
            if sent_as == "voice":
                assert message["voice"]["duration"] == (2 if name.endswith("wav") else 1)
                assert (await download(stage, message["voice"]["file_id"])).startswith(b"OggS")
        own = page.locator('[data-from="me"] .picture img')
        await expect(own).to_have_js_property("naturalWidth", 320)
        assert int(await page.locator("#bytes").get_attribute("data-down") or 0) == 0, "what one sends is not fetched"


async def test_an_upright_picture_fills_its_bubble(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        url = f"/sandbox/users/{user_id}/messages"
        for height in (400, 300, 225):
            part = ("me.jpg", picture(300, height), "image/jpeg")
            await stage.http.post(url, data={"caption": "A caption that is long enough"}, files={"photo": part})
            row = page.locator('[data-from="me"]').last
            image, frame = row.locator("img"), row.locator(".bubble")
            await expect(image).to_have_js_property("naturalHeight", height)
            shown, around = await image.bounding_box(), await frame.bounding_box()
            assert shown is not None
            assert around is not None
            assert shown["width"] / shown["height"] == pytest.approx(300 / height, rel=0.02)
            assert around["width"] - shown["width"] == pytest.approx(8, abs=1)


@pytest.mark.parametrize("from_bot", [True, False])
async def test_a_voice_message_is_played_whoever_sent_it(browser: Browser, stage: Stage, from_bot: bool) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        if from_bot:
            markup = '{"inline_keyboard": [[{"text": "Good", "callback_data": "good"}]]}'
            fields = {"chat_id": str(user_id), "caption": "Is it clear?", "reply_markup": markup}
            url, part = f"/bot{TOKEN}/sendVoice", ("v.ogg", note(), "audio/ogg")
        else:
            fields, url, part = {"caption": "Is it clear?"}, f"/sandbox/users/{user_id}/messages", ("v.wav", wav(), "")
        assert (await stage.http.post(url, data=fields, files={"voice": part})).is_success
        row = page.locator(".row").last
        await expect(row.locator(".text")).to_have_text("Is it clear?")
        await row.get_by_role("button", name="Play").click()
        await expect(row.locator("progress")).to_have_js_property("value", 1)
        if from_bot:
            await row.get_by_role("button", name="Good").click()
            assert (await stage.bot.heard("callback_query"))["data"] == "good"


async def test_what_plays_goes_on_when_its_message_is_edited_and_ends_when_another_begins(
    browser: Browser, stage: Stage
) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        ids = []
        for caption in ("first", "second"):
            sent = await stage.http.post(
                f"/bot{TOKEN}/sendVoice",
                data={"chat_id": user_id, "caption": caption},
                files={"voice": ("v.ogg", note(30), "audio/ogg")},
            )
            ids.append(sent.json()["result"]["message_id"])
        first, second = (page.locator(f'[data-message-id="{message_id}"]') for message_id in ids)
        await first.get_by_role("button", name="Play").click()
        await expect(first.get_by_role("button", name="Pause")).to_be_visible()
        await stage.bot.call("editMessageCaption", chat_id=user_id, message_id=ids[0], caption="edited")
        await expect(first.locator(".text")).to_have_text("edited")
        await expect(first.get_by_role("button", name="Pause")).to_be_visible()
        await second.get_by_role("button", name="Play").click()
        await expect(second.get_by_role("button", name="Pause")).to_be_visible()
        await expect(first.get_by_role("button", name="Play")).to_be_visible()
