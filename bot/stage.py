"""A screen becomes a message, new or the one that was tapped: a text, or a picture with a text below it."""

from collections.abc import Mapping
from datetime import timedelta
from typing import Any

import orjson
import structlog

from bot.incoming import Target
from bot.pictures import Pictures
from bot.screens import Place, Screen, Shown
from bot.session import PICTURE, call
from bot.telegram import (
    Bot,
    DeleteMessage,
    EditMessageCaption,
    EditMessageMedia,
    EditMessageText,
    InlineKeyboardMarkup,
    SendMessage,
    SendPhoto,
    TelegramAPIError,
    TelegramBadRequest,
    TelegramMethod,
)
from crowd.media.uploads import Upload
from db.database import Database

_log = structlog.get_logger(__name__)

SAME_SESSION = timedelta(hours=6)
"""A message older than this is left where it is, and the screen goes below, where the worker looks."""

_NO_PREVIEW = {"is_disabled": True}

Json = dict[str, Any]


class Stage:
    """Where screens are shown."""

    def __init__(self, bot: Bot, database: Database) -> None:
        self._bot = bot
        self._database = database
        self._pictures = Pictures(bot.id, database)

    async def show(self, target: Target, screen: Screen, place: Place) -> None:
        """Show a screen. Raises aiogram's exceptions.

        Telegram lets a text become a picture, and a picture another, but no picture a text; nor can a message become
        protected. There a new message takes the place of the old one.
        """
        recent = target.sent_at is not None and self._database.clock() - target.sent_at < SAME_SESSION
        at = target.message_id if place is Place.SAME and recent else None
        stays = at is not None and (screen.picture is not None or target.picture is None)
        stays = stays and (target.protected or not screen.protected)
        if stays and await self._edit(target, at, screen):
            return
        await self._send(target.person_id, screen)
        if at is not None and not stays:
            await self._remove(target.person_id, at)

    async def _edit(self, target: Target, message_id: int | None, screen: Screen) -> bool:
        """Change a message into a screen; False when it can no more be changed."""
        to = {"chat_id": target.person_id, "message_id": message_id}
        try:
            if screen.picture is None:
                await call(self._bot, EditMessageText, {**to, **_text(screen)})
            elif await self._is_there(target, screen.picture):  # it would flicker, and be veiled again
                await call(self._bot, EditMessageCaption, {**to, **_caption(screen), **_markup(screen)})
            else:
                await self._with_picture(screen.picture, EditMessageMedia, screen, {**to, **_markup(screen)})
        except TelegramBadRequest as error:
            if "not modified" in error.message:
                return True
            if "can't parse entities" in error.message:
                raise
            _log.info("delivery.sent_anew", person=target.person_id, reason=error.message)
            return False
        except OSError as error:
            return await self._edit(target, message_id, _without(screen, error))
        return True

    async def _is_there(self, target: Target, shown: Shown) -> bool:
        """Whether the message that was tapped shows just that."""
        if target.picture is None:
            return False
        upload = await self._pictures.known(shown)
        return upload is not None and upload.identity == target.picture

    async def _send(self, person_id: int, screen: Screen) -> None:
        try:
            if screen.picture is None:
                await call(self._bot, SendMessage, {"chat_id": person_id, **_text(screen), **_protection(screen)})
            else:
                parameters = {"chat_id": person_id, **_protection(screen), **_markup(screen)}
                await self._with_picture(screen.picture, SendPhoto, screen, parameters)
        except OSError as error:
            await self._send(person_id, _without(screen, error))

    async def _remove(self, person_id: int, message_id: int) -> None:
        try:
            await call(self._bot, DeleteMessage, {"chat_id": person_id, "message_id": message_id})
        except TelegramAPIError as error:  # it is old, or gone: what matters stands below it
            _log.info("delivery.not_removed", person=person_id, reason=str(error))

    async def _with_picture(
        self, shown: Shown, method: type[TelegramMethod[Any]], screen: Screen, parameters: Json
    ) -> None:
        """Send a picture by the network's name for it, or else the picture itself. Raises OSError without one."""
        if await self._by_name(shown, method, screen, parameters):
            return
        async with self._pictures.alone(shown):
            if await self._by_name(shown, method, screen, parameters):
                return
            picture = await self._pictures.drawn(shown)
            raw = await call(self._bot, method, {**parameters, **_picture(method, screen, PICTURE)}, picture=picture)
            await self._pictures.keep(shown, _upload(raw))

    async def _by_name(self, shown: Shown, method: type[TelegramMethod[Any]], screen: Screen, parameters: Json) -> bool:
        """Whether the network had the picture, and it was sent by its name."""
        upload = await self._pictures.known(shown)
        if upload is None:
            return False
        try:
            await call(self._bot, method, {**parameters, **_picture(method, screen, upload.handle)})
        except TelegramBadRequest as error:
            if "file identifier" not in error.message:
                raise
            await self._pictures.forget(shown, upload.handle)
            return False
        return True


def _without(screen: Screen, error: OSError) -> Screen:
    """What is shown in the place of a screen whose picture cannot be had. Raises the error where there is nothing."""
    if screen.otherwise is None:
        raise error
    _log.error("delivery.no_picture", error=str(error))
    return screen.otherwise


def _upload(raw: bytes) -> Upload:
    """What the network says of a picture that it shows: the name of its largest size, and what tells it from others."""
    largest = orjson.loads(raw)["result"]["photo"][-1]
    return Upload(largest["file_id"], largest["file_unique_id"])


def _picture(method: type[TelegramMethod[Any]], screen: Screen, media: str) -> Json:
    """The parameters that say which picture, and what stands below it."""
    assert screen.picture is not None
    about = {**_caption(screen), "has_spoiler": screen.picture.veiled}
    if method is EditMessageMedia:
        return {"media": {"type": "photo", "media": media, **about}}
    return {"photo": media, **about}


def _protection(screen: Screen) -> Json:
    return {"protect_content": True} if screen.protected else {}


def _text(screen: Screen) -> Json:
    return {"text": screen.text, "parse_mode": "HTML", "link_preview_options": _NO_PREVIEW, **_markup(screen)}


def _caption(screen: Screen) -> Json:
    return {"caption": screen.text, "parse_mode": "HTML"}


def _markup(screen: Screen) -> Mapping[str, Any]:
    if not screen.buttons:
        return {}
    rows = [[{"text": button.label, "callback_data": button.data} for button in row] for row in screen.buttons]
    return {"reply_markup": {"inline_keyboard": rows}}


def keyboard(screen: Screen) -> InlineKeyboardMarkup | None:
    """A screen's buttons, for aiogram."""
    return InlineKeyboardMarkup.model_validate(_markup(screen)["reply_markup"]) if screen.buttons else None
