"""Failures on demand."""

from dataclasses import dataclass

ANY_METHOD = "*"
TEXTS = {
    400: "Bad Request",
    401: "Unauthorized",
    403: "Forbidden",
    404: "Not Found",
    409: "Conflict",
    429: "Too Many Requests",
    500: "Internal Server Error",
    502: "Bad Gateway",
    503: "Service Unavailable",
    504: "Gateway Timeout",
}


@dataclass(slots=True)
class Fault:
    """The next ``times`` calls of ``method`` (any, if ``*``) fail.

    ``status`` is the HTTP status; 0 closes the connection without an answer, 200 lets the call succeed (after
    ``delay_ms``). ``after``: the method is performed first, and only its answer is lost.
    """

    method: str
    status: int
    times: int = 1
    retry_after: int | None = None
    description: str | None = None
    delay_ms: float = 0.0
    after: bool = False

    def text(self) -> str:
        """The description in the failing answer."""
        if self.description:
            return self.description
        text = TEXTS.get(self.status, f"Error {self.status}")
        return f"{text}: retry after {self.retry_after}" if self.retry_after is not None else text


class Faults:
    """The failures that have been ordered, first come, first served."""

    def __init__(self) -> None:
        self.ordered: list[Fault] = []

    def take(self, method: str) -> Fault | None:
        """The fault that this call (method in lower case) meets, if any; it is used up by this."""
        for fault in self.ordered:
            if fault.method in (method, ANY_METHOD):
                fault.times -= 1
                if fault.times <= 0:
                    self.ordered.remove(fault)
                return fault
        return None
