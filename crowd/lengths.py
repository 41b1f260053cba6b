"""How long a text is on a phone."""


def chat_length(text: str) -> int:
    """Characters as a chat counts them, in UTF-16 units: an emoji is two."""
    return len(text) if text.isascii() else len(text) + sum(c > "\uffff" for c in text)
