"""What phones show."""

from collections.abc import AsyncIterator
from typing import Any

from starlette.requests import Request
from starlette.responses import Response, StreamingResponse

from sandbox.chats import Chat
from sandbox.control.context import account_of, answer, number, phone_by_id, phone_of, world_of
from sandbox.profiles import seen_by
from sandbox.records import Json, Message
from sandbox.text.render import as_html

LONGEST_WAIT_S = 60.0
KEEP_ALIVE_S = 25.0


async def chat(request: Request) -> Response:
    """GET /sandbox/users/{id}/chat: now, or with ``after`` and ``wait_s`` as soon as it has changed.

    ``last`` limits the answer to so many of the newest messages.
    """
    phone = phone_of(request)
    opened = world_of(request).open_chat(account_of(request), phone.record.person.id)
    after = number(request, "after", -1)
    if after >= 0:
        wait_s = min(LONGEST_WAIT_S, number(request, "wait_s", 0))
        await opened.screen.change_after(int(after), wait_s)
    return answer(shown(opened, int(number(request, "last", 0))) | {"link": phone.record.link})


async def events(request: Request) -> Response:
    """GET /sandbox/users/{id}/events: server-sent events, one for every change of the chat."""
    world = world_of(request)
    opened = world.open_chat(account_of(request), phone_of(request).record.person.id)

    async def changes() -> AsyncIterator[str]:
        version = -1
        while not world.closed:
            if opened.screen.version > version:
                version = opened.screen.version
                yield f'event: chat\ndata: {{"version": {version}}}\n\n'
            else:
                yield ":\n\n"
            await opened.screen.change_after(version, KEEP_ALIVE_S)

    return StreamingResponse(changes(), media_type="text/event-stream", headers={"cache-control": "no-store"})


async def bot(request: Request) -> Response:
    """GET /sandbox/bot?user_id=: the bot's profile as this person sees it."""
    person = phone_by_id(request, int(number(request, "user_id", 0))).record.person
    return answer(seen_by(account_of(request), person))


def shown(opened: Chat, last: int = 0) -> Json:
    """A chat as the phone shows it, oldest first; what has not been sent yet stands at the end."""
    record, screen = opened.record, opened.screen
    ids = sorted(record.shown)
    messages = [_message(record.shown[message_id]) for message_id in (ids[-last:] if last > 0 else ids)]
    messages += [_pending(one.local_id, one.content) for one in screen.outgoing]
    rows = screen.reply_keyboard()
    return {
        "messages": messages,
        "reply_keyboard": [[button["text"] for button in row] for row in rows],
        "contact_labels": [button["text"] for row in rows for button in row if button.get("request_contact")],
        "pinned": [message_id for message_id in record.pinned if message_id in record.shown],
        "blocked": record.blocked,
        "version": screen.version,
    }


def _message(message: Message) -> Json:
    shown_: Json = {
        "message_id": message.message_id,
        "from_bot": message.from_bot,
        "date": message.date,
        **_content(message.content),
        "buttons": _buttons(message.inline_keyboard),
        "edited": message.edit_date is not None,
    }
    if message.reply_to is not None:
        shown_["reply_to"] = message.reply_to
    if "forward_origin" in message.head:
        shown_["forwarded"] = True
    return shown_


def _pending(local_id: int, content: Json) -> Json:
    return {
        "message_id": local_id,
        "from_bot": False,
        **_content(content),
        "buttons": [],
        "edited": False,
        "pending": True,
    }


def _content(content: Json) -> Json:
    text: str = content.get("text") or content.get("caption") or ""
    entities = content.get("entities") or content.get("caption_entities") or []
    shown_: Json = {"text": text, "html": as_html(text, entities)}
    if photo := content.get("photo"):
        largest = photo[-1]
        shown_["photo"] = _file(largest) | {"width": largest["width"], "height": largest["height"]}
        if content.get("has_media_spoiler"):
            shown_["spoiler"] = True
    for kind in ("voice", "audio", "document"):
        if file := content.get(kind):
            shown_[kind] = _file(file) | {
                name: file[name] for name in ("duration", "file_name", "mime_type") if name in file
            }
    if contact := content.get("contact"):
        shown_["contact"] = contact
    if "pinned_message" in content:
        shown_["pinned_message"] = content["pinned_message"]["message_id"]
    return shown_


def _file(file: Json) -> dict[str, Any]:
    return {"file_id": file["file_id"], "bytes": file["file_size"], "url": f"/sandbox/files/{file['file_id']}"}


def _buttons(keyboard: Json | None) -> list[list[Json]]:
    rows = (keyboard or {}).get("inline_keyboard", [])
    return [[_button(button) for button in row] for row in rows]


def _button(button: Json) -> Json:
    shown_: Json = {"label": button["text"], "data": button.get("callback_data")}
    if "url" in button:
        shown_["url"] = button["url"]
    return shown_
