"""How often a host is asked: one request at a time, a pause between two, and not at all while it asks to be left alone."""

import datetime
import time
from collections.abc import Callable
from email.utils import parsedate_to_datetime

from quoth.errors import FetchError

LONGEST_PAUSE = 60.0
"""How many seconds are waited for a host at most; one that wants more is refused for now, and asked again another time."""
LONGEST_HOLD = 24 * 3600.0
"""No host is left alone for longer than a day, whatever it says."""


class Pace:
    """When each host may be asked again, in seconds of the given clock."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._ready: dict[str, float] = {}

    def seconds_until(self, host: str) -> float:
        """How long the host is still to be left alone; 0 if it may be asked now."""
        now = self._clock()
        return max(0.0, self._ready.get(host, now) - now)

    def asked(self, host: str, *, pause: float) -> None:
        """Notes that the host was asked just now, and is to have a pause of so many seconds."""
        self._leave(host, min(pause, LONGEST_PAUSE))

    def hold(self, host: str, seconds: float) -> None:
        """Notes that the host wants to be left alone for so many seconds."""
        self._leave(host, min(seconds, LONGEST_HOLD))

    def wait(self, host: str, sleep: Callable[[float], object]) -> None:
        """Sleeps until the host may be asked; raises FetchError if that is too long to wait for."""
        seconds = self.seconds_until(host)
        if seconds > LONGEST_PAUSE:
            raise FetchError(f"{host} wants to be left alone for {seconds:.0f} more seconds")
        if seconds:
            sleep(seconds)

    def _leave(self, host: str, seconds: float) -> None:
        now = self._clock()
        self._ready = {other: ready for other, ready in self._ready.items() if ready > now}
        self._ready[host] = max(self._ready.get(host, now), now + seconds)


def retry_after(written: str | None, now: datetime.datetime) -> float | None:
    """The seconds that a Retry-After header asks for, written as a number or as a date (RFC 9110); None if it tells neither.

    >>> noon = datetime.datetime(2024, 3, 5, 12, tzinfo=datetime.UTC)
    >>> retry_after("120", noon), retry_after("Tue, 05 Mar 2024 12:01:00 GMT", noon), retry_after("soon", noon)
    (120.0, 60.0, None)
    """
    written = (written or "").strip()
    if written.isascii() and written.isdigit():
        return float(written[:9])
    try:
        wanted = parsedate_to_datetime(written)
    except (ValueError, OverflowError):
        return None
    wanted = wanted if wanted.tzinfo else wanted.replace(tzinfo=datetime.UTC)
    return max(0.0, (wanted - now).total_seconds())
