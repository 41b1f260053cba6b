"""The screens of receipts, of one's own data, and of being erased, with sample data."""

import html
from collections.abc import Iterator
from datetime import datetime

from bot.i18n.tongue import Tongue
from bot.screens import Screen
from bot.views import exporting, forgetting, receipt
from crowd.owndata.asking import Asked
from crowd.receipts.desk import ReceiptDesk
from crowd.receipts.keys import KnownKeys, SigningKey, new_key
from crowd.receipts.period import ALL, latest_months
from crowd.workers.forgetting import Leaving, Left
from tests.receipts.test_statement import a_statement

_KEY = SigningKey(new_key())
_DESK = ReceiptDesk(_KEY, KnownKeys([_KEY.public]))


def own_screens(voice: Tongue, now: datetime) -> Iterator[tuple[str, Screen]]:
    months = latest_months(now, 3)
    yield "periods", receipt.periods_screen(voice, months)
    yield "receipt", receipt.receipt_screen(voice, _DESK, a_statement(), ALL)
    yield "receipt of a month", receipt.receipt_screen(voice, _DESK, a_statement(), months[0])
    yield (
        "receipt's text",
        Screen(html.escape(receipt.receipt_text(voice, a_statement(), months[0], None), quote=False)),
    )
    for fresh in (True, False):
        yield f"export {fresh}", exporting.asked_screen(voice, Asked(now, fresh), "Africa/Lagos")
    yield "export's caption", Screen(exporting.caption(voice, 2, 3))
    rich = Leaving(
        (Left("KES", 10**15, 10**15), Left("USD", 10**15, 10**15)), (("KES", 10**15), ("USD", 10**15)),
        under_way=False, mark="0" * 16,
    )  # fmt: skip
    poor = Leaving((), (), under_way=False, mark="0" * 16)
    waiting = Leaving(rich.money, rich.voided, under_way=True, mark="0" * 16)
    for name, found in (("rich", rich), ("poor", poor), ("waiting", waiting)):
        yield f"forget {name}", forgetting.forget_screen(voice, found)
        yield f"confirm {name}", forgetting.confirm_screen(voice, found, now, above="💬 …")
    yield "gone", forgetting.gone_screen(voice)
