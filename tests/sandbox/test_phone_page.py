"""The phone in the browser, on a real sandbox, with a bot that does what the test's script says."""

import io
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from functools import partial
from pathlib import Path

import httpx
import pytest
from PIL import Image
from playwright.async_api import Browser, FilePayload, Page, Route, expect

from tests.browser import DESK, PHONE, open_page
from tests.sandbox.scripted_bot import TOKEN, Stage, open_stage

pytest_plugins = ("tests.browser",)


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_stage() as opened:
        yield opened


@asynccontextmanager
async def phone(
    browser: Browser,
    stage: Stage,
    user_id: int | None,
    size: tuple[int, int] = PHONE,
    *,
    dark: bool = False,
    forgive: tuple[str, ...] = (),
) -> AsyncIterator[Page]:
    async with open_page(browser, size, dark=dark, forgive=forgive) as page:
        await page.goto(f"{stage.base_url}/phone/" + ("" if user_id is None else f"?user={user_id}"))
        yield page


async def test_a_newcomer_gets_a_phone_and_keeps_it(browser: Browser, stage: Stage) -> None:
    async with phone(browser, stage, None) as page:
        assert await page.locator("select option").count() >= 15
        await page.get_by_label("Language of the phone").select_option("sw")
        assert await page.locator("html").get_attribute("lang") == "sw"
        await page.get_by_label("Jina la kwanza").fill("Asha")
        await page.get_by_role("button", name="Washa").click()
        await page.get_by_role("button", name="Anza", exact=True).click()
        message = await stage.bot.heard("message")
        assert message["text"] == "/start"
        person = message["from"]
        assert (person["first_name"], person["language_code"]) == ("Asha", "sw")
        await stage.bot.say(person["id"], "Karibu Asha")
        await expect(page.get_by_text("Karibu Asha")).to_be_visible()
        assert page.url.endswith(f"?user={person['id']}")
        await page.goto(f"{stage.base_url}/phone/")
        await expect(page.get_by_text("Karibu Asha")).to_be_visible()


async def test_entities_are_shown_and_markup_in_a_text_stays_text(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        html = "<b>bold</b> <i>it</i>\n<code>x &lt; 1</code> <a href='https://example.org/a?b=1&amp;c=2'>rules</a>"
        formatted = await stage.bot.say(user_id, html, parse_mode="HTML")
        hostile = "<img src=x onerror=\"document.title='owned'\"><script>document.title='owned'</script> & <b>"
        plain = await stage.bot.say(user_id, hostile)
        text = page.locator(f'[data-message-id="{formatted}"] .text')
        await expect(text.locator("b")).to_have_text("bold")
        await expect(text.locator("code")).to_have_text("x < 1")
        await expect(text.locator("a")).to_have_attribute("href", "https://example.org/a?b=1&c=2")
        await expect(page.locator(f'[data-message-id="{plain}"] .text')).to_have_text(hostile)
        assert await page.title() == "Asha"


async def test_a_long_expandable_quotation_is_folded_until_it_is_tapped(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    long = "<b>all</b> " + " ".join(f"word{number}" for number in range(200)) + " the end /help"
    html = f"{{}}\n<blockquote expandable>{long}</blockquote>\n<blockquote expandable>short</blockquote>"
    async with phone(browser, stage, user_id) as page:
        message_id = await stage.bot.say(user_id, html.format("one"), parse_mode="HTML")
        message = page.locator(f'[data-message-id="{message_id}"] .text')
        first, second = message.locator("blockquote").nth(0), message.locator("blockquote").nth(1)

        async def height() -> float:
            box = await first.bounding_box()
            assert box is not None
            return box["height"]

        await expect(first).to_have_attribute("aria-expanded", "false")
        folded = await height()
        assert folded < 90
        await first.click(position={"x": 40, "y": 20})
        await expect(first).to_have_attribute("aria-expanded", "true")
        assert await height() > 4 * folded
        await first.locator("b").click()
        await expect(first).to_have_attribute("aria-expanded", "false")
        assert await height() == folded
        await first.press("Enter")
        await expect(first).to_have_attribute("aria-expanded", "true")
        await first.get_by_text("/help").click()
        assert (await stage.bot.heard("message"))["text"] == "/help"
        await expect(first).to_have_attribute("aria-expanded", "true")

        assert await second.get_attribute("role") is None
        await second.click()
        await expect(second).to_have_attribute("aria-expanded", "false")
        assert await first.evaluate("quote => quote.classList.contains('long')")
        assert not await second.evaluate("quote => quote.classList.contains('long')")


async def test_a_command_in_a_text_can_be_tapped(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        text = "Send /payout, or read https://example.org/help and a/b, <code>/help</code> (/rules)."
        message_id = await stage.bot.say(user_id, text, parse_mode="HTML")
        message = page.locator(f'[data-message-id="{message_id}"] .text')
        await expect(message.locator("[data-say]")).to_have_text(["/payout", "/rules"])
        await message.locator("[data-say]").first.click()
        assert (await stage.bot.heard("message"))["text"] == "/payout"


@pytest.mark.parametrize(
    "hostile",
    [
        "<img src=x onerror=alert(1)>",
        "<script>alert(1)</script>",
        "</pre><script>alert(1)</script><svg onload=alert(1)>",
        '<a href="javascript:alert(1)" onclick="alert(1)">x</a>',
        '<a href=" java\nscript:alert(1)">x</a>',
        '<b style="position:fixed" onmouseover=alert(1) class="key">x</b>',
        "<iframe src=https://example.org></iframe><form><input><style>*{display:none}</style>",
        "<frameset onload=alert(1)>",
        "<math><mtext><table><mglyph><style><img src onerror=alert(1)></style></mglyph></table></mtext></math>",
        "<tg-spoiler onclick=alert(1)>x</tg-spoiler>",
    ],
)
async def test_hostile_markup_never_becomes_part_of_the_page(browser: Browser, stage: Stage, hostile: str) -> None:
    # that the parser met a handler in its inert document is reported too
    async with phone(browser, stage, None, forgive=("Content Security Policy",)) as page:
        kept = await page.evaluate(
            """async (html) => {
                const { rich } = await import(new URL("rich.js", document.baseURI));
                return [...rich(html, "").querySelectorAll("*")].map((e) => [
                    e.tagName, ...[...e.attributes].map((a) => `${a.name}=${a.value}`)]);
            }""",
            hostile,
        )
    allowed = {("B",), ("I",), ("PRE",), ("SPAN", "class=spoiler", "tabindex=0", "role=button", "aria-pressed=false")}
    assert {tuple(element) for element in kept} <= allowed


async def test_a_tap_spins_until_the_bot_answers(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        message_id = await stage.bot.say(user_id, "Is it good?", [[("Good", "a:1"), ("Bad", "a:2")]])
        button = page.locator(f'[data-message-id="{message_id}"] [data-button="a:1"]')
        await button.click()
        query = await stage.bot.heard("callback_query")
        assert (query["data"], query["message"]["message_id"]) == ("a:1", message_id)
        await expect(button).to_have_attribute("aria-busy", "true")
        await stage.bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Saved. +0.02")
        await expect(page.locator("#toast")).to_have_text("Saved. +0.02")
        await expect(page.locator("#toast")).to_be_visible()
        await expect(button).to_have_attribute("aria-busy", "false")
        await page.locator('[data-button="a:2"]').click()
        query = await stage.bot.heard("callback_query")
        await stage.bot.call("answerCallbackQuery", callback_query_id=query["id"], text="Look here", show_alert=True)
        await expect(page.get_by_role("dialog")).to_contain_text("Look here")
        await page.get_by_role("button", name="OK").click()
        await expect(page.get_by_role("dialog")).to_be_hidden()


async def test_the_next_task_takes_the_place_of_the_last_and_keeps_the_focus(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        message_id = await stage.bot.say(user_id, "Task 1", [[("Yes", "a:1:y"), ("No", "a:1:n")]])
        await page.locator('[data-button="a:1:n"]').focus()
        await page.keyboard.press("Enter")
        query = await stage.bot.heard("callback_query")
        assert query["data"] == "a:1:n"
        await stage.bot.edit(user_id, message_id, "Task 2", [[("Yes", "a:2:y"), ("No", "a:2:n")]])
        await stage.bot.call("answerCallbackQuery", callback_query_id=query["id"])
        await expect(page.locator(f'[data-message-id="{message_id}"] .text')).to_have_text("Task 2")
        await expect(page.locator('[data-button="a:2:n"]')).to_be_focused()
        await expect(page.locator('[data-button^="a:1"]')).to_have_count(0)
        await expect(page.locator(f'[data-message-id="{message_id}"] .edited')).to_have_text("edited")


async def test_long_labels_wrap_and_nothing_hangs_over_the_edge(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    long = "Donaudampfschifffahrtselektrizitätenhauptbetriebswerkbauunterbeamtengesellschaft"
    rows = [
        [(str(n), f"n:{n}") for n in range(1, 9)],
        [("I do not know what this sentence says", "l:1"), ("Ninakubaliana nawe kabisa", "l:2"), (long, "l:3")],
        [("ከዚህ በላይ ያሉት ሁሉም መልሶች ትክክል ናቸው ብዬ አስባለሁ", "l:4")],
    ]
    async with phone(browser, stage, user_id, (320, 640)) as page:
        message_id = await stage.bot.say(user_id, f"{long} {long}", rows)
        message = page.locator(f'[data-message-id="{message_id}"]')
        await expect(message.locator("[data-button]")).to_have_count(12)
        boxes = await message.locator("[data-button]").evaluate_all(
            "keys => keys.map(k => [k.getBoundingClientRect().left, k.getBoundingClientRect().right,"
            " k.scrollWidth - k.clientWidth])"
        )
        assert all(left >= 0 and right <= 320 and over <= 0 for left, right, over in boxes)
        assert await page.evaluate("document.querySelector('#log').scrollWidth") <= 320
        heights = await message.locator("[data-button]").evaluate_all("keys => keys.map(k => k.offsetHeight)")
        assert min(heights) >= 40


async def test_the_reply_keyboard_sends_its_labels(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    keyboard = {"keyboard": [[{"text": "Work"}, {"text": "Money"}], [{"text": "Call me", "request_contact": True}]]}
    async with phone(browser, stage, user_id) as page:
        await stage.bot.call("sendMessage", chat_id=user_id, text="Menu", reply_markup=keyboard)
        await page.locator('[data-reply="Money"]').click()
        while (await stage.bot.heard("message")).get("text") != "Money":
            pass
        await page.get_by_role("button", name="Keyboard").click()
        await expect(page.locator('[data-reply="Money"]')).to_be_hidden()
        await page.get_by_role("button", name="Keyboard").click()
        await page.locator('[data-reply="Call me"]').click()
        assert (await stage.bot.heard("message"))["contact"]["user_id"] == user_id
        await stage.bot.call("sendMessage", chat_id=user_id, text="Gone", reply_markup={"remove_keyboard": True})
        await expect(page.locator("[data-reply]")).to_have_count(0)


async def test_commands_are_offered_in_the_persons_language(browser: Browser, stage: Stage) -> None:
    await stage.bot.call("setMyCommands", commands=[{"command": "work", "description": "Get a task"}])
    swahili = [{"command": "work", "description": "Pata kazi"}, {"command": "money", "description": "Pesa zangu"}]
    await stage.bot.call("setMyCommands", commands=swahili, language_code="sw")
    user_id = await stage.person(language_code="sw")
    async with phone(browser, stage, user_id) as page:
        await page.get_by_role("button", name="Amri").click()
        await expect(page.locator("[data-command]")).to_have_text(["/workPata kazi", "/moneyPesa zangu"])
        await page.keyboard.press("Escape")
        await expect(page.locator("#commands")).to_be_hidden()
        await page.get_by_label("Ujumbe", exact=True).fill("/mo")
        await page.locator('[data-command="money"]').click()
        while (await stage.bot.heard("message")).get("text") != "/money":
            pass


async def test_who_is_there_before_the_commands_are_set_gets_them(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        await expect(page.locator("#chat")).to_be_visible()
        await expect(page.locator("#slash")).to_be_hidden()
        await stage.bot.call("setMyCommands", commands=[{"command": "work", "description": "find work"}])
        await stage.bot.say(user_id, "Welcome")
        await page.locator("#slash").click()
        await expect(page.locator("#commands")).to_contain_text("find work")


async def test_offline_texts_wait_and_taps_are_lost(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        await stage.bot.say(user_id, "Task", [[("Yes", "a:1")]])
        await expect(page.locator('[data-button="a:1"]')).to_be_visible()
        await set_link(page, "offline")
        await expect(page.locator("#banner")).to_contain_text("texts wait here, taps are lost")
        await page.locator('[data-button="a:1"]').click()
        await expect(page.locator("#toast")).to_contain_text("the tap is lost")
        for text in ("1a 2c 3?", "and one more"):
            await page.get_by_label("Message", exact=True).fill(text)
            await page.keyboard.press("Enter")
        await expect(page.locator("[data-pending]")).to_have_count(2)
        await expect(page.locator("[data-pending] .state").first).to_have_attribute("aria-label", "Waiting to be sent")
        await stage.bot.say(user_id, "Unseen so far")
        await set_link(page, "online")
        await expect(page.locator("[data-pending]")).to_have_count(0)
        await expect(page.get_by_text("Unseen so far")).to_be_visible()
        await expect(page.locator("#banner")).to_be_hidden()
        heard = [update["message"]["text"] for update in await stage.bot.hear() if "message" in update]
        assert heard[-2:] == ["1a 2c 3?", "and one more"]


async def test_the_second_of_two_quick_taps_may_find_no_button_and_says_nothing(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id, forgive=("404", "500")) as page:
        message_id = await stage.bot.say(user_id, "Choose", [[("Yes", "yes")]])
        button = page.locator(f'[data-message-id="{message_id}"] [data-button]')
        for status, told in ((404, ""), (500, "No answer")):
            await page.route("**/taps", partial(_refuse, status))
            async with page.expect_event("requestfinished", lambda request: request.url.endswith("/taps")):
                await button.click()
            await page.evaluate("new Promise((drawn) => requestAnimationFrame(() => requestAnimationFrame(drawn)))")
            await expect(page.locator("#toast")).to_have_text(told)
            await page.unroute("**/taps")


async def _refuse(status: int, route: Route) -> None:
    await route.fulfill(status=status, body="{}")


async def test_a_slow_link_says_so_and_is_kept(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        await stage.bot.say(user_id, "Hello")
        await expect(page.get_by_text("Hello")).to_be_visible()
        await set_link(page, "slow")
        await expect(page.locator("#banner")).to_have_text("Slow connection")
        await page.reload()
        await expect(page.locator("html")).to_have_attribute("data-link", "slow")


async def test_a_link_that_somebody_else_cuts_is_noticed(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        await stage.bot.say(user_id, "Hello")
        await expect(page.get_by_text("Hello")).to_be_visible()
        await stage.http.put(f"/sandbox/users/{user_id}/link", json={"online": False})
        await stage.http.post(f"/sandbox/users/{user_id}/messages", json={"text": "Hm"})
        await expect(page.locator("html")).to_have_attribute("data-link", "offline")
        await expect(page.locator("[data-pending]")).to_have_text("Hm")


async def test_an_address_names_somebody_new(browser: Browser, stage: Stage) -> None:
    async with phone(browser, stage, 777) as page:
        await page.get_by_label("First name").fill("Baraka")
        await page.keyboard.press("Enter")
        await page.get_by_role("button", name="Start", exact=True).click()
        person = (await stage.bot.heard("message"))["from"]
        assert (person["id"], person["first_name"], person["language_code"]) == (777, "Baraka", "en")


async def set_link(page: Page, link: str) -> None:
    await page.locator("#link").click()
    await page.locator(f'[data-link-choice="{link}"]').click()
    await expect(page.locator("html")).to_have_attribute("data-link", link)


def picture(width: int = 320, height: int = 200) -> bytes:
    out = io.BytesIO()
    Image.new("RGB", (width, height), "teal").save(out, "JPEG")
    return out.getvalue()


async def test_photos_and_files_go_both_ways(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        await page.get_by_label("Message", exact=True).fill("My receipt")
        await page.locator("#file").set_input_files(
            [
                FilePayload(name="receipt.jpg", mimeType="image/jpeg", buffer=picture()),
                FilePayload(name="list.csv", mimeType="text/csv", buffer=b"a,b\n"),
            ]
        )
        photo = await stage.bot.heard("message")
        while "photo" not in photo:
            photo = await stage.bot.heard("message")
        assert photo["caption"] == "My receipt"
        document = (await stage.bot.heard("message"))["document"]
        assert document["file_name"] == "list.csv"
        sent = await stage.bot.call(
            "sendPhoto", chat_id=user_id, photo=photo["photo"][-1]["file_id"], caption="Is this yours?"
        )
        shown = page.locator(f'[data-message-id="{sent["message_id"]}"]')
        await expect(shown.locator(".text")).to_have_text("Is this yours?")
        await expect(shown.locator("img")).to_have_js_property("naturalWidth", 320)
        await shown.locator(".picture").click()
        await expect(page.locator("#viewer")).to_be_visible()
        await page.keyboard.press("Escape")
        await expect(page.locator("#viewer")).to_be_hidden()
        await expect(page.locator(".file")).to_contain_text("list.csv")
        await expect(page.locator(".file .size")).to_have_text("1 KB")


def sound() -> bytes:
    """A second of silence: empty MP3 frames of 417 bytes, 128 kbit/s at 44.1 kHz."""
    return (b"\xff\xfb\x90\x64" + bytes(413)) * 39


async def test_a_voice_message_is_fetched_when_it_is_played(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        sent = await stage.http.post(
            f"/bot{TOKEN}/sendVoice",
            data={"chat_id": user_id, "duration": 1},
            files={"voice": ("voice.mp3", sound(), "audio/mpeg")},
        )
        assert sent.json()["ok"]
        await expect(page.locator(".length")).to_have_text("0:01")
        async with page.expect_response(lambda response: "/sandbox/files/" in response.url) as fetched:
            await page.get_by_role("button", name="Play").click()
        assert (await fetched.value).ok
        await expect(page.locator(".voice progress")).to_have_js_property("value", 1)
        await expect(page.get_by_role("button", name="Play")).to_be_visible()


async def test_bytes_are_counted(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        counter = page.locator("#bytes")
        await stage.bot.say(user_id, "x" * 2000)
        await expect(page.locator("#down")).to_contain_text("kB")
        assert int(await counter.get_attribute("data-down") or 0) >= 2000
        await counter.click()
        await expect(page.locator("#down")).to_have_text("↓ 0\u00a0B")


async def test_an_arabic_phone_reads_from_the_right(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person("أمل", "ar")
    async with phone(browser, stage, user_id) as page:
        arabic = await stage.bot.say(user_id, "مهام قصيرة بأجر عادل")
        english = await stage.bot.say(user_id, "The phone is good.", [[("A1", "0"), ("B1", "1")]])
        await expect(page.locator("html")).to_have_attribute("dir", "rtl")
        first, second = [await page.locator(f'[data-button="{data}"]').bounding_box() for data in "01"]
        assert first is not None
        assert second is not None
        assert first["x"] < second["x"], "real phones never mirror a keyboard"
        for message_id, direction in ((arabic, "rtl"), (english, "ltr")):
            text = page.locator(f'[data-message-id="{message_id}"] .text')
            await expect(text).to_have_css("direction", direction)
        theirs = await page.locator(f'[data-message-id="{arabic}"] .bubble').bounding_box()
        own = await page.locator('[data-from="me"] .bubble').first.bounding_box()
        assert theirs is not None
        assert own is not None
        assert theirs["x"] + theirs["width"] > 370
        assert own["x"] < 20
        assert await page.get_by_label("رسالة", exact=True).is_visible()


async def test_the_chat_follows_what_is_new_unless_somebody_reads_above(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        for number in range(30):
            await stage.bot.say(user_id, f"Message {number}\nwith a second line")
        await expect(page.get_by_text("Message 29")).to_be_in_viewport()
        await page.locator("#log").evaluate("log => { log.scrollTop = 0; }")
        await expect(page.locator("#latest")).to_be_visible()
        await stage.bot.say(user_id, "Quite new")
        await expect(page.locator("#unread")).to_have_text("1")
        await expect(page.get_by_text("Message 0")).to_be_in_viewport()
        await page.get_by_role("button", name="Newest messages").click()
        await expect(page.get_by_text("Quite new")).to_be_in_viewport()
        await expect(page.locator("#latest")).to_be_hidden()


async def test_it_fills_a_phone_and_frames_itself_on_a_desk(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    for size, width, height in ((PHONE, 390, 844), (DESK, 400, 860)):
        async with phone(browser, stage, user_id, size) as page:
            box = await page.locator("#phone").bounding_box()
            assert box is not None
            assert (box["width"], box["height"]) == (width, height)
    async with open_page(browser, DESK) as page:
        await page.set_content(
            f'<iframe src="{stage.base_url}/phone/?user={user_id}" width="360" height="700"></iframe>'
        )
        inside = page.frame_locator("iframe")
        await expect(inside.get_by_label("Message", exact=True)).to_be_visible()
        assert await inside.locator("#phone").evaluate("phone => phone.offsetWidth") == 360


async def test_it_is_dark_where_the_system_is(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    brightness = []
    for dark in (False, True):
        async with phone(browser, stage, user_id, dark=dark) as page:
            await expect(page.locator("#compose")).to_be_visible()
            image = Image.open(io.BytesIO(await page.screenshot())).convert("L")
            brightness.append(sum(image.resize((20, 20)).tobytes()) / 400)
    assert brightness[0] > 180
    assert brightness[1] < 60


@pytest.mark.parametrize("kept", [True, False])
async def test_it_outlives_its_server(browser: Browser, tmp_path: Path, kept: bool) -> None:
    """Restarted on the same port, with its state or without: the same person goes on, and what was typed is sent."""
    state = tmp_path / "state.json" if kept else None
    async with open_page(browser, forgive=("Failed to load resource",)) as page:
        async with open_stage(state_file=state) as stage:
            user_id = await stage.person()
            await page.goto(f"{stage.base_url}/phone/?user={user_id}")
            await stage.bot.say(user_id, "Before")
            await expect(page.get_by_text("Before")).to_be_visible()
        await expect(page.locator("#banner")).to_contain_text("Trying again")
        await page.get_by_label("Message", exact=True).fill("Are you there?")
        await page.keyboard.press("Enter")
        await expect(page.locator("[data-pending]")).to_have_text("Are you there?")
        async with open_stage(port=httpx.URL(stage.base_url).port or 0, state_file=state) as stage:
            message = await stage.bot.heard("message")
            while message["text"] == "/start":
                message = await stage.bot.heard("message")
            assert (message["text"], message["from"]["id"]) == ("Are you there?", user_id)
            assert message["from"]["first_name"] == "Asha"
            await stage.bot.say(user_id, "After")
            await expect(page.get_by_text("After")).to_be_visible()
            await expect(page.get_by_text("Before")).to_have_count(1 if kept else 0)
            await expect(page.locator("[data-pending]")).to_have_count(0)
            await expect(page.locator("#banner")).to_be_hidden()


async def test_a_text_is_sent_once_however_often_the_server_is_asked(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        for number in range(12):
            await page.get_by_label("Message", exact=True).fill(f"Text {number}")
            await page.keyboard.press("Enter")
        heard: list[str] = []
        while len(heard) < 12:
            heard += [update["message"]["text"] for update in await stage.bot.hear()]
        assert heard == [f"Text {number}" for number in range(12)]
        await expect(page.locator('[data-from="me"] .text')).to_have_text(["/start", *heard])


async def test_a_blocked_bot_can_be_unblocked(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        await stage.bot.say(user_id, "Hello")
        await page.get_by_role("button", name="More").click()
        await page.locator('[data-choice="block"]').click()
        assert (await stage.bot.heard("my_chat_member"))["new_chat_member"]["status"] == "kicked"
        await page.get_by_role("button", name="Unblock the bot").click()
        assert (await stage.bot.heard("my_chat_member"))["new_chat_member"]["status"] == "member"
        await expect(page.get_by_label("Message", exact=True)).to_be_visible()


async def test_everything_can_be_done_with_the_keyboard(browser: Browser, stage: Stage) -> None:
    user_id = await stage.person()
    async with phone(browser, stage, user_id) as page:
        await stage.bot.say(user_id, "Task", [[("Yes", "a:1"), ("No", "a:2")]])
        await expect(page.locator('[data-button="a:1"]')).to_be_visible()
        await page.locator("#link").focus()
        await page.keyboard.press("Enter")
        await expect(page.locator('[data-link-choice="online"]')).to_be_focused()
        await page.keyboard.press("ArrowDown")
        await expect(page.locator('[data-link-choice="slow"]')).to_be_focused()
        await page.keyboard.press("Escape")
        await expect(page.locator("#link")).to_be_focused()
        for _ in range(9):
            if await page.evaluate("document.activeElement.dataset.button") != "a:2":
                await page.keyboard.press("Tab")
        await page.keyboard.press("Space")
        assert (await stage.bot.heard("callback_query"))["data"] == "a:2"
