"""A receipt is one text: what people read, the same for machines, and a signature of all that stands above it.

So no byte of what is read can be changed, and what is read is what was signed. The format is in docs/receipts.md.
"""

import re
from base64 import b64decode, b64encode
from binascii import Error as NotBase64Error
from dataclasses import dataclass
from enum import StrEnum

import orjson
from pydantic import TypeAdapter, ValidationError

from crowd.receipts.keys import KnownKeys, SigningKey
from crowd.receipts.statement import Statement

LARGEST = 64 * 1024
"""Bytes of a receipt that is looked at; what is made is far smaller."""

FIRST = "KAZI RECEIPT 1"
"""The first line, with the version of the format. It is signed, so the key signs nothing else by mistake."""

_STATEMENT = "-----BEGIN KAZI STATEMENT-----"
_SIGNATURE = "-----BEGIN KAZI SIGNATURE-----"
_END = "-----END KAZI RECEIPT-----"

_SEAL = re.compile(rf"(?P<key>[0-9a-f]{{16}})\n(?P<signature>[A-Za-z0-9+/]{{86}}==)\n{_END}")
_READ = TypeAdapter(Statement)


class Verdict(StrEnum):
    """What a check says of a file."""

    GENUINE = "genuine"
    """The house made it, and nothing in it was changed."""
    NOT_GENUINE = "not_genuine"
    """Something in it was changed, or somebody else made it."""
    UNKNOWN_KEY = "unknown_key"
    """It names a key that is not known here: perhaps it is of another house."""
    NO_RECEIPT = "no_receipt"
    """It does not look like a receipt, or only a part of one is there."""


@dataclass(frozen=True, slots=True)
class Checked:
    """What a check found."""

    verdict: Verdict
    key: str | None
    """The print of the key that it names."""
    statement: Statement | None = None
    """What it says, of a genuine one only: what is not proven is not repeated."""


def receipt(key: SigningKey, said: Statement, text: str) -> bytes:
    """The file of a statement. `text` is the same for people; plain."""
    if any(line in text for line in (_STATEMENT, _SIGNATURE, _END)):
        raise ValueError("a line of the format is in the text")
    inner = orjson.dumps(said, option=orjson.OPT_INDENT_2 | orjson.OPT_UTC_Z).decode()
    clean = text.replace("\r\n", "\n").replace("\r", "\n").strip("\n")
    signed = f"{FIRST}\n\n{clean}\n\n{_STATEMENT}\n{inner}\n"
    signature = b64encode(key.sign(signed.encode())).decode()
    return f"{signed}{_SIGNATURE}\n{key.public.name}\n{signature}\n{_END}\n".encode()


def check(keys: KnownKeys, file: bytes) -> Checked:
    """Tell whether a file is genuine. Ends of lines may be Windows', and blanks around it, as when it was pasted."""
    signed, _, rest = _clean(file).rpartition(f"\n{_SIGNATURE}\n") if len(file) <= LARGEST else ("", "", "")
    seal = _SEAL.fullmatch(rest)
    if not signed.startswith(f"{FIRST}\n") or signed.count(f"\n{_STATEMENT}\n") != 1 or seal is None:
        return Checked(Verdict.NO_RECEIPT, None)
    name, key = seal["key"], keys.named(seal["key"])
    if key is None:
        return Checked(Verdict.UNKNOWN_KEY, name)
    signature = _signature(seal["signature"])
    if signature is None or not key.made(signature, f"{signed}\n".encode()):
        return Checked(Verdict.NOT_GENUINE, name)
    try:
        return Checked(Verdict.GENUINE, name, _READ.validate_json(signed.partition(f"\n{_STATEMENT}\n")[2]))
    except ValidationError:  # of a later version of this format: genuine, but not to be put into words
        return Checked(Verdict.GENUINE, name)


def _clean(file: bytes) -> str:
    try:
        text = file.decode()
    except UnicodeDecodeError:
        return ""
    return text.replace("\r\n", "\n").strip("\ufeff \t\n")


def _signature(said: str) -> bytes | None:
    """The bytes of a signature; None where its text is not the one way to write them."""
    try:
        raw = b64decode(said, validate=True)
    except NotBase64Error:
        return None
    return raw if b64encode(raw).decode() == said else None
