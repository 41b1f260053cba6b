"""The kinds of task. A file of this folder that has a `KIND` is one; nothing else lists them."""

import sys
from functools import cache
from typing import Any

from pydantic import TypeAdapter

from crowd.batches.spec import BatchSpec
from crowd.kinds.base import Kind
from crowd.plugins import named_in

AnyKind = Kind[Any, Any]


@cache
def kinds() -> dict[str, AnyKind]:
    """All kinds by name."""
    return named_in(sys.modules[__name__], "KIND")


def kind_named(name: str) -> AnyKind:
    """The kind of that name. Raises KeyError."""
    return kinds()[name]


@cache
def _specs() -> TypeAdapter[BatchSpec]:
    union: Any = None
    for kind in kinds().values():
        union = kind.spec if union is None else union | kind.spec
    return TypeAdapter(union)


def load_spec(stored: object) -> BatchSpec:
    """A batch's spec, from JSON that was validated when it was posted."""
    if not isinstance(stored, dict):
        raise TypeError("a spec is an object")
    spec: BatchSpec = kind_named(stored["kind"]).spec.model_validate(stored)
    return spec


def spec_schema() -> dict[str, Any]:
    """The JSON Schema of a batch file of any kind."""
    return {"$schema": "https://json-schema.org/draft/2020-12/schema", **_specs().json_schema()}
