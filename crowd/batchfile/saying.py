"""What a batch file says, looked at as it was written: what its model takes and nobody could have meant.

These rules are for batches that are posted: one that is stored already is loaded whatever they say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crowd.batch import BatchSpec
from crowd.batchfile.codes import currencies, is_language, language_meant
from crowd.batchfile.problem import Severity, listed, shown
from crowd.batchfile.unseen import BIDI, LINE_BREAK, shows_nothing
from crowd.batchfile.yamltext import Mapping, Node, Place, Scalar, Sequence

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_WITH_COMMA = re.compile(r"0,[0-9]+|[0-9]+,([0-9]{1,2}|[0-9]{4,6})")
_ONE_LINE = ("name", "title", "options", "skills")
_LOCALIZED = ("title", "instructions", "label")
_CODE = "Write its BCP 47 code, such as sw, am or pt-MZ."

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about the value at a path."""

    path: Path
    place: Place
    message: str
    mend: str
    severity: Severity = Severity.ERROR


def remarks(tree: Mapping) -> Iterator[Remark]:
    """All that is to be said of a batch file besides what its model says."""
    for name, look in (("price", _price), ("currency", _currency), ("language", _language)):
        node = tree.entries.get(name)
        if isinstance(node, Scalar) and node.text.strip():
            yield from look(node)
    for name in (*_ONE_LINE, "instructions"):
        if name in tree.entries:
            yield from _words((name,), tree.entries[name], one_line=name in _ONE_LINE)
    skills = tree.entries.get("skills")
    if isinstance(skills, Sequence) and skills.entries:
        what = "skills cannot be given to workers yet: nobody could work on this batch"
        yield Remark(("skills",), skills.place, what, "Take `skills:` out.")
    yield from _locales((), tree)


def missing_words(spec: BatchSpec, tree: Mapping) -> Iterator[Remark]:
    """What the workers that the batch is for cannot read in its own language."""
    options = getattr(spec, "options", ())
    texts = {"title": [spec.title] if spec.title else [], "instructions": [spec.instructions],
             "label": [option.label for option in options]}  # fmt: skip
    base = spec.language.split("-")[0]
    missing = [name for name, each in texts.items() if any(not {spec.language, base} & text.keys() for text in each)]
    if missing and is_language(base):
        what = f"says nothing in {shown(spec.language)}, the batch's language, under {listed(missing)}"
        mend = "Add it there, unless its workers read the other languages too."
        yield Remark(("language",), tree.entries["language"].place, what, mend, Severity.WARNING)


def _price(node: Scalar) -> Iterator[Remark]:
    text = node.text.strip()
    if _NUMBER.fullmatch(text):
        return
    mend = f"Use a point: {text.replace(',', '.')}." if _WITH_COMMA.fullmatch(text) else "Write it as 0.02."
    what = f"“price” is {shown(node.text)}, which is no number of plain digits and a point"
    yield Remark(("price",), node.place, what, mend)


def _currency(node: Scalar) -> Iterator[Remark]:
    code = node.text.strip().upper()
    if node.text in currencies():
        return
    mend = f"Did you mean {shown(code)}?" if code in currencies() else "Write its ISO 4217 code, such as USD or KES."
    yield Remark(("currency",), node.place, f"“currency” is {shown(node.text)}, which no country pays with", mend)


def _language(node: Scalar) -> Iterator[Remark]:
    if not is_language(node.text):
        what = f"“language” is {shown(node.text)}, which is no language that workers can choose"
        yield Remark(("language",), node.place, what, _meant(node.text))


def _meant(said: str) -> str:
    meant = language_meant(said)
    return f"Did you mean {meant}?" if meant else _CODE


def _locales(path: Path, node: Node) -> Iterator[Remark]:
    if isinstance(node, Sequence):
        for number, entry in enumerate(node.entries):
            yield from _locales((*path, number), entry)
    elif isinstance(node, Mapping):
        for name, entry in node.entries.items():
            if path and path[-1] in _LOCALIZED and not is_language(name):
                what = f"“{'.'.join(map(str, path))}” is in {shown(name)}, which is no language that phones are set to"
                yield Remark((*path, name), node.keys[name], what, _meant(name), Severity.WARNING)
            yield from _locales((*path, name), entry)


def _words(path: Path, node: Node, *, one_line: bool) -> Iterator[Remark]:
    if isinstance(node, Scalar):
        wrong = _odd(node.text.strip(), one_line=one_line)
        if wrong:
            yield Remark(path, node.place, f"“{'.'.join(map(str, path))}” {wrong[0]}", wrong[1])
        return
    each: Iterator[tuple[str | int, Node]] = iter(
        node.entries.items() if isinstance(node, Mapping) else enumerate(node.entries)
    )
    for step, entry in each:
        yield from _words((*path, step), entry, one_line=one_line)


def _odd(text: str, *, one_line: bool) -> tuple[str, str] | None:
    if shows_nothing(text):
        return "has only characters that cannot be seen", "Write something that people can read."
    if one_line and LINE_BREAK.search(text):
        return "has a line break or a tab", "Write it on one line."
    if one_line and (turn := BIDI.search(text)):
        what = f"has the character U+{ord(turn[0]):04X}, which turns the direction of text"
        return what, "Take it out: it can make a text look like another."
    return None
