"""How chat looks on a phone: each step whole in one message, in the order of the worker's hand."""

from typing import Any

import pytest

from bot.i18n.locales import available
from bot.i18n.tongue import tongue
from bot.screens import Screen
from bot.tasks import face_of, said_in_words
from bot.tasks.base import of_lease
from bot.views.task import task_screen
from crowd.kinds.base import Json
from crowd.kinds.chat import ALL, Chat
from crowd.kinds.chatgold import ChatSpec
from crowd.kinds.item import LONGEST_TEXT
from tests.bot.looks import faults
from tests.kinds.sample import spec_of
from tests.kinds.samples.chat import SAMPLE

KIND = Chat()
A_FIRST, B_FIRST = 1, 2
"""Leases whose workers see that side first."""

pytestmark = pytest.mark.unit


def spec(**fields: Any) -> ChatSpec:
    made = spec_of(SAMPLE, fields)
    assert isinstance(made, ChatSpec)
    return made


def shown(made: ChatSpec, item: dict[str, str], draft: Json, *, lease: int = A_FIRST, locale: str = "en") -> Screen:
    return task_screen(tongue(locale), made, KIND.read_item(made, item), lease, draft=draft)


def labels(screen: Screen) -> list[list[str]]:
    return [[button.label for button in row] for row in screen.buttons][:-2]


def test_what_just_fits_is_shown_whole_at_every_step_in_every_locale() -> None:
    made = spec(most_why=500, most_ideal=2500, least_why=500, least_ideal=1000)
    item = {"text": "/x " * 100 + "end", "a": "/y " * 800 + "the end of A", "b": "😀" * 130 + "/z the end"}
    kept = KIND.read_item(made, {**item, "text": item["text"] + "!" * (LONGEST_TEXT - 2985)})
    assert sum(len(text.encode("utf-16-le")) // 2 for text in kept.values()) == LONGEST_TEXT
    payload, why = KIND.payload(kept), "& " * 248 + "x<b>"
    draft = KIND.begin(made, payload)
    for said in (["better", "a"], why, "<i> " * 624 + "last"):
        for locale in available():
            screen = task_screen(tongue(locale), made, kept, A_FIRST, draft=draft)
            assert faults(screen) == []
            assert all(each in screen.text for each in ("the end of A", "the end", "😀" * 130))
        draft = KIND.step(made, payload, draft, said)
    taken = KIND.step(made, payload, {**draft, "at": "ideal"}, ["ideal", "a"])
    for locale in available():
        for final, words in ((draft, "last"), (taken, "the end of A")):
            screen = task_screen(tongue(locale), made, kept, A_FIRST, draft=final)
            assert faults(screen) == []
            assert f"{words}</blockquote>" in screen.text
            assert "x&lt;b&gt;</blockquote>" in screen.text


def test_each_step_asks_for_one_thing_and_offers_what_fits_to_what_was_said() -> None:
    item, made = {"text": "3 + 4?", "a": "It is 7.", "b": "It is 8."}, spec()
    first = shown(made, item, {"at": "better"})
    assert labels(first) == [["🅰️ better", "🅱️ better"], ["≈ Same", "👎 Both bad"]]
    assert labels(shown(spec(tie=False, both_bad=False), item, {"at": "better"})) == [["🅰️ better", "🅱️ better"]]
    why = shown(made, item, {"at": "why", "better": "b"})
    assert "✓ 🅱️ is better" in why.text
    assert "Why?" in why.text
    assert labels(why) == [["✏️ Choice"]]
    for better, stay in (("a", ["🅰️ as it is"]), ("b", ["🅱️ as it is"]), ("same", ["🅰️ as it is", "🅱️ as it is"])):
        ideal = shown(made, item, {"at": "ideal", "better": better, "why": "So."})
        assert labels(ideal) == [stay, ["✏️ Choice", "✏️ Reason"]]
        assert "or tap" in ideal.text
    bad = shown(made, item, {"at": "ideal", "better": "both_bad", "why": "So."})
    assert labels(bad) == [["✏️ Choice", "✏️ Reason"]]
    assert "or tap" not in bad.text
    done = {"better": "a", "why": "So.", "ideal": "Seven."}
    assert labels(shown(made, item, {**done, "at": ALL}))[0] == ["✅ Send"]
    assert labels(shown(made, item, {**done, "at": "why"}))[-1] == ["‹ Back"]


def test_the_order_is_shuffled_on_the_screen_and_in_words_and_not_in_the_data() -> None:
    item, made = {"text": "How?", "a": "This way.", "b": "That way."}, spec()
    answer = {"better": "b", "why": "It is.", "ideal": "That way."}
    for lease, head in ((A_FIRST, "🅱️"), (B_FIRST, "🅰️")):
        screen = shown(made, item, {"at": "better"}, lease=lease)
        assert (screen.text.index("This way.") < screen.text.index("That way.")) == (head == "🅱️")
        data = next(button.data for row in screen.buttons for button in row if button.label == f"{head} better")
        assert face_of("chat").read_tap(data.split(":", 3)[3]) == ["better", "b"]
        assert f"{head} is better</b>" in shown(made, item, {**answer, "at": ALL}, lease=lease).text
        kept = KIND.read_item(made, item)
        assert said_in_words(made, kept, answer, "en", of_lease(lease)) == f"{head} is better · {head} as it is"
        other = {**answer, "ideal": "Go <that> way. " * 20}
        told = said_in_words(made, kept, other, "en", of_lease(lease))
        assert told.startswith(f"{head} is better · Go &lt;that&gt; way.")
        assert told.endswith("…")
        assert said_in_words(made, kept, {"better": "both_bad"}, "en", of_lease(lease)) == "Both are bad"
