"""The catalogs of messages about files."""

from pathlib import Path

from babel.messages.pofile import read_po

from admin.i18n import SOURCE, locales
from admin.i18n.speaker import speaker_of

FOLDER = Path(__file__).parents[2] / "admin" / "i18n" / "files"
SPEAKERS = {locale: speaker_of(locale) for locale in locales() if locale != SOURCE}


def _texts() -> frozenset[str]:
    with (FOLDER / "files.pot").open("rb") as file:
        messages = [message.id for message in read_po(file) if message.id]
    return frozenset(each if isinstance(each, str) else each[0] for each in messages)


TEMPLATE = _texts()
"""All texts that can be said; of those with a plural, the one for one."""
