"""Screens of someone who joins: consent, languages, country, time zone."""

from datetime import datetime
from zoneinfo import ZoneInfo

from bot.i18n.locales import (
    available,
    city_of,
    countries_speaking,
    country_name,
    own_name,
    time_zones,
    usual_time_zone,
    zones_to_choose,
)
from bot.i18n.tongue import Tongue
from bot.screens import Button, Rows, Screen, rows_of
from bot.views.work import paid_line
from crowd.workers.registry import Level, Worker, WorkerState

_LANGUAGES_SHOWN = 90
"""A keyboard holds 100 buttons."""


def consent_screen(voice: Tongue, first_name: str) -> Screen:
    """Greeting, and what one agrees to."""
    lines = [
        "👋 <b>" + voice.say("Hello {name}, welcome to Kazi!", name=first_name) + "</b>",
        voice.say("Kazi means work. You get short paid tasks here, one at a time."),
        voice.say("Before you begin, this is what we agree on:"),
        "• " + voice.say("You see the price of a task before you do it. What you earn is shown at once."),
        "• " + paid_line(voice),
        "• " + voice.say("Some tasks are checks whose answer we know. You are told what they showed, and why."),
        "• " + voice.say("Your answers go to the requester without your name."),
        "• " + voice.say("How to pay you is asked for only when you want your money, and kept encrypted."),
        "• "
        + voice.say(
            "What you earn is on hold first, for three days at most. While it is, it can be taken back, but only for a"
            " reason that you are told, and you can appeal."
        ),
        "• " + voice.say("You may skip any task, stop at any time, and keep what you earned."),
    ]
    return Screen(
        "\n".join([lines[0], "", lines[1], "", *lines[2:]]),
        ((Button("✅ " + voice.say("I agree"), "agree"),), (Button("🌐 " + voice.say("Other language"), "l"),)),
    )


def languages_screen(voice: Tongue, worker: Worker, offered: list[str]) -> Screen:
    """The languages that a worker reads and writes."""
    marks = {Level.BASIC: "◔", Level.GOOD: "◑", Level.NATIVE: "●"}
    shown = list(dict.fromkeys([*worker.languages, *offered]))[:_LANGUAGES_SHOWN]
    buttons = [
        Button(f"{marks[worker.languages[code]] if code in worker.languages else '○'} {own_name(code)}", f"lang:{code}")
        for code in shown
    ]
    rows: Rows = rows_of(buttons, most=2)
    text = "🗣 <b>" + voice.say("Which languages do you read and write?") + "</b>\n\n"
    text += voice.say("Tap each of them. You get tasks in these languages only.")
    text += "\n" + voice.say("If it is not here, send /languages and its name.")
    if worker.languages:
        known = [f"{own_name(code)} ({level_word(voice, level)})" for code, level in worker.languages.items()]
        text += f"\n\n{voice.line}✓ {voice.listed(known)}"
        if worker.state is not WorkerState.JOINING:
            rows = (*rows, (Button("📍 " + voice.say("Country and time"), "place"),))
        rows = (*rows, (Button(f"{voice.onward} " + voice.say("Done"), "langs:done"),))
    return Screen(text, rows)


def level_screen(voice: Tongue, worker: Worker, code: str) -> Screen:
    """How well a worker knows one language."""
    buttons = [(Button(level_word(voice, level), f"level:{code}:{level}"),) for level in reversed(Level)]
    if code in worker.languages:
        buttons.append((Button("✕ " + voice.say("Remove"), f"level:{code}:none"),))
    buttons.append((Button("‹ " + voice.say("Back"), "langs"),))
    text = voice.say("How well do you read and write {language}?", language=own_name(code))
    return Screen("🗣 " + text, tuple(buttons))


def level_word(voice: Tongue, level: Level) -> str:
    """A level in words."""
    return {
        Level.BASIC: voice.say("a little"),
        Level.GOOD: voice.say("well"),
        Level.NATIVE: voice.say("mother tongue"),
    }[level]


def place_screen(voice: Tongue, worker: Worker, now: datetime) -> Screen:
    """Where a worker is, as guessed or chosen, and what time it is there."""
    if worker.country is None:
        return country_screen(voice, worker)
    zone = worker.time_zone or usual_time_zone(worker.country)
    text = "📍 " + voice.say(
        "Your country: {country}. Your time: {time} ({city}). Is that right?",
        country=country_name(worker.country, voice.locale),
        time=voice.time(now.astimezone(ZoneInfo(zone))),
        city=city_of(zone, voice.locale),
    )
    rows: Rows = (
        (Button("✅ " + voice.say("Yes"), "place:ok"),),
        (Button("📍 " + voice.say("Other country"), "country"),),
    )
    if len(time_zones(worker.country)) > 1:
        rows = (*rows, (Button("🕒 " + voice.say("Other time zone"), "zone"),))
    return Screen(text, rows)


def country_screen(voice: Tongue, worker: Worker, *, unknown: bool = False) -> Screen:
    """Countries where the worker's languages are spoken; any other by its name, unless that was `unknown`.

    A text of one who has joined may be an answer, so they name theirs in a command.
    """
    likely = [country for code in worker.languages for country in countries_speaking(code)[:6]]
    codes = list(dict.fromkeys([*([worker.country] if worker.country else []), *likely]))[:10]
    buttons = [Button(country_name(code, voice.locale), f"country:{code}") for code in codes]
    text = "⚠️ " + voice.say("I know no country of that name.") + "\n\n" if unknown else ""
    text += "📍 <b>" + voice.say("Which country are you in?") + "</b>\n\n"
    if worker.state is WorkerState.JOINING:
        text += voice.say("If it is not here, write its name as a message.")
    else:
        text += voice.say("If it is not here, send /country and its name.")
    return Screen(text, rows_of(buttons, most=2))


def zone_screen(voice: Tongue, worker: Worker, now: datetime) -> Screen:
    """The time zones of the worker's country, each with the time it is there now."""
    zones = sorted(
        zones_to_choose(worker.country or "", now), key=lambda zone: now.astimezone(ZoneInfo(zone)).isoformat()
    )
    buttons = [
        Button(f"{city_of(zone, voice.locale)} · {voice.time(now.astimezone(ZoneInfo(zone)))}", f"zone:{zone}")
        for zone in zones[:40]
    ]
    return Screen("🕒 " + voice.say("Which of these is nearest to you?"), rows_of(buttons, most=2))


def stopped_screen(voice: Tongue) -> Screen:
    """For one who said /stop."""
    text = voice.say(
        "You have stopped. What you earned stays yours, and nothing is sent to you. /start brings you back."
    )
    return Screen("👋 " + text, ((Button("▶️ " + voice.say("Come back"), "return"),),))


def locale_screen(voice: Tongue, *, points_out: bool | None = None) -> Screen:
    """The languages that screens can be in; for a worker, whether they point out words that are wrong."""
    buttons = [Button(("● " if code == voice.locale else "") + own_name(code), f"l:{code}") for code in available()]
    text, rows = "🌐 " + voice.say("Which language should I speak with you?"), rows_of(buttons, widest=40, most=2)
    if points_out is None:
        return Screen(text, rows)
    if points_out:
        text += "\n\n✏️ " + voice.say("Each screen has a button now that says that its words are wrong.")
        return Screen(text, (*rows, (Button("✏️ " + voice.say("No such button"), "tm:0"),)))
    text += "\n\n" + voice.say("A machine translated my words, and some may be wrong. Show us which: tap ✏️.")
    return Screen(text, (*rows, (Button("✏️ " + voice.say("Words are wrong"), "tm:1"),)))
