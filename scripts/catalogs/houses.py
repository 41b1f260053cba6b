"""The parts of Kazi that have catalogs of their own, and the texts that each of them says."""

import ast
import re
import string
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from babel.messages.catalog import Catalog
from babel.messages.extract import extract_from_dir

ROOT = Path(__file__).parent.parent.parent
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
    in_chat: bool
    """Read on a phone, by workers: catalogs are compiled, keep to a glossary and fit buttons."""

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
    found: list[Text] = [
        text if isinstance(text, str) else (text[0], text[1])
        for _, _, text, _, _ in extract_from_dir(ROOT / "admin", methods, options)
    ]
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
    House("bot", ROOT / "bot/i18n/kazi.pot", "catalogs/*/LC_MESSAGES/kazi.po", _texts_of_bot, _braces, in_chat=True),
    House("messages about files", ROOT / "admin/i18n/files/files.pot", "*.po", _texts_of_files, _forms, in_chat=False),
    House("panel", ROOT / "admin/i18n/panel.pot", "*.po", _texts_of_panel, _percents, in_chat=False),
)
