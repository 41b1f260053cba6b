"""What stands in a folder is there: files are found by looking into it, and nothing lists them."""

from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any


def modules_in(package: ModuleType) -> list[ModuleType]:
    """All modules of a package, imported, by name."""
    return [import_module(f"{package.__name__}.{found.name}") for found in iter_modules(package.__path__)]


def named_in(package: ModuleType, attribute: str) -> dict[str, Any]:
    """What the modules of a package call `attribute`, by its own `name`; modules without it are none."""
    found = (getattr(module, attribute) for module in modules_in(package) if hasattr(module, attribute))
    return {each.name: each for each in found}
