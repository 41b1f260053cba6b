"""Screens on which a worker says where their money is to go."""

from bot.i18n.locales import country_name
from bot.i18n.tongue import Html, Tongue
from bot.screens import Button, Screen
from bot.views.payout import method_name
from crowd.payouts.details import FROZEN, Details
from crowd.payouts.entering import Entry, Way
from crowd.payouts.method import Asked, Method
from crowd.payouts.reading import LONGEST, Fault


def ways_screen(voice: Tongue, found: list[Way], details: Details | None) -> Screen:
    """The ways to be paid that a worker may choose from."""
    lines = ["📍 <b>" + voice.say("How do you want to be paid?") + "</b>", ""]
    for way in found:
        paid = f" – {voice.listed(list(way.currencies))}" if way.currencies else ""
        lines.append(f"{voice.line}• {method_name(voice, way.method.name)}{paid}")
    if not found:
        lines.append(voice.say("No way yet pays what you have to where you are. Please look again later."))
    if details is not None:
        lines += ["", "⏳ " + rest_ahead(voice)]
    buttons = [(Button(method_name(voice, way.method.name), f"od:{way.method.name}"),) for way in found]
    return Screen("\n".join(lines), (*buttons, (Button("‹ " + voice.say("Back"), "out"),)))


def entry_screen(
    voice: Tongue, entry: Entry, country: str | None, details: Details | None, *, fault: Fault | None = None
) -> Screen:
    """The field that is asked for, under what is wrong with what was said; or all of it, to be looked at."""
    if entry.asked is None:
        return _check_screen(voice, entry, details)
    lines = [f"⚠️ {_trouble(voice, fault, country, entry.method)}", ""] if fault is not None else []
    step, steps = entry.method.fields.index(entry.asked) + 1, len(entry.method.fields)
    lines.append(f"📍 <b>{method_name(voice, entry.method.name)}</b> · {voice.number(step)}/{voice.number(steps)}")
    lines += ["", _question(voice, entry.asked, entry.method), voice.say("Write your answer as a message.")]
    if not entry.entered and fault is None:
        lines += ["", "🔒 " + voice.say("It is kept encrypted. Only those who pay you see it.")]
    again = [(_start_again(voice),)] if entry.entered else []
    return Screen("\n".join(lines), (*again, (_cancel(voice),)))


def _check_screen(voice: Tongue, entry: Entry, details: Details | None) -> Screen:
    lines = ["📍 <b>" + voice.say("Is everything right? Look at each digit and letter.") + "</b>", ""]
    lines.append(_line(voice, voice.say("Way"), method_name(voice, entry.method.name)))
    lines += [
        _line(voice, _field_name(voice, asked), _written(voice, asked, entry.entered[asked]))
        for asked in entry.method.fields
    ]
    if details is not None:
        lines += ["", "⏳ " + rest_ahead(voice)]
    confirm = Button("✅ " + voice.say("Confirm"), f"oc:{entry.mark}")
    return Screen("\n".join(lines), ((confirm,), (_start_again(voice),), (_cancel(voice),)))


def rest_ahead(voice: Tongue) -> str:
    """For how long payouts rest after a change, and why."""
    hours = int(FROZEN.total_seconds()) // 3600
    return voice.count(
        "After a change, payouts rest for {number} hour. This protects you if it was somebody else.",
        "After a change, payouts rest for {number} hours. This protects you if it was somebody else.",
        hours,
    )


def _question(voice: Tongue, asked: Asked, method: Method) -> str:
    return {
        Asked.PHONE: voice.say("Which phone number is your mobile money on?"),
        Asked.IBAN: voice.say("What is the IBAN of your account? It begins with two letters."),
        Asked.NAME: voice.say("In whose name is the account? The name must be the same there."),
        Asked.WORDS: voice.say("How can we pay you? Say it in your own words, with all that is needed for it."),
        Asked.ACCOUNT: _example(
            voice,
            voice.say("What is your account with {provider}?", provider=Html(method_name(voice, method.name))),
            method,
        ),
    }[asked]


def _example(voice: Tongue, text: str, method: Method) -> str:
    """With what an account looks like, where that is known."""
    if not method.example:
        return text
    return f"{text} " + voice.say("It looks like this: {example}", example=voice.foreign(method.example))


def _field_name(voice: Tongue, asked: Asked) -> str:
    return {
        Asked.PHONE: voice.say("Phone number"),
        Asked.IBAN: voice.foreign("IBAN"),  # the same in every language
        Asked.NAME: voice.say("Name"),
        Asked.WORDS: voice.say("How to pay you"),
        Asked.ACCOUNT: voice.say("Account"),
    }[asked]


def _trouble(voice: Tongue, fault: Fault, country: str | None, method: Method) -> str:
    """What is wrong with what was entered, and what to do; HTML."""
    return {
        Fault.EMPTY: voice.say("There was nothing to read in your message. Please write it once more."),
        Fault.LONG: voice.count(
            "That is too long: {number} character at most. Please write it shorter.",
            "That is too long: {number} characters at most. Please write it shorter.",
            LONGEST,
        ),
        Fault.PHONE: voice.say(
            "That is no mobile phone number of your country ({country}). Look at each digit. If you live in another"
            " country now, send /country first.",
            country=country_name(country, voice.locale) if country else "",
        ),
        Fault.IBAN: voice.say("That is no IBAN, or something in it is mistyped. Look at each letter and digit."),
        Fault.NAME: voice.say("That is no name: it has too few letters. Please write the whole name."),
        Fault.LETTERS: voice.say(
            "The bank cannot read that name. Please write it in Latin letters (A to Z), as your account has it."
        ),
        Fault.ABROAD: voice.say(
            "That account is in a country that this way does not pay to. It pays to accounts where euros are sent as at"
            " home (SEPA)."
        ),
        Fault.ACCOUNT: _example(
            voice,
            voice.say(
                "That is no account with {provider}. Look at each letter and digit.",
                provider=Html(method_name(voice, method.name)),
            ),
            method,
        ),
    }[fault]


def _written(voice: Tongue, asked: Asked, text: str) -> Html:
    """As it was entered; what is long, in groups that are easy to look through."""
    shown = " ".join(text[at : at + 4] for at in range(0, len(text), 4)) if asked is Asked.IBAN else text
    return voice.foreign(shown)


def _line(voice: Tongue, word: str, text: str) -> str:
    return voice.line + voice.say("{word}: {text}", word=Html(word), text=Html(f"<b>{text}</b>"))


def _start_again(voice: Tongue) -> Button:
    return Button("🔄 " + voice.say("Start again"), "or")


def _cancel(voice: Tongue) -> Button:
    return Button("✕ " + voice.say("Cancel"), "ox")
