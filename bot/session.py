"""A lean way out: aiogram's session builds a form for every call; this one sends JSON where there is no file."""

from collections.abc import Mapping
from typing import Any, cast

import orjson
from aiohttp import ClientError, ClientTimeout, FormData

from bot.telegram import AiohttpSession, Bot, InputFile, TelegramMethod, TelegramNetworkError, TelegramType

_HEADERS = {"content-type": "application/json"}
_PART = "picture"
PICTURE = f"attach://{_PART}"
"""By which the parameters of a call name the picture that goes with it."""


class LeanSession(AiohttpSession):
    """JSON out, and for the calls that every tap needs, a way past aiogram's models of what goes out and comes in."""

    async def call(
        self,
        bot: Bot,
        method: type[TelegramMethod[Any]],
        content: Mapping[str, object],
        *,
        wait_s: float | None = None,
        picture: bytes | None = None,
    ) -> bytes:
        """Call a method with parameters as they go over the wire; the answer as it came. Raises aiogram's exceptions.

        `wait_s` is how long an answer may take, in seconds. `picture` is a JPEG, which the parameters name as PICTURE.
        """
        try:
            status, raw = await self._post(bot, method.__api_method__, content, wait_s, picture)
        except TimeoutError as error:
            raise TelegramNetworkError(method=method(**content), message="Request timeout error") from error
        except ClientError as error:
            message = f"{type(error).__name__}: {error}"
            raise TelegramNetworkError(method=method(**content), message=message) from error
        if status != 200:
            self.check_response(bot=bot, method=method(**content), status_code=status, content=raw.decode())
        return raw

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
        self, bot: Bot, name: str, content: Mapping[str, object], wait_s: float | None, picture: bytes | None
    ) -> tuple[int, bytes]:
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=name)
        limit = ClientTimeout(total=self.timeout if wait_s is None else wait_s)
        data, headers = (orjson.dumps(content), _HEADERS) if picture is None else (_form(content, picture), None)
        async with session.post(url, data=data, headers=headers, timeout=limit) as response:
            return response.status, await response.read()


def _form(content: Mapping[str, object], picture: bytes) -> FormData:
    form = FormData()
    for name, value in content.items():
        form.add_field(name, value if isinstance(value, str) else orjson.dumps(value).decode())
    form.add_field(_PART, picture, filename="picture.jpg", content_type="image/jpeg")
    return form


async def call(
    bot: Bot,
    method: type[TelegramMethod[Any]],
    content: Mapping[str, object],
    *,
    wait_s: float | None = None,
    picture: bytes | None = None,
) -> bytes:
    """`LeanSession.call`, of a bot that has such a session."""
    session = bot.session
    assert isinstance(session, LeanSession)
    return await session.call(bot, method, content, wait_s=wait_s, picture=picture)


def _has_file(method: TelegramMethod[Any]) -> bool:
    return any(isinstance(getattr(method, name), InputFile) for name in method.model_fields_set)
