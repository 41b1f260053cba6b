"""Telegram's HTML: the tags it knows, and its complaints about the rest."""

import re
from dataclasses import dataclass

from sandbox.errors import ApiError, bad_request
from sandbox.records import Json
from sandbox.text.entities import entity, utf16_length
from sandbox.text.links import link_entity, time_entity

_TYPES = {
    **dict.fromkeys(("b", "strong"), "bold"),
    **dict.fromkeys(("i", "em"), "italic"),
    **dict.fromkeys(("u", "ins"), "underline"),
    **dict.fromkeys(("s", "strike", "del"), "strikethrough"),
    **dict.fromkeys(("tg-spoiler", "span"), "spoiler"),
    "blockquote": "blockquote",
    "code": "code",
    "pre": "pre",
    "a": "text_link",
    "tg-emoji": "custom_emoji",
    "tg-time": "date_time",
}
_SPECIAL = re.compile(r"[<&]")
_REFERENCE = re.compile(r"&(?:#x([0-9a-fA-F]{1,6})|#([0-9]{1,7})|(lt|gt|amp|quot)(?![a-zA-Z]));?")
_NAMED = {"lt": "<", "gt": ">", "amp": "&", "quot": '"'}
_TAG_NAME = re.compile(r"[^\s>]*")
_ATTRIBUTE_NAME = re.compile(r"[^\s=>/\"']+")
_NAME_TOKEN = re.compile(r"[A-Za-z0-9.-]*")
_SPACE = re.compile(r"\s*")


@dataclass(frozen=True, slots=True)
class _Open:
    tag: str
    argument: str
    offset: int
    output_length: int


def parse_html(source: str) -> tuple[str, list[Json]]:
    """The text and entities of a text in HTML. Raises ApiError 400 "can't parse entities: …"."""
    if "<" not in source and "&" not in source:
        return source, []
    return _HtmlParser(source).parse()


class _HtmlParser:
    def __init__(self, source: str) -> None:
        self._source = source
        self._at = 0
        self._parts: list[str] = []
        self._length = 0
        self._offset = 0
        self._open: list[_Open] = []
        self._entities: list[Json] = []

    def parse(self) -> tuple[str, list[Json]]:
        source = self._source
        while match := _SPECIAL.search(source, self._at):
            self._put(source[self._at : match.start()])
            self._at = match.start()
            if match.group() == "&":
                self._reference()
            elif source.startswith("</", self._at):
                self._end_tag()
            else:
                self._start_tag()
        self._put(source[self._at :])
        if self._open:
            raise _error(f'Can\'t find end tag corresponding to start tag "{self._open[-1].tag}"')
        for one in self._entities:
            if one["type"] == "code":
                one.pop("language", None)
        return "".join(self._parts), self._entities

    def _put(self, text: str) -> None:
        if text:
            self._parts.append(text)
            self._length += len(text)
            self._offset += utf16_length(text)

    def _reference(self) -> None:
        match = _REFERENCE.match(self._source, self._at)
        character = _character(match) if match else ""
        if match and character:
            self._put(character)
            self._at = match.end()
        else:
            self._put("&")
            self._at += 1

    def _start_tag(self) -> None:
        begin = self._at
        name = _TAG_NAME.match(self._source, begin + 1)
        assert name is not None
        self._at = name.end()
        tag = name.group().lower()
        if self._at >= len(self._source):
            raise _error(f"Unclosed start tag at byte offset {self._byte(begin)}")
        if tag not in _TYPES:
            raise _error(f'Unsupported start tag "{tag}" at byte offset {self._byte(begin)}')
        attributes = self._attributes(tag, begin)
        argument = ""
        if tag == "a":
            argument = attributes.get("href", "")
        elif tag == "code" and attributes.get("class", "").startswith("language-"):
            argument = attributes["class"].removeprefix("language-")
        elif tag == "tg-emoji":
            argument = attributes.get("emoji-id", "")
        elif tag == "tg-time":
            argument = f"{attributes.get('unix', '')} {attributes.get('format', '')}"
        elif tag == "blockquote" and "expandable" in attributes:
            argument = "expandable"
        elif tag == "span" and attributes.get("class") != "tg-spoiler":
            raise _error(f'Tag "span" must have class "tg-spoiler" at byte offset {self._byte(begin)}')
        self._open.append(_Open(tag, argument, self._offset, self._length))

    def _attributes(self, tag: str, begin: int) -> dict[str, str]:
        """Read up to and including the closing ``>``."""
        source = self._source
        found: dict[str, str] = {}
        unclosed = f'Unclosed start tag "{tag}" at byte offset {self._byte(begin)}'
        while True:
            self._skip_space()
            if self._at >= len(source):
                raise _error(unclosed)
            if source[self._at] == ">":
                self._at += 1
                return found
            match = _ATTRIBUTE_NAME.match(source, self._at)
            if match is None:
                raise _error(f'Empty attribute name in the tag "{tag}" at byte offset {self._byte(begin)}')
            self._at = match.end()
            self._skip_space()
            value = ""
            if source.startswith("=", self._at):
                self._at += 1
                self._skip_space()
                if self._at >= len(source):
                    raise _error(unclosed)
                value = self._value(begin)
            found[match.group().lower()] = value

    def _value(self, begin: int) -> str:
        source, quote = self._source, self._source[self._at]
        if quote in "\"'":
            stop = source.find(quote, self._at + 1)
            if stop < 0:
                raise _error(f"Unclosed start tag at byte offset {self._byte(begin)}")
            value = _REFERENCE.sub(lambda match: _character(match) or match.group(), source[self._at + 1 : stop])
            self._at = stop + 1
            return value
        token = _NAME_TOKEN.match(source, self._at)
        assert token is not None
        start, self._at = self._at, token.end()
        if self._at >= len(source) or not (source[self._at].isspace() or source[self._at] == ">"):
            raise _error(f"Unexpected end of name token at byte offset {self._byte(start)}")
        return token.group().lower()

    def _end_tag(self) -> None:
        begin = self._at
        if not self._open:
            raise _error(f"Unexpected end tag at byte offset {self._byte(begin)}")
        name = _TAG_NAME.match(self._source, begin + 2)
        assert name is not None
        self._at = name.end()
        self._skip_space()
        if not self._source.startswith(">", self._at):
            raise _error(f"Unclosed end tag at byte offset {self._byte(begin)}")
        self._at += 1
        opened = self._open.pop()
        closing = name.group().lower()
        if closing and closing != opened.tag:
            raise _error(
                f'Unmatched end tag at byte offset {self._byte(begin)}, expected "</{opened.tag}>", '
                f'found "</{closing}>"'
            )
        if self._offset > opened.offset:
            self._close(opened)

    def _close(self, opened: _Open) -> None:
        start, length = opened.offset, self._offset - opened.offset
        kind, argument = _TYPES[opened.tag], opened.argument
        if kind == "text_link":
            made = self._link(opened, start, length)
            if made is None:
                return
        elif kind in ("pre", "code"):
            self._code(kind, argument, start, length)
            return
        elif kind == "custom_emoji":
            if not re.fullmatch(r"[1-9][0-9]{0,18}", argument):
                raise _error("Invalid custom emoji identifier specified")
            made = entity(kind, start, length, custom_emoji_id=argument)
        elif kind == "date_time":
            unix, _, shape = argument.partition(" ")
            made = time_entity(unix, shape, start, length)
            if made is None:
                raise _error("Invalid time specified")
        else:
            made = entity("expandable_blockquote" if argument else kind, start, length)
        self._entities.append(made)

    def _link(self, opened: _Open, start: int, length: int) -> Json | None:
        url = opened.argument or "".join(self._parts)[opened.output_length :]
        return link_entity(url, start, length)

    def _code(self, kind: str, language: str, start: int, length: int) -> None:
        """``<pre><code class="language-x">`` (either way round) is one block of code in a language."""
        last = self._entities[-1] if self._entities else {}
        if last.get("offset") == start and last.get("length") == length:
            if kind == "pre" and last["type"] == "code" and "language" in last:
                last["type"] = "pre"
                return
            if kind == "code" and last["type"] == "pre" and language:
                last["language"] = language
                return
        self._entities.append(entity(kind, start, length, **({"language": language} if language else {})))

    def _skip_space(self) -> None:
        match = _SPACE.match(self._source, self._at)
        assert match is not None
        self._at = match.end()

    def _byte(self, position: int) -> int:
        return len(self._source[:position].encode())


def _character(match: re.Match[str]) -> str:
    if match[3]:
        return _NAMED[match[3]]
    code = int(match[1], 16) if match[1] else int(match[2])
    return chr(code) if 0 < code < 0x10FFFF and not 0xD800 <= code <= 0xDFFF else ""


def _error(text: str) -> ApiError:
    return bad_request(f"can't parse entities: {text}")
