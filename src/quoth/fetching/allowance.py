"""What one answer may cost: bytes on the wire, and seconds from the first step to the last."""

import time
from collections.abc import Callable
from dataclasses import dataclass

from quoth.errors import FetchError


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How much is read of one answer, and how long is waited: for a connection, for the next bytes, and for everything together.

    `body` counts bytes once they are decoded, so that a small answer cannot unpack to a large one; sizes are bytes, times seconds.
    """

    body: int = 32_000_000
    connect: float = 10.0
    silence: float = 20.0
    total: float = 60.0
    redirects: int = 8

    @property
    def wire(self) -> int:
        """How many bytes may come over the wire: a body that is not packed, with its headers and the marks of its chunks."""
        return self.body + self.body // 8 + 200_000


class Allowance:
    """What is left of the limits while one address is fetched; begun anew for the next one."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._bytes = 0
        self._ends = 0.0
        self._total = 0.0

    def begin(self, limits: Limits) -> None:
        """Starts the clock of one answer."""
        self._bytes = limits.wire
        self._total = limits.total
        self._ends = self._clock() + limits.total

    def seconds(self, wanted: float | None) -> float:
        """How long the next step may wait: what it wants, or what is left; raises FetchError if nothing is."""
        left = self._ends - self._clock()
        if left <= 0:
            raise FetchError(f"too slow: not answered in full within {self._total:g} seconds")
        return left if wanted is None else min(wanted, left)

    def take(self, count: int) -> None:
        """Takes received bytes off; raises FetchError if they are too many."""
        self._bytes -= count
        if self._bytes < 0:
            raise FetchError("too large: the answer does not end")
