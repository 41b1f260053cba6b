"""What a batch file says, looked at as it was written: what its model takes and nobody could have meant.

These rules are for batches that are posted: one that is stored already is loaded whatever they say.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass

from crowd.batches.spec import BatchSpec
from crowd.batchfile.codes import currencies, is_language, language_meant
from crowd.batchfile.problem import Severity, listed, shown
from crowd.batchfile.unseen import BIDI, LINE_BREAK, shows_nothing
from crowd.batchfile.yamltext import Mapping, Node, Place, Scalar, Sequence
from crowd.sentences import Sentence, say

_NUMBER = re.compile(r"[0-9]+(\.[0-9]+)?")
_WITH_COMMA = re.compile(r"0,[0-9]+|[0-9]+,([0-9]{1,2}|[0-9]{4,6})")
_ONE_LINE = ("name", "title", "options", "skills", "questions")
_LOCALIZED = ("title", "instructions", "spoken_instructions", "label", "ask")
_CODE = say("Write its BCP 47 code, such as sw, am or pt-MZ.")

Path = tuple[str | int, ...]


@dataclass(frozen=True, slots=True)
class Remark:
    """Something about the value at a path."""

    path: Path
    place: Place
    what: Sentence
    mend: Sentence
    severity: Severity = Severity.ERROR


def remarks(tree: Mapping) -> Iterator[Remark]:
    """All that is to be said of a batch file besides what its model says."""
    looks = (("price", _price), ("budget", _budget), ("currency", _currency), ("language", _language))
    for name, look in looks:
        node = tree.entries.get(name)
        if isinstance(node, Scalar) and node.text.strip():
            yield from look(node)
    for name in (*_ONE_LINE, "instructions"):
        if name in tree.entries:
            yield from _words((name,), tree.entries[name], one_line=name in _ONE_LINE)
    skills = tree.entries.get("skills")
    if isinstance(skills, Sequence) and skills.entries:
        what = say("skills cannot be given to workers yet: nobody could work on this batch")
        yield Remark(("skills",), skills.place, what, say("Take {code} out.", code="`skills:`"))
    yield from _locales((), tree)


def missing_words(spec: BatchSpec, tree: Mapping) -> Iterator[Remark]:
    """What the workers that the batch is for cannot read in its own language."""
    options, questions = getattr(spec, "options", ()), getattr(spec, "questions", ())
    texts = {"title": [spec.title] if spec.title else [], "instructions": [spec.instructions],
             "label": [option.label for option in options],
             "ask": [question.ask for question in questions]}  # fmt: skip
    base = spec.language.split("-")[0]
    missing = [name for name, each in texts.items() if any(not {spec.language, base} & text.keys() for text in each)]
    if missing and is_language(base):
        what = say(
            "says nothing in {language}, the batch's language, under {names}",
            language=shown(spec.language),
            names=listed(missing),
        )
        mend = say("Add it there, unless its workers read the other languages too.")
        yield Remark(("language",), tree.entries["language"].place, what, mend, Severity.WARNING)


def _price(node: Scalar) -> Iterator[Remark]:
    yield from _amount("price", node, like="0.02")


def _budget(node: Scalar) -> Iterator[Remark]:
    yield from _amount("budget", node, like="120.00")


def _amount(field: str, node: Scalar, *, like: str) -> Iterator[Remark]:
    text = node.text.strip()
    if _NUMBER.fullmatch(text):
        return
    mend = say("Write it as {price}.", price=like)
    if _WITH_COMMA.fullmatch(text):
        mend = say("Use a point: {price}.", price=text.replace(",", "."))
    what = say(
        "{name} is {value}, which is no number of plain digits and a point",
        name=shown(field),
        value=shown(node.text),
    )
    yield Remark((field,), node.place, what, mend)


def _currency(node: Scalar) -> Iterator[Remark]:
    code = node.text.strip().upper()
    if node.text in currencies():
        return
    mend = say("Write its ISO 4217 code, such as USD or KES.")
    if code in currencies():
        mend = say("Did you mean {meant}?", meant=shown(code))
    what = say("{name} is {value}, which no country pays with", name=shown("currency"), value=shown(node.text))
    yield Remark(("currency",), node.place, what, mend)


def _language(node: Scalar) -> Iterator[Remark]:
    if not is_language(node.text):
        what = say(
            "{name} is {value}, which is no language that workers can choose",
            name=shown("language"),
            value=shown(node.text),
        )
        yield Remark(("language",), node.place, what, _meant(node.text))


def _meant(said: str) -> Sentence:
    meant = language_meant(said)
    return say("Did you mean {meant}?", meant=meant) if meant else _CODE


def _locales(path: Path, node: Node) -> Iterator[Remark]:
    if isinstance(node, Sequence):
        for number, entry in enumerate(node.entries):
            yield from _locales((*path, number), entry)
    elif isinstance(node, Mapping):
        for name, entry in node.entries.items():
            if path and path[-1] in _LOCALIZED and not is_language(name):
                what = say(
                    "{name} is in {language}, which is no language that phones are set to",
                    name=_shown(path),
                    language=shown(name),
                )
                yield Remark((*path, name), node.keys[name], what, _meant(name), Severity.WARNING)
            yield from _locales((*path, name), entry)


def _words(path: Path, node: Node, *, one_line: bool) -> Iterator[Remark]:
    if isinstance(node, Scalar):
        wrong = _odd(_shown(path), node.text.strip(), one_line=one_line)
        if wrong:
            yield Remark(path, node.place, *wrong)
        return
    each: Iterator[tuple[str | int, Node]] = iter(
        node.entries.items() if isinstance(node, Mapping) else enumerate(node.entries)
    )
    for step, entry in each:
        yield from _words((*path, step), entry, one_line=one_line)


def _odd(name: Sentence, text: str, *, one_line: bool) -> tuple[Sentence, Sentence] | None:
    if shows_nothing(text):
        what = say("{name} has only characters that cannot be seen", name=name)
        return what, say("Write something that people can read.")
    if one_line and LINE_BREAK.search(text):
        return say("{name} has a line break or a tab", name=name), say("Write it on one line.")
    if one_line and (turn := BIDI.search(text)):
        code = f"U+{ord(turn[0]):04X}"
        what = say("{name} has the character {code}, which turns the direction of text", name=name, code=code)
        return what, say("Take it out: it can make a text look like another.")
    return None


def _shown(path: Path) -> Sentence:
    return shown(".".join(map(str, path)))
