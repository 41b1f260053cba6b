"""Editing messages in place."""

from dataclasses import replace

from sandbox.chats import Chat
from sandbox.compose import read_caption, read_text, text_content
from sandbox.errors import ApiError, bad_request
from sandbox.markup import read_markup
from sandbox.media import KINDS
from sandbox.methods.media import input_media
from sandbox.methods.registry import Call, method
from sandbox.records import Json, Message

NOT_MODIFIED = (
    "message is not modified: specified new message content and reply markup are exactly the same "
    "as a current content and reply markup of the message"
)
CAPTION_FIELDS = ("caption", "caption_entities", "show_caption_above_media")
LINKS = ("url", "text_link")
EXCHANGEABLE = ("text", "photo", "audio", "document")
"""What another photo or file can take the place of; Telegram has no voice messages among them."""


@method("editMessageText")
def edit_message_text(call: Call) -> Json:
    """Give a message another text and keyboard."""
    chat, message = _editable(call)
    formatted = read_text(call.args)
    if "text" not in message.content:
        raise bad_request("there is no text in the message to edit")
    return _edit(call, chat, message, text_content(formatted, call.args))


@method("editMessageCaption")
def edit_message_caption(call: Call) -> Json:
    """Give a photo or file another caption and keyboard."""
    chat, message = _editable(call)
    if not any(kind in message.content for kind in KINDS):
        raise bad_request("there is no caption in the message to edit")
    kept = {name: value for name, value in message.content.items() if name not in CAPTION_FIELDS}
    return _edit(call, chat, message, kept | read_caption(call.args, above="photo" in kept))


@method("editMessageReplyMarkup")
def edit_message_reply_markup(call: Call) -> Json:
    """Give a message another keyboard, or none."""
    chat, message = _editable(call)
    return _edit(call, chat, message, message.content)


@method("editMessageMedia")
def edit_message_media(call: Call) -> Json:
    """Put another photo or file into a message, or into the place of a text."""
    chat, message = _editable(call)
    media = call.args.json_object("media")
    if media is None:
        raise bad_request("input media is not specified")
    if not any(kind in message.content for kind in EXCHANGEABLE):
        raise bad_request("there is no media in the message to edit")
    return _edit(call, chat, message, input_media(call, media, ("photo", "audio", "document")))


def _editable(call: Call) -> tuple[Chat, Message]:
    if call.args.raw.get("inline_message_id"):
        raise ApiError(501, "Not Implemented: the sandbox has no inline messages")
    chat = call.chat()
    message = call.message(chat, "message to edit not found")
    if not message.from_bot or "forward_origin" in message.head or message.keyboard is not None:
        raise bad_request("message can't be edited")
    return chat, message


def _edit(call: Call, chat: Chat, message: Message, content: Json) -> Json:
    keyboard = read_markup(call.args, only_inline=True).inline
    if _effective(content) == _effective(message.content) and keyboard == message.inline_keyboard:
        raise bad_request(NOT_MODIFIED)
    edited = replace(message, content=content, inline_keyboard=keyboard, edit_date=int(call.world.clock.now()))
    chat.store(edited)
    return chat.as_json(edited)


def _effective(content: Json) -> Json:
    """The content without options for the preview of a link that is not there."""
    options = content.get("link_preview_options")
    if not options or options.get("url") or any(one["type"] in LINKS for one in content.get("entities", [])):
        return content
    return {name: value for name, value in content.items() if name != "link_preview_options"}
