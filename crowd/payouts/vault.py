"""Where money is to go is known to nobody who only sees the database: it is encrypted there.

Each seal is Fernet's (AES-128-CBC with HMAC-SHA256, as `cryptography` has it) under the first of some keys; what was
sealed under a later one is still opened, so keys are changed by putting a new one first and sealing anew. What is
sealed names whose it is, and opens for them alone: a row moved to another worker's is of no use.
"""

import hmac
from collections.abc import Mapping, Sequence

import orjson
from cryptography.fernet import Fernet, InvalidToken, MultiFernet


class VaultError(Exception):
    """A seal that none of the keys opens, or that is somebody else's; or a key that is none."""


class Vault:
    """Seals and opens. `keys` are as `new_key` makes them, the one in use first."""

    def __init__(self, keys: Sequence[str]) -> None:
        try:
            self._fernet = MultiFernet([Fernet(key) for key in keys])
        except ValueError as error:
            raise VaultError("a key is 32 bytes in URL-safe Base64, as `kazi payouts key` makes it") from error
        self._print_key = hmac.digest(keys[0].encode(), b"kazi: print of an account", "sha256")

    def seal(self, owner: str, details: Mapping[str, str]) -> bytes:
        """What is to be kept of details."""
        kept = {str(name): text for name, text in details.items()}
        return self._fernet.encrypt(orjson.dumps({"owner": owner, "details": kept}))

    def open(self, owner: str, sealed: bytes) -> dict[str, str]:
        """The details that were sealed for that owner. Raises VaultError."""
        found = orjson.loads(self._opened(sealed))
        if found.get("owner") != owner:
            raise VaultError("sealed for somebody else")
        details: dict[str, str] = found["details"]
        return details

    def seal_file(self, data: bytes) -> bytes:
        """What is to be kept of a file."""
        return self._fernet.encrypt(data)

    def open_file(self, sealed: bytes) -> bytes:
        """A file that was sealed. Raises VaultError."""
        return self._opened(sealed)

    def anew(self, sealed: bytes) -> bytes:
        """The same, sealed under the first key. Raises VaultError."""
        try:
            return self._fernet.rotate(sealed)
        except InvalidToken as error:
            raise VaultError("no key opens this") from error

    def print(self, account: str) -> bytes:
        """The same for the same account, under the same first key, and of no use without it: 16 bytes."""
        return hmac.digest(self._print_key, account.encode(), "sha256")[:16]

    def _opened(self, sealed: bytes) -> bytes:
        try:
            return self._fernet.decrypt(sealed)
        except InvalidToken as error:
            raise VaultError("no key opens this") from error


def new_key() -> str:
    """A key for a Vault."""
    return Fernet.generate_key().decode()
