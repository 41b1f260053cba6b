"""Reads what the calls that send or edit messages have in common: texts, captions, replies."""

from dataclasses import dataclass

from sandbox.arguments import Arguments
from sandbox.chats import Chat
from sandbox.errors import bad_request
from sandbox.records import Json
from sandbox.text.entities import FormattedText, check_given, finish, utf16_length
from sandbox.text.html import parse_html
from sandbox.text.markdown import parse_markdown

TEXT_LIMIT = 4096
CAPTION_LIMIT = 1024


def read_text(args: Arguments) -> FormattedText:
    """Read ``text``, ``parse_mode`` and ``entities``. Raises ApiError 400 if empty, too long or not parsable.

    Lengths are counted in UTF-16 units, the strictest way that Telegram's words allow.
    """
    text = args.text("text")
    if not text:
        raise bad_request("message text is empty")
    formatted = _format(args, text, "entities")
    if not formatted.text:
        raise bad_request("message text is empty")
    if len(formatted.text) > TEXT_LIMIT // 2 and utf16_length(formatted.text) > TEXT_LIMIT:
        raise bad_request("message is too long")
    return formatted


def read_caption(args: Arguments, *, above: bool) -> Json:
    """Read ``caption`` with its entities, as fields of a message; nothing if there is none.

    ``above``: it may stand above what it is about, as that of a photo may.
    """
    text = args.text("caption")
    if not text:
        return {}
    formatted = _format(args, text, "caption_entities")
    if utf16_length(formatted.text) > CAPTION_LIMIT:
        raise bad_request("message caption is too long")
    content: Json = {}
    if formatted.text:
        content["caption"] = formatted.text
        if formatted.entities:
            content["caption_entities"] = formatted.entities
    if above and args.boolean("show_caption_above_media"):
        content["show_caption_above_media"] = True
    return content


def text_content(formatted: FormattedText, args: Arguments) -> Json:
    """A text as fields of a message."""
    content: Json = {"text": formatted.text}
    if formatted.entities:
        content["entities"] = formatted.entities
    preview = args.json_object("link_preview_options")
    if preview:
        content["link_preview_options"] = preview
    return content


def _format(args: Arguments, text: str, entities_name: str) -> FormattedText:
    mode = (args.text("parse_mode") or "").lower()
    if mode == "html":
        return finish(*parse_html(text))
    if mode == "markdownv2":
        return finish(*parse_markdown(text))
    if mode == "markdown":
        raise bad_request("the sandbox does not parse the old Markdown; use HTML or MarkdownV2")
    if mode and mode != "none":
        raise bad_request("unsupported parse_mode")
    given = args.json_array(entities_name)
    if given:
        return finish(text, check_given(text, [one if isinstance(one, dict) else {} for one in given]))
    return finish(text, [])


@dataclass(frozen=True, slots=True)
class Envelope:
    """What every new message carries beside its content."""

    reply_to: int | None
    head: Json


def read_envelope(args: Arguments, chat: Chat) -> Envelope:
    """Read ``reply_parameters`` and ``protect_content``. Raises ApiError 400 if there is nothing to reply to."""
    head: Json = {"has_protected_content": True} if args.boolean("protect_content") else {}
    reply = _reply(args)
    if not reply:
        return Envelope(None, head)
    message_id = reply.get("message_id")
    if type(message_id) is int and message_id in chat.record.messages:
        return Envelope(message_id, head)
    if reply.get("allow_sending_without_reply"):
        return Envelope(None, head)
    raise bad_request("message to be replied not found")


def _reply(args: Arguments) -> Json | None:
    """``reply_parameters``, also from the parameters that said the same before Bot API 7.0."""
    given = args.json_object("reply_parameters")
    if given:
        return given
    message_id = args.integer("reply_to_message_id")
    if not message_id or message_id < 0:
        return None
    anyway = args.boolean("allow_sending_without_reply")
    return {"message_id": message_id, "allow_sending_without_reply": anyway}
