"""Text with entities as HTML, for the phone's screen."""

from html import escape

from sandbox.records import Json

_TAGS = {
    "bold": "b",
    "italic": "i",
    "underline": "u",
    "strikethrough": "s",
    "spoiler": "tg-spoiler",
    "code": "code",
    "pre": "pre",
    "blockquote": "blockquote",
}


def as_html(text: str, entities: list[Json]) -> str:
    """The text as safe HTML: everything in it is escaped, and only Telegram's own tags are added."""
    if not entities:
        return escape(text)
    units = text.encode("utf-16-le")
    edges = {0, len(units) // 2}
    for one in entities:
        edges |= {one["offset"], one["offset"] + one["length"]}
    places = sorted(edges)
    parts: list[str] = []
    stack: list[Json] = []
    for place, following in zip(places, [*places[1:], None], strict=True):
        ended = [one for one in stack if one["offset"] + one["length"] <= place]
        reopened: list[Json] = []
        while ended and any(one in stack for one in ended):
            closed = stack.pop()
            parts.append(_closing(closed))
            if closed not in ended:
                reopened.insert(0, closed)
        starting = sorted((one for one in entities if one["offset"] == place), key=lambda one: -one["length"])
        for one in reopened + starting:
            parts.append(_opening(one))
            stack.append(one)
        if following is not None:
            parts.append(escape(units[place * 2 : following * 2].decode("utf-16-le", "replace")))
    return "".join(parts)


def _opening(one: Json) -> str:
    kind = one["type"]
    if kind == "text_link":
        return f'<a href="{escape(one["url"])}">'
    if kind == "expandable_blockquote":
        return "<blockquote expandable>"
    if kind == "pre" and "language" in one:
        return f'<pre><code class="language-{escape(one["language"])}">'
    return f"<{_TAGS[kind]}>" if kind in _TAGS else ""


def _closing(one: Json) -> str:
    kind = one["type"]
    if kind == "text_link":
        return "</a>"
    if kind == "expandable_blockquote":
        return "</blockquote>"
    if kind == "pre" and "language" in one:
        return "</code></pre>"
    return f"</{_TAGS[kind]}>" if kind in _TAGS else ""
