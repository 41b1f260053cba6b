"""The keys that receipts are signed by, and told genuine by: Ed25519, as RFC 8032 has it.

A key is named by its print: the first eight bytes of the SHA-256 of the public key, in hexadecimal digits.
"""

import hashlib
from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from collections.abc import Iterable, Iterator

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat

_BYTES = 32


class KeyTextError(ValueError):
    """A text that is no key."""


class SigningKey:
    """The house's own. `text` is as `new_key` makes it. Raises KeyTextError."""

    def __init__(self, text: str) -> None:
        self._key = Ed25519PrivateKey.from_private_bytes(_bytes(text))
        self.public = PublicKey(b64encode(self._key.public_key().public_bytes_raw()).decode())

    def sign(self, message: bytes) -> bytes:
        """64 bytes, the same for the same message."""
        return self._key.sign(message)


class PublicKey:
    """One that anybody may know. `text` is its 32 bytes in Base64. Raises KeyTextError."""

    def __init__(self, text: str) -> None:
        raw = _bytes(text)
        self._key = Ed25519PublicKey.from_public_bytes(raw)
        self.text = b64encode(raw).decode()
        self.name = hashlib.sha256(raw).hexdigest()[:16]

    @property
    def pem(self) -> str:
        """As OpenSSL takes it."""
        return self._key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()

    def made(self, signature: bytes, message: bytes) -> bool:
        """Whether the signature is by this key, of just that message."""
        try:
            self._key.verify(signature, message)
        except InvalidSignature:
            return False
        return True


class KnownKeys:
    """Public keys that receipts are accepted by, the one in use first."""

    def __init__(self, keys: Iterable[PublicKey]) -> None:
        self._keys = {key.name: key for key in keys}

    def __iter__(self) -> Iterator[PublicKey]:
        return iter(self._keys.values())

    def named(self, name: str) -> PublicKey | None:
        """The one of that print."""
        return self._keys.get(name)


def new_key() -> str:
    """A private key, for a SigningKey."""
    return b64encode(Ed25519PrivateKey.generate().private_bytes_raw()).decode()


def _bytes(text: str) -> bytes:
    try:
        raw = b64decode(text.strip().encode(), validate=True)
    except (NotBase64Error, ValueError) as error:
        raise KeyTextError("a key is 32 bytes in Base64") from error
    if len(raw) != _BYTES:
        raise KeyTextError("a key is 32 bytes in Base64")
    return raw
