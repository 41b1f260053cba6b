"""A worker's own time of day."""

from datetime import UTC, date, datetime, tzinfo
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError


def zone(time_zone: str | None) -> tzinfo:
    """A time zone by its IANA name; UTC where it is not known."""
    try:
        return ZoneInfo(time_zone) if time_zone else UTC
    except (ZoneInfoNotFoundError, ValueError):
        return UTC


def local(moment: datetime, time_zone: str | None) -> datetime:
    """A moment as clocks there show it."""
    return moment.astimezone(zone(time_zone))


def today(moment: datetime, time_zone: str | None) -> date:
    """The day that it is there."""
    return local(moment, time_zone).date()


def day_began(moment: datetime, time_zone: str | None) -> datetime:
    """When that day began there."""
    return local(moment, time_zone).replace(hour=0, minute=0, second=0, microsecond=0)
