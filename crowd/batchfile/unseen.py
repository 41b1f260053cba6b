"""Characters that nobody sees: those that a text may not have, and texts that are made of nothing else."""

import re
import unicodedata

CONTROL = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f]")
"""Control characters but for tab and line feed."""

BIDI = re.compile("[\u202a-\u202e\u2066-\u2069]")
"""They turn the direction of what follows, and can make a text look like another."""

LINE_BREAK = re.compile("[\n\t\u2028\u2029]")
"""What one line does not have."""

_UNSEEN = {"Cc", "Cf", "Zs", "Zl", "Zp"}
_BLANK = "\u115f\u1160\u2800\u3164\uffa0"
"""Letters and symbols that look like nothing."""


def shows_nothing(text: str) -> bool:
    """Whether there is something, and a reader sees none of it."""
    return bool(text.strip()) and all(c in _BLANK or unicodedata.category(c) in _UNSEEN for c in text)
