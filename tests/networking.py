"""What the tests of fetching share: a network that is one site of this machine, whatever the address, and a fetcher that may go there."""

from collections.abc import Iterable

import httpcore2
from serving import Answer, Site, serving

from quoth.fetching import Fetched, Fetcher

PUBLIC = "93.184.215.14"


class Network(httpcore2.SyncBackend):
    """Connects to one local site whatever the address, and remembers where it was to connect to."""

    def __init__(self, site: Site | None = None) -> None:
        self.site = site
        self.connected: list[str] = []

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        self.connected.append(host)
        assert self.site is not None, f"{host} was connected to"
        return super().connect_tcp("127.0.0.1", int(self.site.root.rpartition(":")[2]), timeout, local_address, socket_options)


def local(**options: object) -> Fetcher:
    """A fetcher that may ask this machine, and does not wait."""
    return Fetcher(**{"allow_private": True, "pause": 0.0, "sleep": lambda seconds: None, **options})  # type: ignore[arg-type]


def fetched(page: Answer, **options: object) -> Fetched:
    with serving({"/": page}) as site, local(robots=False, **options) as fetcher:
        return fetcher.get(site.url("/"))
