"""The Bot API calls that were made: the newest of them, for tests to look at."""

from collections import deque
from dataclasses import dataclass
from typing import Any

import orjson

from sandbox.arguments import Upload

KEPT = 20_000


@dataclass(frozen=True, slots=True)
class RecordedCall:
    """One call: as it came in, and as it was answered.

    ``parameters`` are as the bot sent them: values of any kind from JSON, text from a query or form; a file is
    ``{"file_name", "file_size"}``. ``status`` 0 means that no answer was sent. ``via`` is ``http``, or
    ``webhook`` for a call that stood in a webhook's answer.
    """

    at: float
    bot: str
    method: str
    parameters: dict[str, Any]
    status: int
    response: bytes
    via: str

    def as_json(self) -> dict[str, Any]:
        """The call as the control API shows it."""
        return {
            "at": self.at,
            "bot": self.bot,
            "method": self.method,
            "parameters": self.parameters,
            "status": self.status,
            "response": orjson.Fragment(self.response) if self.response else None,
            "via": self.via,
        }


class CallLog:
    """A ring of the newest calls."""

    def __init__(self) -> None:
        self._calls: deque[RecordedCall] = deque(maxlen=KEPT)

    def add(self, call: RecordedCall) -> None:
        """Remember a call; the oldest is forgotten when there are too many."""
        self._calls.append(call)

    def find(self, method: str | None = None) -> list[RecordedCall]:
        """The calls (of one method, in any case), newest last."""
        if method is None:
            return list(self._calls)
        wanted = method.lower()
        return [call for call in self._calls if call.method.lower() == wanted]

    def clear(self) -> None:
        """Forget all calls."""
        self._calls.clear()


def without_files(parameters: dict[str, Any]) -> dict[str, Any]:
    """The parameters with the name and size of each file in place of its bytes."""
    if not any(type(value) is Upload for value in parameters.values()):
        return parameters
    return {
        name: {"file_name": value.name, "file_size": len(value.content)} if isinstance(value, Upload) else value
        for name, value in parameters.items()
    }
