"""Telegram's MarkdownV2: every special character means something or must be escaped."""

import re
from dataclasses import dataclass
from urllib.parse import parse_qsl

from sandbox.errors import ApiError, bad_request
from sandbox.records import Json
from sandbox.text.entities import entity, utf16_length
from sandbox.text.links import link_entity, time_entity

_RESERVED = frozenset("_*[]()~`>#+-=|{}.!\n")
_NAMES = {
    "bold": "Bold",
    "italic": "Italic",
    "underline": "Underline",
    "strikethrough": "Strikethrough",
    "spoiler": "Spoiler",
    "code": "Code",
    "pre": "Pre",
    "text_link": "TextUrl",
    "custom_emoji": "CustomEmoji",
    "blockquote": "BlockQuote",
}
_CLOSING = {
    "bold": "*",
    "strikethrough": "~",
    "code": "`",
    "pre": "```",
    "text_link": "]",
    "custom_emoji": "]",
    "underline": "__",
    "spoiler": "||",
}
_OPENING = (
    ("__", "underline"),
    ("_", "italic"),
    ("*", "bold"),
    ("~", "strikethrough"),
    ("||", "spoiler"),
    ("![", "custom_emoji"),
    ("[", "text_link"),
    ("```", "pre"),
    ("`", "code"),
)


@dataclass(frozen=True, slots=True)
class _Open:
    kind: str
    language: str
    offset: int
    begin: int
    output_length: int


def parse_markdown(source: str) -> tuple[str, list[Json]]:
    """The text and entities of a text in MarkdownV2. Raises ApiError 400 "can't parse entities: …"."""
    return _MarkdownParser(source).parse()


class _MarkdownParser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._output: list[str] = []
        self._offset = 0
        self._open: list[_Open] = []
        self._entities: list[Json] = []
        self._quoting = False
        self._may_quote = True
        """Can a quotation begin here? At the start of a line, where entity marks may stand before it."""

    def parse(self) -> tuple[str, list[Json]]:
        source = self._source
        while self._at < len(source):
            character = source[self._at]
            if character == "\\" and self._at + 1 < len(source) and 0 < ord(source[self._at + 1]) <= 126:
                self._put(source[self._at + 1])
                self._at += 2
            elif not self._is_special(character):
                self._put(character)
                self._at += 1
            elif character == "\n":
                self._line_end()
            elif character == ">" and self._may_quote:
                self._quote()
            elif self._ends_here():
                self._close()
            else:
                self._begin()
        if self._quoting and self._open[-1].kind in ("blockquote", "spoiler"):
            self._end_quote()
        if self._open:
            raise self._unclosed(self._open[-1])
        return "".join(self._output), self._entities

    def _is_special(self, character: str) -> bool:
        if self._open and self._open[-1].kind in ("code", "pre"):
            return character == "`"
        return character in _RESERVED

    def _put(self, text: str) -> None:
        self._output.append(text)
        self._offset += utf16_length(text)
        if text != "\r":
            self._may_quote = text == "\n"

    def _line_end(self) -> None:
        """A line break: it ends a quotation unless the next line begins with ``>``."""
        if self._quoting and not self._source.startswith(">", self._at + 1):
            self._end_quote()
        self._put("\n")
        self._at += 1

    def _quote(self) -> None:
        """Begin a quotation, or go on with the one that is open."""
        if not self._quoting:
            self._open.append(_Open("blockquote", "", self._offset, self._at, len(self._output)))
            self._quoting = True
        self._at += 1

    def _end_quote(self) -> None:
        """End the quotation; a spoiler that begins right before its end makes it expandable."""
        kind = "blockquote"
        if self._open[-1].kind == "spoiler" and self._source[self._open[-1].begin : self._at].rstrip("\r") == "||":
            self._open.pop()
            kind = "expandable_blockquote"
        opened = self._open.pop()
        if opened.kind != "blockquote":
            raise self._unclosed(opened)
        self._quoting = False
        if self._offset > opened.offset:
            self._entities.append(entity(kind, opened.offset, self._offset - opened.offset))

    def _ends_here(self) -> bool:
        if not self._open:
            return False
        kind, source, at = self._open[-1].kind, self._source, self._at
        if kind == "italic":
            return source[at] == "_" and not source.startswith("__", at)
        return kind in _CLOSING and source.startswith(_CLOSING[kind], at)

    def _begin(self) -> None:
        source, begin = self._source, self._at
        sign, kind = next((one for one in _OPENING if source.startswith(one[0], begin)), ("", ""))
        if not sign:
            raise _error(f"Character '{source[begin]}' is reserved and must be escaped with the preceding '\\'")
        language = self._code_language(begin + 3) if kind == "pre" else ""
        self._at = begin + len(sign) + len(language)
        if kind == "pre" and source.startswith(("\n", "\r"), self._at):
            self._at += 2 if source.startswith(("\r\n", "\n\r"), self._at) else 1
        self._open.append(_Open(kind, language, self._offset, begin, len(self._output)))

    def _code_language(self, start: int) -> str:
        stop = start
        while stop < len(self._source) and not self._source[stop].isspace() and self._source[stop] != "`":
            stop += 1
        return "" if stop == len(self._source) or self._source[stop] == "`" else self._source[start:stop]

    def _close(self) -> None:
        opened = self._open.pop()
        self._at += len(_CLOSING.get(opened.kind, "_"))
        start, length = opened.offset, self._offset - opened.offset
        if opened.kind == "text_link":
            url = self._target("a URL") if self._source.startswith("(", self._at) else None
            url = "".join(self._output[opened.output_length :]) if url is None else url
            made = link_entity(url, start, length)
        elif opened.kind == "custom_emoji":
            made = self._emoji_or_time(start, length)
        else:
            more = {"language": opened.language} if opened.language else {}
            made = entity(opened.kind, start, length, **more)
        if made is not None and length:
            self._entities.append(made)

    def _emoji_or_time(self, start: int, length: int) -> Json:
        if not self._source.startswith("(", self._at):
            raise _error("Custom emoji entity must contain a tg://emoji URL")
        url = self._target("a custom emoji URL")
        if url.startswith("tg://time?"):
            query = dict(parse_qsl(url.removeprefix("tg://time?")))
            made = time_entity(query.get("unix", ""), query.get("format", ""), start, length)
            if made is None:
                raise _error("Invalid time specified")
            return made
        number = url.removeprefix("tg://emoji?id=")
        if number == url or not re.fullmatch(r"[1-9][0-9]{0,18}", number):
            raise _error("Custom emoji URL must have an emoji identifier")
        return entity("custom_emoji", start, length, custom_emoji_id=number)

    def _target(self, what: str) -> str:
        """What stands in the parentheses behind a link."""
        begin = self._at + 1
        at, found, source = begin, "", self._source
        while at < len(source) and source[at] != ")":
            if source[at] == "\\" and at + 1 < len(source) and 0 < ord(source[at + 1]) <= 126:
                at += 1
            found += source[at]
            at += 1
        if at >= len(source):
            raise _error(f"Can't find end of {what} at byte offset {self._byte(begin)}")
        self._at = at + 1
        return found

    def _unclosed(self, opened: _Open) -> ApiError:
        name = "PreCode" if opened.language else _NAMES[opened.kind]
        return _error(f"Can't find end of {name} entity at byte offset {self._byte(opened.begin)}")

    def _byte(self, position: int) -> int:
        return len(self._source[:position].encode())


def _error(text: str) -> ApiError:
    return bad_request(f"can't parse entities: {text}")
