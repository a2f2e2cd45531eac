"""Counts what goes over the network, for each host, while the program runs."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace

__all__ = ["HostTraffic", "Traffic"]


@dataclass(frozen=True, kw_only=True, slots=True)
class HostTraffic:
    """What went to one host so far. Bytes are those of bodies, as they went over the wire."""

    requests: int = 0
    retries: int = 0
    bytes_out: int = 0
    bytes_in: int = 0
    in_flight: int = 0
    most_in_flight: int = 0


class Traffic:
    """Counters that any thread may add to; hosts are named as `Origin.shown` does."""

    def __init__(self) -> None:
        self._lock = threading.Lock()
        self._hosts: dict[str, HostTraffic] = {}

    def snapshot(self) -> Mapping[str, HostTraffic]:
        """All counts at this moment."""
        with self._lock:
            return dict(self._hosts)

    @property
    def requests(self) -> int:
        """Requests to all hosts together, repeated ones included."""
        with self._lock:
            return sum(host.requests for host in self._hosts.values())

    def add(self, host: str, *, retries: int = 0, bytes_in: int = 0) -> None:
        """Count a repeated request, or bytes that came in."""
        with self._lock:
            old = self._hosts.get(host, HostTraffic())
            self._hosts[host] = replace(
                old, retries=old.retries + retries, bytes_in=old.bytes_in + bytes_in
            )

    @contextmanager
    def flight(self, host: str, *, bytes_out: int) -> Iterator[None]:
        """Count one request, which is under way until the block ends."""
        with self._lock:
            old = self._hosts.get(host, HostTraffic())
            now = old.in_flight + 1
            self._hosts[host] = replace(
                old,
                requests=old.requests + 1,
                bytes_out=old.bytes_out + bytes_out,
                in_flight=now,
                most_in_flight=max(now, old.most_in_flight),
            )
        try:
            yield
        finally:
            with self._lock:
                old = self._hosts[host]
                self._hosts[host] = replace(old, in_flight=old.in_flight - 1)
