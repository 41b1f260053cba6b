"""In which language a person reads the texts of a batch, of those that its requester wrote them in."""

from collections.abc import Collection


def reads(locale: str, codes: Collection[str], language: str | None) -> str | None:
    """The language that suits screens of a locale: its own, the batch's (`language`), English, or the only one.

    None: none of these is there, and which one is shown is for who shows it.
    """
    for code in (locale.replace("_", "-"), _language(locale)):
        if code in codes:
            return code
    nearly = [code for code in codes if is_own(locale, code)]
    usual = [code for code in (language, "en") if code in codes]
    return next(iter([*nearly, *usual, *(codes if len(codes) == 1 else ())]), None)


def is_own(locale: str, code: str) -> bool:
    """Whether a language is that of a locale, whatever its country."""
    return _language(code) == _language(locale)


def _language(code: str) -> str:
    """Without its script and country."""
    return code.replace("_", "-").split("-", maxsplit=1)[0]
