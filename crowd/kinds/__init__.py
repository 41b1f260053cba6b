"""The kinds of task. A file of this folder that has a `KIND` is one; nothing else lists them."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules
from typing import Any

from pydantic import TypeAdapter

from crowd.batch import BatchSpec
from crowd.kinds.base import Kind

AnyKind = Kind[Any, Any]


@cache
def kinds() -> dict[str, AnyKind]:
    """All kinds by name."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    found = (module.KIND for module in modules if hasattr(module, "KIND"))
    return {kind.name: kind for kind in found}


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
