"""Months, in UTC, named by their first days."""

import re
from collections.abc import Iterator
from datetime import UTC, date, datetime

_NAME = re.compile(r"(\d{4})-(\d{2})", re.ASCII)


def month_of(moment: datetime) -> date:
    """The month that a moment lies in."""
    return moment.astimezone(UTC).date().replace(day=1)


def month_named(name: str) -> date:
    """The month of a name such as 2026-11. Raises ValueError."""
    found = _NAME.fullmatch(name)
    if found is None:
        raise ValueError("a month is named as 2026-11")
    return date(int(found[1]), int(found[2]), 1)


def name_of(month: date) -> str:
    """As 2026-11."""
    return f"{month:%Y-%m}"


def months(first: date, last: date) -> Iterator[date]:
    """From one month to another, both among them."""
    month = first
    while month <= last:
        yield month
        month = month.replace(year=month.year + month.month // 12, month=month.month % 12 + 1)
