"""Signals of fraud. A file of this folder that has a `SIGNAL` is one; nothing else lists them.

None of them proves anything: each names workers whose answers an honest crowd would hardly have given, for a person to
look at.
"""

import sys
from functools import cache

from crowd.plugins import named_in
from crowd.signals.base import Signal


@cache
def signals() -> dict[str, Signal]:
    """All signals by name."""
    return named_in(sys.modules[__name__], "SIGNAL")
