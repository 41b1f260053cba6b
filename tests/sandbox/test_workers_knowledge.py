"""Simulated workers find what they know on whatever screen a bot makes of it."""

import random
import time

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox.workers import Knowledge, Right, Say
from sandbox.workers.knowledge import plain, spellings

LABELS = ("Positive", "Neutral", "Negative")


@pytest.mark.parametrize(
    "screen",
    [
        "Habari njema sana",
        "Is this positive?\n\nHabari   njema\u00a0sana\n\nPay 0.02 USD",
        "Is this positive?\n\u2068Habari njema sana\u2069",
        "Text: «Habari njema sana»",
        "3. Habari njema sana!",
        "“Habari njema sana” – what do you say?",
        "<b>Habari</b> njema <i>sana</i>",
    ],
)
def test_an_item_is_found_in_any_wrapping(screen: str) -> None:
    known = Knowledge({"Habari njema  <b>sana</b>": "Positive"}, LABELS).find(screen)
    assert known is not None
    assert known.item == "Habari njema  <b>sana</b>"
    assert known.right.labels == {"Positive"}


@pytest.mark.parametrize("item", ["Send /start now", "/start", "so </b> and </word>", "<b>/x</b> and/or /y"])
def test_an_item_is_found_when_its_slashes_are_kept_from_being_commands(item: str) -> None:
    shown = item.replace("/", "/\u2060")
    known = Knowledge({item: "Positive"}, LABELS).find(f"✓ +0.02 USD · 3 done\n\n{shown}\n\nWrite your answer")
    assert known is not None


def test_the_longest_item_wins() -> None:
    knowledge = Knowledge({"Habari njema": "Positive", "Habari njema sana leo": "Neutral", "ok": "Negative"}, LABELS)
    for screen, item in (
        ("Habari njema", "Habari njema"),
        ("Habari njema sana leo", "Habari njema sana leo"),
        ("ok\nHabari njema sana leo", "Habari njema sana leo"),
        ("Leo: Habari njema, ok", "Habari njema"),
        ("ok", "ok"),
    ):
        known = knowledge.find(screen)
        assert known is not None
        assert known.item == item


def test_a_short_item_must_fill_its_line() -> None:
    knowledge = Knowledge({"ok": "Neutral"}, LABELS)
    assert knowledge.find("Tap OK or ok to go on") is None
    assert knowledge.find("What is this?\n“ok”") is not None


def test_an_item_of_several_lines_needs_all_of_them() -> None:
    knowledge = Knowledge({"first line\n\nsecond line": "Neutral"}, LABELS)
    assert knowledge.find("Look:\nfirst line\nsecond line\nPay") is not None
    assert knowledge.find("Look:\nfirst line\nanother line\nPay") is None


def test_part_of_a_word_is_not_an_item() -> None:
    knowledge = Knowledge({"the cat sat on a mat": "Neutral"}, LABELS)
    assert knowledge.find("And: the cat sat on a matter") is None


text = st.text(st.characters(exclude_categories=["C", "Z"]), min_size=1, max_size=12).filter(
    lambda word: bool(plain(word))
)


@given(
    words=st.lists(text, min_size=1, max_size=8),
    above=st.lists(st.sampled_from(["What is this?", "Pay: 0.02", "", "1/20"]), max_size=3),
)
def test_whatever_the_item_it_is_found_on_a_line_of_its_own(words: list[str], above: list[str]) -> None:
    item = " ".join(words)
    if not plain(item) or "<" in item or "&" in item:
        return
    known = Knowledge({item: "Positive"}, LABELS).find("\n".join([*above, item, "Pay 0.02"]))
    assert known is not None
    assert known.item == item


@given(screen=st.text(max_size=300))
def test_no_screen_upsets_a_worker(screen: str) -> None:
    known = Knowledge({"Habari njema sana": "Positive"}, LABELS).find(screen)
    assert known is None or "Habari njema sana" in plain(screen)


@pytest.mark.parametrize(
    ("label", "meaning"),
    [
        ("Positive", "Positive"),
        ("☑ Positive", "Positive"),
        ("2. Positive", "Positive"),
        ("☑ b) 🙂 Positive", "Positive"),
        ("-1", "-1"),
        ("☑ -1", "-1"),
        ("1", "1"),
        ("C++", "C++"),
        ("👍", "👍"),
        ("✅ 👍", "👍"),
        ("Skip", None),
        ("➡️", None),
        ("", None),
    ],
)
def test_a_label_keeps_its_meaning_under_decoration(label: str, meaning: str | None) -> None:
    knowledge = Knowledge({"x": "Positive"}, ("Negative", "-1", "1", "C++", "C", "👍"))
    assert knowledge.meant(label) == meaning


@given(st.text(max_size=40))
def test_the_first_spelling_of_a_label_is_the_label(label: str) -> None:
    found = spellings(label)
    assert found == () or found[0] == plain(label)


def test_a_right_answer_says_something() -> None:
    with pytest.raises(ValueError, match="labels, turns or a text"):
        Right()
    with pytest.raises(ValueError, match="without text"):
        Knowledge({" \n": "Positive"})


def test_a_hundred_thousand_items_are_as_quick_as_ten() -> None:
    def seconds_for(number: int) -> float:
        knowledge = Knowledge({f"Item {i} said this on day {i % 365}": "Positive" for i in range(number)}, LABELS)
        screen = "Batch of today, 3/20\nIs this positive?\n“Item 7 said this on day 7”\nPay: 0.02 USD for 5 s"
        best = float("inf")
        for _ in range(5):
            began = time.process_time()
            for _ in range(200):
                assert knowledge.find(screen) is not None
            best = min(best, time.process_time() - began)
        return best

    assert seconds_for(100_000) < 5 * seconds_for(10)


def test_who_takes_one_answer_for_another_stays_within_the_batch() -> None:
    said = {name: Right(turns=(Say(name),), among=name[:2]) for name in ("sw one", "sw two", "ne one", "ne two")}
    knowledge, luck = Knowledge(said), random.Random(1)
    assert {knowledge.another("sw", luck) for _ in range(50)} == {said["sw one"].turns, said["sw two"].turns}
    assert knowledge.another("ha", luck) == ()
