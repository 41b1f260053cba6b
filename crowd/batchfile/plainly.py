"""What pydantic says of a value, in words that requesters know."""

from decimal import Decimal

from pydantic_core import ErrorDetails

from crowd.batchfile.problem import shortened, shown
from crowd.sentences import Sentence, SentenceError, count, say

_NAMES = say("must be names with values")
_LIST = say("must be a list")
_NUMBER = say("must be a number")
_YES_OR_NO = say("write yes or no")

_PLAIN = {
    "model_type": _NAMES, "model_attributes_type": _NAMES, "dict_type": _NAMES,
    "list_type": _LIST, "tuple_type": _LIST,
    "string_type": say("must be a text"),
    "bool_parsing": _YES_OR_NO, "bool_type": _YES_OR_NO,
    "int_parsing": say("must be a whole number"),
    "int_type": _NUMBER, "float_parsing": _NUMBER, "float_type": _NUMBER, "decimal_type": _NUMBER,
    "finite_number": say("must be a finite number"),
    "decimal_parsing": say("should be a valid decimal"),
    "int_parsing_size": say("unable to parse input string as an integer, exceeded maximum size"),
    "greater_than": say("should be greater than {bound}"),
    "greater_than_equal": say("should be greater than or equal to {bound}"),
    "less_than": say("should be less than {bound}"),
    "less_than_equal": say("should be less than or equal to {bound}"),
}  # fmt: skip

_BOUNDS = ("gt", "ge", "lt", "le")
_OPTIONS = "options"
_LENGTHS = ("too_long", "too_short", "string_too_long", "string_too_short")


UNFORESEEN = "cannot be taken: {reason}"
"""The text for what pydantic says and nothing here puts into plain words: its reason stays English."""


def plainly(detail: ErrorDetails) -> Sentence:
    """What is wrong with a value, and what it is where that is short."""
    said, context = detail["input"], detail.get("ctx", {})
    if detail["type"] in {"string_pattern_mismatch", "literal_error"}:
        return say("is {value}, which is not what is asked for here", value=shown(str(said)))
    if detail["type"] in _LENGTHS:
        return _length(detail)
    if detail["type"] == "value_error":
        failure = context["error"]
        return failure.sentence if isinstance(failure, SentenceError) else _unforeseen(str(failure))
    problem = _problem(detail)
    return say("{problem}; it is {value}", problem=problem, value=shown(said)) if isinstance(said, str) else problem


def _problem(detail: ErrorDetails) -> Sentence:
    context = detail.get("ctx", {})
    if detail["type"] == "decimal_max_places":
        return say("has more than {most} decimal places", most=context["decimal_places"])
    plain = _PLAIN.get(detail["type"])
    if plain is None:
        return _unforeseen(detail["msg"].removeprefix("Input "))
    bound = next((context[name] for name in _BOUNDS if name in context), None)
    if bound is None:
        return plain
    return Sentence(plain.text, values=(("bound", f"{Decimal(str(bound)).normalize():f}"),))


def _unforeseen(message: str) -> Sentence:
    return say("cannot be taken: {reason}", reason=shortened(message[:1].lower() + message[1:], 300))


def _length(detail: ErrorDetails) -> Sentence:
    context, said = detail.get("ctx", {}), detail["input"]
    length: int = context.get("actual_length", len(said))
    if "max_length" in context:
        return _too_long(said, detail["loc"], length, context["max_length"])
    return _too_short(said, detail["loc"], length, context["min_length"])


def _too_long(said: object, loc: tuple[int | str, ...], length: int, most: int) -> Sentence:
    if isinstance(said, str):
        return count(
            "has {number} character; {most} at most", "has {number} characters; {most} at most", length, most=most
        )
    if loc[-1] == _OPTIONS:
        return count("has {number} option; {most} at most", "has {number} options; {most} at most", length, most=most)
    return count("has {number} entry; {most} at most", "has {number} entries; {most} at most", length, most=most)


def _too_short(said: object, loc: tuple[int | str, ...], length: int, least: int) -> Sentence:
    if isinstance(said, str):
        return count(
            "has {number} character; at least {least} needed",
            "has {number} characters; at least {least} needed",
            length,
            least=least,
        )
    if loc[-1] == _OPTIONS:
        return count(
            "has {number} option; at least {least} needed",
            "has {number} options; at least {least} needed",
            length,
            least=least,
        )
    return count(
        "has {number} entry; at least {least} needed",
        "has {number} entries; at least {least} needed",
        length,
        least=least,
    )
