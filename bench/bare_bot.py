"""The bot that Kazi's is held against: plain aiogram that answers the tap and edits the message, and nothing else.

`python -m bench.bare_bot BASE_URL TOKEN ITEMS`, where ITEMS is a file with a text in each line.
"""

import sys
from itertools import cycle
from pathlib import Path

from aiogram import Bot, Dispatcher
from aiogram.client.session.aiohttp import AiohttpSession
from aiogram.client.telegram import TelegramAPIServer
from aiogram.types import CallbackQuery, InlineKeyboardButton, InlineKeyboardMarkup, Message

from bench.batches import LABELS


def run(base_url: str, token: str, items: Path) -> None:
    """Poll with aiogram's defaults until told to end."""
    texts = cycle(items.read_text(encoding="utf-8").splitlines())
    keyboard = InlineKeyboardMarkup(
        inline_keyboard=[
            [InlineKeyboardButton(text=label, callback_data=f"a:1:{number}") for number, label in enumerate(LABELS)],
            [
                InlineKeyboardButton(text="Skip", callback_data="x:1"),
                InlineKeyboardButton(text="⋯", callback_data="m:1"),
            ],
        ]
    )
    dispatcher = Dispatcher()

    @dispatcher.message()
    async def begin(message: Message) -> None:
        await message.answer(next(texts), reply_markup=keyboard)

    @dispatcher.callback_query()
    async def tapped(query: CallbackQuery) -> None:
        await query.answer()
        if isinstance(query.message, Message):
            await query.message.edit_text(next(texts), reply_markup=keyboard)

    @dispatcher.startup()
    async def by_polling(bot: Bot) -> None:
        await bot.delete_webhook()

    dispatcher.run_polling(Bot(token, session=AiohttpSession(api=TelegramAPIServer.from_base(base_url))))


if __name__ == "__main__":
    run(sys.argv[1], sys.argv[2], Path(sys.argv[3]))
