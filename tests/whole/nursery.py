"""What the bots of tests are forked from: all that a bot imports and builds in its first seconds is there.

It takes three seconds of CPU, and tests start a hundred bots.
"""

import uvloop

import admin.settings
import crowd.schedule
import kazi.keys
import kazi.main
import kazi.payoutposting
import kazi.settings
from bot import process, telegram
from bot.i18n.locales import available
from bot.i18n.tongue import tongue

IMPORTED = (admin.settings, crowd.schedule, kazi.keys, kazi.main, kazi.settings, process, uvloop)

kazi.payoutposting.EVERY_S = 1  # a bot that is killed again and again comes to post, too


def _build_models() -> None:
    from aiogram.methods.base import Response  # after `bot.telegram`, by which nothing is built that is not used

    for name in telegram.__all__:
        found = getattr(telegram, name)
        if isinstance(found, type) and issubclass(found, telegram.TelegramMethod) and found.model_fields:
            found.model_rebuild()
            Response[found.__returning__].model_rebuild()  # type: ignore[name-defined]


for locale in available():
    tongue(locale)
_build_models()
