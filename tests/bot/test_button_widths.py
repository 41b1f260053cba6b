"""No button of the chat is wider than a small phone has room for, measured with real fonts in the phone page."""

import json

import pytest
from playwright.async_api import Browser

from bot.i18n.locales import available
from bot.i18n.tongue import tongue
from scripts.catalogs.buttons import WIDEST, on_buttons, usual
from tests.browser import open_page
from tests.sandbox.scripted_bot import open_stage

pytest_plugins = ("tests.browser",)

SMALL = (320, 640)
_MEASURED = """(texts) => {
    const style = getComputedStyle(document.querySelector("[data-message-id] button"));
    const canvas = document.createElement("canvas").getContext("2d");
    canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const width = (text) => canvas.measureText(text).width;
    canvas.font = `${style.fontSize} "Noto Sans", monospace`;
    const noto = width("iiii");
    canvas.font = `${style.fontSize} monospace`;
    if (noto === width("iiii")) return null;
    canvas.font = `${style.fontWeight} ${style.fontSize} ${style.fontFamily}`;
    const character = width("abcdefghijklmnopqrstuvwxyz") / 26;
    return texts.map((each) => [width(each) / character, [...each].every((one) => width(one) === width("\\uFFFE"))]);
}"""
"""How wide texts are, in characters; and whether there is no font for them."""


def labels(locale: str) -> list[str]:
    """All texts on buttons, with values of a usual length."""
    voice = tongue(locale)
    return [usual(voice.named(text)) for text in sorted(on_buttons())]


async def test_no_button_is_wider_than_twenty_characters_in_any_language(browser: Browser) -> None:
    wide, measured = {}, 0
    async with open_stage() as stage, open_page(browser, SMALL) as page:
        person = await stage.person()
        await page.goto(f"{stage.base_url}/phone/?user={person}")
        keys = {"inline_keyboard": [[{"text": "One", "callback_data": "one"}]]}
        message = await stage.bot.say(person, "Buttons", reply_markup=keys)
        await page.locator(f'[data-message-id="{message}"] button').wait_for()
        for locale in available():
            widths = await page.evaluate(_MEASURED, labels(locale))
            if widths is None:
                pytest.skip("the fonts of phones, Noto, are not installed: others are wider")
            found = zip(labels(locale), widths, strict=True)
            for label, (width, no_font) in found:
                measured += not no_font
                if width > WIDEST and not no_font:
                    wide[locale, label] = width
    assert wide == {}, json.dumps([[*key, width] for key, width in wide.items()], ensure_ascii=False, indent=1)
    assert measured > 15 * len(on_buttons())
