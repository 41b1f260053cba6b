"""The screens of packs, with sample data."""

from collections.abc import Iterator
from datetime import datetime

from bot.i18n.tongue import Tongue
from bot.screens import Screen
from bot.views import pack
from crowd.kinds.base import AnswerError
from crowd.loop.answering import Accepted
from crowd.loop.offers import Offer
from crowd.loop.recorded import Refused
from crowd.packs.answering import Outcome
from crowd.packs.letters import letters_of
from crowd.packs.pack import Pack, PackTask, Stands

_LONG_ID = 2**62


def pack_screens(
    voice: Tongue, now: datetime, offers: list[Offer], done: Accepted, *, item: str
) -> Iterator[tuple[str, Screen]]:
    letters = letters_of(voice.locale)
    tasks = [
        PackTask(number, _LONG_ID, _LONG_ID, _LONG_ID, _LONG_ID, done.spec, {"text": item}, letters, Stands.OPEN, now)
        for number in range(75, 100)
    ]
    yield "batches", pack.sizes_screen(voice, offers, None)
    yield "sizes", pack.sizes_screen(voice, offers[:1], None)
    yield "none", pack.no_packs_screen(voice)
    yield "not this batch", Screen(pack.not_in_packs_line(voice))
    yield "tasks", pack.pack_screen(voice, Pack(tuple(tasks)), "Africa/Lagos")
    yield "open", pack.open_screen(voice, Pack(tuple(tasks)))
    outcomes = [
        *(Outcome(task, done) for task in tasks[:8]),
        *(Outcome(task, AnswerError("choices", "too_many", most=3)) for task in tasks[8:12]),
        *(Outcome(task, Refused.ANSWERED) for task in tasks[12:16]),
        *(Outcome(task, Refused.EXPIRED) for task in tasks[16:18]),
        *(Outcome(task, Refused.WITHDRAWN) for task in tasks[18:20]),
    ]
    said = {task.number: f"{task.number}{letters[0]}" for task in tasks}
    unclear = [f"{task.number} {item}" for task in tasks]
    yield "some", pack.outcomes_screen(voice, outcomes, said, unclear, Pack(tuple(tasks[20:])))
    yield "all", pack.outcomes_screen(voice, outcomes[:1], said, [], None)
    yield "given back", pack.returned_screen(voice, 3)
