"""What a person does with the phone: writes, taps, deletes, blocks."""

import asyncio
from dataclasses import dataclass
from itertools import count

from sandbox.bots import BotAccount
from sandbox.chats import Chat, Outgoing
from sandbox.compose import CAPTION_LIMIT, TEXT_LIMIT
from sandbox.errors import ControlError
from sandbox.meter import MESSAGE_BYTES
from sandbox.methods.account import member
from sandbox.records import Json, Message
from sandbox.taps import Tap, TapResult
from sandbox.text.entities import finish, utf16_length
from sandbox.updates import CALLBACK_LIFETIME_S, MESSAGE_LIFETIME_S
from sandbox.world import NewMessage, World

_local_ids = count(1)


@dataclass(frozen=True, slots=True)
class Sent:
    """A message that was sent, or is kept until it can be (``pending``, with an id below zero)."""

    message_id: int
    pending: bool


def text_to_send(text: str) -> Json:
    """What a person typed, as the content of a message."""
    content = _typed(text, "text", "entities", TEXT_LIMIT)
    if not content:
        raise ControlError("a message needs some text")
    return content


def caption_to_send(caption: str) -> Json:
    """What a person typed below a file, as fields of a message; nothing if it is empty."""
    return _typed(caption, "caption", "caption_entities", CAPTION_LIMIT)


def _typed(text: str, name: str, entities_name: str, limit: int) -> Json:
    formatted = finish(text, [])
    length = utf16_length(formatted.text)
    if length > limit:
        raise ControlError(f"a {name} has at most {limit} UTF-16 units, and this one has {length}: send a shorter one")
    if not formatted.text:
        return {}
    content: Json = {name: formatted.text}
    if formatted.entities:
        content[entities_name] = formatted.entities
    return content


def send(world: World, account: BotAccount, person_id: int, content: Json, file_bytes: int = 0) -> Sent:
    """Send a message to the bot, now or when the phone is online again."""
    phone = world.phones[person_id]
    chat = world.open_chat(account, person_id)
    if chat.record.blocked:
        raise ControlError('this person has blocked the bot: first PUT {"blocked": false}', 409)
    text = content.get("text") or content.get("caption") or ""
    outgoing = Outgoing(-next(_local_ids), content, MESSAGE_BYTES + len(text.encode()) + file_bytes)
    phone.keep_files(content)
    screen = chat.screen
    screen.outgoing.append(outgoing)
    _press(chat, content)
    screen.changed()
    arrived: list[Message] = []

    def arrive() -> None:
        screen.outgoing.remove(outgoing)
        if chat.record.blocked:
            screen.changed()
            return
        chat.record.started = True
        message = world.add_message(account, chat, NewMessage(content), from_bot=False)
        arrived.append(message)
        screen.show(message)
        account.updates.add(
            "message", chat.as_json(message), queue=f"message:{person_id}", lifetime_s=MESSAGE_LIFETIME_S
        )
        world.touch()

    phone.send(outgoing, arrive)
    return Sent(arrived[0].message_id, False) if arrived else Sent(outgoing.local_id, True)


def _press(chat: Chat, content: Json) -> None:
    """A keyboard that is there for one press goes away with it."""
    keyboard = chat.record.keyboard
    if keyboard and keyboard.get("one_time_keyboard"):
        buttons = [button for row in chat.screen.reply_keyboard() for button in row]
        if "contact" in content:
            pressed = any(button.get("request_contact") for button in buttons)
        else:
            pressed = content.get("text") in {button["text"] for button in buttons}
        if pressed:
            chat.record.keyboard = None


@dataclass(frozen=True, slots=True)
class Finger:
    """Which button to tap: by its data or label; ``forged`` sends data that no button has."""

    message_id: int
    data: str | None = None
    label: str | None = None
    forged: bool = False


async def tap(
    world: World, account: BotAccount, person_id: int, finger: Finger, *, times: int = 1, twice_told: bool = False
) -> list[TapResult]:
    """Tap a button ``times`` times at once; returns when each was answered or is lost.

    ``twice_told``: the server delivers each of these updates to the bot twice.
    """
    chat = world.open_chat(account, person_id)
    data = _data(chat, finger)
    taps = [_begin(world, account, chat, finger.message_id, data, twice_told) for _ in range(times)]
    return list(await asyncio.gather(*(one.result for one in taps)))


def _begin(world: World, account: BotAccount, chat: Chat, message_id: int, data: str, twice_told: bool) -> Tap:
    person_id = chat.record.person_id
    phone = world.phones[person_id]
    tap_ = world.taps.begin(phone)

    def arrive() -> None:
        message = chat.record.messages.get(message_id)
        if message is None or chat.record.blocked:
            world.taps.lose(tap_)
            return
        query_id = account.next_query_id()
        world.taps.arrived(account.id, query_id, tap_)
        query = {
            "id": query_id,
            "from": chat.person_json,
            "message": chat.as_json(message),
            "chat_instance": str(account.id * 1_000_003 ^ person_id),
            "data": data,
        }
        account.updates.add(
            "callback_query",
            query,
            queue=f"callback:{person_id}",
            lifetime_s=CALLBACK_LIFETIME_S,
            repeated=twice_told,
        )
        world.touch()

    phone.signal(MESSAGE_BYTES + len(data.encode()), arrive, lambda: world.taps.lose(tap_))
    return tap_


def _data(chat: Chat, finger: Finger) -> str:
    """The data of the button under the finger. Raises ControlError if the phone shows no such button."""
    message = chat.record.shown.get(finger.message_id)
    if message is None:
        newest = list(chat.record.shown)[-5:]
        raise ControlError(f"the phone shows no message {finger.message_id}; the newest it shows: {newest}", 404)
    if finger.forged and finger.data is not None:
        return finger.data
    rows = (message.inline_keyboard or {}).get("inline_keyboard", [])
    buttons = [button for row in rows for button in row]
    for button in buttons:
        data = button.get("callback_data")
        wanted = button["text"] == finger.label if finger.data is None else data == finger.data
        if wanted and data is not None:
            return str(data)
    known = [f"{button['text']!r}: {button.get('callback_data')!r}" for button in buttons]
    raise ControlError(f"message {finger.message_id} has no such button; it has {', '.join(known) or 'none'}", 404)


def delete(world: World, account: BotAccount, person_id: int, message_id: int) -> None:
    """Delete a message for both sides."""
    phone = world.phones[person_id]
    chat = world.open_chat(account, person_id)
    if not phone.record.link.online:
        raise ControlError("the phone is offline and cannot delete for both sides; put it online first", 409)
    if message_id not in chat.record.messages:
        raise ControlError(f"there is no message {message_id} in this chat", 404)
    del chat.record.messages[message_id]
    chat.screen.hide(message_id)
    phone.traffic.up_bytes += MESSAGE_BYTES


def set_blocked(world: World, account: BotAccount, person_id: int, *, blocked: bool) -> None:
    """Block or unblock the bot; it is told."""
    chat = world.open_chat(account, person_id)
    if chat.record.blocked == blocked:
        return
    old = member(chat.bot_json, banned=chat.record.blocked)
    chat.record.blocked = blocked
    chat.record.started = True
    chat.screen.changed()
    changed = {
        "chat": chat.chat_json,
        "from": chat.person_json,
        "date": int(world.clock.now()),
        "old_chat_member": old,
        "new_chat_member": member(chat.bot_json, banned=blocked),
    }
    account.updates.add("my_chat_member", changed, queue=f"member:{person_id}", lifetime_s=MESSAGE_LIFETIME_S)
