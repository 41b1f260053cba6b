"""Keeps the catalogs: `extract` the template and update every locale, `compile` them, `check` that all is well."""

import ast
import re
import string
import sys
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "bot" / "i18n"
TEMPLATE = FOLDER / "kazi.pot"
SOURCES = {"say": 1, "count": 2}
"""Methods of a tongue, and how many texts each takes. Read from the syntax tree: f-strings hide them from Babel."""

_TAG = re.compile(r"</?[a-z]+>")


def main(command: str) -> int:
    """Run one of the commands; 1 when `check` finds something wrong."""
    if command == "extract":
        TEMPLATE.write_bytes(_written(_template()))
        for path in _catalogs():
            catalog = _read(path)
            catalog.update(_read(TEMPLATE), no_fuzzy_matching=True)
            catalog.obsolete.clear()
            path.write_bytes(_written(catalog))
    elif command == "compile":
        for path in _catalogs():
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, _read(path))
    elif command == "check":
        problems = [*_stale(), *(problem for path in _catalogs() for problem in _wrong(path))]
        sys.stdout.writelines(f"{problem}\n" for problem in problems)
        return 1 if problems else 0
    else:
        sys.stderr.write("usage: catalogs.py extract | compile | check\n")
        return 2
    return 0


def _catalogs() -> list[Path]:
    return sorted(FOLDER.glob("catalogs/*/LC_MESSAGES/kazi.po"))


def _template() -> Catalog:
    catalog = Catalog(project="Kazi", charset="utf-8", fuzzy=False)
    catalog.header_comment = "# Texts of Kazi's bot. Licence: Apache-2.0, as the project."
    for path in sorted(FOLDER.parent.rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in SOURCES:
                texts = [argument.value for argument in call.args if isinstance(argument, ast.Constant)]
                wanted = SOURCES[call.func.attr]
                catalog.add(texts[0] if wanted == 1 else (texts[0], texts[1]))
    return catalog


def _read(path: Path) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=None if path == TEMPLATE else path.parent.parent.name)


def _written(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_po(file, catalog, width=110, sort_output=True, omit_header=False, ignore_obsolete=True)
    moving = (b'"POT-Creation-Date:', b'"PO-Revision-Date:', b'"Generated-By:', b'"Report-Msgid-Bugs-To:')
    lines = file.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(moving))


def _stale() -> list[str]:
    if not TEMPLATE.exists() or TEMPLATE.read_bytes() != _written(_template()):
        return [f"{TEMPLATE.relative_to(ROOT)}: out of date; run `make texts`"]
    return []


def _wrong(path: Path) -> list[str]:
    catalog = _read(path)
    wanted = {message.id for message in _read(TEMPLATE) if message.id}
    there = {message.id for message in catalog if message.id}
    name = path.relative_to(ROOT)
    problems = [f"{name}: missing: {text!r}" for text in sorted(wanted - there, key=str)]
    problems += [f"{name}: no longer used: {text!r}" for text in sorted(there - wanted, key=str)]
    for message in catalog:
        if message.id:
            problems += [f"{name}: {problem}: {message.id!r}" for problem in _message_problems(message, catalog)]
    return problems


def _message_problems(message: Message, catalog: Catalog) -> list[str]:
    sources = list(message.id) if isinstance(message.id, tuple) else [message.id]
    texts = list(message.string) if isinstance(message.string, tuple) else [message.string]
    problems = ["fuzzy"] if message.fuzzy else []
    if isinstance(message.id, tuple) and len(texts) != catalog.num_plurals:
        problems.append(f"{len(texts)} plural forms, CLDR has {catalog.num_plurals}")
    for text in texts:
        if not text:
            problems.append("not translated")
        elif _fields(str(text)) != _fields(sources[-1]):
            problems.append(f"placeholders differ: {text!r}")
        elif sorted(_TAG.findall(str(text))) != sorted(_TAG.findall(sources[-1])):
            problems.append(f"HTML tags differ: {text!r}")
    return problems


def _fields(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {"(broken braces)"}


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
