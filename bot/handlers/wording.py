"""“This is wrong”: workers point out words of the chat that are wrong in their language."""

from collections.abc import Mapping
from dataclasses import replace

from bot.handlers.showing import show_current
from bot.routes import Call, command, tap
from bot.screens import Place, Reaction
from bot.views import wording as views
from bot.views.joining import locale_screen
from crowd import wordings


@tap("tm")
async def mode(call: Call) -> Reaction:
    """Have that button on every screen, or no more: `tm:1`, `tm:0`."""
    worker = await call.worker()
    if worker is None:
        return await show_current(call)
    on = call.number() == 1
    await wordings.set_pointing(call.tx, worker.id, on=on)
    return Reaction(locale_screen(await call.voice(), points_out=on))


@tap(views.VERB)
async def which(call: Call) -> Reaction:
    """Words on the screen are wrong: which? `tw:MARKS`."""
    texts = views.texts_of("".join(call.arguments[:1]))
    if not texts or await call.worker() is None:
        return await show_current(call)
    return Reaction(views.which_screen(await call.voice(), texts), Place.NEW)


@tap("tp")
async def point_out(call: Call) -> Reaction:
    """These are: `tp:MARK`."""
    worker, texts = await call.worker(), views.texts_of("".join(call.arguments[:1]))
    if worker is None or not texts:
        return await show_current(call)
    voice = await call.voice()
    await wordings.point_out(call.tx, worker.id, voice.locale, texts[0], voice.named(texts[0]))
    return Reaction(views.noted_screen(voice, texts[0]))


@command("better")
async def better(call: Call) -> Reaction:
    """How it ought to be said: `/better WORDS`."""
    worker, words = await call.worker(), " ".join(call.arguments)
    if worker is None:
        return await show_current(call, place=Place.NEW)
    noted = await wordings.say_better(call.tx, worker.id, words) if words else None
    return Reaction(views.better_screen(await call.voice(), noted.better if noted else None), Place.NEW)


async def with_pointer(call: Call, reaction: Reaction, heard: Mapping[str, str]) -> Reaction:
    """What is shown to one who points out words: with the button for it."""
    if reaction.screen is None:
        return reaction
    return replace(reaction, screen=views.with_pointer(await call.voice(), reaction.screen, heard))
