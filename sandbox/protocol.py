"""The HTTP protocol of the sandbox: uvicorn's, which also lets an answer be withheld."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

EXTENSION = "kazi.abort"
"""The name of the ASGI extension: a function that breaks the connection off."""


class BreakableProtocol(HttpToolsProtocol):
    """Offers the application a way to break the connection off without an answer."""

    def on_message_begin(self) -> None:
        """Put the way into the scope of the request that begins."""
        super().on_message_begin()
        self.scope["extensions"] = {EXTENSION: {"abort": self.transport.abort}}
