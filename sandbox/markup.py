"""Keyboards that bots send: read, checked, and brought into the form in which they are shown."""

from dataclasses import dataclass
from typing import Any

from sandbox.arguments import Arguments
from sandbox.errors import bad_request
from sandbox.records import Json
from sandbox.text.links import link_entity

BUTTONS_LIMIT = 100
ROW_LIMIT = 8
"""Buttons of an inline keyboard, in all and in one row; reply keyboards may have more."""
DATA_LIMIT = 64

_ACTIONS = (
    "url",
    "web_app",
    "login_url",
    "switch_inline_query",
    "switch_inline_query_current_chat",
    "switch_inline_query_chosen_chat",
    "copy_text",
    "callback_game",
    "pay",
)
_LOOKS = ("style", "icon_custom_emoji_id")


@dataclass(frozen=True, slots=True)
class Markup:
    """What came as ``reply_markup``: an inline keyboard, or something for the place below the chat."""

    inline: Json | None = None
    below: Json | None = None


NO_MARKUP = Markup()


def read_markup(args: Arguments, *, only_inline: bool = False) -> Markup:
    """Read ``reply_markup``. Raises ApiError 400 for a keyboard that Telegram would refuse."""
    value = args.json_object("reply_markup")
    if not value:
        return NO_MARKUP
    if "inline_keyboard" in value:
        return Markup(inline=_inline(value["inline_keyboard"]))
    if only_inline:
        raise bad_request("inline keyboard expected")
    if "keyboard" in value:
        return Markup(below=_reply(value))
    if value.get("remove_keyboard") or value.get("force_reply"):
        return Markup(below=value)
    raise bad_request("object expected as reply markup")


def _rows(rows: Any, what: str) -> list[list[Any]]:
    if not isinstance(rows, list) or not all(isinstance(row, list) for row in rows):
        raise bad_request(f"can't parse {what}: an Array of Array expected")
    return [row for row in rows if row]


def _inline(rows: Any) -> Json | None:
    kept = _rows(rows, "inline keyboard")
    if sum(map(len, kept)) > BUTTONS_LIMIT or any(len(row) > ROW_LIMIT for row in kept):
        raise bad_request("reply markup is too long")
    kept = [[_inline_button(button) for button in row] for row in kept]
    return {"inline_keyboard": kept} if kept else None


def _inline_button(button: Any) -> Json:
    text = button.get("text") if isinstance(button, dict) else None
    if not isinstance(text, str) or not text:
        raise bad_request('can\'t parse inline keyboard button: Field "text" must be of type String')
    made = {"text": text}
    for name in _LOOKS:
        if name in button:
            made[name] = button[name]
    data = button.get("callback_data")
    if data is not None:
        if not isinstance(data, str) or not 0 < len(data.encode()) <= DATA_LIMIT:
            raise bad_request("BUTTON_DATA_INVALID")
        made["callback_data"] = data
        return made
    for name in _ACTIONS:
        if name in button:
            made[name] = button[name]
            if name == "url":
                made["url"] = _url(button["url"])
            return made
    raise bad_request("can't parse inline keyboard button: Text buttons are unallowed in the inline keyboard")


def _url(url: Any) -> str:
    """The URL of a button as Telegram keeps it."""
    link = link_entity(url, 0, 1) if isinstance(url, str) else None
    if link is None:
        raise bad_request(f"inline keyboard button URL '{url}' is invalid: Wrong HTTP URL")
    return str(link.get("url", url))


def _reply(value: Json) -> Json:
    rows = _rows(value["keyboard"], "reply keyboard")
    for row in rows:
        for button in row:
            text = button if isinstance(button, str) else button.get("text") if isinstance(button, dict) else None
            if not isinstance(text, str) or not text:
                raise bad_request('can\'t parse keyboard button: Field "text" must be of type String')
    return {**value, "keyboard": [[{"text": b} if isinstance(b, str) else b for b in row] for row in rows]}
