"""What is wrong with the catalogs."""

import re
from pathlib import Path

from babel.messages.catalog import Message

from scripts.catalogs.buttons import WIDEST, on_buttons, width
from scripts.catalogs.files import read, written
from scripts.catalogs.houses import ROOT, House
from scripts.catalogs.leftovers import in_latin, left_over
from scripts.catalogs.plurals import forms, header
from scripts.catalogs.words import glossary_of, glossary_problems, other_words, read_glossary

Text = str | tuple[str, ...] | list[str]

_TAG = re.compile(r"</?[a-z]+>")


def problems_of(house: House) -> list[str]:
    """All that is wrong with the template and catalogs of a house, a line each."""
    return [
        *problems_of_template(house),
        *(found for locale, _ in house.catalogs() for found in problems_in(house, locale)),
    ]


def problems_of_template(house: House) -> list[str]:
    """What is wrong with the template of a house."""
    problems: list[str] = []
    if not house.template.exists() or house.template.read_bytes() != written(house.extracted()):
        problems.append(f"{house.template.relative_to(ROOT)}: out of date; run `make texts`")
    if house.in_chat:
        name = house.template.relative_to(ROOT)
        problems += [
            f"{name}: {problem}" for text in sorted(_wanted(house), key=str) for problem in _too_wide(text, text)
        ]
    return problems


def problems_in(house: House, locale: str) -> list[str]:
    """What is wrong with one catalog of a house."""
    path = dict(house.catalogs())[locale]
    catalog, name, wanted = read(path, locale), path.relative_to(ROOT), _wanted(house)
    there = {message.id for message in catalog if message.id}
    problems = [f"{name}: missing: {text!r}" for text in sorted(wanted - there, key=str)]
    problems += [f"{name}: no longer used: {text!r}" for text in sorted(there - wanted, key=str)]
    if f"nplurals={catalog.num_plurals}; plural={catalog.plural_expr};" != header(locale):
        problems.append(f"{name}: Plural-Forms is not CLDR's: {header(locale)}")
    messages = [one for one in catalog if one.id]
    for message in messages:
        problems += [f"{name}: {problem}: {message.id!r}" for problem in _wrong(house, message, forms(locale))]
    foreign = house.in_chat and not in_latin([text for message in messages for text in _texts(message.string)])
    for message in messages:
        problems += [f"{name}: {problem}: {message.id!r}" for problem in _english(message, foreign=foreign)]
    return problems + ([f"{name}: {problem}" for problem in _in_chat(path, messages)] if house.in_chat else [])


def _wanted(house: House) -> set[Text]:
    return {message.id for message in read(house.template, None) if message.id}


def _in_chat(path: Path, messages: list[Message]) -> list[str]:
    """What a phone and the glossary ask for."""
    problems = [f"its glossary: {problem}" for problem in glossary_problems(glossary_of(path))]
    if problems:
        return problems
    words = read_glossary(glossary_of(path))
    for message in messages:
        source, texts = _texts(message.id)[0], _texts(message.string)
        problems += [
            f"{word!r} is another word in the glossary: {source!r}" for word in other_words(source, texts, words)
        ]
        problems += _too_wide(message.id, message.string)
    return problems


def _too_wide(source: Text | None, told: Text | None) -> list[str]:
    if _texts(source)[0] not in on_buttons():
        return []
    return [f"too wide for a button ({width(t)}): {t!r}" for t in _texts(told) if width(t) > WIDEST]


def _english(message: Message, *, foreign: bool) -> list[str]:
    sources, texts = _texts(message.id), _texts(message.string)
    found = (left_over(sources[-1], text, foreign=foreign) for text in texts)
    return [f"English left over, {piece!r}" for piece in found if piece]


def _texts(text: Text | None) -> list[str]:
    return [str(form) for form in text] if isinstance(text, tuple | list) else [str(text)]


def _wrong(house: House, message: Message, wanted: int) -> list[str]:
    sources, texts = _texts(message.id), _texts(message.string)
    problems = ["fuzzy"] if message.fuzzy else []
    if isinstance(message.id, tuple) and len(texts) != wanted:
        problems.append(f"{len(texts)} plural forms, CLDR has {wanted}")
    for text in texts:
        if not text:
            problems.append("not translated")
        elif house.fields(text) != house.fields(sources[-1]):
            problems.append(f"placeholders differ: {text!r}")
        elif sorted(_TAG.findall(text)) != sorted(_TAG.findall(sources[-1])):
            problems.append(f"HTML tags differ: {text!r}")
    return problems
