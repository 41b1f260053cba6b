"""A lean way out: aiogram's session builds a form for every call; this one sends JSON where there is no file."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, cast

import orjson
from aiohttp import ClientError, ClientTimeout, FormData

from bot.telegram import AiohttpSession, Bot, InputFile, TelegramMethod, TelegramNetworkError, TelegramType

_HEADERS = {"content-type": "application/json"}
_PART = "file"
FILE = f"attach://{_PART}"
"""By which the parameters of a call name the file that goes with it."""

_BLOCK = 64 * 1024


@dataclass(frozen=True, slots=True)
class File:
    """A file that goes out with a call."""

    content: bytes
    name: str
    mime_type: str


class TooLargeError(Exception):
    """A file is larger than is wanted."""


class LeanSession(AiohttpSession):
    """JSON out, and for the calls that every tap needs, a way past aiogram's models of what goes out and comes in."""

    async def call(
        self,
        bot: Bot,
        method: type[TelegramMethod[Any]],
        content: Mapping[str, object],
        *,
        wait_s: float | None = None,
        file: File | None = None,
    ) -> bytes:
        """Call a method with parameters as they go over the wire; the answer as it came. Raises aiogram's exceptions.

        `wait_s` is how long an answer may take, in seconds. The parameters name the file as FILE.
        """
        try:
            status, raw = await self._post(bot, method.__api_method__, content, wait_s, file)
        except TimeoutError as error:
            raise TelegramNetworkError(method=method(**content), message="Request timeout error") from error
        except ClientError as error:
            message = f"{type(error).__name__}: {error}"
            raise TelegramNetworkError(method=method(**content), message=message) from error
        if status != 200:
            self.check_response(bot=bot, method=method(**content), status_code=status, content=raw.decode())
        return raw

    async def download(self, bot: Bot, path: str, most: int) -> bytes:
        """A file that somebody sent, by the path that getFile gives; at most so many bytes.

        Raises TooLargeError, and OSError or TimeoutError when it does not come.
        """
        session = await self.create_session()
        url = self.api.file_url(bot.token, path)
        found = bytearray()
        try:
            async with session.get(url, timeout=ClientTimeout(total=self.timeout)) as response:
                if response.status != 200:
                    raise OSError(f"the network answered {response.status}")
                async for block in response.content.iter_chunked(_BLOCK):
                    found += block
                    if len(found) > most:
                        raise TooLargeError
        except ClientError as error:
            raise OSError(type(error).__name__) from error  # its text has the token in it
        return bytes(found)

    async def make_request(
        self,
        bot: Bot,
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 (aiogram's signature)
    ) -> TelegramType:
        """Call a method of the Bot API. Raises aiogram's exceptions."""
        if _has_file(method):
            return await super().make_request(bot, method, timeout=timeout)
        content = method.model_dump(exclude_none=True, warnings=False, exclude_unset=True)
        raw = await self.call(bot, type(method), content, wait_s=timeout)
        checked = self.check_response(bot=bot, method=method, status_code=200, content=raw.decode())
        return cast("TelegramType", checked.result)

    async def _post(
        self, bot: Bot, name: str, content: Mapping[str, object], wait_s: float | None, file: File | None
    ) -> tuple[int, bytes]:
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=name)
        limit = ClientTimeout(total=self.timeout if wait_s is None else wait_s)
        data, headers = (orjson.dumps(content), _HEADERS) if file is None else (_form(content, file), None)
        async with session.post(url, data=data, headers=headers, timeout=limit) as response:
            return response.status, await response.read()


def _form(content: Mapping[str, object], file: File) -> FormData:
    form = FormData()
    for name, value in content.items():
        form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
    form.add_field(_PART, file.content, filename=file.name, content_type=file.mime_type)
    return form


async def download(bot: Bot, path: str, most: int) -> bytes:
    """`LeanSession.download`, of a bot that has such a session."""
    session = bot.session
    assert isinstance(session, LeanSession)
    return await session.download(bot, path, most)


async def call(
    bot: Bot,
    method: type[TelegramMethod[Any]],
    content: Mapping[str, object],
    *,
    wait_s: float | None = None,
    file: File | None = None,
) -> bytes:
    """`LeanSession.call`, of a bot that has such a session."""
    session = bot.session
    assert isinstance(session, LeanSession)
    return await session.call(bot, method, content, wait_s=wait_s, file=file)


def _has_file(method: TelegramMethod[Any]) -> bool:
    return any(isinstance(getattr(method, name), InputFile) for name in method.model_fields_set)
