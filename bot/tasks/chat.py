"""chat: which of two replies is better is tapped; why, and what would be ideal, is written; then all is looked at."""

from collections.abc import Callable

from bot.i18n.tongue import Html, Tongue
from bot.screens import Body, Button, Rows, rows_of
from bot.tasks import pair
from bot.tasks.base import WORDS, Ask, Face, Message, Turn, shortened
from bot.tasks.pair import AS_IN_ITEMS, Heads, heads_of
from bot.tasks.writing import wrong_length
from crowd.kinds.base import AnswerError, Json
from crowd.kinds.chat import ALL
from crowd.kinds.chatgold import PARTS, ChatSpec
from crowd.kinds.pair import BOTH_BAD, SAME, SIDES, Pair

_IS = "="
"""In the data of a button, between a part of the answer and what it is to be."""

_CHOSEN = 50
"""UTF-16 units that are left for saying which is better."""


class ChatFace(Face[ChatSpec, Pair]):
    """Tap the better one, write why, write the ideal answer or take a reply over, and send."""

    name = "chat"

    def show(self, ask: Ask[ChatSpec, Pair]) -> Body:
        """See Face."""
        heads, at = heads_of(ask.hand), ask.draft["at"]
        if at == ALL:
            return _all_of_it(ask, heads)
        lines = [*pair.beside(ask.voice, ask.payload, heads)]
        if at != "better":
            lines += [f"{ask.voice.line}✓ {pair.in_words(ask.draft['better'], ask.voice, heads)}"]
        asked, rows = _ASKING[at](ask, heads)
        back = (_to(ask, ALL, "‹ " + ask.voice.say("Back")),)
        return Body("\n".join([*lines, asked]), (*rows, back) if _is_all_said(ask.draft) else rows)

    def read_tap(self, said: str) -> Json:
        """A part of the answer and what it is to be, or `ask` and the part that is to be asked for."""
        part, _, value = said.partition(_IS)
        return [part, value]

    def turns(self, spec: ChatSpec, payload: Pair, value: Json) -> tuple[Turn, ...]:
        """The better one, the reason, and the ideal answer, which is a tap where it is one of the two."""
        stays = next((side for side in spec.may_stay(value["better"]) if payload.side(side) == value["ideal"]), None)
        ideal = Message(value["ideal"]) if stays is None else f"ideal{_IS}{stays}"
        return f"better{_IS}{value['better']}", Message(value["why"]), ideal

    def words(self, spec: ChatSpec, value: Json, voice: Tongue) -> str:  # noqa: ARG002
        """Which is better, and how the ideal answer begins, where there is one."""
        return _in_words(value, voice, AS_IN_ITEMS, None)

    def told(self, ask: Ask[ChatSpec, Pair], value: Json) -> str:
        """The sides as this worker saw them."""
        return _in_words(value, ask.voice, heads_of(ask.hand), ask.payload)

    def trouble(self, error: AnswerError, voice: Tongue) -> str:
        """A text too short or too long, or a reply that cannot be ideal."""
        if error.problem == "not_as_it_is":
            return voice.say("You did not say that this reply is the better one, so it cannot be the ideal answer.")
        return wrong_length(error, voice) or super().trouble(error, voice)

    def glimpse(self, payload: Pair, voice: Tongue) -> str:
        """See `pair`."""
        return pair.glimpse(payload, voice)


def _ask_better(ask: Ask[ChatSpec, Pair], heads: Heads) -> tuple[str, Rows]:
    voice = ask.voice
    buttons = [_be(ask, "better", side, voice.say("{side} better", side=head)) for side, head in heads.items()]
    if ask.spec.tie:
        buttons.append(_be(ask, "better", SAME, f"≈ {voice.say('Same')}"))
    if ask.spec.both_bad:
        buttons.append(_be(ask, "better", BOTH_BAD, f"👎 {voice.say('Both bad')}"))
    return f"<i>{voice.say('Which is better?')}</i>", (*rows_of(buttons[:2]), *rows_of(buttons[2:]))


def _ask_why(ask: Ask[ChatSpec, Pair], heads: Heads) -> tuple[str, Rows]:  # noqa: ARG001
    return f"✍️ <i>{ask.voice.say('Why? Write it as a message.')}</i>", ((_again(ask, "better"),),)


def _ask_ideal(ask: Ask[ChatSpec, Pair], heads: Heads) -> tuple[str, Rows]:
    voice = ask.voice
    may_stay = ask.spec.may_stay(ask.draft["better"])
    stay = [
        _be(ask, "ideal", side, voice.say("{side} as it is", side=head))
        for side, head in heads.items()
        if side in may_stay
    ]
    if not stay:
        asked = voice.say("What would be the ideal answer? Write it as a message.")
    else:
        asked = voice.say("What would be the ideal answer? Write it as a message, or tap where one is ideal as it is.")
    return f"✍️ <i>{asked}</i>", (*rows_of(stay), *rows_of([_again(ask, "better"), _again(ask, "why")]))


_ASKING: dict[str, Callable[[Ask[ChatSpec, Pair], Heads], tuple[str, Rows]]] = {
    "better": _ask_better,
    "why": _ask_why,
    "ideal": _ask_ideal,
}


def _all_of_it(ask: Ask[ChatSpec, Pair], heads: Heads) -> Body:
    """All that is to be sent, whole, under how the item begins."""
    voice, draft = ask.voice, ask.draft
    lines = [
        f"{voice.line}<i>{pair.glimpse(ask.payload, voice)}</i>\n",
        f"{voice.line}<b>{pair.in_words(draft['better'], voice, heads)}</b>",
        f"\n{voice.say('Your reason:')}",
        pair.quoted(voice, draft["why"], folded=pair.is_long(draft["why"])),
        f"{voice.say('The ideal answer:')}{_as_it_is(draft, ask.payload, voice, heads)}",
        pair.quoted(voice, draft["ideal"], folded=pair.is_long(draft["ideal"])),
        f"<i>{voice.say('Send it, or say a part of it again.')}</i>",
    ]
    again = rows_of([_again(ask, part) for part in PARTS])
    return Body("\n".join(lines), ((ask.send(f"✅ {voice.say('Send')}"),), *again))


def _as_it_is(value: Json, item: Pair, voice: Tongue, heads: Heads) -> str:
    """Which reply the ideal answer is, word for word; nothing where it is none."""
    stays = _head_of(value, item, heads)
    return "" if stays is None else f" {voice.say('{side} as it is', side=stays)}"


def _head_of(value: Json, item: Pair, heads: Heads) -> Html | None:
    """What the reply is called that is the ideal answer: the better one, where both read the same."""
    first = SIDES if value["better"] != "b" else SIDES[::-1]
    return next((heads[side] for side in first if item.side(side) == value["ideal"]), None)


def _in_words(value: Json, voice: Tongue, heads: Heads, item: Pair | None) -> str:
    better = pair.in_words(value["better"], voice, heads)
    if "ideal" not in value:
        return better
    stays = None if item is None else _head_of(value, item, heads)
    whole = shortened(voice, value["ideal"], WORDS - _CHOSEN)
    return f"{better} · {whole if stays is None else voice.say('{side} as it is', side=stays)}"


def _is_all_said(draft: Json) -> bool:
    return all(part in draft for part in PARTS)


def _be(ask: Ask[ChatSpec, Pair], part: str, value: str, label: str) -> Button:
    return ask.step(label, f"{part}{_IS}{value}")


def _to(ask: Ask[ChatSpec, Pair], part: str, label: str) -> Button:
    return ask.step(label, f"ask{_IS}{part}")


def _again(ask: Ask[ChatSpec, Pair], part: str) -> Button:
    """A button by which a part is said again."""
    voice = ask.voice
    words = {"better": voice.say("Choice"), "why": voice.say("Reason"), "ideal": voice.say("Ideal")}
    return _to(ask, part, f"✏️ {words[part]}")


FACE = ChatFace()
