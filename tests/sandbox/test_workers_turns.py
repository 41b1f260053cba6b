"""Simulated workers give answers that take several acts of different sorts, over the screens that come."""

import asyncio
from collections.abc import AsyncIterator, Sequence
from pathlib import Path

import pytest

from sandbox.workers import (
    Character,
    CrowdSpec,
    Knowledge,
    Manners,
    Report,
    Right,
    Rule,
    Say,
    Send,
    Tap,
    Turn,
    run_crowd,
)
from sandbox.workers.mind import Act, Attach, Mind, Press, Write
from sandbox.workers.phone import Button, Chat, Screen
from tests.sandbox.scripted_bot import Json, ScriptedBot, Stage, open_stage
from tests.sandbox.test_files import ogg
from tests.sandbox.test_requests import png

ITEM, OTHER = "Habari njema sana", "Usiku mwema wote"
VOICE = Send("voice", ogg(2), "mine.ogg")
OTHERS = Send("voice", ogg(3), "theirs.ogg")
MIXED = (Tap("^can:yes$"), Say("Very good news"), Tap("^keep:"))
MANNERS = Manners(rules=(Rule(tap="^ok$"),))


def mind(*turns: Turn, skill: float = 1.0, seed: int = 1, others: tuple[Turn, ...] = ()) -> Mind:
    items = {ITEM: Right(turns=turns)} | ({OTHER: Right(turns=others)} if others else {})
    return Mind(Character(skill=skill, seed=seed), Knowledge(items), MANNERS)


def screen(message_id: int, *data: str, text: str = "") -> Screen:
    return Screen(message_id, f"{ITEM}\n{text}", tuple(Button(one, one) for one in data))


def see(one: Mind, *screens: Screen) -> Act | None:
    return one.decide(Chat(1, screens, empty=False))


def did(act: Act | None) -> str | None:
    """What was done, in short: data, a text, or the name of a file."""
    if isinstance(act, Press):
        return act.button.data
    return act.file.name if isinstance(act, Attach) else act and act.text


def test_turns_of_different_sorts_are_done_in_order_over_screens_that_follow_each_other() -> None:
    one = mind(*MIXED)
    asked = screen(5, "can:yes", "can:no")
    first = see(one, asked)
    assert (did(first), one.is_complete(ITEM)) == ("can:yes", False)
    assert see(one, asked) is None, "a text is written only when the tap has had its effect"
    assert see(one, screen(5, text="Write it")) == Write("Very good news", ITEM, right=True)
    assert not one.is_complete(ITEM)
    last = see(one, screen(7, "keep:1", "drop:1", text="Very good news. Right?"))
    assert (did(last), one.is_complete(ITEM)) == ("keep:1", True)
    assert isinstance(last, Press)
    assert (last.item, last.right) == (ITEM, True)


def test_a_file_is_sent_as_it_is_known() -> None:
    one = mind(VOICE)
    asked = screen(5, "skip")
    assert see(one, asked) == Attach(VOICE, ITEM, right=True)
    assert one.is_complete(ITEM)
    assert see(one, screen(7, "ok", text="Is this it?")) is not None, "manners confirm"
    assert see(one, screen(7, text="Saved"), asked) is None, "and it is not sent again"


def test_a_button_that_is_not_there_yet_is_waited_for() -> None:
    one = mind(Tap("^a$"), Tap("^b$"), Tap("^c$"))
    assert did(see(one, screen(5, "a", "c"))) == "a"
    assert see(one, screen(5, "a", "c", "ok", text="late")) is None, (
        "neither another turn nor a rule is tried meanwhile"
    )
    assert did(see(one, screen(5, "b", "c"))) == "b"
    assert did(see(one, screen(9, "b", "c"))) == "c", "in whichever message it comes"


def test_manners_may_confirm_a_text_before_the_next_turn() -> None:
    one = mind(Say("Very good news"), Tap("^b$"))
    assert did(see(one, screen(5))) == "Very good news"
    assert did(see(one, screen(7, "ok", "no"))) == "ok"
    assert did(see(one, screen(7, "b"))) == "b"
    assert one.is_complete(ITEM)


def test_what_follows_a_text_waits_for_a_message_of_its_own() -> None:
    one = mind(Say("one"), Say("two"), VOICE)
    asked = screen(5, "skip")
    assert did(see(one, asked)) == "one"
    assert see(one, screen(5, text="without buttons")) is None
    assert did(see(one, screen(7), asked)) == "two"
    assert see(one, screen(7, text="edited")) is None
    assert did(see(one, screen(9))) == "mine.ogg"


def test_a_lost_tap_is_made_again_or_counts_when_the_screen_has_moved_on() -> None:
    for came, then in ((screen(5, "can:yes"), "can:yes"), (screen(5, text="Write it"), "Very good news")):
        one = mind(*MIXED)
        act = see(one, screen(5, "can:yes"))
        assert isinstance(act, Press)
        one.lost(act)
        assert did(see(one, came)) == then
    one = mind(*MIXED)
    act = see(one, screen(5, "can:yes"))
    assert isinstance(act, Press)
    one.lost(act)
    assert did(see(one, screen(5, "can:yes"))) == "can:yes"
    assert did(see(one, screen(5, text="Write it"))) == "Very good news"


@pytest.mark.parametrize(
    ("came", "then"),
    [
        (screen(11, "keep:1", text="Very good news. Right?"), ["keep:1"]),
        (screen(11, "can:yes"), ["can:yes", "Very good news", "keep:1"]),
    ],
)
def test_after_asking_for_work_again_the_screen_tells_whether_to_go_on_or_to_begin_anew(
    came: Screen, then: list[str]
) -> None:
    one = mind(*MIXED)
    asked, told = screen(5, "can:yes"), screen(5, text="Write it")
    assert [did(see(one, asked)), did(see(one, told))] == ["can:yes", "Very good news"]
    one.refresh()
    assert see(one, told) is None
    screens = [came, *(screen(n, *data) for n, data in ((11, []), (13, ["keep:1"])))]
    assert [did(see(one, each)) for each in screens[: len(then)]] == then
    assert one.is_complete(ITEM)


def test_an_answer_that_is_given_is_not_given_again_on_its_own_echo() -> None:
    one = mind(Tap("^a$"), Say("Very good news"))
    assert did(see(one, screen(5, "a"))) == "a"
    assert did(see(one, screen(5))) == "Very good news"
    assert did(see(one, screen(7, "a", "ok"))) == "ok"


def test_the_unskilled_do_anothers_turns_or_damage_the_text() -> None:
    others = (Tap("^can:no$"), Say("Good night all"), Tap("^keep:"))
    found: set[tuple[str | None, ...]] = set()
    for seed in range(40):
        one = mind(*MIXED, skill=0.0, seed=seed, others=others)
        acts = [see(one, each) for each in (screen(5, "can:yes", "can:no"), screen(5), screen(7, "keep:1"))]
        assert all(act is not None and act.right is False for act in acts)
        assert one.is_complete(ITEM)
        found.add(tuple(map(did, acts)))
    assert ("can:no", "Good night all", "keep:1") in found
    assert ("can:yes", "good news", "keep:1") in {tuple(str(one).lower() for one in each) for each in found}
    assert not any("Very good news" in each for each in found)


def test_the_unskilled_send_anothers_file_and_the_only_one_there_is_they_send_right() -> None:
    assert see(mind(VOICE, skill=0.0, others=(OTHERS,)), screen(5)) == Attach(OTHERS, ITEM, right=False)
    picture = Send("photo", png(), "a.png")
    assert see(mind(VOICE, skill=0.0, others=(picture,)), screen(5)) == Attach(VOICE, ITEM, right=True)


def test_a_right_answer_of_turns_has_nothing_beside_them() -> None:
    with pytest.raises(ValueError, match="beside them"):
        Right(text="x", turns=(Say("x"),))


def test_turns_come_out_of_a_spec_as_they_went_in(tmp_path: Path) -> None:
    turns = (Tap("^a$"), Say("b"), Send("voice", bytes(range(256)), "c.ogg"), Send("photo", png(), "d.png"))
    spec = CrowdSpec(characters=(Character(1.0),), items={ITEM: Right(turns=turns)})
    path = tmp_path / "spec.json"
    path.write_text(spec.model_dump_json())
    assert CrowdSpec.read(path).items == {ITEM: Right(turns=turns)}


@pytest.fixture
async def stage() -> AsyncIterator[Stage]:
    async with open_stage() as opened:
        yield opened


async def _ask(bot: ScriptedBot, heard: list[Json]) -> None:
    """A bot that asks whether somebody can, for a text, a voice note and a picture, each in a message of its own."""
    while True:
        for update in await bot.hear():
            if query := update.get("callback_query"):
                await bot.call("answerCallbackQuery", callback_query_id=query["id"])
                message = query["message"]
                step = "Write it" if query["data"] == "can:yes" else "Saved"
                await bot.edit(query["from"]["id"], message["message_id"], f"{ITEM}\n{step}")
                continue
            message = update["message"]
            heard.append(message)
            person, text = message["from"]["id"], message.get("text")
            if text == "/start":
                await bot.say(person, ITEM, [[("Can you?", "can:yes")]])
            else:
                await bot.say(person, f"{ITEM}\n{len(heard)}", [[("Send", "keep:1")]] if "photo" in message else None)


async def test_turns_go_over_the_phone_and_count_as_one_answer(stage: Stage) -> None:
    heard: list[Json] = []
    turns = (Tap("^can:yes$"), Say("Very good news"), VOICE, Send("photo", png(40, 30), "a.png"), Tap("^keep:"))

    def has_answered(reports: Sequence[Report]) -> bool:
        return all(report.answers for report in reports)

    bot = asyncio.create_task(_ask(stage.bot, heard))
    knowledge = Knowledge({ITEM: Right(turns=turns)})
    (report,) = await run_crowd(stage.base_url, [Character(1.0)], knowledge, MANNERS, until=has_answered)
    bot.cancel()
    assert (report.answers, report.right) == (1, 1)
    _, text, voice, photo = heard
    assert text["text"] == "Very good news"
    assert (voice["voice"]["duration"], voice["voice"]["mime_type"]) == (2, "audio/ogg")
    assert (photo["photo"][-1]["width"], photo["photo"][-1]["height"]) == (40, 30)
    assert [(sent.sort, sent.text) for sent in report.sent[1:]] == [
        ("text", "Very good news"),
        ("voice", "mine.ogg"),
        ("photo", "a.png"),
    ]
    assert [tap.data for tap in report.taps] == ["can:yes", "keep:1"]
