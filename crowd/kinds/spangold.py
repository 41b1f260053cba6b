"""Golds of marked spans, as requesters write them into a cell."""

from collections.abc import Iterator, Sequence
from itertools import pairwise
from typing import Any

import orjson

from crowd.kinds.base import ItemError, Json
from crowd.kinds.marking import span_of
from crowd.kinds.options import OptionsSpec
from crowd.kinds.words import Word, words_of
from crowd.sentences import Sentence, say

BETWEEN, GIVES = ";", "="
"""Between two spans, and between the text of a span and its label."""

_FORM = '[{"start": 0, "end": 5, "label": "…"}]'
_TYPED = f"text{GIVES}label{BETWEEN} text{GIVES}label"

Place = tuple[int, int, str]
"""The numbers of the first and last word, from 1, and the label."""


def read_spans(spec: OptionsSpec, text: str, cell: str) -> Json:
    """`text=label; text=label`, or a JSON list of spans, `[]` where there is none. Raises ItemError."""
    words = words_of(text, spec.language)
    places = _listed(spec, text, words, cell) if cell.startswith("[") else _typed(spec, text, words, cell)
    spans = [span_of(text, words, *place) for place in sorted(places)]
    for one, other in pairwise(spans):
        if other["first"] <= one["last"]:
            raise _wrong(
                say(
                    "{one} and {other} overlap: a word has one label",
                    one=_shown(one["text"]),
                    other=_shown(other["text"]),
                )
            )
    return spans


def _typed(spec: OptionsSpec, text: str, words: Sequence[Word], cell: str) -> Iterator[Place]:
    ends = {word.end: number for number, word in enumerate(words, 1)}
    for part in map(str.strip, cell.rstrip(f"{BETWEEN} ").split(BETWEEN)):
        wanted, sign, label = part.rpartition(GIVES)
        wanted = wanted.strip()
        if not sign or not wanted:
            raise _wrong(say("{part} is not written as {form}", part=_shown(part), form=_TYPED))
        value = spec.checked(label.strip())
        found = [
            (number, ends[end])
            for number, word in enumerate(words, 1)
            if text.startswith(wanted, word.start) and (end := word.start + len(wanted)) in ends
        ]
        if not found:
            raise _wrong(say("{text} does not stand in the text as whole words", text=_shown(wanted)))
        if len(found) > 1:
            start = words[found[0][0] - 1].start
            raise _wrong(
                say(
                    "{text} stands in the text {number} times: say which by characters, as in {form}",
                    text=_shown(wanted),
                    number=len(found),
                    form=orjson.dumps([{"start": start, "end": start + len(wanted), "label": value}]).decode(),
                )
            )
        yield (*found[0], value)


def _listed(spec: OptionsSpec, text: str, words: Sequence[Word], cell: str) -> Iterator[Place]:
    try:
        listed = orjson.loads(cell)
    except orjson.JSONDecodeError:
        listed = [None]
    for each in listed:
        start, end, label, said = _fields(each)
        if not 0 <= start < end <= len(text):
            raise _wrong(
                say("{start} to {end} is not within the text, which has {length} characters",
                    start=start, end=end, length=len(text))
            )  # fmt: skip
        if said is not None and said != text[start:end]:
            raise _wrong(
                say(
                    "at {start} to {end} stands {found}, not {text}: count characters (Unicode code points) from 0",
                    start=start,
                    end=end,
                    found=_shown(text[start:end]),
                    text=_shown(said),
                )
            )
        yield (*_numbers(text, words, start, end), spec.checked(label))


def _fields(each: Any) -> tuple[int, int, str, str | None]:
    """Start, end, label and text of a span as JSON has it: an object, or a list of the first three."""
    if isinstance(each, dict):
        told = (each.get("start"), each.get("end"), each.get("label"), each.get("text"))
    else:
        told = (*each, None) if isinstance(each, list) and len(each) == 3 else (None,) * 4
    start, end, label, said = told
    if type(start) is type(end) is int and isinstance(label, str) and isinstance(said, str | None):
        return start, end, label, said
    raise _wrong(say("begins with a bracket and is no JSON list such as {form}", form=_FORM))


def _numbers(text: str, words: Sequence[Word], start: int, end: int) -> tuple[int, int]:
    """The first and the last word of a span, which begins and ends with one."""
    first = min(range(len(words)), key=lambda at: abs(words[at].start - start))
    last = min(range(first, len(words)), key=lambda at: abs(words[at].end - end))
    if (words[first].start, words[last].end) != (start, end):
        raise _wrong(
            say(
                "{start} to {end}, {found}, does not begin and end with a word; nearest is {here} to {there}, {text}",
                start=start,
                end=end,
                found=_shown(text[start:end]),
                here=words[first].start,
                there=words[last].end,
                text=_shown(text[words[first].start : words[last].end]),
            )
        )
    return first + 1, last + 1


def _wrong(what: Sentence) -> ItemError:
    return ItemError("gold", what)


def _shown(text: str) -> Sentence:
    from crowd.batchfile.problem import shown  # where golds are read, that is loaded

    return shown(text)
