"""Amounts as people write them."""

import re
from decimal import Decimal

from crowd.batches.spec import MICRO
from crowd.sentences import SentenceError, say

_AMOUNT = re.compile(r"-?\d{1,12}([.,]\d{1,6})?")


class AmountError(SentenceError):
    """What was written is no amount."""


def amount_in(said: str) -> int:
    """An amount as somebody wrote it, in micro-units. Raises AmountError where it is none."""
    if not _AMOUNT.fullmatch(said.strip()):
        raise AmountError(say("{said} is no amount: say it as 12.50", said=said))
    return int(Decimal(said.strip().replace(",", ".")) * MICRO)
