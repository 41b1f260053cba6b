"""What an address has done lately, counted: failed logins, so that nobody can try tokens at will, and the like."""

from datetime import datetime, timedelta
from ipaddress import IPv6Address, ip_address

MOST = 10
"""Failed attempts of one address within `WITHIN`; then it has to wait."""
WITHIN = timedelta(minutes=15)

_ADDRESSES = 10_000


class Attempts:
    """Those of this process, in memory: the oldest addresses are forgotten before it grows large."""

    def __init__(self, most: int = MOST) -> None:
        self._most = most
        self._failed: dict[str, list[datetime]] = {}

    def wait(self, address: str, now: datetime) -> int:
        """Seconds until an address may try again; 0: now."""
        recent = self._recent(_network(address), now)
        if len(recent) < self._most:
            return 0
        return max(1, round((recent[-self._most] + WITHIN - now).total_seconds()))

    def failed(self, address: str, now: datetime) -> None:
        """One more."""
        network = _network(address)
        recent = self._recent(network, now)
        self._failed.pop(network, None)
        while len(self._failed) >= _ADDRESSES:
            del self._failed[next(iter(self._failed))]
        self._failed[network] = [*recent, now][-self._most :]

    def succeeded(self, address: str) -> None:
        """Forget the failures of an address."""
        self._failed.pop(_network(address), None)

    def _recent(self, network: str, now: datetime) -> list[datetime]:
        return [at for at in self._failed.get(network, ()) if at > now - WITHIN]


def _network(address: str) -> str:
    """An IPv6 connection has a whole /64 of addresses to itself."""
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address) and parsed.ipv4_mapped is None:
        return str(IPv6Address(int(parsed) >> 64 << 64))
    return str(parsed)
