"""What commands say in the language of the terminal."""

from typing import TYPE_CHECKING

from kazi.connection import fail, read_settings

if TYPE_CHECKING:
    from crowd.sentences import SentenceError, Speaker


def speaker() -> "Speaker":
    """Who puts sentences into words."""
    from admin.i18n.speaker import speaker_of

    return speaker_of(read_settings().terminal_locale)


def spoken(error: "SentenceError") -> str:
    """What went wrong, in words."""
    return speaker().put(error.sentence)


def micros_of(amount: str) -> int:
    """An amount as it was typed, in micro-units; the end of the command where it is none."""
    from crowd.money.amounts import AmountError, amount_in

    try:
        return amount_in(amount)
    except AmountError as error:
        fail(spoken(error))
