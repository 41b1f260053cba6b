"""/start, consent, languages, country and time zone."""

from dataclasses import replace

from bot.handlers.showing import enter, is_in, languages_offered, show_current, show_work, under
from bot.i18n.locales import (
    all_countries,
    all_languages,
    folded,
    likely_country,
    negotiate,
    time_zones,
    usual_time_zone,
)
from bot.i18n.tongue import tongue
from bot.routes import Call, Listed, command, tap
from bot.screens import Place, Reaction, Screen
from bot.views import joining
from crowd.loop.offers import is_open
from crowd.referrals.inviting import PREFIX
from crowd.workers import registry
from crowd.workers.registry import Level, Worker, WorkerState


@command("start")
async def start(call: Call) -> Reaction:
    """Greet; a deep link's payload names a batch, or who invited them."""
    slug = call.arguments[0] if call.arguments and not call.tapped else None
    worker = await _welcome(call, negotiate(call.language_code), slug)
    reaction = await enter(call, worker, place=Place.NEW)
    if slug is None or slug.startswith(PREFIX) or await is_open(call.tx, slug):
        return reaction
    return under("💬 " + tongue(worker.locale).say("That link leads to no batch that is open."), reaction)


async def _welcome(call: Call, locale: str, slug: str | None) -> Worker:
    country = likely_country(call.language_code)
    return await registry.welcome(
        call.tx,
        call.person_id,
        locale=locale,
        country=country,
        time_zone=usual_time_zone(country) if country else None,
        slug=slug,
    )


@tap("agree")
async def agree(call: Call) -> Reaction:
    """Consent to the terms."""
    worker = await call.worker()
    if worker is None:
        return await start(call)
    await registry.agree(call.tx, worker.id)
    call.forget_worker()
    return await _next_step(call)


@tap("langs")
async def languages(call: Call) -> Reaction:
    """The list of languages, or done with it."""
    if call.arguments[:1] == ["done"]:
        return await _next_step(call, languages_done=True)
    worker = await call.worker()
    if worker is None or not worker.agreed:
        return await start(call)
    return Reaction(await _languages_screen(call))


@tap("lang")
async def language(call: Call) -> Reaction:
    """One language was picked: how well?"""
    worker = await call.worker()
    if worker is None or not call.arguments:
        return await start(call)
    code = call.arguments[0]
    if not await _may_choose(call, worker, code):
        return Reaction(await _languages_screen(call))
    return Reaction(joining.level_screen(await call.voice(), worker, code))


@tap("level")
async def level(call: Call) -> Reaction:
    """How well a language is known."""
    worker = await call.worker()
    if worker is None or len(call.arguments) != 2:
        return await start(call)
    code, said = call.arguments
    if said in set(Level) and await _may_choose(call, worker, code):
        await registry.claim_language(call.tx, worker.id, code, Level(said))
        home = likely_country(code)
        if worker.state is WorkerState.JOINING and said == Level.NATIVE and home and code != "en":
            await _set_country(call, worker, home)  # a better guess than the phone's language
    elif said == "none":
        await registry.drop_language(call.tx, worker.id, code)
    call.forget_worker()
    return Reaction(await _languages_screen(call))


@tap("country")
async def country(call: Call) -> Reaction:
    """Which country, or the list."""
    worker = await call.worker()
    if worker is None:
        return await start(call)
    voice = await call.voice()
    if not call.arguments:
        return Reaction(joining.country_screen(voice, worker))
    if call.arguments[0] in set(all_countries(voice.locale).values()):
        await _set_country(call, worker, call.arguments[0])
    return await _place(call)


async def country_by_name(call: Call) -> Reaction | None:
    """A text while joining is the name of a country; one that is not known asks again. None at other times."""
    worker = await call.worker()
    if worker is None or worker.state is not WorkerState.JOINING or not worker.languages:
        return None
    return await _name_country(call, worker, call.text)


@command("country", Listed(35, lambda voice: voice.say("the country you are in")))
async def country_command(call: Call) -> Reaction:
    """The country by its name, at any time: `/country NAME`; without one, the list."""
    worker = await call.worker()
    if worker is None or not worker.agreed:
        return await start(call)
    if not is_in(worker):
        return await enter(call, worker, place=Place.NEW)
    return replace(await _name_country(call, worker, " ".join(call.arguments)), place=Place.NEW)


async def _name_country(call: Call, worker: Worker, name: str) -> Reaction:
    voice = await call.voice()
    code = all_countries(voice.locale).get(folded(name))
    if code is None:
        return Reaction(joining.country_screen(voice, worker, unknown=bool(name.strip())))
    await _set_country(call, worker, code)
    return await _place(call)


@tap("zone")
async def zone(call: Call) -> Reaction:
    """Which time zone, or the list."""
    worker = await call.worker()
    if worker is None:
        return await start(call)
    if not call.arguments:
        return Reaction(joining.zone_screen(await call.voice(), worker, call.tx.now))
    if call.arguments[0] in time_zones(worker.country or ""):
        await registry.set_time_zone(call.tx, worker.id, call.arguments[0])
        call.forget_worker()
    return await _place(call)


@tap("place")
async def place(call: Call) -> Reaction:
    """Country and time zone; `place:ok`: they are right, and who was joining has joined."""
    worker = await call.worker()
    if worker is None or not worker.agreed:
        return await start(call)
    if call.arguments[:1] != ["ok"] and is_in(worker):
        return await _place(call)
    if worker.state is WorkerState.JOINING and worker.languages:
        await registry.set_state(call.tx, worker.id, WorkerState.ACTIVE)
        call.forget_worker()
    return await show_current(call)


@command("language", Listed(40, lambda voice: voice.say("the language of these screens")))
async def choose_locale(call: Call) -> Reaction:
    """Which language the screens are in."""
    return await _locales(call)


@tap("l")
async def locale(call: Call) -> Reaction:
    """The language of the screens was picked, `l:LOCALE`; or the list."""
    if not call.arguments:
        return await _locales(call)
    worker = await call.worker()
    picked = negotiate(call.arguments[0])
    if worker is None:
        return await enter(call, await _welcome(call, picked, None))
    await registry.set_locale(call.tx, worker.id, picked)
    call.forget_worker()
    worker = await call.worker()
    assert worker is not None
    return await enter(call, worker)


async def _locales(call: Call) -> Reaction:
    worker = await call.worker()
    return Reaction(joining.locale_screen(await call.voice(), points_out=call.tx.points_out if worker else None))


@command("languages", Listed(30, lambda voice: voice.say("the languages you work in")))
async def my_languages(call: Call) -> Reaction:
    """The languages that a worker reads and writes; `/languages NAME`: one that is not among the buttons."""
    worker = await call.worker()
    if worker is None or not worker.agreed:
        return await start(call)
    name = folded(" ".join(call.arguments))
    if not name:
        return Reaction(await _languages_screen(call), Place.NEW)
    voice = await call.voice()
    code = all_languages(worker.locale).get(name)
    if code is None:
        above = "⚠️ " + voice.say("I know no language of that name.")
        return under(above, Reaction(await _languages_screen(call), Place.NEW))
    return Reaction(joining.level_screen(voice, worker, code), Place.NEW)


async def _next_step(call: Call, *, languages_done: bool = False) -> Reaction:
    worker = await call.worker()
    if worker is None or not worker.agreed:
        return await start(call)
    if not worker.languages or (worker.state is WorkerState.JOINING and not languages_done):
        return Reaction(await _languages_screen(call))
    return await _place(call) if worker.state is WorkerState.JOINING else await show_work(call)


async def _place(call: Call) -> Reaction:
    worker = await call.worker()
    assert worker is not None
    return Reaction(joining.place_screen(tongue(worker.locale), worker, call.tx.now))


async def _set_country(call: Call, worker: Worker, code: str) -> None:
    await registry.set_country(call.tx, worker.id, code)
    await registry.set_time_zone(call.tx, worker.id, usual_time_zone(code))
    call.forget_worker()


async def _may_choose(call: Call, worker: Worker, code: str) -> bool:
    """Whether a language is one that the worker has, that is offered, or that has a name."""
    known = code in worker.languages or code in all_languages(worker.locale).values()
    return known or code in await languages_offered(call, worker)


async def _languages_screen(call: Call) -> Screen:
    worker = await call.worker()
    assert worker is not None
    return joining.languages_screen(await call.voice(), worker, await languages_offered(call, worker))
