"""Answers to several questions at once, by the names of the questions: how one is read, and held against another.

What a gold shows of its worker is put together from what each of the questions that it states shows. One who knows the
work knows each of them by itself, but for a slip, and goes by habit in all others. With t(q) the telling of the answer
to question q and b(q) how probable it is blindly, the answer is that many times likelier from one who knows:

    Π over stated q of (1 - SLIP) t(q) / b(q) + SLIP

`telling` is `blindly` times that. Since t and b sum to 1 over the answers to a question, it sums to 1 over all answers.
"""

import math
import re
from collections.abc import Mapping, Sequence

import orjson

from crowd.exports.base import value_text
from crowd.kinds.base import Difference, ItemError, Json
from crowd.kinds.item import Item
from crowd.kinds.questions import Asked
from crowd.kinds.sets import SLIP
from crowd.sentences import say

_RAREST = 0.02
"""No answer to a question is taken to be less probable blindly, as in `crowd.workers.standing`; a text by far is."""

_BLINDEST = 1e-6
"""Nor the answers to all questions together: what is rarer counts as one in a million."""

_SUREST = 50.0
"""No gold counts for more, as in `crowd.workers.standing`."""

Sheet = Mapping[str, Json]
"""Answers by the names of their questions; a question that was left out is not there."""


def read(questions: Sequence[Asked], item: Item, cell: str) -> dict[str, Json]:
    """`name=value; name=value`, or a JSON object, of some of the questions. Raises ItemError."""
    cells = _from_json(cell) if cell.lstrip().startswith("{") else _from_pairs(questions, cell)
    known = {question.name: question for question in questions}
    unknown = next((name for name in cells if name not in known), None)
    if unknown is not None:
        from crowd.batchfile.problem import listed, shown  # where golds are read, that is loaded

        what = say("names {value}, which is none of the questions {names}", value=shown(unknown), names=listed(known))
        raise ItemError("gold", what)
    if not cells:
        raise ItemError("gold", say("states no question: write the name of one, = and its right answer"))
    return {name: _value(known[name], item, cells[name]) for name in known if name in cells}


def _from_json(cell: str) -> dict[str, str]:
    try:
        told = orjson.loads(cell)
    except orjson.JSONDecodeError:
        told = None
    if not isinstance(told, dict):
        raise ItemError("gold", say("begins with a brace and is no JSON object of names and values"))
    return {name: text for name, value in told.items() if (text := value_text(value)) is not None}


def _from_pairs(questions: Sequence[Asked], cell: str) -> dict[str, str]:
    """Values may have a semicolon in them, unless a name and = follow it."""
    names = "|".join(re.escape(question.name) for question in questions)
    found: dict[str, str] = {}
    for pair in re.split(rf"[;\n](?=\s*(?:{names})\s*=)", cell):
        name, equals, value = pair.strip().removesuffix(";").partition("=")
        if not equals:
            from crowd.batchfile.problem import shown

            raise ItemError(
                "gold", say("has {value}, where the name of a question and = are wanted", value=shown(name))
            )
        if name.strip() in found:
            raise ItemError("gold", say("states the question “{question}” twice", question=name.strip()))
        found[name.strip()] = value.strip()
    return found


def _value(question: Asked, item: Item, cell: str) -> Json:
    try:
        return question.kind.read_gold(question.spec, item, cell)
    except ItemError as error:
        what = say("in the question “{question}”: {problem}", question=question.name, problem=error.problem)
        raise ItemError(error.column, what) from None


def verdict(questions: Sequence[Asked], right: Sheet, said: Sheet) -> float:
    """The mean of the verdicts of the questions that the gold states; one that was left out is wrong."""
    each = [
        question.kind.verdict(question.spec, right[question.name], said[question.name]) if question.name in said else 0
        for question in questions
        if question.name in right
    ]
    return math.fsum(each) / len(each)


def chance(questions: Sequence[Asked]) -> float:
    """The mean of the chances: guesses are made one by one, and each question is taken to be stated as often."""
    return math.fsum(question.kind.chance(question.spec) for question in questions) / len(questions)


def blindly(questions: Sequence[Asked], said: Sheet) -> float:
    """How probable all of the answers are together: those to one question hang on nothing but habit."""
    each = (
        question.kind.blindly(question.spec, said[question.name]) for question in questions if question.name in said
    )
    return max(_BLINDEST, math.prod(each))


def telling(questions: Sequence[Asked], right: Sheet, said: Sheet) -> float:
    """See above. A question that was left out tells nothing."""
    likelier = math.prod(
        _likelier(question, right[question.name], said[question.name])
        for question in questions
        if question.name in right and question.name in said
    )
    return min(1.0, min(_SUREST, likelier) * blindly(questions, said))


def _likelier(question: Asked, right: Json, said: Json) -> float:
    blind = max(_RAREST, question.kind.blindly(question.spec, said))
    return (1 - SLIP) * question.kind.telling(question.spec, right, said) / blind + SLIP


def difference(questions: Sequence[Asked], counts: Sequence[tuple[Sheet, int]]) -> Difference:
    """The differences of the questions, each over what it is between two answers taken at random, added up.

    Krippendorff's alpha is 1 - observed / expected; with that difference it is the mean of the alphas of the
    questions, whatever their units. A question to which all say the same has none, and is left out. Where one of the
    two left a question out, that is as far as two answers at random; where both did, they agree.
    """
    each = [_scaled(question, counts) for question in questions]

    def apart(one: Sheet, other: Sheet) -> float:
        return math.fsum(far(one, other) for far in each)

    return apart


def _scaled(question: Asked, counts: Sequence[tuple[Sheet, int]]) -> Difference:
    name, split = question.name, split_of(question.name, counts)
    far = question.kind.difference(question.spec, split)
    said = sum(times for _, times in split)
    total = math.fsum(
        2 * times * often * far(one, other) if far else 0.0
        for place, (one, times) in enumerate(split)
        for other, often in split[:place]
    )
    usual = total / (said * (said - 1)) if said > 1 else 0.0

    def apart(one: Sheet, other: Sheet) -> float:
        if far is None or not usual or (name not in one and name not in other):
            return 0.0
        return far(one[name], other[name]) / usual if name in one and name in other else 1.0

    return apart


def split_of(name: str, counts: Sequence[tuple[Sheet, int]]) -> list[tuple[Json, int]]:
    """The answers to one question and how often each was given, the commonest first."""
    found: dict[bytes, tuple[Json, int]] = {}
    for sheet, times in counts:
        if name in sheet:
            key = orjson.dumps(sheet[name])
            found[key] = (sheet[name], times + found.get(key, (None, 0))[1])
    return [found[key] for key in sorted(found, key=lambda key: (-found[key][1], key))]
