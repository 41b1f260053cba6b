"""What people send and tap."""

import asyncio
from dataclasses import replace

from starlette.datastructures import UploadFile
from starlette.requests import Request
from starlette.responses import Response

from sandbox import people
from sandbox.arguments import Upload
from sandbox.control.bodies import NewTap, NewText, check, read
from sandbox.control.context import account_of, answer, phone_of, world_of
from sandbox.errors import ControlError
from sandbox.media import new_media
from sandbox.people import Finger, caption_to_send, text_to_send
from sandbox.records import Json, Person
from sandbox.taps import TapResult
from sandbox.voices import is_wav, note_of

FILE_PARTS = ("photo", "voice", "document", "audio")


async def send(request: Request) -> Response:
    """POST /sandbox/users/{id}/messages."""
    person = phone_of(request).record.person
    file_bytes = 0
    if request.headers.get("content-type", "").lower().startswith("multipart/form-data"):
        content, file_bytes = await _file(request)
    else:
        content = _text(check(await request.body(), NewText), person)
    sent = people.send(world_of(request), account_of(request), person.id, content, file_bytes)
    return answer(sent, 201)


async def tap(request: Request) -> Response:
    """POST /sandbox/users/{id}/taps: answers when the bot did, or the tap is lost."""
    person_id = phone_of(request).record.person.id
    body = await read(request, NewTap)
    finger = Finger(body.message_id, body.data, body.label, body.forged)
    results = await people.tap(
        world_of(request),
        account_of(request),
        person_id,
        finger,
        times=body.repeat,
        twice_told=body.duplicate_update,
    )
    shown = [_shown(result) for result in results]
    return answer(shown[0] if len(shown) == 1 else {**shown[0], "answers": shown})


async def delete(request: Request) -> Response:
    """DELETE /sandbox/users/{id}/messages/{message_id}."""
    person_id = phone_of(request).record.person.id
    message_id = request.path_params["message_id"]
    people.delete(world_of(request), account_of(request), person_id, message_id)
    return answer({"deleted": message_id})


def _shown(result: TapResult) -> Json:
    shown: Json = {
        "answered": result.answered,
        "text": result.text,
        "alert": result.alert,
        "waited_ms": result.waited_ms,
    }
    if result.url:
        shown["url"] = result.url
    return shown


def _text(body: NewText, person: Person) -> Json:
    if body.contact == (body.text is not None):
        raise ControlError('send either {"text": "…"} or {"contact": true}')
    if body.text is not None:
        return text_to_send(body.text)
    contact: Json = {"phone_number": person.phone_number, "first_name": person.first_name, "user_id": person.id}
    if person.last_name:
        contact["last_name"] = person.last_name
    return {"contact": contact}


async def _file(request: Request) -> tuple[Json, int]:
    world, account = world_of(request), account_of(request)
    form = await request.form()
    parts = [(name, value) for name, value in form.items() if name in FILE_PARTS]
    if len(parts) != 1 or not isinstance(parts[0][1], UploadFile):
        raise ControlError(f"send exactly one file, as a part named one of: {', '.join(FILE_PARTS)}")
    kind, part = parts[0]
    assert isinstance(part, UploadFile)
    upload = Upload(part.filename or kind, part.content_type or "application/octet-stream", await part.read())
    typed = form.get("caption")
    caption = caption_to_send(typed) if isinstance(typed, str) else {}
    duration = form.get("duration")
    options: Json = {"duration": duration} if duration else {}
    if kind == "voice" and is_wav(upload.content):
        note = await asyncio.to_thread(note_of, upload.content)
        upload = replace(upload, name="voice.ogg", mime_type="audio/ogg", content=note.content)
        options = {"duration": max(1, round(note.seconds))}
    content = new_media(world.files, account.id, kind, upload, options)
    return content | caption, len(upload.content)
