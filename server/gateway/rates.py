"""Token buckets, for people and addresses."""

from __future__ import annotations

from collections import OrderedDict
from ipaddress import IPv6Address, ip_address


class Bucket:
    """Lets ``burst`` through at once and ``rate`` a second after that. Times in seconds."""

    __slots__ = ("burst", "level", "rate", "then")

    def __init__(self, rate: float, burst: float, now: float) -> None:
        self.rate = rate
        self.burst = burst
        self.level = burst
        self.then = now

    def take(self, now: float) -> bool:
        """Whether one more may pass now."""
        refilled = self.level + (now - self.then) * self.rate
        level = refilled if refilled < self.burst else self.burst
        self.then = now
        if level < 1.0:
            self.level = level
            return False
        self.level = level - 1.0
        return True

    def wait(self) -> float:
        """Seconds until one more may pass."""
        return max(0.0, (1.0 - self.level) / self.rate)


class Buckets:
    """A bucket for each key; the least recently used are forgotten beyond ``most``."""

    def __init__(self, rate: float, burst: float, most: int = 10_000) -> None:
        self._rate = rate
        self._burst = burst
        self._most = most
        self._buckets: OrderedDict[str, Bucket] = OrderedDict()

    def of(self, key: str, now: float) -> Bucket:
        """The key's bucket, a full one at first."""
        bucket = self._buckets.get(key)
        if bucket is None:
            bucket = self._buckets[key] = Bucket(self._rate, self._burst, now)
            if len(self._buckets) > self._most:
                self._buckets.popitem(last=False)
        else:
            self._buckets.move_to_end(key)
        return bucket


def network_of(address: str) -> str:
    """The address to count by: IPv6 by its /64, which one subscriber has to themselves."""
    try:
        parsed = ip_address(address.split("%", maxsplit=1)[0])
    except ValueError:
        return address
    if isinstance(parsed, IPv6Address):
        if parsed.ipv4_mapped is not None:
            return str(parsed.ipv4_mapped)
        return str(IPv6Address(int(parsed) >> 64 << 64)) + "/64"
    return str(parsed)
