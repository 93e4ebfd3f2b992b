"""What robots.txt allows (RFC 9309): read once a day for each site, and kept to."""

from collections.abc import Callable
from dataclasses import dataclass
from urllib.parse import urlsplit

from protego import Protego

from quoth.errors import FetchError

DAY = 24 * 3600.0
SOON = 600.0
"""After how many seconds a robots.txt that could not be had is asked for again."""
MAX_BYTES = 500 * 1024
"""How much of a robots.txt is read, as RFC 9309 has it."""
MAX_SITES = 5000

FetchRobots = Callable[[str], tuple[int, bytes]]
"""Takes the address of a robots.txt to the status and the body of the answer; raises FetchError."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """What one robots.txt says: `trouble` is why there is none to go by, and then nothing is allowed; without `rules` everything is."""

    rules: Protego | None = None
    trouble: str | None = None
    until: float

    def refusal(self, url: str, agent: str) -> str | None:
        """Why the address may not be fetched, or None if it may."""
        if self.trouble is not None:
            return self.trouble
        return None if self.rules is None or self.rules.can_fetch(url, agent) else "its site's robots.txt does not allow it"

    def pause(self, agent: str) -> float:
        """How many seconds the site wants between two requests; 0 if it does not say."""
        wanted = None if self.rules is None else self.rules.crawl_delay(agent)
        return wanted if wanted is not None and wanted > 0 else 0.0


def rules_of(status: int, body: bytes, *, now: float) -> Rules:
    """The rules that an answer to robots.txt makes: none where there is none (4xx); nothing is allowed while the server fails (5xx)."""
    if 200 <= status < 300:
        return Rules(rules=Protego.parse(body[:MAX_BYTES].decode("utf-8-sig", "replace")), until=now + DAY)
    if status == 429 or status >= 500:
        return Rules(trouble=f"its site's robots.txt answers {status}, so nothing may be fetched for now", until=now + SOON)
    return Rules(until=now + DAY)


class Robots:
    """The rules of each site, fetched when first needed and again after a day."""

    def __init__(self, fetch: FetchRobots, *, agent: str, clock: Callable[[], float]) -> None:
        self._fetch = fetch
        self._agent = agent
        self._clock = clock
        self._sites: dict[str, Rules] = {}

    def check(self, url: str) -> float:
        """The seconds that the site of an address wants between two requests; raises FetchError if it does not allow the address."""
        rules = self._rules(url)
        if refusal := rules.refusal(url, self._agent):
            raise FetchError(refusal)
        return rules.pause(self._agent)

    def _rules(self, url: str) -> Rules:
        parts = urlsplit(url)
        site = f"{parts.scheme}://{parts.netloc}"
        rules = self._sites.pop(site, None)
        now = self._clock()
        if rules is None or rules.until <= now:
            rules = self._fetched(f"{site}/robots.txt", now)
        if len(self._sites) >= MAX_SITES:
            del self._sites[next(iter(self._sites))]
        self._sites[site] = rules
        return rules

    def _fetched(self, url: str, now: float) -> Rules:
        try:
            return rules_of(*self._fetch(url), now=now)
        except FetchError as error:
            return Rules(trouble=error.reason, until=now + SOON)
