"""How people who do not know, or do not care, get an answer wrong."""

import random
from collections.abc import Callable
from dataclasses import replace
from itertools import groupby

from sandbox.workers.phone import Screen
from sandbox.workers.plans import offered
from sandbox.workers.turns import Say, Send, Tap, Turns

_TRIES = 20


def damaged(text: str, chance: random.Random) -> str:
    """`text` as a careless person would have it: a word or a letter lost, or something else altogether."""
    text = text.strip()
    words = text.split()
    if len(words) > 1:
        del words[chance.randrange(len(words))]
        return " ".join(words)
    if len(text) > 2:
        at = chance.randrange(len(text))
        return text[:at] + text[at + 1 :]
    return "?"


def mistaken(turns: Turns, screen: Screen, another: Callable[[], Turns], chance: random.Random) -> Turns:
    """The turns of another answer that can be begun on this screen, or these ones done badly.

    `another` draws somebody's turns. They come out as they are if there is no way to get them wrong.
    """
    others = _others(turns, screen, another)
    badly = _done_badly(turns, others, chance)
    if others and (badly == turns or all(isinstance(turn, Tap) for turn in turns) or chance.random() < 0.5):
        return others[0]
    return badly


def _others(turns: Turns, screen: Screen, another: Callable[[], Turns]) -> list[Turns]:
    """Some other turns that can be begun on the screen; if the buttons of one are all there, it comes first."""
    found: list[Turns] = []
    for _ in range(_TRIES):
        other = another()
        if other != turns and _fits(other, turns, screen):
            if _all_offered(other, screen):
                return [other, *found]
            found.append(other)
    return found


def _fits(other: Turns, turns: Turns, screen: Screen) -> bool:
    if not other or _sorts(other) != _sorts(turns):
        return False
    first = other[0]
    return not isinstance(first, Tap) or offered(screen, first.pattern) is not None


def _sorts(turns: Turns) -> list[str]:
    """What sorts of acts follow each other; several taps in a row are one."""
    names = (turn.sort if isinstance(turn, Send) else type(turn).__name__ for turn in turns)
    return [name for name, _ in groupby(names)]


def _all_offered(turns: Turns, screen: Screen) -> bool:
    return all(offered(screen, turn.pattern) for turn in turns if isinstance(turn, Tap))


def _done_badly(turns: Turns, others: list[Turns], chance: random.Random) -> Turns:
    """The texts damaged and the files mistaken; where there are none, in another order."""
    if all(isinstance(turn, Tap) for turn in turns):
        return tuple(chance.sample(turns, len(turns)))
    return tuple(
        replace(turn, text=damaged(turn.text, chance))
        if isinstance(turn, Say)
        else _another_file(turn, others)
        if isinstance(turn, Send)
        else turn
        for turn in turns
    )


def _another_file(file: Send, others: list[Turns]) -> Send:
    files = (turn for each in others for turn in each if isinstance(turn, Send) and turn.sort == file.sort)
    return next((other for other in files if other.content != file.content), file)
