"""Sending, forwarding and copying messages."""

from sandbox.chats import Chat
from sandbox.compose import read_caption, read_envelope, read_text, text_content
from sandbox.errors import bad_request
from sandbox.markup import read_markup
from sandbox.methods.registry import Call, method
from sandbox.records import Json, Message
from sandbox.world import NewMessage

ACTIONS = frozenset(
    {
        "typing",
        "upload_photo",
        "record_video",
        "upload_video",
        "record_voice",
        "upload_voice",
        "upload_document",
        "choose_sticker",
        "find_location",
        "record_video_note",
        "upload_video_note",
    }
)


@method("sendMessage")
def send_message(call: Call) -> Json:
    """Send a text."""
    chat = call.chat()
    content = text_content(read_text(call.args), call.args)
    return chat.as_json(post(call, chat, content))


@method("sendChatAction")
def send_chat_action(call: Call) -> bool:
    """Show "typing…" or the like."""
    chat = call.chat()
    if call.args.text("action") not in ACTIONS:
        raise bad_request("wrong parameter action in request")
    call.world.phones[chat.record.person_id].notify("", _nothing, _nothing)
    return True


@method("forwardMessage")
def forward_message(call: Call) -> Json:
    """Send a message again, with a note of where it comes from."""
    chat = call.chat()
    source, original = _original(call, "message to forward not found")
    if original.head.get("has_protected_content"):
        raise bad_request("message can't be forwarded")
    origin = original.head.get("forward_origin") or {
        "type": "user",
        "sender_user": source.bot_json if original.from_bot else source.person_json,
        "date": original.date,
    }
    head = {"forward_origin": origin}
    if call.args.boolean("protect_content"):
        head["has_protected_content"] = True
    new = NewMessage(original.content, head=head)
    return chat.as_json(call.world.add_message(call.account, chat, new, from_bot=True))


@method("copyMessage")
def copy_message(call: Call) -> Json:
    """Send a message again, as if it were the bot's own."""
    chat = call.chat()
    _, original = _original(call, "message to copy not found")
    content = original.content
    if "caption" in call.args.raw and "text" not in content:
        kept = ("caption", "caption_entities", "show_caption_above_media")
        content = {name: value for name, value in content.items() if name not in kept}
        content |= read_caption(call.args, above="photo" in content)
    return {"message_id": post(call, chat, content).message_id}


def post(call: Call, chat: Chat, content: Json) -> Message:
    """Put a message with the call's keyboard and reply into the chat."""
    markup = read_markup(call.args)
    envelope = read_envelope(call.args, chat)
    new = NewMessage(content, markup.inline, markup.below, envelope.reply_to, envelope.head)
    return call.world.add_message(call.account, chat, new, from_bot=True)


def _original(call: Call, missing: str) -> tuple[Chat, Message]:
    source = call.find_chat("from_chat_id")
    return source, call.message(source, missing)


def _nothing() -> None:
    """A chat action leaves nothing behind."""
