"""In a language of longer, accented words: screens stay within limits, and nothing is said past the catalogs."""

import re

import pytest

from bot.screens import length_of
from tests.bot.looks import all_screens, faults, plain, toast_faults, toasts
from tests.bot.pseudo import LONGER, Pseudo, accented
from tests.bot.test_screens import NAMES

pytestmark = pytest.mark.unit

_VALUES = re.compile(r"⟦\w⟧|\S*\d\S*|\bx{5,}\b|Je ne sais pas|swahili|roundi|janv(ier)?|novembre|Kenya")
"""What requesters and workers say, and CLDR: a worker's answer is told in their own locale."""

_OF_CLDR = {"language", "languages", "level", "zone", "country", "place", "locale", "offers", "nothing"}
"""What the names of these screens begin with: CLDR's names, and languages by their own, stand on them."""


def test_it_is_longer_accented_and_keeps_what_is_no_word() -> None:
    text = "Send /work to get <b>{number}</b> more &amp; go on."
    said = accented(text)
    assert "/work" in said
    assert "<b>{number}</b>" in said
    assert "&amp;" in said
    assert "Send" not in said
    assert length_of(said) >= LONGER * length_of(text) * 0.8


@pytest.mark.parametrize("right_to_left", [False, True])
def test_every_screen_has_room_for_longer_words(*, right_to_left: bool) -> None:
    voice = Pseudo(right_to_left=right_to_left)
    assert {name: found for name, screen in all_screens(voice) if (found := faults(screen))} == {}
    assert [toast for toast in toasts(voice) if toast_faults(toast)] == []


def test_no_words_are_said_past_the_catalogs() -> None:
    voice = Pseudo()
    left: dict[str, set[str]] = {}
    for name, screen in all_screens(voice):
        if name.split()[0] in _OF_CLDR:
            continue
        for text in (plain(screen), *(button.label for row in screen.buttons for button in row)):
            words = re.findall(r"(?<![\w/])[A-Za-z]{4,}(?!\w)", NAMES.sub("", _VALUES.sub("", text)))
            if words:
                left.setdefault(name, set()).update(words)
    assert left == {}
