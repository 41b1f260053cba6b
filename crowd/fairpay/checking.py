"""What an hour of a batch pays is part of its check: where it is too little, that is an error like others."""

from dataclasses import replace

from crowd.batches.judges import judge_spec
from crowd.batches.posting import posted_before
from crowd.batches.spec import BatchSpec, to_cents
from crowd.batchfile import Checked, Problem
from crowd.batchfile.problem import Severity
from crowd.fairpay.expected import ExpectedPay, Place, expected_pay, pay_by
from crowd.fairpay.floors import Floors
from crowd.fairpay.groups import ANYWHERE
from crowd.labels.results import money
from crowd.sentences import Country, Sentence, say
from db.database import Tx


async def with_pay(tx: Tx, checked: Checked, requester_id: int | None = None) -> Checked:
    """What was checked, with what an hour of it pays, by the floors that hold and the times that were measured.

    What that requester has posted before is found when it is posted again, whatever was measured since: there, too
    little is no error.
    """
    if checked.spec is None:
        return checked
    if requester_id is not None and await posted_before(tx, requester_id, checked.digest) is not None:
        return replace(checked, pay=await expected_pay(tx, checked.spec))
    judges = judge_spec(checked.spec)
    told = _with(checked, await expected_pay(tx, checked.spec), checked.spec)
    return told if judges is None else _with(told, await expected_pay(tx, judges), judges)


def with_pay_by_default(checked: Checked) -> Checked:
    """The same where there is no database to ask: by the default floors, and by times that were not measured."""
    if checked.spec is None:
        return checked
    judges = judge_spec(checked.spec)
    told = _with(checked, pay_by(checked.spec, Floors({}), ()), checked.spec)
    return told if judges is None else _with(told, pay_by(judges, Floors({}), ()), judges)


def _with(checked: Checked, pay: ExpectedPay, spec: BatchSpec) -> Checked:
    field = "price" if spec is checked.spec else "judging.price"
    problems, errors = checked.problems, checked.errors
    if not pay.fair:
        error = _too_little(checked.file, field, pay) if pay.floor_known else _no_floor(checked.file, pay)
        problems, errors = (error, *problems), errors + 1
    known = pay if checked.pay is None else checked.pay
    return replace(checked, problems=problems, errors=errors, pay=known)


def _no_floor(file: str, pay: ExpectedPay) -> Problem:
    what = say("currency: what an hour has to pay at least is not known in {currency}", currency=pay.currency)
    mend = say(
        "Pay in another currency, or ask who runs Kazi to set a floor: {command}",
        command=f"kazi floors set '*' {pay.currency} …",
    )
    return Problem(file, None, None, Severity.ERROR, what, mend)


def _too_little(file: str, field: str, pay: ExpectedPay) -> Problem:
    lowest = pay.places[0]
    what = say(
        "{price}: an answer takes {seconds} s ({how}), so an hour pays {money} {currency}; "
        "the floor {where} is {floor}",
        price=field,
        seconds=f"{pay.slow_ms / 1000:.3g}",
        how=_how(pay),
        money=money(to_cents(pay.slow_per_hour)),
        currency=pay.currency,
        floor=money(lowest.floor),
        where=_where(lowest),
    )
    mend = say(
        "Pay {money} {currency} for an answer at least, or make tasks that take less time.",
        money=money(pay.fair_price),
        currency=pay.currency,
    )
    return Problem(file, None, None, Severity.ERROR, what, mend)


def _how(pay: ExpectedPay) -> Sentence:
    return say("measured in such work before") if pay.measured else say("as your file says, or as is usual of its kind")


def _where(place: Place) -> Sentence:
    if place.country == ANYWHERE:
        return say("wherever no other is known")
    return say("in {country}", country=Country(place.country))
