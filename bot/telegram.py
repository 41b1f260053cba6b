"""The way to aiogram. What the bot needs of it is imported here only, because of how it must be imported.

aiogram builds its 440 models when it is imported, of which the bot uses some ten: of the six seconds of CPU that a
start of the bot took, four went there. Imported this way, a model is built when it is first used, so that a bot that
was killed is back sooner.
"""

import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager

from pydantic import BaseModel, ConfigDict


def _rebuilt_when_used(
    cls: type[BaseModel],
    /,
    *,
    _types_namespace: Mapping[str, object] | None = None,
    **_others: object,
) -> None:
    """In the place of `model_rebuild`: the names that the model's annotations need are put where pydantic will look."""
    module = vars(sys.modules[cls.__module__])
    for name, value in (_types_namespace or {}).items():
        module.setdefault(name, value)


@contextmanager
def _models_built_when_used() -> Iterator[None]:
    rebuild, config = vars(BaseModel)["model_rebuild"], BaseModel.model_config
    BaseModel.model_rebuild = classmethod(_rebuilt_when_used)  # type: ignore[assignment,method-assign]
    BaseModel.model_config = ConfigDict(defer_build=True)
    try:
        yield
    finally:
        BaseModel.model_rebuild = rebuild  # type: ignore[method-assign]
        BaseModel.model_config = config


with _models_built_when_used():
    from aiogram import Bot
    from aiogram.client.session.aiohttp import AiohttpSession
    from aiogram.client.telegram import TelegramAPIServer
    from aiogram.exceptions import (
        ClientDecodeError,
        TelegramAPIError,
        TelegramBadRequest,
        TelegramConflictError,
        TelegramForbiddenError,
        TelegramNetworkError,
        TelegramRetryAfter,
        TelegramServerError,
        TelegramUnauthorizedError,
    )
    from aiogram.methods import (
        AnswerCallbackQuery,
        DeleteMessage,
        DeleteWebhook,
        EditMessageCaption,
        EditMessageMedia,
        EditMessageText,
        GetFile,
        GetMe,
        GetMyCommands,
        GetUpdates,
        SendDocument,
        SendMessage,
        SendPhoto,
        SendVoice,
        SetMyCommands,
        SetMyDescription,
        SetMyShortDescription,
        SetWebhook,
    )
    from aiogram.methods.base import TelegramMethod, TelegramType
    from aiogram.types import BotCommand, InlineKeyboardMarkup, InputFile
    from aiogram.utils.token import TokenValidationError

__all__ = [
    "AiohttpSession",
    "AnswerCallbackQuery",
    "Bot",
    "BotCommand",
    "ClientDecodeError",
    "DeleteMessage",
    "DeleteWebhook",
    "EditMessageCaption",
    "EditMessageMedia",
    "EditMessageText",
    "GetFile",
    "GetMe",
    "GetMyCommands",
    "GetUpdates",
    "InlineKeyboardMarkup",
    "InputFile",
    "SendDocument",
    "SendMessage",
    "SendPhoto",
    "SendVoice",
    "SetMyCommands",
    "SetMyDescription",
    "SetMyShortDescription",
    "SetWebhook",
    "TelegramAPIError",
    "TelegramAPIServer",
    "TelegramBadRequest",
    "TelegramConflictError",
    "TelegramForbiddenError",
    "TelegramMethod",
    "TelegramNetworkError",
    "TelegramRetryAfter",
    "TelegramServerError",
    "TelegramType",
    "TelegramUnauthorizedError",
    "TokenValidationError",
]
