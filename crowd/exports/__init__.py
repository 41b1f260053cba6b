"""The formats of exports. A file of this folder that has a `FORMAT` is one; nothing else lists them."""

from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from crowd.exports.base import Format


@cache
def formats() -> dict[str, Format]:
    """All formats by name."""
    modules = (import_module(f"{__name__}.{module.name}") for module in iter_modules(__path__))
    found = (module.FORMAT for module in modules if hasattr(module, "FORMAT"))
    return {each.name: each for each in found}


def format_named(name: str) -> Format:
    """The format of that name. Raises KeyError."""
    return formats()[name]
