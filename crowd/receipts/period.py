"""The time that a receipt is about."""

import re
from dataclasses import dataclass
from datetime import UTC, datetime

_MONTH = re.compile(r"(20\d\d)-(0[1-9]|1[0-2])")


@dataclass(frozen=True, slots=True)
class Period:
    """From a moment on until, and without, another. None: from the beginning, and until the receipt was made."""

    begin: datetime | None = None
    end: datetime | None = None

    @property
    def code(self) -> str:
        """As buttons and commands name it: `2030-01`, or `all`."""
        return f"{self.begin:%Y-%m}" if self.begin is not None else "all"


ALL = Period()


def month(year: int, number: int) -> Period:
    """A month, in UTC."""
    following = (year + 1, 1) if number == 12 else (year, number + 1)
    return Period(datetime(year, number, 1, tzinfo=UTC), datetime(*following, 1, tzinfo=UTC))


def latest_months(now: datetime, many: int) -> list[Period]:
    """This month and those before it, the newest first."""
    last = now.astimezone(UTC).year * 12 + now.astimezone(UTC).month - 1
    return [month(at // 12, at % 12 + 1) for at in range(last, last - many, -1)]


def period_of(code: str) -> Period | None:
    """The period of a code; None where it is none."""
    if code == ALL.code:
        return ALL
    found = _MONTH.fullmatch(code)
    return month(int(found[1]), int(found[2])) if found else None
