"""What is told without having been asked names what it is about, in every language."""

import pytest

from bot.i18n.locales import available
from bot.i18n.tongue import tongue
from bot.views.notices import notice_screen
from crowd.outbox import Notice

ITEM = "Basi <limechelewa> & sisi"


def notice(subject: str, *, cleared: bool = False) -> Notice:
    content = {"kind": "choice", "payload": {"text": ITEM}, "cleared": cleared, "word": "unclear"}
    return Notice(id=1, person_id=1, locale="en", subject=subject, content=content, tries=1, wanted=True)


@pytest.mark.parametrize("locale", available())
@pytest.mark.parametrize("subject", ["check_mistaken", "check_decided", "rejected", "restored"])
def test_it_names_the_item_in_every_language(locale: str, subject: str) -> None:
    screen = notice_screen(tongue(locale), notice(subject))
    assert "Basi &lt;limechelewa&gt; &amp; sisi" in screen.text
    assert screen.buttons


def test_who_may_work_again_is_told_that_too() -> None:
    assert "open again" in notice_screen(tongue("en"), notice("check_mistaken", cleared=True)).text
    assert "open again" not in notice_screen(tongue("en"), notice("check_mistaken")).text
