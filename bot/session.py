"""A lean way out: aiogram's session builds a form for every call; this one sends JSON where there is no file."""

from collections.abc import Mapping
from typing import Any, cast

import orjson
from aiohttp import ClientError, ClientTimeout

from bot.telegram import AiohttpSession, Bot, InputFile, TelegramMethod, TelegramNetworkError, TelegramType

_HEADERS = {"content-type": "application/json"}


class LeanSession(AiohttpSession):
    """JSON out, and for the calls that every tap needs, a way past aiogram's models of what goes out and comes in."""

    async def call(
        self,
        bot: Bot,
        method: type[TelegramMethod[Any]],
        content: Mapping[str, object],
        *,
        wait_s: float | None = None,
    ) -> bytes:
        """Call a method with parameters as they go over the wire; the answer as it came. Raises aiogram's exceptions.

        `wait_s` is how long an answer may take, in seconds.
        """
        try:
            status, raw = await self._post(bot, method.__api_method__, content, wait_s)
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
        self, bot: Bot, name: str, content: Mapping[str, object], wait_s: float | None
    ) -> tuple[int, bytes]:
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=name)
        limit = ClientTimeout(total=self.timeout if wait_s is None else wait_s)
        async with session.post(url, data=orjson.dumps(content), headers=_HEADERS, timeout=limit) as response:
            return response.status, await response.read()


async def call(
    bot: Bot, method: type[TelegramMethod[Any]], content: Mapping[str, object], *, wait_s: float | None = None
) -> bytes:
    """`LeanSession.call`, of a bot that has such a session."""
    session = bot.session
    assert isinstance(session, LeanSession)
    return await session.call(bot, method, content, wait_s=wait_s)


def _has_file(method: TelegramMethod[Any]) -> bool:
    return any(isinstance(getattr(method, name), InputFile) for name in method.model_fields_set)
