"""The bot itself, and the people it talks with."""

from sandbox.errors import bad_request
from sandbox.methods.registry import Call, method
from sandbox.records import Json


@method("getMe")
def get_me(call: Call) -> Json:
    """The bot as a user."""
    return {
        **call.account.json,
        "can_join_groups": True,
        "can_read_all_group_messages": False,
        "supports_inline_queries": False,
        "can_connect_to_business": False,
        "has_main_web_app": False,
    }


@method("logOut")
def log_out(call: Call) -> bool:
    """Allow the bot to move to a server of its own; here nothing follows from it."""
    call.account.updates.end_poll()
    return True


@method("close")
def close(call: Call) -> bool:
    """Close the bot on this server before it moves to another; here nothing follows from it."""
    call.account.updates.end_poll()
    return True


@method("getChat")
def get_chat(call: Call) -> Json:
    """What there is to know of a chat."""
    chat = call.find_chat("chat_id")
    found: Json = {
        **chat.chat_json,
        "accent_color_id": chat.record.person_id % 7,
        "max_reaction_count": 11,
        "accepted_gift_types": dict.fromkeys(
            ("unlimited_gifts", "limited_gifts", "unique_gifts", "premium_subscription", "gifts_from_channels"), True
        ),
    }
    if chat.record.pinned:
        newest = chat.record.messages[chat.record.pinned[-1]]
        found["pinned_message"] = chat.as_json(newest, with_reply=False)
    return found


@method("getChatMember")
def get_chat_member(call: Call) -> Json:
    """One of the two who are in a private chat."""
    chat = call.find_chat("chat_id")
    user_id = call.args.integer("user_id")
    if user_id == chat.record.person_id:
        return member(chat.person_json, banned=False)
    if user_id == call.account.id:
        return member(chat.bot_json, banned=chat.record.blocked)
    raise bad_request("invalid user_id specified" if user_id is None else "member not found")


def member(user: Json, *, banned: bool) -> Json:
    """Somebody's membership of a private chat; a blocked bot is a banned one."""
    if banned:
        return {"user": user, "status": "kicked", "until_date": 0}
    return {"user": user, "status": "member"}
