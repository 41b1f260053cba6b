"""A lean way out: aiogram's session builds a form for every call; this one sends JSON where there is no file."""

from typing import TYPE_CHECKING, Any, cast

import orjson
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.exceptions import TelegramNetworkError
from aiogram.methods import AnswerCallbackQuery, EditMessageText, TelegramMethod
from aiogram.methods.base import TelegramType
from aiogram.types import InputFile
from aiohttp import ClientError

if TYPE_CHECKING:
    from aiogram import Bot

_HEADERS = {"content-type": "application/json"}
_RESULT_UNUSED = (AnswerCallbackQuery, EditMessageText)


class LeanSession(AiohttpSession):
    """JSON out, and no parsing of results that nobody reads."""

    async def make_request(
        self,
        bot: "Bot",
        method: TelegramMethod[TelegramType],
        timeout: int | None = None,  # noqa: ASYNC109 (aiogram's signature)
    ) -> TelegramType:
        """Call a method of the Bot API. Raises aiogram's exceptions."""
        content = method.model_dump(exclude_none=True, warnings=False, exclude_unset=True)
        if _has_file(method):
            return await super().make_request(bot, method, timeout=timeout)
        session = await self.create_session()
        url = self.api.api_url(token=bot.token, method=method.__api_method__)
        try:
            async with session.post(
                url, data=orjson.dumps(content), headers=_HEADERS, timeout=self._limit(timeout)
            ) as response:
                raw = await response.read()
        except TimeoutError as error:
            raise TelegramNetworkError(method=method, message="Request timeout error") from error
        except ClientError as error:
            raise TelegramNetworkError(method=method, message=f"{type(error).__name__}: {error}") from error
        if response.status == 200 and isinstance(method, _RESULT_UNUSED):
            return cast("TelegramType", True)
        checked = self.check_response(bot=bot, method=method, status_code=response.status, content=raw.decode())
        return cast("TelegramType", checked.result)

    def _limit(self, timeout: int | None) -> Any:
        from aiohttp import ClientTimeout

        return ClientTimeout(total=self.timeout if timeout is None else timeout)


def _has_file(method: TelegramMethod[Any]) -> bool:
    return any(isinstance(getattr(method, name), InputFile) for name in method.model_fields_set)
