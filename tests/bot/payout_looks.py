"""The screens of payouts, with sample data."""

from collections.abc import Iterator
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.i18n.tongue import Tongue
from bot.screens import Screen
from bot.views import payout as views
from bot.views.notices import notice_screen
from bot.views.payout_entry import entry_screen, ways_screen
from crowd.money.rates import Worth
from crowd.outbox import Notice
from crowd.payouts.details import Details
from crowd.payouts.entering import Entry, Way
from crowd.payouts.method import Asked, Terms
from crowd.payouts.methods import methods
from crowd.payouts.overview import Overview
from crowd.payouts.reading import Fault
from crowd.payouts.requesting import Hindrance, Payout, Prospect
from crowd.payouts.states import OWN, PayoutState

MASKED = "•••• 5678"
_LONG_ID = 2**62
_SAMPLES: dict[str, str] = {
    Asked.PHONE: "+254712345678", Asked.IBAN: "DE89370400440532013000", Asked.ACCOUNT: "MW-0012345678",
}  # fmt: skip


def news(state: PayoutState, reason: str | None) -> dict[str, Any]:
    """What a notice is told of a payout."""
    return {"state": state, "amount": 2_500_000, "currency": "USD", "masked": MASKED, "reason": reason}


def payout_screens(voice: Tongue, now: datetime, *, words: str, said: str) -> Iterator[tuple[str, Screen]]:
    known = Details(_LONG_ID, "mobile_money", MASKED, now, now)
    terms = Terms(1_000_000, 50_000)
    one = Prospect("USD", 9_999_999_999, 9_999_990_000, terms, None)
    hindered = (*(replace(one, hindrance=why, currency="KES") for why in Hindrance), replace(one, terms=None))
    payout = Payout(
        _LONG_ID, "USD", 2_500_000, 50_000, "mobile_money", MASKED, PayoutState.REQUESTED, now, None, None
    )  # fmt: skip
    ended = tuple(replace(payout, state=state, reason=words, ended_at=now) for state in PayoutState)
    yield "nothing", views.payout_screen(voice, Overview(None, None, (), (), ()), None)
    under_way = (payout, replace(payout, state=PayoutState.SENT))
    full = Overview(known, now, (one, *hindered), under_way, ended[:3], {"USD": Worth("KES", 130, 1, now)})
    yield "full", views.payout_screen(voice, full, "Africa/Lagos", above=views.asked_line(voice, payout))
    yield "ended", views.payout_screen(voice, replace(full, ended=ended[3:]), "Africa/Lagos")
    yield "taken back", Screen(views.taken_back_line(voice, payout))
    yield "not taken back", Screen(views.taken_back_line(voice, None))
    yield "ask", views.ask_screen(voice, one, known)
    found = [Way(each, ("EUR", "KES", "USD")) for each in methods().values()]
    for name, details in (("new", None), ("changed", known)):
        yield f"ways {name}", ways_screen(voice, found, details)
        for method in methods().values():
            entered: dict[str, str] = {asked: _SAMPLES.get(asked, said[:200]) for asked in method.fields}
            entry = Entry(method, entered, "0" * 16)
            yield f"{method.name} {name}", entry_screen(voice, entry, "KE", details)
            for asked in method.fields:
                half = replace(entry, entered={key: text for key, text in entered.items() if key is not asked})
                yield f"{method.name} {asked} {name}", entry_screen(voice, half, "KE", details)
    begun = Entry(methods()["mobile_money"], {}, "0" * 16)
    yield "begun", entry_screen(voice, begun, "KE", None)
    for fault in Fault:
        yield f"fault {fault}", entry_screen(voice, begun, "KE", None, fault=fault)
    yield "no ways", ways_screen(voice, [], None)
    for state in set(PayoutState) - OWN:
        yield f"notice {state}", notice_screen(voice, Notice(1, 2, "en", "payout", news(state, words), 1, True))
