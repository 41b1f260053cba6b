"""The screens of money taken back, appeals, and checks said to be wrong, with sample data."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from bot.i18n.tongue import Tongue
from bot.screens import Screen
from bot.views import appeal as views
from bot.views.contest import contest_toast
from bot.views.earnings import earnings_screen
from bot.views.notices import notice_screen
from crowd.appeals.filing import Entry
from crowd.appeals.states import Ground, Outcome
from crowd.golds.contesting import Contested
from crowd.money.earnings import Earnings, Line, Voided, Wallet
from crowd.outbox import Notice

_LONG_ID = 2**62


def news(words: str, outcome: Outcome | None = Outcome.REFUSED) -> dict[str, Any]:
    """What a notice is told of a voiding."""
    return {
        "voiding": _LONG_ID, "batch": words, "titles": {"sw": words[:60]}, "language": "sw", "answers": 1234,
        "amount": 2_500_000, "currency": "USD", "reason": words[:300], "outcome": outcome, "decision": words[:300],
        "why": words[:300], "half": 1234, "nothing": 1,
    }  # fmt: skip


def voided(words: str, now: datetime, outcome: Outcome | None = None) -> Voided:
    until = now if outcome is None else None
    return Voided(
        id=_LONG_ID, reason=words[:300], ground=Ground.OTHER, amount=2_500_000, appeal_until=until,
        answer_by=None, outcome=outcome, decision=words[:300],
    )  # fmt: skip


def graded(line: Line, now: datetime, reason: str) -> Line:
    """Half paid, or not at all."""
    state = replace(voided("", now), ground=Ground.GRADED, reason=reason, amount=line.earned // 2)
    return replace(line, voided=state, verdict=0.5, right=line.said)


def appeal_screens(
    voice: Tongue, now: datetime, lines: Sequence[Line], *, words: str, said: str
) -> Iterator[tuple[str, Screen]]:
    known = lines[0].spec
    entry = Entry(_LONG_ID, known, 2_500_000, "USD", 7, words[:300], Ground.OTHER, now, None)
    yield "begun", views.entry_screen(voice, entry, "Africa/Lagos", above=views.too_long_line(voice))
    yield "written", views.entry_screen(voice, replace(entry, said=said[:1000]), "Africa/Lagos")
    states = [voided(words, now), replace(voided(words, now), id=_LONG_ID + 1)]
    states += [replace(voided(words, now), appeal_until=None, answer_by=now)]
    states += [voided(words, now, outcome) for outcome in Outcome]
    wallets = (Wallet("USD", 0, 0, 0, 0, 10**15),)
    for at in range(0, len(states), 5):
        taken = [replace(line, voided=state) for line, state in zip(lines, states[at : at + 5], strict=False)]
        found = Earnings(wallets, tuple(taken), None)
        yield f"earnings {at}", earnings_screen(voice, found, "Africa/Lagos", above=views.not_filed_line(voice))
    half, nothing = graded(lines[0], now, "half"), graded(lines[1], now, "nothing")
    yield "graded", earnings_screen(voice, Earnings(wallets, (half, nothing), None), "Africa/Lagos")
    yield "graded entry", views.entry_screen(voice, replace(entry, ground=Ground.GRADED, reason="half"), None)
    contested = Earnings(wallets, tuple(replace(line, contested=True) for line in lines), None)
    yield "contested", earnings_screen(voice, contested, None, above=views.filed_line(voice, now, None))
    for outcome in Outcome:
        yield f"{outcome}", notice_screen(voice, Notice(1, 2, "en", "appeal", news(words, outcome), 1, True))


def appeal_toasts(voice: Tongue) -> list[str]:
    return [contest_toast(voice, each) for each in Contested]
