"""Which words of the chat are wrong in a person's language, as they say."""

import html
import re
from collections.abc import Mapping
from dataclasses import replace

from bot.i18n.heard import MARK, mark_of, marked
from bot.i18n.tongue import Tongue
from bot.screens import Button, Screen

VERB = "tw"
_MOST = (64 - len(VERB) - 1) // MARK
_TAG = re.compile(r"<[^>]+>")
_PLACEHOLDER = re.compile(r"\{\w+\}")


def with_pointer(voice: Tongue, screen: Screen, heard: Mapping[str, str]) -> Screen:
    """The same with a button that says that words on it are wrong; as it is, where none are, or no button can be."""
    shown = [text for text, said in heard.items() if _stands_on(screen, said)]
    if not shown or screen.document is not None or screen.keys is not None:
        return screen
    marks = "".join(mark_of(text) for text in shown[:_MOST])
    return replace(screen, buttons=(*screen.buttons, (pointer(voice, marks),)))


def pointer(voice: Tongue, marks: str) -> Button:
    """That button."""
    return Button("✏️ " + voice.say("This is wrong"), f"{VERB}:{marks}")


def _stands_on(screen: Screen, said: str) -> bool:
    labels = (button.label for row in screen.buttons for button in row)
    return said in screen.text or any(html.unescape(said) in label for label in labels)


def texts_of(marks: str) -> list[str]:
    """The texts that a button names."""
    known = marked()
    parts = (marks[at : at + MARK] for at in range(0, len(marks), MARK))
    return [known[part] for part in parts if part in known]


def plainly(voice: Tongue, text: str) -> str:
    """How a locale says a text, as it is read: no tags, and dots for what is put in."""
    return _PLACEHOLDER.sub("…", html.unescape(_TAG.sub("", voice.named(text))))


def which_screen(voice: Tongue, texts: list[str]) -> Screen:
    """Which of the words on a screen are wrong."""
    lines = ["✏️ <b>" + voice.say("Which of these is wrong?") + "</b>", ""]
    lines += [
        f"{voice.line}{voice.number(at)}. {voice.block(plainly(voice, text))}" for at, text in enumerate(texts, 1)
    ]
    buttons = [Button(voice.number(at), f"tp:{mark_of(text)}") for at, text in enumerate(texts, 1)]
    rows = tuple(tuple(buttons[at : at + 4]) for at in range(0, len(buttons), 4))
    return Screen("\n".join(lines), (*rows, (_back(voice),)))


def noted_screen(voice: Tongue, text: str) -> Screen:
    """It is noted."""
    lines = [
        "🙏 " + voice.say("Thank you. Whoever keeps these words will see it."),
        "",
        f"✏️ {voice.block(plainly(voice, text))}",
        "",
        voice.say("If you know better words, send /better and the words."),
    ]
    return Screen("\n".join(lines), ((_back(voice),),))


def better_screen(voice: Tongue, said: str | None) -> Screen:
    """Better words are noted; None: for nothing that was pointed out."""
    if said is None:
        return Screen("💬 " + voice.say("First tap ✏️ on a screen, and say which words are wrong."), ((_back(voice),),))
    text = "🙏 " + voice.say("Thank you. Your words are noted too: {words}", words=said)
    return Screen(text, ((_back(voice),),))


def _back(voice: Tongue) -> Button:
    return Button("▶️ " + voice.say("Go on"), "work")
