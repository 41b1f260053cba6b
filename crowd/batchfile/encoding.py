"""Text that is not UTF-8: where it stops being so, and what it probably is."""

import codecs
import re
import shlex
from dataclasses import dataclass
from pathlib import Path

from crowd.batchfile.problem import Problem, error
from crowd.sentences import Sentence, say

_MARKS = ((codecs.BOM_UTF32_LE, "UTF-32"), (codecs.BOM_UTF32_BE, "UTF-32"), (codecs.BOM_UTF16_LE, "UTF-16"),
          (codecs.BOM_UTF16_BE, "UTF-16"))  # fmt: skip

_USUAL = {
    "WINDOWS-1256": "ar ary arz arq apc ur fa ps sd ug ckb",
    "WINDOWS-1251": "ru uk be bg sr mk kk ky tg mn tt",
    "WINDOWS-1250": "pl cs sk hu sl hr ro sq bs",
    "WINDOWS-1253": "el",
    "WINDOWS-1254": "tr az",
    "WINDOWS-1255": "he yi",
    "WINDOWS-1257": "lt lv et",
    "WINDOWS-1258": "vi",
    "TIS-620": "th",
    "SHIFT_JIS": "ja",
    "GB18030": "zh",
    "EUC-KR": "ko",
}
_BY_LANGUAGE = {language: name for name, languages in _USUAL.items() for language in languages.split()}

_WESTERN = "WINDOWS-1252"
_UNLIKE_WESTERN = re.compile("[\u00c0-\u00ff]{4}")
"""Western words have no four letters with accents in a row; another script that is read so has nothing else."""

_BLOCK = 1024 * 1024


def marked_encoding(start: bytes) -> str | None:
    """The encoding other than UTF-8 that the first bytes of a file show, if they do."""
    for mark, name in _MARKS:
        if start.startswith(mark):
            return name
    pairs = start[: len(start) // 2 * 2]
    if len(pairs) >= 8:
        for nul, text, name in ((1, 0, "UTF-16LE"), (0, 1, "UTF-16BE")):
            if pairs[nul::2].count(0) > 0.8 * len(pairs) / 2 and 0 not in pairs[text::2]:
                return name
    return None


def not_utf8(path: Path, name: str, language: str) -> Problem:
    """The problem of a file whose bytes are not UTF-8, at its first wrong byte."""
    with path.open("rb") as file:
        marked = marked_encoding(file.read(1000))
    if marked:
        what = say("is not UTF-8: the file looks like {encoding}", encoding=marked)
        return error(name, 1, None, what, _mend(path, marked))
    wrong = _first_wrong(path)
    byte = f"0x{wrong.byte:02X}"
    if wrong.cut_off:
        what = say("ends within a character, after byte {byte}: the file is cut off", byte=byte)
        return error(name, wrong.line, None, what, say("Copy or export it again, as UTF-8."))
    guess = _BY_LANGUAGE.get(language.replace("_", "-").split("-")[0].lower(), _WESTERN)
    if wrong.alone or not _fits(path, guess):
        return error(
            name,
            wrong.line,
            None,
            say("is not UTF-8: character {place} of the line begins with byte {byte}", place=wrong.column, byte=byte),
            _mend(path, None),
        )
    what = say(
        "is not UTF-8: character {place} of the line begins with byte {byte}; the file looks like {encoding}",
        place=wrong.column,
        byte=byte,
        encoding=guess,
    )
    return error(name, wrong.line, None, what, _mend(path, guess))


def _mend(path: Path, guess: str | None) -> Sentence:
    if guess is None:
        return say("Save it as “CSV UTF-8” or JSON in UTF-8.")
    file, new = shlex.quote(path.name), shlex.quote(f"new-{path.name}")
    command = f"iconv -f {guess} -t UTF-8 {file} > {new}"
    return say("Save it as “CSV UTF-8” or JSON in UTF-8, or convert it: {command}", command=command)


def _fits(path: Path, guess: str) -> bool:
    """Whether the file can be what is guessed: all of it decodes, and for Western Europe it reads like that too."""
    decoder = codecs.getincrementaldecoder(guess)()
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError:
                return False
            if guess == _WESTERN and _UNLIKE_WESTERN.search(text):
                return False
            if not block:
                return True


@dataclass(frozen=True, slots=True)
class _Wrong:
    """The first byte that is not UTF-8: line and character, both from 1."""

    line: int
    column: int
    byte: int
    cut_off: bool
    """Nothing is wrong but that the last character is not whole."""
    alone: bool
    """What stands before it is UTF-8, and not only ASCII."""


def _first_wrong(path: Path) -> _Wrong:
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, characters, ascii_only = 1, 0, True
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as failure:
                text = failure.object[: failure.start].decode("utf-8")
                line, characters = _past(text, line, characters)
                byte = failure.object[failure.start]
                cut_off = not block and failure.reason == "unexpected end of data"
                return _Wrong(line, characters + 1, byte, cut_off, not (ascii_only and text.isascii()))
            line, characters = _past(text, line, characters)
            ascii_only = ascii_only and text.isascii()
            if not block:
                return _Wrong(line, characters + 1, 0, cut_off=False, alone=False)


def _past(text: str, line: int, characters: int) -> tuple[int, int]:
    lines = text.count("\n")
    return line + lines, len(text) - text.rfind("\n") - 1 if lines else characters + len(text)
