"""The card of a pilot as the batch's page shows it."""

from dataclasses import dataclass

from starlette.requests import Request

from admin.i18n.speaker import speaker_of
from crowd.batches.cards import BatchCard
from crowd.pilots.advice import advice
from crowd.pilots.card import Card, Mark
from crowd.pilots.states import Pilot


@dataclass(frozen=True, slots=True)
class ShownMark:
    """A figure with what there is to say about it, in the visitor's language."""

    mark: Mark
    advice: str | None


@dataclass(frozen=True, slots=True)
class ShownPilot:
    """The pilot of a batch, and its card where it has one."""

    state: Pilot
    card: Card | None
    marks: tuple[ShownMark, ...]


def shown_pilot(request: Request, card: BatchCard, found: Card | None) -> ShownPilot | None:
    """None where the batch has none."""
    if card.pilot is None:
        return None
    speaker = speaker_of(request.headers.get("accept-language", ""))
    marks = [] if found is None else [(mark, advice(mark)) for mark in found.marks]
    said = tuple(ShownMark(mark, None if text is None else speaker.put(text)) for mark, text in marks)
    return ShownPilot(card.pilot, found, said)
