"""A language that nobody speaks: English with accents, two fifths longer, and, if asked for, from right to left."""

import re

from bot.i18n.tongue import Tongue

_KEPT = re.compile(r"\{\w+\}|</?\w+>|&\w+;|(?<![\w<])/\w+|\s|[^A-Za-z]")
_ACCENTED = str.maketrans(
    "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ", "àƀçđéƒǧĥíĵķłɱñôƥɋřšťûṽŵẋýžÀƁÇÐÉƑǦĤÍĴĶŁṀÑÔƤɊŘŠŤÛṼŴẊÝŽ"
)
LONGER = 1.4


def accented(text: str, *, right_to_left: bool = False) -> str:
    """A text in it. Placeholders, tags, entities and commands stay."""
    parts = re.split(f"({_KEPT.pattern})", text)
    said = "".join(part if _KEPT.fullmatch(part) else part.translate(_ACCENTED) for part in parts)
    bare = len(_KEPT.sub("", text))
    more = "~" * (round(bare * LONGER) - bare)
    mark = "\u05d0" if right_to_left else ""  # a letter that runs that way
    return f"{mark}{said}{more}{mark}"


class _Texts:
    def __init__(self, *, right_to_left: bool) -> None:
        self._right_to_left = right_to_left

    def gettext(self, text: str) -> str:
        return accented(text, right_to_left=self._right_to_left)

    def ngettext(self, one: str, many: str, number: int) -> str:
        return self.gettext(one if number == 1 else many)


class Pseudo(Tongue):
    """Its voice: numbers, dates and names of places are those of a real locale."""

    def __init__(self, *, right_to_left: bool = False) -> None:
        super().__init__("ar" if right_to_left else "fr")
        self._texts = _Texts(right_to_left=right_to_left)  # type: ignore[assignment]
