"""Spoken instructions: sent on a tap, below everything, and never by themselves."""

from bot.handlers.showing import is_in, show_current
from bot.routes import Call, tap
from bot.screens import Button, Place, Reaction, Rows
from bot.views.spoken import spoken_screen
from bot.views.task import back_to_task
from bot.views.work import title_of
from crowd.batches.spec import BatchSpec
from crowd.loop import handing, practice
from crowd.loop.offers import Nothing, offers
from crowd.workers.registry import Worker


@tap("hear")
async def hear(call: Call) -> Reaction:
    """The instructions of a batch as a voice note: `hear:BATCH`; from its practice, `hear:BATCH:p`."""
    worker, practising = await call.worker(), call.arguments[1:] == ["p"]
    found = None
    if worker is not None and is_in(worker):
        found = await (_practised if practising else _offered)(call, worker, call.number())
    if found is None:
        return await show_current(call)
    (spec, back), voice = found, await call.voice()
    screen = spoken_screen(voice, spec, title_of(voice, spec), back, call.text)
    return await show_current(call) if screen is None else Reaction(screen, Place.NEW)


_Found = tuple[BatchSpec, Rows]
"""A batch that a worker may hear of, and the ways back."""


async def _practised(call: Call, worker: Worker, batch_id: int) -> _Found | None:
    found = await practice.practice_of(call.tx, worker.id, batch_id)
    if found is None:
        return None
    return found.spec, ((Button("‹ " + (await call.voice()).say("Back"), f"p:{batch_id}"),),)


async def _offered(call: Call, worker: Worker, batch_id: int) -> _Found | None:
    """Of the task in hands, or else of the work there is."""
    voice, given = await call.voice(), await handing.held(call.tx, worker.id)
    if given is not None and given.batch_id == batch_id:
        return given.spec, ((back_to_task(voice, given.lease_id),),)
    found = await offers(call.tx, worker.id)
    offer = None if isinstance(found, Nothing) else next((each for each in found if each.batch_id == batch_id), None)
    if offer is None:
        return None
    return offer.spec, ((Button("📖 " + voice.say("Instructions"), f"w:{batch_id}"),),)
