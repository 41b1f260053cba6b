"""What the Bot API answers when it refuses, and what the control API answers."""


class ApiError(Exception):
    """A refusal as Telegram words it: ``{"ok": false, "error_code": code, "description": …}``."""

    def __init__(self, code: int, description: str, *, retry_after: int | None = None) -> None:
        super().__init__(description)
        self.code = code
        self.description = description
        self.retry_after = retry_after


class ControlError(Exception):
    """A refusal of the control API: ``{"error": …}`` with a sentence that says how to mend it."""

    def __init__(self, text: str, status: int = 400) -> None:
        super().__init__(text)
        self.text = text
        self.status = status


def bad_request(text: str) -> ApiError:
    """400, for a request that is wrong in itself."""
    return ApiError(400, f"Bad Request: {text}")


def forbidden(text: str) -> ApiError:
    """403, for a person who does not want the bot."""
    return ApiError(403, f"Forbidden: {text}")


def conflict(text: str) -> ApiError:
    """409, for two ways of getting updates at once."""
    return ApiError(409, f"Conflict: {text}")


def too_many_requests(retry_after: int) -> ApiError:
    """429, with the seconds to wait."""
    return ApiError(429, f"Too Many Requests: retry after {retry_after}", retry_after=retry_after)
