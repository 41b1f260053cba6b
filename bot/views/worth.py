"""What money is about worth where its worker lives, beside an amount: never what is paid."""

from collections.abc import Mapping

from bot.i18n.tongue import Html, Tongue
from crowd.money.rates import Worth

Worths = Mapping[str, Worth]
"""By currency of a wallet."""


def with_worth(voice: Tongue, amount: Html, micros: int, worth: Worth | None) -> Html:
    """An amount with what it is about worth after it, where that is known and there is something; HTML."""
    if worth is None or not (about := worth.about(micros)):
        return amount
    return Html(f"{amount} ≈ {voice.foreign(voice.about(about, worth.currency))}")


def worth_lines(voice: Tongue, worths: Worths) -> list[str]:
    """What “≈” means, and of when its rates are where they are old, for below; HTML. Nothing where it is not shown."""
    if not worths:
        return []
    line = "≈ " + voice.say("is only a guide. You are paid in the currency before it.")
    dated = min((each.dated for each in worths.values() if each.dated is not None), default=None)
    if dated is None:
        return [line]
    return [line + " " + voice.say("Its rate is of {day}.", day=voice.day(dated.date()))]
