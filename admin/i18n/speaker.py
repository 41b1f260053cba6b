"""What is wrong with a requester's files, in their language. A catalog is `LOCALE.po` in the folder `files`."""

import re
from collections.abc import Sequence
from functools import cache, reduce
from pathlib import Path
from unicodedata import bidirectional

from admin.i18n import SOURCE, Wording, catalog_of, chosen, read_catalog, wording
from crowd.batchfile.unseen import BIDI
from crowd.sentences import ENGLISH, Speaker

_FOLDER = Path(__file__).parent / "files"
_ISOLATE, _END = "\u2068", "\u2069"
_RIGHTWARD = frozenset({"R", "AL", "AN"})
_PARAGRAPH = re.compile("[^\n\r\x1c-\x1e\x85\u2029]+")


class _Translator(Speaker):
    def __init__(self, words: Wording, locale: str) -> None:
        self._words = words
        self._texts = read_catalog(_FOLDER / f"{locale}.po", locale)

    def translated(self, text: str, many: str, number: int) -> str:
        return self._texts.ngettext(text, many, number) if many else self._texts.gettext(text)

    def number(self, number: int) -> str:
        return self._words.number(number)

    def foreign(self, text: str) -> str:
        """Marks of direction stand around it only where they matter, as the bot has them; its own are taken out."""
        text = BIDI.sub("", text)
        if self._words.direction == "rtl" or (not text.isascii() and any(bidirectional(c) in _RIGHTWARD for c in text)):
            return _PARAGRAPH.sub(rf"{_ISOLATE}\g<0>{_END}", text)
        return text

    def listed(self, entries: Sequence[str]) -> str:
        between = self._words.locale.list_patterns["standard"]["middle"]
        return reduce(between.format, entries) if entries else ""

    def language(self, code: str) -> str:
        return self._words.language(code)

    def country(self, code: str) -> str:
        return self._words.country(code)


def speaker_of(wishes: str) -> Speaker:
    """Who puts sentences into words for somebody who asks for languages as a browser, or a terminal, does."""
    return _speaker(chosen(wishes))


@cache
def _speaker(locale: str) -> Speaker:
    catalog = catalog_of(locale) or SOURCE
    return ENGLISH if catalog == SOURCE else _Translator(wording(locale), catalog)
