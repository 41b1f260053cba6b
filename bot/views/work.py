"""Screens around tasks: what work there is, a batch before it begins, why there is none."""

from bot.i18n.tongue import Html, Tongue
from bot.screens import Button, Rows, Screen
from bot.views.spoken import listen_rows, spoken_line
from crowd.batches.spec import BatchSpec
from crowd.loop.deciding import PAID_DONT_KNOWS
from crowd.loop.handing import Dry, Given
from crowd.loop.offers import Nothing, NoWork, Offer

_SHOWN = 8
_NAMED = 20


def offers_screen(voice: Tongue, offers: list[Offer], *, page: int = 1, above: str = "", first: Rows = ()) -> Screen:
    """What a worker may do now, under what is to be done `first`.

    Pages count from 1; one that is not there is the nearest that is.
    """
    pages = max(1, -(-len(offers) // _SHOWN))
    page = min(max(page, 1), pages)
    shown = offers[(page - 1) * _SHOWN : page * _SHOWN]
    lines = [above, ""] if above else []
    lines.append("<b>" + voice.say("Work for you") + "</b>")
    for offer in shown:
        title, language = title_of(voice, offer.spec), voice.language(offer.spec.language)
        lines.append(f"\n{voice.line}<b>{voice.foreign(title)}</b> · {voice.foreign(language)}")
        lines.append(price_line(voice, offer))
    buttons = [(Button("▶️ " + _told_apart(voice, offer, offers), f"w:{offer.batch_id}"),) for offer in shown]
    turns = [Button("‹ " + voice.say("Back"), f"work:{page - 1}")] if page > 1 else []
    turns += [Button(voice.say("More") + " ›", f"work:{page + 1}")] if page < pages else []
    packs = Button("📦 " + voice.say("Packs"), "kp")
    return Screen("\n".join(lines), (*first, *buttons, *([tuple(turns)] if turns else []), (packs,), _menu_row(voice)))


def _told_apart(voice: Tongue, offer: Offer, offers: list[Offer]) -> str:
    """The title of a batch, with what tells it from others of that title."""
    title = title_of(voice, offer.spec)
    alike = [other for other in offers if title_of(voice, other.spec) == title]
    parts = [title]
    if len({other.spec.language for other in alike}) > 1:
        parts.append(voice.language(offer.spec.language))
    same = [other for other in alike if other.spec.language == offer.spec.language]
    if len({(other.price, other.spec.currency) for other in same}) > 1:
        parts.append(voice.money(offer.price, offer.spec.currency))
    same = [other for other in same if (other.price, other.spec.currency) == (offer.price, offer.spec.currency)]
    if len({other.left for other in same}) > 1:
        parts.append(voice.count("{number} left", "{number} left", offer.left))
    if offer.task_bytes is not None:
        parts.append(f"📶 {voice.foreign(voice.size(offer.task_bytes))}")
    return " · ".join(parts)


def price_line(voice: Tongue, offer: Offer) -> str:
    """What a batch pays and how much of it is left."""
    price = voice.foreign(voice.money(offer.price, offer.spec.currency))
    parts = [voice.say("{price} a task", price=price)]
    if offer.per_hour is not None:
        hourly = voice.foreign(voice.money(_rounded(offer.per_hour), offer.spec.currency))
        parts.append(voice.say("about {hourly} an hour, measured", hourly=hourly))
    parts.append(voice.count("{number} left", "{number} left", offer.left))
    if offer.task_bytes is not None:
        parts.append(f"📶 {voice.foreign(voice.size(offer.task_bytes))}")
    return " · ".join(parts)


def instructions_screen(voice: Tongue, spec: BatchSpec, batch_id: int, *, begun: bool, offer: Offer | None) -> Screen:
    """What to do in a batch."""
    text = f"{voice.line}<b>{voice.foreign(title_of(voice, spec))}</b>\n"
    text += price_line(voice, offer) + "\n" if offer else ""
    text += f"\n{_instructions(voice, spec)}{spoken_line(voice, spec)}"
    if spec.dont_know:
        text += f"\n\n🤷 {dont_know_line(voice)}"
    if spec.graded:
        text += f"\n\n📏 {graded_pay_line(voice)}"
    listen = listen_rows(voice, spec, batch_id)
    if begun:
        return Screen(text, ((Button("▶️ " + voice.say("Go on"), f"go:{batch_id}"),), *listen, _menu_row(voice)))
    start = Button("▶️ " + voice.say("Start"), f"go:{batch_id}")
    return Screen(text, ((start,), *listen, (Button("📋 " + voice.say("Other work"), "work:1"),), _menu_row(voice)))


def _instructions(voice: Tongue, spec: BatchSpec) -> str:
    """What a requester wrote; where it is in neither the worker's language nor the batch's, that is said."""
    code = voice.picked(spec.instructions, spec.language)
    text = voice.block(spec.instructions[code])
    if voice.is_own(code) or code.split("-")[0] == spec.language.split("-")[0]:
        return text
    line = voice.say(
        "There are no instructions in your language yet. These are in: {language}", language=voice.language(code)
    )
    return f"🌐 <i>{line}</i>\n\n{text}"


def dont_know_line(voice: Tongue) -> str:
    """Up to where “I don't know” is paid."""
    share = voice.percent(PAID_DONT_KNOWS)
    return voice.say("“I don't know” is paid while it is at most {share} of your answers.", share=share)


def graded_pay_line(voice: Tongue) -> str:
    """What graded pay is."""
    return voice.say(
        "Where the right answer is known, one that is half right earns half, and a wrong one nothing."
        " All others earn all."
    )


def paid_line(voice: Tongue) -> str:
    """Which answers are paid."""
    share = voice.percent(PAID_DONT_KNOWS)
    return voice.say(
        "Each answer is paid, if work does not say otherwise before you begin."
        " “I don't know” is too, up to {share} of your answers.",
        share=share,
    )


def waiting_screen(voice: Tongue, given: Given, batch_id: int) -> Screen:
    """Another batch than that of the task in hands was picked: which of the two it is to be."""
    text = "⏳ " + voice.say("Your task in {title} is still waiting.", title=title_of(voice, given.spec))
    on = Button("▶️ " + voice.say("Back to the task"), f"b:{given.lease_id}")
    begins = voice.say("Skip it and begin the other") if given.why is None else voice.say("Later: begin the other")
    other = Button(f"⏭ {begins}", f"x:{given.lease_id}:{batch_id}")
    return Screen(text, ((on,), (other,)))


def nothing_screen(voice: Tongue, nothing: Nothing, *, above: str = "", first: Rows = ()) -> Screen:
    """Why there is no work, truthfully, and what can be done about it."""
    lines = [above] if above else []
    for reason in nothing.reasons:
        if reason is NoWork.NOTHING_OPEN:
            lines.append("🌤 " + voice.say("There is no work at all right now, for anybody. It is not about you."))
        elif reason is NoWork.LANGUAGE:
            names = _list(voice, [voice.language(code) for code in nothing.languages])
            lines.append("🗣 " + voice.say("There is work in languages that you have not chosen: {names}.", names=names))
        elif reason is NoWork.SKILL:
            names = _list(voice, [name[:60] for name in nothing.skills])
            lines.append(
                "🎓 " + voice.say("There is work that asks for skills you have not shown yet: {names}.", names=names)
            )
        elif reason is NoWork.PAUSED:
            lines.append("⏸ " + paused_text(voice))
        elif reason is NoWork.IN_REVIEW:
            lines.append("⏸ " + in_review_text(voice))
        elif reason is NoWork.UNDERPAID:
            lines.append(
                "⚖️ " + voice.say("There is work that pays too little for your country, so you are not offered it.")
            )
        elif reason is NoWork.NO_MONEY:
            lines.append(dry_line(voice, Dry.NO_MONEY))
        else:
            lines.append(
                "🎉 " + voice.say("You have done all the tasks there are for you. New ones come with new batches.")
            )
    rows = [*first]
    if NoWork.PAUSED in nothing.reasons:
        rows.append((failed_button(voice),))
        rows.append((try_button(voice),))
    if NoWork.LANGUAGE in nothing.reasons:
        rows.append((Button("🗣 " + voice.say("My languages"), "langs"),))
    return Screen("\n\n".join(lines), (*rows, (Button("🔄 " + voice.say("Look again"), "work"),), _menu_row(voice)))


def failed_button(voice: Tongue) -> Button:
    """To the checks that led to a pause."""
    return Button("✗ " + voice.say("Show these checks"), "ef")


def try_button(voice: Tongue) -> Button:
    """To the re-test that lifts a pause."""
    return Button("🎯 " + voice.say("Try again"), "try")


def paused_text(voice: Tongue) -> str:
    """Why a worker is paused."""
    return voice.say(
        "This kind of task is paused for you: several of your answers differed from what is known to be right, or from"
        " what others say. /earnings shows each check, with the reason. The pause takes nothing of what you earned."
    )


def in_review_text(voice: Tongue) -> str:
    """Why a worker's work rests while a person looks at it: what is known, and no more."""
    return voice.say(
        "This kind of task is paused for you while a person looks at some of your answers. Nothing is decided yet, and"
        " the pause takes nothing of what you earned. When it is open again, you will be told."
    )


def dry_line(voice: Tongue, dry: Dry) -> str:
    """Why a batch has nothing more for a worker now."""
    return {
        Dry.DONE: "🎉 " + voice.say("No more tasks for you in this batch right now."),
        Dry.CLOSED: "🏁 " + voice.say("This batch is finished."),
        Dry.PAUSED_BATCH: "⏸ " + voice.say("The requester has paused this batch."),
        Dry.PAUSED_WORKER: "⏸ " + paused_text(voice),
        Dry.IN_REVIEW: "⏸ " + in_review_text(voice),
        Dry.NO_MONEY: "🪙 "
        + voice.say("The money set aside for this batch is used up, so no more tasks are given out."),
        Dry.PRACTICE: "🎓 " + voice.say("This batch begins with practice. Send /practice for it."),
        Dry.NOT_ALLOWED: "🗣 " + voice.say("This batch needs a language or a skill that you have not shown yet."),
    }[dry]


def title_of(voice: Tongue, spec: BatchSpec) -> str:
    """What a batch is called for a worker, in one line."""
    return titled(voice, spec.title, spec.name, spec.language)


def titled(voice: Tongue, title: dict[str, str], name: str, language: str | None = None) -> str:
    """The same by its titles per locale, and the name that stands in for them."""
    return " ".join((voice.pick(title, language) if title else name).split())


def _list(voice: Tongue, names: list[str]) -> Html:
    shown = [" ".join(name.split()) for name in names[:_NAMED]]
    return Html(voice.listed(shown) + (" …" if len(names) > _NAMED else ""))


def _menu_row(voice: Tongue) -> tuple[Button, ...]:
    return (Button("💰 " + voice.say("Earnings"), "e"), Button("❓ " + voice.say("Help"), "help"))


def _rounded(micros: int) -> int:
    return round(micros, -4)
