"""Three clients of the Bot API behind one face, so that each can play the same scenes."""

from abc import ABC, abstractmethod
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import Any

import aiogram
import httpx
import telegram
from aiogram.client.default import DefaultBotProperties
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.exceptions import TelegramAPIError, TelegramRetryAfter
from telegram.error import RetryAfter, TelegramError
from telegram.request import HTTPXRequest

Keys = dict[str, str]
"""One row of inline buttons: labels and data."""


@dataclass(frozen=True)
class Refusal(Exception):  # noqa: N818 - the scenes speak of refusals
    """What the server said, without the words that a client puts around it."""

    text: str
    retry_after: int | None = None


@dataclass(frozen=True)
class Event:
    """An update, as far as the scenes look at it."""

    update_id: int
    text: str | None = None
    query_id: str | None = None
    data: str | None = None
    file_id: str | None = None


class Client(ABC):
    """What the scenes do. Every call raises Refusal if the server refuses."""

    @abstractmethod
    async def me(self) -> str: ...

    @abstractmethod
    async def introduce(self, commands: Keys, description: str, language_code: str) -> Keys: ...

    @abstractmethod
    async def updates(self, offset: int) -> list[Event]: ...

    @abstractmethod
    async def send(self, chat_id: int, html: str, keys: Keys | None = None) -> int: ...

    @abstractmethod
    async def edit(self, chat_id: int, message_id: int, html: str, keys: Keys | None = None) -> None: ...

    @abstractmethod
    async def answer(self, query_id: str, text: str, *, alert: bool = False) -> None: ...

    @abstractmethod
    async def photo(self, chat_id: int, photo: bytes | str, caption: str) -> str: ...

    @abstractmethod
    async def album(self, chat_id: int, photos: list[bytes]) -> int: ...

    @abstractmethod
    async def document(self, chat_id: int, content: bytes, name: str) -> str: ...

    @abstractmethod
    async def download(self, file_id: str) -> bytes: ...

    @abstractmethod
    async def delete(self, chat_id: int, message_id: int) -> None: ...

    @abstractmethod
    async def forward(self, chat_id: int, message_id: int) -> int: ...

    @abstractmethod
    async def first_name(self, chat_id: int) -> str: ...

    @abstractmethod
    async def webhook_url(self) -> str: ...


class Plain(Client):
    """Plain HTTP with JSON, and forms for files."""

    def __init__(self, http: httpx.AsyncClient, base_url: str, token: str) -> None:
        self._http, self._base_url, self._token = http, base_url, token

    async def _call(self, method: str, files: dict[str, bytes] | None = None, **parameters: Any) -> Any:
        url = f"{self._base_url}/bot{self._token}/{method}"
        if files:
            parts = {name: (f"{name}.bin", content) for name, content in files.items()}
            response = await self._http.post(url, data=parameters, files=parts)
        else:
            response = await self._http.post(url, json=parameters)
        answer = response.json()
        if not answer["ok"]:
            raise Refusal(answer["description"], answer.get("parameters", {}).get("retry_after"))
        return answer["result"]

    async def me(self) -> str:
        return str((await self._call("getMe"))["username"])

    async def introduce(self, commands: Keys, description: str, language_code: str) -> Keys:
        listed = [{"command": name, "description": text} for name, text in commands.items()]
        await self._call("setMyCommands", commands=listed, language_code=language_code)
        await self._call("setMyDescription", description=description, language_code=language_code)
        found = await self._call("getMyCommands", language_code=language_code)
        return {one["command"]: one["description"] for one in found}

    async def updates(self, offset: int) -> list[Event]:
        found = []
        for update in await self._call("getUpdates", offset=offset, timeout=20):
            message, query = update.get("message", {}), update.get("callback_query", {})
            voice = message.get("voice", {})
            found.append(
                Event(
                    update["update_id"], message.get("text"), query.get("id"), query.get("data"), voice.get("file_id")
                )
            )
        return found

    async def send(self, chat_id: int, html: str, keys: Keys | None = None) -> int:
        sent = await self._call("sendMessage", chat_id=chat_id, text=html, parse_mode="HTML", **_markup(keys))
        return int(sent["message_id"])

    async def edit(self, chat_id: int, message_id: int, html: str, keys: Keys | None = None) -> None:
        message: dict[str, Any] = {"chat_id": chat_id, "message_id": message_id}
        await self._call("editMessageText", text=html, parse_mode="HTML", **message, **_markup(keys))

    async def answer(self, query_id: str, text: str, *, alert: bool = False) -> None:
        await self._call("answerCallbackQuery", callback_query_id=query_id, text=text, show_alert=alert)

    async def photo(self, chat_id: int, photo: bytes | str, caption: str) -> str:
        if isinstance(photo, str):
            sent = await self._call("sendPhoto", chat_id=chat_id, photo=photo, caption=caption)
        else:
            sent = await self._call("sendPhoto", {"photo": photo}, chat_id=str(chat_id), caption=caption)
        return str(sent["photo"][-1]["file_id"])

    async def album(self, chat_id: int, photos: list[bytes]) -> int:
        items = ",".join(f'{{"type":"photo","media":"attach://p{number}"}}' for number in range(len(photos)))
        files = {f"p{number}": photo for number, photo in enumerate(photos)}
        return len(await self._call("sendMediaGroup", files, chat_id=str(chat_id), media=f"[{items}]"))

    async def document(self, chat_id: int, content: bytes, name: str) -> str:
        sent = await self._call("sendDocument", {"document": content}, chat_id=str(chat_id), caption=name)
        return str(sent["document"]["file_id"])

    async def download(self, file_id: str) -> bytes:
        path = (await self._call("getFile", file_id=file_id))["file_path"]
        return (await self._http.get(f"{self._base_url}/file/bot{self._token}/{path}")).content

    async def delete(self, chat_id: int, message_id: int) -> None:
        await self._call("deleteMessage", chat_id=chat_id, message_id=message_id)

    async def forward(self, chat_id: int, message_id: int) -> int:
        sent = await self._call("forwardMessage", chat_id=chat_id, from_chat_id=chat_id, message_id=message_id)
        return int(sent["message_id"])

    async def first_name(self, chat_id: int) -> str:
        return str((await self._call("getChat", chat_id=chat_id))["first_name"])

    async def webhook_url(self) -> str:
        return str((await self._call("getWebhookInfo"))["url"])


def _markup(keys: Keys | None) -> dict[str, Any]:
    if keys is None:
        return {}
    return {"reply_markup": {"inline_keyboard": [[{"text": label, "callback_data": keys[label]} for label in keys]]}}


@asynccontextmanager
async def _aiogram_words() -> AsyncIterator[None]:
    try:
        yield
    except TelegramRetryAfter as error:
        raise Refusal(error.message, error.retry_after) from error
    except TelegramAPIError as error:
        raise Refusal(error.message) from error


class Aiogram(Client):
    """aiogram."""

    def __init__(self, bot: aiogram.Bot) -> None:
        self._bot = bot

    async def me(self) -> str:
        return (await self._bot.get_me()).username or ""

    async def introduce(self, commands: Keys, description: str, language_code: str) -> Keys:
        listed = [aiogram.types.BotCommand(command=name, description=text) for name, text in commands.items()]
        await self._bot.set_my_commands(listed, language_code=language_code)
        await self._bot.set_my_description(description, language_code=language_code)
        found = await self._bot.get_my_commands(language_code=language_code)
        return {one.command: one.description for one in found}

    async def updates(self, offset: int) -> list[Event]:
        found = []
        for update in await self._bot.get_updates(offset=offset, timeout=20):
            message, query = update.message, update.callback_query
            voice = message.voice if message else None
            found.append(
                Event(
                    update.update_id,
                    message.text if message else None,
                    query.id if query else None,
                    query.data if query else None,
                    voice.file_id if voice else None,
                )
            )
        return found

    async def send(self, chat_id: int, html: str, keys: Keys | None = None) -> int:
        async with _aiogram_words():
            return (await self._bot.send_message(chat_id, html, reply_markup=self._keys(keys))).message_id

    async def edit(self, chat_id: int, message_id: int, html: str, keys: Keys | None = None) -> None:
        async with _aiogram_words():
            await self._bot.edit_message_text(
                html, chat_id=chat_id, message_id=message_id, reply_markup=self._keys(keys)
            )

    async def answer(self, query_id: str, text: str, *, alert: bool = False) -> None:
        async with _aiogram_words():
            await self._bot.answer_callback_query(query_id, text, show_alert=alert)

    async def photo(self, chat_id: int, photo: bytes | str, caption: str) -> str:
        given = photo if isinstance(photo, str) else aiogram.types.BufferedInputFile(photo, "photo.png")
        async with _aiogram_words():
            sent = await self._bot.send_photo(chat_id, given, caption=caption)
        assert sent.photo
        return sent.photo[-1].file_id

    async def album(self, chat_id: int, photos: list[bytes]) -> int:
        items = [aiogram.types.InputMediaPhoto(media=aiogram.types.BufferedInputFile(p, "p.png")) for p in photos]
        return len(await self._bot.send_media_group(chat_id, items))  # type: ignore[arg-type]

    async def document(self, chat_id: int, content: bytes, name: str) -> str:
        file = aiogram.types.BufferedInputFile(content, name)
        sent = await self._bot.send_document(chat_id, file, caption=name)
        assert sent.document
        return sent.document.file_id

    async def download(self, file_id: str) -> bytes:
        stream = await self._bot.download(file_id)
        assert stream is not None
        return stream.read()

    async def delete(self, chat_id: int, message_id: int) -> None:
        async with _aiogram_words():
            await self._bot.delete_message(chat_id, message_id)

    async def forward(self, chat_id: int, message_id: int) -> int:
        return (await self._bot.forward_message(chat_id, chat_id, message_id)).message_id

    async def first_name(self, chat_id: int) -> str:
        return (await self._bot.get_chat(chat_id)).first_name or ""

    async def webhook_url(self) -> str:
        return (await self._bot.get_webhook_info()).url

    def _keys(self, keys: Keys | None) -> aiogram.types.InlineKeyboardMarkup | None:
        if keys is None:
            return None
        row = [aiogram.types.InlineKeyboardButton(text=label, callback_data=keys[label]) for label in keys]
        return aiogram.types.InlineKeyboardMarkup(inline_keyboard=[row])


@asynccontextmanager
async def _telegram_words() -> AsyncIterator[None]:
    try:
        yield
    except RetryAfter as error:
        wait = error.retry_after
        raise Refusal(error.message, int(wait if isinstance(wait, int) else wait.total_seconds())) from error
    except TelegramError as error:
        raise Refusal(error.message) from error


class PythonTelegramBot(Client):
    """python-telegram-bot."""

    def __init__(self, bot: telegram.Bot) -> None:
        self._bot = bot

    async def me(self) -> str:
        return (await self._bot.get_me()).username or ""

    async def introduce(self, commands: Keys, description: str, language_code: str) -> Keys:
        listed = list(commands.items())
        await self._bot.set_my_commands(listed, language_code=language_code)
        await self._bot.set_my_description(description, language_code=language_code)
        found = await self._bot.get_my_commands(language_code=language_code)
        return {one.command: one.description for one in found}

    async def updates(self, offset: int) -> list[Event]:
        found = []
        for update in await self._bot.get_updates(offset=offset, timeout=20):
            message, query = update.message, update.callback_query
            voice = message.voice if message else None
            found.append(
                Event(
                    update.update_id,
                    message.text if message else None,
                    query.id if query else None,
                    query.data if query else None,
                    voice.file_id if voice else None,
                )
            )
        return found

    async def send(self, chat_id: int, html: str, keys: Keys | None = None) -> int:
        async with _telegram_words():
            sent = await self._bot.send_message(chat_id, html, parse_mode="HTML", reply_markup=self._keys(keys))
        return sent.message_id

    async def edit(self, chat_id: int, message_id: int, html: str, keys: Keys | None = None) -> None:
        async with _telegram_words():
            await self._bot.edit_message_text(
                html, chat_id, message_id, parse_mode="HTML", reply_markup=self._keys(keys)
            )

    async def answer(self, query_id: str, text: str, *, alert: bool = False) -> None:
        async with _telegram_words():
            await self._bot.answer_callback_query(query_id, text, show_alert=alert)

    async def photo(self, chat_id: int, photo: bytes | str, caption: str) -> str:
        async with _telegram_words():
            sent = await self._bot.send_photo(chat_id, photo, caption=caption)
        return sent.photo[-1].file_id

    async def album(self, chat_id: int, photos: list[bytes]) -> int:
        return len(await self._bot.send_media_group(chat_id, [telegram.InputMediaPhoto(photo) for photo in photos]))

    async def document(self, chat_id: int, content: bytes, name: str) -> str:
        sent = await self._bot.send_document(chat_id, content, filename=name, caption=name)
        assert sent.document
        return sent.document.file_id

    async def download(self, file_id: str) -> bytes:
        return bytes(await (await self._bot.get_file(file_id)).download_as_bytearray())

    async def delete(self, chat_id: int, message_id: int) -> None:
        async with _telegram_words():
            await self._bot.delete_message(chat_id, message_id)

    async def forward(self, chat_id: int, message_id: int) -> int:
        return (await self._bot.forward_message(chat_id, chat_id, message_id)).message_id

    async def first_name(self, chat_id: int) -> str:
        return (await self._bot.get_chat(chat_id)).first_name or ""

    async def webhook_url(self) -> str:
        return (await self._bot.get_webhook_info()).url

    def _keys(self, keys: Keys | None) -> telegram.InlineKeyboardMarkup | None:
        if keys is None:
            return None
        row = [telegram.InlineKeyboardButton(label, callback_data=keys[label]) for label in keys]
        return telegram.InlineKeyboardMarkup([row])


@asynccontextmanager
async def client(name: str, http: httpx.AsyncClient, base_url: str, token: str) -> AsyncIterator[Client]:
    """One of the three, by name, ready to talk to the sandbox."""
    if name == "plain HTTP":
        yield Plain(http, base_url, token)
    elif name == "aiogram":
        session = AiohttpSession(api=TelegramAPIServer.from_base(base_url))
        async with aiogram.Bot(token, session, DefaultBotProperties(parse_mode="HTML")) as bot:
            yield Aiogram(bot)
    else:
        options = {"verify": False}
        async with telegram.Bot(
            token,
            base_url=f"{base_url}/bot",
            base_file_url=f"{base_url}/file/bot",
            request=HTTPXRequest(httpx_kwargs=options),
            get_updates_request=HTTPXRequest(httpx_kwargs=options),
        ) as bot_:
            yield PythonTelegramBot(bot_)


NAMES = ("plain HTTP", "aiogram", "python-telegram-bot")
