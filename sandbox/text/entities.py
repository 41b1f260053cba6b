"""Text with entities, the way Telegram keeps it: offsets and lengths in UTF-16 code units."""

import re
from bisect import bisect_left
from dataclasses import dataclass

from sandbox.errors import bad_request
from sandbox.records import Json
from sandbox.text.detect import found_in
from sandbox.text.links import link_entity, mention_entity

MERGED = ("bold", "italic", "underline", "strikethrough", "spoiler")
"""Types of which neighbours and overlaps become one."""
GIVEN = frozenset(
    {
        *MERGED,
        *("mention", "hashtag", "cashtag", "bot_command", "url", "email", "phone_number"),
        *("blockquote", "expandable_blockquote", "code", "pre", "text_link", "text_mention"),
        *("custom_emoji", "date_time"),
    }
)
ENTITIES_LIMIT = 100
_PRIORITY = {
    **dict.fromkeys(("blockquote", "expandable_blockquote"), 0),
    "pre": 11,
    "code": 20,
    **dict.fromkeys(("text_link", "text_mention"), 49),
    "bold": 90,
    "italic": 91,
    "underline": 92,
    "strikethrough": 93,
    "spoiler": 94,
    "custom_emoji": 99,
}
"""Which of two entities over the same text is the outer one: that of the lower number, as TDLib has them."""
_FOUND_PRIORITY = 50

_ASTRAL = re.compile("[\U00010000-\U0010ffff]")
_TO_SPACE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f]")
_CONTROL = re.compile("[\x00-\x08\x0b-\x1f]")


@dataclass(frozen=True, slots=True)
class FormattedText:
    """A text, and its entities as JSON objects of the Bot API, in the order of their offsets."""

    text: str
    entities: list[Json]


def utf16_length(text: str) -> int:
    """The length of a text in UTF-16 code units."""
    if text.isascii():
        return len(text)
    return len(text) + len(_ASTRAL.findall(text))


def entity(kind: str, offset: int, length: int, **more: str | int) -> Json:
    """An entity as the Bot API writes it."""
    return {"offset": offset, "length": length, "type": kind, **more}


def finish(text: str, entities: list[Json], *, detect: bool = True) -> FormattedText:
    """Clean and trim the text, put the entities in order, and add those that Telegram finds by itself."""
    text, entities = _cleaned(text, entities)
    trimmed = text.rstrip()
    lead = len(trimmed) - len(trimmed.lstrip())
    trimmed = trimmed[lead:]
    if entities:
        shift, end = utf16_length(text[:lead]), utf16_length(trimmed)
        entities = _merged(_clipped(entities, shift, end))
        entities = _without_nested_code(entities)
    if detect:
        found = _detected(trimmed)
        entities = entities + [one for one in found if not _overlaps(one, entities)]
    entities.sort(key=_position)
    return FormattedText(trimmed, entities[:ENTITIES_LIMIT])


def check_given(text: str, entities: list[Json]) -> list[Json]:
    """The entities that a bot gave beside the text. Raises ApiError 400 for what cannot be."""
    length = utf16_length(text)
    inside = {offset for offset, unit in enumerate(_units(text)) if unit}
    checked = []
    for given in entities:
        kind, offset, size = (given.get(name) for name in ("type", "offset", "length"))
        if not isinstance(kind, str) or type(offset) is not int or type(size) is not int:
            raise bad_request("can't parse MessageEntity: type, offset and length are required")
        if kind not in GIVEN:
            raise bad_request("can't parse MessageEntity: unsupported type specified")
        if offset < 0 or size < 0 or offset + size > length:
            raise bad_request(
                f"entity beginning at UTF-16 offset {offset} ends after the end of the text at UTF-16 offset {length}"
            )
        if offset in inside:
            raise bad_request(f"entity begins in a middle of a UTF-16 symbol at UTF-16 offset {offset}")
        if offset + size in inside:
            raise bad_request(f"entity ends in a middle of a UTF-16 symbol at UTF-16 offset {offset + size}")
        made = _given(kind, offset, size, given) if size else None
        if made is not None:
            checked.append(made)
    return checked


def _given(kind: str, offset: int, length: int, given: Json) -> Json | None:
    """An entity with what belongs to its type; None for a link to nowhere."""
    if kind == "text_link":
        return link_entity(str(given.get("url", "")), offset, length)
    if kind == "text_mention":
        user = given.get("user")
        user_id = user.get("id") if isinstance(user, dict) else None
        if type(user_id) is not int:
            raise bad_request("can't parse MessageEntity: user is required")
        return mention_entity(user_id, offset, length)
    more = {}
    for name, wanted in _MORE.get(kind, {}).items():
        if type(given.get(name)) is wanted:
            more[name] = given[name]
        elif name in given:
            raise bad_request(f"can't parse MessageEntity: {name} is of the wrong type")
    return entity(kind, offset, length, **more)


_MORE: dict[str, dict[str, type]] = {
    "pre": {"language": str},
    "custom_emoji": {"custom_emoji_id": str},
    "date_time": {"unix_time": int, "date_time_format": str},
}


def _units(text: str) -> list[bool]:
    """For each UTF-16 code unit: is it the second half of a character?"""
    units = []
    for character in text:
        units.append(False)
        if character > "\uffff":
            units.append(True)
    return units


def _position(one: Json) -> tuple[int, int, int]:
    priority = 10 if "language" in one else _PRIORITY.get(one["type"], _FOUND_PRIORITY)
    return one["offset"], -one["length"], priority


def _clipped(entities: list[Json], shift: int, end: int) -> list[Json]:
    clipped = []
    for one in entities:
        start = max(0, one["offset"] - shift)
        stop = min(end, one["offset"] + one["length"] - shift)
        if stop > start:
            clipped.append({**one, "offset": start, "length": stop - start})
    return clipped


def _merged(entities: list[Json]) -> list[Json]:
    merged = [one for one in entities if one["type"] not in MERGED]
    for kind in MERGED:
        last: Json | None = None
        for one in sorted((one for one in entities if one["type"] == kind), key=_position):
            if last is not None and one["offset"] <= last["offset"] + last["length"]:
                stop = max(last["offset"] + last["length"], one["offset"] + one["length"])
                last["length"] = stop - last["offset"]
            else:
                last = dict(one)
                merged.append(last)
    return merged


def _without_nested_code(entities: list[Json]) -> list[Json]:
    """Nothing but a block quotation can share its text with code."""
    code = [one for one in entities if one["type"] in ("code", "pre")]
    if not code:
        return entities
    quotes = ("blockquote", "expandable_blockquote")
    return code + [one for one in entities if one not in code and (one["type"] in quotes or not _overlaps(one, code))]


def _overlaps(one: Json, others: list[Json]) -> bool:
    start, stop = one["offset"], one["offset"] + one["length"]
    return any(
        other["offset"] < stop and start < other["offset"] + other["length"]
        for other in others
        if other["type"] not in MERGED and not other["type"].endswith("blockquote")
    )


def _detected(text: str) -> list[Json]:
    found: list[Json] = []
    at = offset = 0
    for kind, start, stop in found_in(text):
        offset += utf16_length(text[at:start])
        length = utf16_length(text[start:stop])
        found.append(entity(kind, offset, length))
        at, offset = stop, offset + length
    return found


def _cleaned(text: str, entities: list[Json]) -> tuple[str, list[Json]]:
    """Without control characters: tabs and line ends stay, carriage returns go, all others become spaces."""
    if _CONTROL.search(text) is None:
        return text, entities
    lines = _TO_SPACE.sub(" ", text).split("\r")
    dropped: list[int] = []
    for line in lines[:-1]:
        dropped.append((dropped[-1] + 1 if dropped else 0) + utf16_length(line))
    moved = []
    for one in entities:
        start, stop = (place - bisect_left(dropped, place) for place in (one["offset"], one["offset"] + one["length"]))
        if stop > start:
            moved.append({**one, "offset": start, "length": stop - start})
    return "".join(lines), moved
