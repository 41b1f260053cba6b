"""OGG files without chance: encoders draw a number for each stream, so that one sound would be a new file each time."""

import zlib

_HEADER = 27
"""Bytes of a page before its table of segments (RFC 3533, 6)."""
_SERIAL, _CHECKSUM = slice(14, 18), slice(22, 26)

_MIRRORED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))


def without_chance(ogg: bytes) -> bytes:
    """The same file of one stream with the number 0, and with checksums that fit."""
    found, at = bytearray(ogg), 0
    while at < len(found):
        segments = found[at + 26]
        length = _HEADER + segments + sum(found[at + _HEADER : at + _HEADER + segments])
        page = found[at : at + length]
        page[_SERIAL] = page[_CHECKSUM] = bytes(4)
        page[_CHECKSUM] = _checksum(page).to_bytes(4, "little")
        found[at : at + length] = page
        at += length
    return bytes(found)


def _checksum(page: bytearray) -> int:
    """CRC of the polynomial 04C11DB7 from 0 on, first bit first: zlib's, seen in a mirror."""
    mirrored = zlib.crc32(page.translate(_MIRRORED), 0xFFFFFFFF) ^ 0xFFFFFFFF
    return int(f"{mirrored:032b}"[::-1], 2)
