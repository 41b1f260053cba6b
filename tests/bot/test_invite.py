"""A worker invites somebody by a link: they join by it, work, and whoever invited them is paid and told."""

import re

import pytest

from bot.i18n.locales import available
from bot.i18n.tongue import tongue
from bot.screens import LONGEST_TEXT, length_of
from bot.views.invite import invite_screen
from bot.views.notices import notice_screen
from crowd.bonuses.pot import put_in
from crowd.money.holds import release_holds
from crowd.outbox import Notice
from crowd.referrals.inviting import Invites
from crowd.referrals.paying import pay_referrals
from crowd.referrals.terms import ReferralTerms, set_terms, stop_terms
from tests.bot.chat import Chat, Person, own_language
from tests.bot.test_joining import joined
from tests.requester.scene import Item

NEEDED = 4


async def rewarded(chat: Chat) -> None:
    async with chat.database.transaction() as tx:
        await set_terms(tx, 500_000, "USD", good_answers=NEEDED, by="test")
        await put_in(tx, 5_000_000, "USD", key="pot", by="test")


async def link_of(chat: Chat, person: Person) -> str:
    """The link of their /invite: what follows `start=`."""
    await person.settled()
    screen = await person.say("/invite")
    found = re.search(r"https://t\.me/kazi_bot\?start=(ref_\w{8})\b", screen.text)
    assert found is not None, screen.text
    return found[1]


async def test_somebody_comes_by_a_link_works_and_the_inviter_is_told(chat: Chat) -> None:
    language = own_language()
    inviter = await chat.worker(language)
    assert "no reward for it now" in (await inviter.say("/invite")).text
    await rewarded(chat)
    screen = await inviter.say("/invite")
    assert "You get $0.50 once a person whom you invited has given 4 good answers." in screen.text
    assert "Came by" not in screen.text
    code = await link_of(chat, inviter)
    assert code == await link_of(chat, inviter), "it stays the same"

    items = [Item(f"t{at}", f"{language} text {at}") for at in range(8)]
    golds = [Item(f"g{at}", f"{language} gold {at}", "good") for at in range(12)]
    batch = await chat.batch(language, items + golds, overlap={"least": 1, "most": 3})
    friend = await chat.person("en", "Juma")
    await joined(friend, language, start=f"/start {code}")
    assert "no batch" not in (await friend.screen()).text
    if not (await friend.screen()).has("place:ok"):
        await friend.tap("country:.*")
    await friend.tap("place:ok")
    screen = await friend.begin(batch)
    for _ in range(NEEDED + 3):
        screen = await friend.tap(r"a:\d+:0")
    stands = (await inviter.say("/invite")).text
    assert "Came by your link: 1" in stands
    assert "On the way: 1" in stands
    assert "Juma" not in stands

    chat.clock.advance(80 * 3600)
    await release_holds(chat.database)
    assert await pay_referrals(chat.database) == 1
    told = await inviter.until(lambda one: "Somebody you invited" in one.text)
    assert "you get $0.50. It is available now." in told.text
    screen = await inviter.tap("e", told)
    assert "Available: $0.50" in screen.text
    assert "➕ $0.50 for somebody you invited" in screen.text
    screen = await inviter.say("/invite")
    assert "On the way: 0" in screen.text
    assert "Paid for: 1" in screen.text
    assert "You got: $0.50" in screen.text
    async with chat.database.transaction() as tx:
        await stop_terms(tx, by="test")
    assert "no reward for it now" in (await inviter.say("/invite")).text


async def test_a_link_to_a_batch_still_leads_to_it_and_an_old_worker_is_nobody_new(chat: Chat) -> None:
    language = own_language()
    inviter, old = await chat.worker(language), await chat.worker(language)
    batch = await chat.batch(language, 2)
    assert (await old.say(f"/start {batch.slug}")).has(f"go:{batch.batch_id}")
    await old.say(f"/start {await link_of(chat, inviter)}")
    await inviter.say(f"/start {await link_of(chat, inviter)}")
    assert "Came by" not in (await inviter.say("/invite")).text
    assert "no batch that is open" in (await old.say("/start nowhere")).text


async def test_who_has_not_joined_is_asked_to(chat: Chat) -> None:
    person = await chat.person("en")
    assert "/start" in (await person.say("/invite")).text
    await person.say("/start")
    assert (await person.say("/invite")).has("agree")


def _screen(locale: str, *, terms: bool, link: str | None) -> str:
    known = ReferralTerms(1, "KES", 123_450_000, 50, "x", None) if terms else None  # type: ignore[arg-type]
    found = Invites("abcdefgh", known, 1_234, 56, 7, 89, (("KES", 10_986_050_000), ("USD", 1)))
    return invite_screen(tongue(locale), found, link).text


@pytest.mark.parametrize("locale", available())
def test_the_screen_in_every_language(locale: str) -> None:
    link = "https://t.me/kazi_bot?start=ref_abcdefgh"
    for terms in (True, False):
        text = _screen(locale, terms=terms, link=link)
        assert link in text
        assert length_of(text) < LONGEST_TEXT
        assert link not in _screen(locale, terms=terms, link=None)
    for reason in (None, "A <reason> & more"):
        content = {"amount": 1_500_000, "currency": "USD", "reason": reason}
        notice = Notice(id=1, person_id=1, locale="en", subject="bonus", content=content, tries=1, wanted=True)
        text = notice_screen(tongue(locale), notice).text
        assert tongue(locale).money(1_500_000, "USD") in text
        assert reason is None or "A &lt;reason&gt; &amp; more" in text
