"""Checks calls of the Bot API against its machine-readable description.

``violations(call)`` takes a call as the sandbox records it (``GET /sandbox/calls``) and says what in its parameters
or in its answer is not as the Bot API describes it. The description is ``bot-api.json``: the file that the environment
variable ``KAZI_BOT_API`` names, or ``../shared/data/bot-api.json`` beside the repository. A test that needs it is
marked with ``needs_schema``.
"""

import json
import os
import re
from collections.abc import Callable, Iterator, Mapping
from functools import cache
from pathlib import Path
from typing import Any

import pytest

PATH = Path(os.environ.get("KAZI_BOT_API") or Path(__file__).parents[1].with_name("shared") / "data" / "bot-api.json")
needs_schema = pytest.mark.skipif(
    not PATH.is_file(), reason=f"the description of the Bot API is not at {PATH}; name it in KAZI_BOT_API"
)

Json = dict[str, Any]

_CONSTANT = re.compile(r"(?:always|must be) [\"“]?(\w+)[\"”]?(?:\.|$)")
_BOOLEANS = frozenset({"true", "false", "0", "1"})


@cache
def _schema() -> Json:
    schema: Json = json.loads(PATH.read_text())
    return schema


@cache
def _methods() -> dict[str, Json]:
    return {name.lower(): method for name, method in _schema()["methods"].items()}


def violations(call: Mapping[str, Any]) -> list[str]:
    """What is wrong with a call; empty if nothing is.

    ``call`` has ``method``, ``parameters``, ``status`` (0: no answer came) and ``response``. Parameters may be values
    or, as in a form, text that holds them; a file is ``{"file_name", "file_size"}``.
    """
    method = _methods().get(call["method"].lower())
    if method is None:
        return [f"{call['method']} is no method of the Bot API"]
    name = method["name"]
    found = list(_parameters(name, method, call["parameters"]))
    if call["status"]:
        found += _answer(name, method, call["status"], call["response"])
    return found


def _parameters(name: str, method: Json, given: Mapping[str, Any]) -> Iterator[str]:
    fields = {field["name"]: field for field in method.get("fields", [])}
    attached = set(re.findall(r"attach://([^\"\\\s]+)", json.dumps(given)))
    for parameter, value in given.items():
        if parameter in fields:
            yield from _value(
                f"{name}.{parameter}", fields[parameter]["types"], _read(value, fields[parameter]["types"])
            )
        elif not (_is_file(value) and parameter in attached):
            yield f"{name} has no parameter {parameter}"
    for parameter, field in fields.items():
        if field["required"] and parameter not in given:
            yield f"{name} needs {parameter}"


def _answer(name: str, method: Json, status: int, response: Any) -> Iterator[str]:
    if not isinstance(response, dict) or not isinstance(response.get("ok"), bool):
        yield f"{name} is answered by something else than an object with ok"
    elif response["ok"]:
        if status != 200 or set(response) != {"ok", "result"}:
            yield f"{name} is answered with status {status} and {sorted(response)}"
        yield from _value(f"{name} → result", method["returns"], response.get("result"))
    else:
        if response.get("error_code") != status or not isinstance(response.get("description"), str):
            yield f"{name} is refused with status {status}, but says {response}"
        if unknown := set(response) - {"ok", "error_code", "description", "parameters"}:
            yield f"{name} is refused with unknown fields {sorted(unknown)}"
        if "parameters" in response:
            yield from _value(f"{name} → parameters", ["ResponseParameters"], response["parameters"])


def _read(value: Any, types: list[str]) -> Any:
    """The value that a text from a form holds, if a text is not what is wanted."""
    if not isinstance(value, str) or "String" in types:
        return value
    if types == ["Boolean"]:
        return value.lower() in ("true", "1") if value.lower() in _BOOLEANS else value
    try:
        return json.loads(value)
    except ValueError:
        return value


def _value(where: str, types: list[str], value: Any) -> list[str]:
    """What keeps the value from being of any of the types: the shortest such list."""
    tries = [_one_type(where, kind, value) for kind in types]
    return min(tries, key=len)


def _one_type(where: str, kind: str, value: Any) -> list[str]:
    if kind.startswith("Array of "):
        if not isinstance(value, list):
            return [f"{where} is no array: {value!r:.80}"]
        inner = kind.removeprefix("Array of ")
        return [wrong for number, one in enumerate(value) for wrong in _one_type(f"{where}[{number}]", inner, one)]
    if kind in _SIMPLE:
        return [] if _SIMPLE[kind](value) else [f"{where} is no {kind}: {value!r:.80}"]
    if kind == "InputFile":
        return [] if _is_file(value) else [f"{where} is no file: {value!r:.80}"]
    return _object(where, kind, value)


def _is_integer(value: Any) -> bool:
    return type(value) is int


def _is_float(value: Any) -> bool:
    return type(value) in (int, float)


_SIMPLE: dict[str, Callable[[Any], bool]] = {
    "Integer": _is_integer,
    "Float": _is_float,
    "String": lambda value: isinstance(value, str),
    "Boolean": lambda value: isinstance(value, bool),
}


def _is_file(value: Any) -> bool:
    return isinstance(value, dict) and set(value) == {"file_name", "file_size"}


def _object(where: str, kind: str, value: Any) -> list[str]:
    if kind == "KeyboardButton" and isinstance(value, str):
        return []  # "for simple text buttons, String can be used instead of this object"
    if not isinstance(value, dict):
        return [f"{where} is no {kind}: {value!r:.80}"]
    described = _schema()["types"][kind]
    if subtypes := described.get("subtypes"):
        fitting = [subtype for subtype in subtypes if _may_be(subtype, value)]
        if not fitting:
            return [f"{where} is none of {', '.join(subtypes)}: {value!r:.120}"]
        return _value(where, fitting, value)
    fields = {field["name"]: field for field in described.get("fields", [])}
    found = [f"{where} ({kind}) has an unknown field {name}" for name in value if name not in fields]
    for name, field in fields.items():
        if name in value:
            found += _value(f"{where}.{name}", field["types"], value[name])
        elif field["required"]:
            found.append(f"{where} ({kind}) lacks {name}")
    return found


def _may_be(kind: str, value: Json) -> bool:
    """Does the value carry the constants, such as its ``type``, by which this type is told from its kin?"""
    for field in _schema()["types"][kind].get("fields", []):
        constant = _CONSTANT.search(field["description"]) if field["types"] == ["String"] else None
        if constant and value.get(field["name"]) != constant[1]:
            return False
    return True
