"""Text that is not UTF-8: where it stops being so, and what it probably is."""

import codecs
from pathlib import Path

from crowd.batchfile.problem import Problem, error

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
    line, column, byte = _first_wrong(path)
    with path.open("rb") as file:
        start = file.read(1000)
    guess = marked_encoding(start) or _BY_LANGUAGE.get(language.replace("_", "-").split("-")[0].lower(), "WINDOWS-1252")
    mend = (
        f"Save it as “CSV UTF-8” or JSON in UTF-8, or convert it: "
        f"iconv -f {guess} -t UTF-8 {path.name} > new-{path.name}"
    )
    what = f"is not UTF-8: character {column} of the line begins with byte 0x{byte:02X}; the file looks like {guess}"
    return error(name, line, None, what, mend)


def _first_wrong(path: Path) -> tuple[int, int, int]:
    """Line and character, both from 1, and value of the first byte that is not UTF-8."""
    decoder = codecs.getincrementaldecoder("utf-8")()
    line, characters, held = 1, 0, b""
    with path.open("rb") as file:
        while True:
            block = file.read(_BLOCK)
            try:
                text = decoder.decode(block, final=not block)
            except UnicodeDecodeError as failure:
                text = failure.object[: failure.start].decode("utf-8")
                line, characters = _past(text, line, characters)
                return line, characters + 1, failure.object[failure.start]
            line, characters = _past(text, line, characters)
            if not block:
                return line, characters + 1, held[0] if held else 0
            held = block[-4:]


def _past(text: str, line: int, characters: int) -> tuple[int, int]:
    lines = text.count("\n")
    return line + lines, len(text) - text.rfind("\n") - 1 if lines else characters + len(text)
