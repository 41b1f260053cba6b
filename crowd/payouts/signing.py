"""Messages between the house and a provider are signed as the specification "Standard Webhooks" 1.0.0 says.

So any library that follows it verifies ours, and makes ones that are verified here. Only symmetric signatures (`v1`).
"""

import base64
import binascii
import hmac
from collections.abc import Mapping, Sequence
from datetime import datetime

TOLERANCE_S = 300
"""Seconds that a message's time may be off: what is older may have been kept and sent again by somebody else."""

ID, TIME, SIGNATURE = "webhook-id", "webhook-timestamp", "webhook-signature"
"""Headers of each message."""

_PREFIX = "whsec_"
_SHORTEST, _LONGEST = 24, 64


class SecretError(ValueError):
    """Text that is no secret for signing."""


class NotSignedError(Exception):
    """A message that does not come from who shares the secret, or comes too late. Says which, in no detail."""


class Signer:
    """Signs and verifies. `secrets` are as the specification writes them (`whsec_` and Base64), the one in use first.

    A message is signed under each of them, and verified under any, so that they can be changed one side at a time.
    Raises SecretError.
    """

    def __init__(self, secrets: Sequence[str]) -> None:
        self._keys = [_key(secret) for secret in secrets]
        if not self._keys:
            raise SecretError("there is no secret")

    def headers(self, message_id: str, at: datetime, body: bytes) -> dict[str, str]:
        """What a message is sent with."""
        seconds = str(int(at.timestamp()))
        signatures = " ".join(f"v1,{_signature(key, message_id, seconds, body)}" for key in self._keys)
        return {ID: message_id, TIME: seconds, SIGNATURE: signatures}

    def verify(self, headers: Mapping[str, str], at: datetime, body: bytes) -> str:
        """The id of a message that is signed and of now. Names of headers are in lower case. Raises NotSignedError."""
        message_id, seconds, said = (headers.get(name, "") for name in (ID, TIME, SIGNATURE))
        if not message_id or not said or not (seconds.isascii() and seconds.isdigit() and len(seconds) < 12):
            raise NotSignedError("a header is missing or is none")
        if abs(int(at.timestamp()) - int(seconds)) > TOLERANCE_S:
            raise NotSignedError("the time is off by more than five minutes")
        given = [each.removeprefix("v1,") for each in said.split(" ") if each.startswith("v1,")]
        for key in self._keys:
            wanted = _signature(key, message_id, seconds, body).encode()
            if any(hmac.compare_digest(wanted, each.encode()) for each in given):
                return message_id
        raise NotSignedError("no signature is right")


def _signature(key: bytes, message_id: str, seconds: str, body: bytes) -> str:
    signed = f"{message_id}.{seconds}.".encode() + body
    return base64.b64encode(hmac.digest(key, signed, "sha256")).decode()


def _key(secret: str) -> bytes:
    try:
        key = base64.b64decode(secret.strip().removeprefix(_PREFIX), validate=True)
    except (binascii.Error, ValueError) as error:
        raise SecretError("a secret is whsec_ and Base64") from error
    if not _SHORTEST <= len(key) <= _LONGEST:
        raise SecretError(f"a secret has {_SHORTEST} to {_LONGEST} bytes")
    return key
