"""A screen becomes a message, new or the one tapped: a text, or a picture or sound with a text below it."""

from collections.abc import Mapping
from dataclasses import replace
from datetime import timedelta
from typing import Any

import orjson
import structlog

from bot.incoming import Target
from bot.screens import Keys, Media, Place, Played, Reaction, Screen
from bot.session import FILE, File, call
from bot.telegram import (
    Bot,
    DeleteMessage,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageText,
    InlineKeyboardMarkup,
    SendDocument,
    SendMessage,
    SendPhoto,
    SendVoice,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramMethod,
)
from bot.uploads import Uploads
from bot.weighing import Scale
from crowd.media.uploads import Upload
from db.database import Database

_log = structlog.get_logger(__name__)

SAME_SESSION = timedelta(hours=6)
"""A message older than this is left where it is, and the screen goes below, where the worker looks."""

_NO_PREVIEW = {"is_disabled": True}

Json = dict[str, Any]


class Stage:
    """Where screens are shown."""

    def __init__(self, bot: Bot, database: Database, scale: Scale) -> None:
        self._bot = bot
        self._database = database
        self._scale = scale
        self._uploads = Uploads(bot.id, database)

    async def show(self, target: Target, reaction: Reaction) -> None:
        """Show the screen of a reaction, if it has one. Raises aiogram's exceptions.

        Telegram lets a text become a picture, and a picture another, but no picture a text, and nothing a sound; nor
        can a message become protected. There a new message takes the place of the old one.
        """
        if reaction.screen is None:
            return
        screen, place = await self._sparing(target, reaction, reaction.screen), reaction.place
        if screen.document is not None:
            await self._send(target.person_id, screen)
            return
        recent = target.sent_at is not None and self._database.clock() - target.sent_at < SAME_SESSION
        at = target.message_id if place is Place.SAME and recent and screen.keys is None else None
        there = await self._is_there(target, screen.media)
        stays = at is not None and (there or _can_become(target, screen)) and (target.protected or not screen.protected)
        if stays and await self._edit(target, at, screen, there=there):
            return
        await self._send(target.person_id, screen)
        if at is not None and not stays:
            await self._remove(target.person_id, at)

    async def _sparing(self, target: Target, reaction: Reaction, screen: Screen) -> Screen:
        """For one who saves data: the small picture, and only when they asked for it, or have it on the screen."""
        if not reaction.saves or screen.media is None:
            return screen
        spared = replace(screen, media=screen.media.smaller)
        if reaction.looks or screen.saving is None or await self._is_there(target, spared.media):
            return spared
        try:
            size = await self._uploads.size(screen.media.smaller)
        except OSError:  # that is told when it is asked for
            size = 0
        return replace(screen, buttons=screen.saving(size), media=None, otherwise=None)

    async def _edit(self, target: Target, message_id: int | None, screen: Screen, *, there: bool) -> bool:
        """Change a message into a screen, whose media is `there` already; False when it can no more be changed."""
        to = {"chat_id": target.person_id, "message_id": message_id}
        try:
            if screen.media is None:
                await call(self._bot, EditMessageText, {**to, **_text(screen)})
                self._scale.note(target.person_id, screen)
            elif there:  # it would flicker, and be veiled again
                await call(self._bot, EditMessageCaption, {**to, **_caption(screen), **_markup(screen)})
                self._scale.note(target.person_id, screen)
            else:
                size = await self._with_media(screen.media, EditMessageMedia, screen, {**to, **_markup(screen)})
                self._scale.note(target.person_id, screen, size)
        except TelegramBadRequest as error:
            if "not modified" in error.message:
                return True
            if "can't parse entities" in error.message:
                raise
            _log.info("delivery.sent_anew", person=target.person_id, reason=error.message)
            return False
        except OSError as error:
            return await self._edit(target, message_id, _without(screen, error), there=False)
        return True

    async def _is_there(self, target: Target, media: Media | None) -> bool:
        """Whether the message that was tapped shows, or plays, just that."""
        if target.media is None or media is None:
            return False
        upload = await self._uploads.known(media)
        return upload is not None and upload.identity == target.media

    async def _send(self, person_id: int, screen: Screen) -> None:
        try:
            if (document := screen.document) is not None:
                file = File(document.content, document.name, document.mime_type)
                parameters = {"chat_id": person_id, "document": FILE, **_caption(screen)}
                await call(self._bot, SendDocument, parameters, file=file)
                self._scale.note(person_id, screen, len(document.content))
            elif screen.media is None:
                await call(self._bot, SendMessage, {"chat_id": person_id, **_text(screen), **_protection(screen)})
                self._scale.note(person_id, screen)
            else:
                parameters = {"chat_id": person_id, **_protection(screen), **_markup(screen)}
                method = SendVoice if isinstance(screen.media, Played) else SendPhoto
                size = await self._with_media(screen.media, method, screen, parameters)
                self._scale.note(person_id, screen, size)
        except OSError as error:
            await self._send(person_id, _without(screen, error))

    async def _remove(self, person_id: int, message_id: int) -> None:
        try:
            await call(self._bot, DeleteMessage, {"chat_id": person_id, "message_id": message_id})
        except TelegramAPIError as error:  # it is old, or gone: what matters stands below it
            _log.info("delivery.not_removed", person=person_id, reason=str(error))

    async def _with_media(
        self, media: Media, method: type[TelegramMethod[Any]], screen: Screen, parameters: Json
    ) -> int:
        """Send a picture or sound by the network's name for it, or else as it is; its bytes. Raises OSError without."""
        sent = await self._by_name(media, method, screen, parameters)
        if sent is not None:
            return sent.bytes
        async with self._uploads.alone(media):
            sent = await self._by_name(media, method, screen, parameters)
            if sent is not None:
                return sent.bytes
            file = await self._uploads.file(media)
            raw = await call(self._bot, method, {**parameters, **_media(method, screen, FILE)}, file=file)
            await self._uploads.keep(media, _upload(raw, len(file.content)))
            return len(file.content)

    async def _by_name(
        self, media: Media, method: type[TelegramMethod[Any]], screen: Screen, parameters: Json
    ) -> Upload | None:
        """What the network had, and sent by its name; None where it has to be sent as it is."""
        upload = await self._uploads.known(media)
        if upload is None:
            return None
        try:
            await call(self._bot, method, {**parameters, **_media(method, screen, upload.handle)})
        except TelegramBadRequest as error:
            if "file identifier" not in error.message:
                raise
            await self._uploads.forget(media, upload.handle)
            return None
        return upload


def _can_become(target: Target, screen: Screen) -> bool:
    """Whether a message can be changed into a screen that shows something else than it does."""
    if isinstance(screen.media, Played) or target.sounds:
        return False
    return screen.media is not None or target.media is None


def _without(screen: Screen, error: OSError) -> Screen:
    """What is shown in the place of a screen whose picture cannot be had. Raises the error where there is nothing."""
    if screen.otherwise is None:
        raise error
    _log.error("delivery.no_media", error=str(error))
    return screen.otherwise


def _upload(raw: bytes, size: int) -> Upload:
    """What the network says of what it shows: its name (of a picture, in its largest size), and what identifies it."""
    sent = orjson.loads(raw)["result"]
    file = sent["voice"] if "voice" in sent else sent["photo"][-1]
    return Upload(file["file_id"], file["file_unique_id"], size)


def _media(method: type[TelegramMethod[Any]], screen: Screen, file: str) -> Json:
    """The parameters that say which picture or sound, and what stands below it."""
    if isinstance(screen.media, Played):
        return {"voice": file, **_caption(screen), "duration": -(-screen.media.sound.ms // 1000)}
    assert screen.media is not None
    about = {**_caption(screen), "has_spoiler": screen.media.veiled}
    if method is EditMessageMedia:
        return {"media": {"type": "photo", "media": file, **about}}
    return {"photo": file, **about}


def _protection(screen: Screen) -> Json:
    return {"protect_content": True} if screen.protected else {}


def _text(screen: Screen) -> Json:
    return {"text": screen.text, "parse_mode": "HTML", "link_preview_options": _NO_PREVIEW, **_markup(screen)}


def _caption(screen: Screen) -> Json:
    return {"caption": screen.text, "parse_mode": "HTML"}


def _markup(screen: Screen) -> Mapping[str, Any]:
    if screen.keys is not None:
        return {"reply_markup": _keys(screen.keys)}
    if not screen.buttons:
        return {}
    rows = [[{"text": button.label, "callback_data": button.data} for button in row] for row in screen.buttons]
    return {"reply_markup": {"inline_keyboard": rows}}


def _keys(rows: Keys) -> Json:
    if not rows:
        return {"remove_keyboard": True}
    return {"keyboard": [[{"text": text} for text in row] for row in rows], "resize_keyboard": True}


def keyboard(screen: Screen) -> InlineKeyboardMarkup | None:
    """A screen's buttons, for aiogram."""
    return InlineKeyboardMarkup.model_validate(_markup(screen)["reply_markup"]) if screen.buttons else None
