"""Deleting, pinning and reacting to messages."""

from sandbox.chats import Chat
from sandbox.errors import bad_request
from sandbox.methods.registry import Call, method
from sandbox.records import Message
from sandbox.world import NewMessage

DELETABLE_FOR_S = 48 * 3600
BATCH_LIMIT = 100


@method("deleteMessage")
def delete_message(call: Call) -> bool:
    """Delete one message, the bot's or the person's, of the last 48 hours."""
    chat = call.find_chat("chat_id")
    message = call.message(chat, "message to delete not found")
    if not _deletable(call, message):
        raise bad_request("message can't be deleted for everyone")
    chat.delete(message.message_id)
    return True


@method("deleteMessages")
def delete_messages(call: Call) -> bool:
    """Delete those of up to 100 messages that can be deleted."""
    chat = call.find_chat("chat_id")
    wanted = call.args.json_array("message_ids")
    if not wanted or not all(type(message_id) is int for message_id in wanted):
        raise bad_request("message identifiers are not specified")
    if len(wanted) > BATCH_LIMIT:
        raise bad_request("too many messages to delete")
    for message_id in wanted:
        message = chat.record.messages.get(message_id)
        if message is not None and _deletable(call, message):
            chat.delete(message_id)
    return True


@method("pinChatMessage")
def pin_chat_message(call: Call) -> bool:
    """Pin a message at the top of the chat; the chat says so in a message of its own."""
    chat = call.chat()
    message = call.message(chat, "message to pin not found")
    if message.message_id not in chat.record.pinned:
        chat.record.pinned.append(message.message_id)
        content = {"pinned_message": chat.as_json(message, with_reply=False)}
        call.world.add_message(call.account, chat, NewMessage(content), from_bot=True)
    return True


@method("unpinChatMessage")
def unpin_chat_message(call: Call) -> bool:
    """Unpin a message, or the newest that is pinned."""
    chat = call.chat()
    message_id = call.args.integer("message_id") or (chat.record.pinned or [0])[-1]
    if message_id not in chat.record.pinned:
        raise bad_request("message to unpin not found")
    chat.record.pinned.remove(message_id)
    return True


@method("setMessageReaction")
def set_message_reaction(call: Call) -> bool:
    """React to a message with an emoji, or take the reaction back."""
    chat: Chat = call.chat()
    call.message(chat, "message to react not found")
    for reaction in call.args.json_array("reaction") or []:
        if not isinstance(reaction, dict) or reaction.get("type") not in ("emoji", "custom_emoji", "paid"):
            raise bad_request("REACTION_INVALID")
    return True


def _deletable(call: Call, message: Message) -> bool:
    return call.world.clock.now() - message.date <= DELETABLE_FOR_S
