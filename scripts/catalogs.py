"""Keeps the catalogs: `extract` the templates and update every locale, `compile` them, `check` that all is well."""

import ast
import re
import string
import sys
from collections.abc import Callable
from dataclasses import dataclass
from io import BytesIO
from pathlib import Path

from babel.messages.catalog import Catalog, Message
from babel.messages.extract import extract_from_dir
from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po, write_po

ROOT = Path(__file__).parent.parent
_TAG = re.compile(r"</?[a-z]+>")
_PERCENT = re.compile(r"%\((\w+)\)[sd]")
_SAID = {"say": 1, "count": 2}
"""Methods of the bot's tongue, functions of `crowd.sentences`, and how many texts each takes."""
_DESCRIBED = "Field"
"""What describes a field of the batch file."""

Text = str | tuple[str, str]


@dataclass(frozen=True)
class House:
    """A part of Kazi with catalogs of its own."""

    name: str
    template: Path
    pattern: str
    """Of its catalogs, below the template's folder; the locale is the star's part."""
    texts: Callable[[], list[Text]]
    fields: Callable[[str], set[str]]
    """The placeholders of a text."""
    compiled: bool

    def catalogs(self) -> list[tuple[str, Path]]:
        """Each locale and its catalog."""
        before = len(Path(self.pattern.split("*", maxsplit=1)[0]).parts)
        paths = sorted(self.template.parent.glob(self.pattern))
        return [(path.relative_to(self.template.parent).parts[before].removesuffix(".po"), path) for path in paths]

    def extracted(self) -> Catalog:
        """The template as it ought to be."""
        catalog = Catalog(project="Kazi", charset="utf-8", fuzzy=False)
        catalog.header_comment = f"# Texts of Kazi's {self.name}. Licence: Apache-2.0, as the project."
        for text in self.texts():
            catalog.add(text)
        return catalog


def _texts_of_bot() -> list[Text]:
    # Read from the syntax tree: before Python 3.12 f-strings hide what is in them from Babel.
    found: list[Text] = []
    for path in sorted((ROOT / "bot").rglob("*.py")):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            if isinstance(call, ast.Call) and isinstance(call.func, ast.Attribute) and call.func.attr in _SAID:
                texts = [str(part.value) for part in call.args if isinstance(part, ast.Constant)]
                found.append(texts[0] if _SAID[call.func.attr] == 1 else (texts[0], texts[1]))
    return found + _names_of_methods()


def _names_of_methods() -> list[Text]:
    """What the ways to pay out are called."""
    paths = sorted((ROOT / "crowd" / "payouts" / "methods").glob("*.py"))
    return [
        _literal(node.value, path)
        for path in paths
        for node in ast.walk(ast.parse(path.read_text(encoding="utf-8")))
        if isinstance(node, ast.Assign) and [ast.unparse(target) for target in node.targets] == ["called"]
    ]


def _texts_of_files() -> list[Text]:
    """What is said of a requester's files, and what the fields of a batch file are."""
    found: list[Text] = []
    paths = [*(ROOT / "crowd").rglob("*.py"), *(ROOT / "kazi").rglob("*.py")]
    for path in sorted(paths):
        for call in ast.walk(ast.parse(path.read_text(encoding="utf-8"))):
            name = call.func.id if isinstance(call, ast.Call) and isinstance(call.func, ast.Name) else ""
            if isinstance(call, ast.Call) and name in _SAID:
                texts = [_literal(part, path) for part in call.args[: _SAID[name]]]
                found.append(texts[0] if _SAID[name] == 1 else (texts[0], texts[1]))
            elif isinstance(call, ast.Call) and name == _DESCRIBED and _of_a_batch_file(path):
                found += [_literal(word.value, path) for word in call.keywords if word.arg == "description"]
    return found


def _of_a_batch_file(path: Path) -> bool:
    """Whether the models in it are those of the batch file, whose fields messages quote."""
    return path == ROOT / "crowd" / "batches" / "spec.py" or path.is_relative_to(ROOT / "crowd" / "kinds")


def _literal(part: ast.expr, path: Path) -> str:
    if isinstance(part, ast.Constant) and isinstance(part.value, str):
        return part.value
    raise SystemExit(f"{path}:{part.lineno}: the text must stand in the call itself, so that it can be extracted")


def _texts_of_panel() -> list[Text]:
    methods = [("web/**.py", "python"), ("i18n/**.py", "python"), ("web/templates/**.html", "jinja2")]
    options = {"web/templates/**.html": {"trimmed": "true"}}
    found = [text for _, _, text, _, _ in extract_from_dir(ROOT / "admin", methods, options)]
    return found + _names_of_methods()


def _braces(text: str) -> set[str]:
    try:
        return {name for _, name, _, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {"(broken braces)"}


def _forms(text: str) -> set[str]:
    """The same with how each is put in: `rows:,` is a number with its thousands apart."""
    try:
        return {f"{name}:{form}" for _, name, form, _ in string.Formatter().parse(text) if name is not None}
    except ValueError:
        return {"(broken braces)"}


def _percents(text: str) -> set[str]:
    return set(_PERCENT.findall(text))


HOUSES = (
    House("bot", ROOT / "bot/i18n/kazi.pot", "catalogs/*/LC_MESSAGES/kazi.po", _texts_of_bot, _braces, compiled=True),
    House("messages about files", ROOT / "admin/i18n/files/files.pot", "*.po", _texts_of_files, _forms, compiled=False),
    House("panel", ROOT / "admin/i18n/panel.pot", "*.po", _texts_of_panel, _percents, compiled=False),
)


def main(command: str) -> int:
    """Run one of the commands; 1 when `check` finds something wrong."""
    if command == "extract":
        for house in HOUSES:
            _extract(house)
    elif command == "compile":
        for locale, path in (pair for house in HOUSES if house.compiled for pair in house.catalogs()):
            with path.with_suffix(".mo").open("wb") as file:
                write_mo(file, _read(path, locale))
    elif command == "check":
        problems = [problem for house in HOUSES for problem in _problems(house)]
        sys.stdout.writelines(f"{problem}\n" for problem in problems)
        return 1 if problems else 0
    else:
        sys.stderr.write("usage: catalogs.py extract | compile | check\n")
        return 2
    return 0


def _extract(house: House) -> None:
    house.template.write_bytes(_written(house.extracted()))
    for locale, path in house.catalogs():
        catalog = _read(path, locale)
        catalog.update(_read(house.template, None), no_fuzzy_matching=True)
        catalog.obsolete.clear()
        path.write_bytes(_written(catalog))


def _read(path: Path, locale: str | None) -> Catalog:
    with path.open("rb") as file:
        return read_po(file, locale=locale)


def _written(catalog: Catalog) -> bytes:
    file = BytesIO()
    write_po(file, catalog, width=110, sort_output=True, omit_header=False, ignore_obsolete=True)
    moving = (b'"POT-Creation-Date:', b'"PO-Revision-Date:', b'"Generated-By:', b'"Report-Msgid-Bugs-To:')
    lines = file.getvalue().splitlines(keepends=True)
    return b"".join(line for line in lines if not line.startswith(moving))


def _problems(house: House) -> list[str]:
    problems: list[str] = []
    if not house.template.exists() or house.template.read_bytes() != _written(house.extracted()):
        problems.append(f"{house.template.relative_to(ROOT)}: out of date; run `make texts`")
    wanted = {message.id for message in _read(house.template, None) if message.id}
    for locale, path in house.catalogs():
        catalog, name = _read(path, locale), path.relative_to(ROOT)
        there = {message.id for message in catalog if message.id}
        problems += [f"{name}: missing: {text!r}" for text in sorted(wanted - there, key=str)]
        problems += [f"{name}: no longer used: {text!r}" for text in sorted(there - wanted, key=str)]
        for message in (one for one in catalog if one.id):
            problems += [f"{name}: {problem}: {message.id!r}" for problem in _wrong(house, message, catalog)]
    return problems


def _wrong(house: House, message: Message, catalog: Catalog) -> list[str]:
    sources = list(message.id) if isinstance(message.id, tuple) else [message.id]
    texts = list(message.string) if isinstance(message.string, tuple) else [message.string]
    problems = ["fuzzy"] if message.fuzzy else []
    if isinstance(message.id, tuple) and len(texts) != catalog.num_plurals:
        problems.append(f"{len(texts)} plural forms, CLDR has {catalog.num_plurals}")
    for text in texts:
        if not text:
            problems.append("not translated")
        elif house.fields(str(text)) != house.fields(sources[-1]):
            problems.append(f"placeholders differ: {text!r}")
        elif sorted(_TAG.findall(str(text))) != sorted(_TAG.findall(sources[-1])):
            problems.append(f"HTML tags differ: {text!r}")
    return problems


if __name__ == "__main__":
    sys.exit(main(sys.argv[1] if len(sys.argv) > 1 else ""))
