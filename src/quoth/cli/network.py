"""What the commands that fetch have in common: who asks, and a fetcher that is made when it is first needed."""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from quoth import __version__
from quoth.errors import FetchError

if TYPE_CHECKING:
    from quoth.fetching import Fetched, Fetcher


def user_agent(contact: str | None) -> str:
    """How quoth tells who it is: its version, and whom to write to if that was given.

    >>> user_agent("desk@paper.example").partition(" ")[2]
    '(+desk@paper.example)'
    """
    return f"quoth/{__version__}" + (f" (+{contact})" if contact else "")


def fetcher_of(*, contact: str | None, allow_private: bool, sleep: Callable[[float], object] | None = None) -> "Fetcher":
    """A fetcher that says who asks; raises FetchError if what it needs is not installed."""
    try:
        from quoth.fetching import Fetcher
    except ModuleNotFoundError as error:
        raise FetchError(f"to fetch from the web, pip install 'quoth[news]' ({error.name} is missing)") from error
    agent = user_agent(contact)
    if sleep is None:
        return Fetcher(user_agent=agent, allow_private=allow_private)
    return Fetcher(user_agent=agent, allow_private=allow_private, sleep=sleep)


@contextmanager
def fetching(*, contact: str | None, allow_private: bool) -> Iterator[Callable[[str], "Fetched"]]:
    """Takes an address to the page there; who only reads files never pays for a network."""
    made: list[Fetcher] = []

    def fetch(url: str) -> "Fetched":
        if not made:
            made.append(fetcher_of(contact=contact, allow_private=allow_private))
        return made[0].page(url)

    try:
        yield fetch
    finally:
        for fetcher in made:
            fetcher.close()
