"""Catalogs as files, always written in one way."""

import re
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.pofile import read_po, write_po

from scripts.catalogs.houses import House
from scripts.catalogs.plurals import header

_PLURALS = re.compile(rb'"Plural-Forms: (?:[^"]*"\n")*[^"]*\\n"')


def read(path: Path, locale: str | None) -> Catalog:
    """A catalog; a template where no locale is named."""
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def written(catalog: Catalog) -> bytes:
    """A catalog as its file ought to be."""
    file = BytesIO()
    write_po(file, catalog, width=110, sort_output=True, omit_header=False, ignore_obsolete=True)
    moving = (b'"POT-Creation-Date:', b'"PO-Revision-Date:', b'"Generated-By:', b'"Report-Msgid-Bugs-To:')
    lines = file.getvalue().splitlines(keepends=True)
    kept = b"".join(line for line in lines if not line.startswith(moving))
    if catalog.locale is None:
        return kept
    return _PLURALS.sub(f'"Plural-Forms: {header(str(catalog.locale))}\\\\n"'.encode(), kept, count=1)


def extract(house: House) -> None:
    """Write the template anew, and bring every catalog up to it."""
    house.template.write_bytes(written(house.extracted()))
    for locale, path in house.catalogs():
        catalog = read(path, locale)
        catalog.update(read(house.template, None), no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path.write_bytes(written(catalog))
