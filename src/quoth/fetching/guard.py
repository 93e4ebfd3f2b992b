"""Which addresses may be connected to: those of the public internet, and by no detour any other.

The check is made when a connection is opened, on the very address it goes to. A name that resolves to another address the second time
(DNS rebinding) and a redirect to the machine itself are caught there, whatever the URL looked like.
"""

import socket
import ssl
from collections.abc import Callable, Iterable
from ipaddress import AddressValueError, IPv4Address, IPv6Address, ip_address, ip_network

import httpcore2

from quoth.errors import FetchError
from quoth.fetching.allowance import Allowance

Resolve = Callable[[str, int], list[str]]
"""Takes a host and a port to the addresses that the name stands for."""

FORBIDDEN = tuple(
    (ip_network(network), kind)
    for network, kind in (
        ("0.0.0.0/8", "unspecified"),
        ("10.0.0.0/8", "private"),
        ("100.64.0.0/10", "private"),  # carrier-grade NAT
        ("127.0.0.0/8", "loopback"),
        ("168.63.129.16/32", "private"),  # public by its number, but Azure answers it from within
        ("169.254.0.0/16", "link-local"),
        ("172.16.0.0/12", "private"),
        ("192.0.0.0/24", "reserved"),
        ("192.0.2.0/24", "reserved"),
        ("192.88.99.0/24", "6to4"),
        ("192.168.0.0/16", "private"),
        ("198.18.0.0/15", "reserved"),
        ("198.51.100.0/24", "reserved"),
        ("203.0.113.0/24", "reserved"),
        ("224.0.0.0/4", "multicast"),
        ("240.0.0.0/4", "reserved"),
        ("::/128", "unspecified"),
        ("::1/128", "loopback"),
        ("::ffff:0:0/96", "IPv4-mapped"),
        ("64:ff9b::/96", "NAT64"),
        ("64:ff9b:1::/48", "NAT64"),
        ("2001::/32", "Teredo"),
        ("2001::/23", "reserved"),
        ("2001:db8::/32", "reserved"),
        ("2002::/16", "6to4"),
        ("3fff::/20", "reserved"),
        ("fc00::/7", "private"),
        ("fe80::/10", "link-local"),
        ("fec0::/10", "private"),
        ("ff00::/8", "multicast"),
    )
)
"""The special-purpose addresses (RFC 6890 and its registries); the first that holds an address names its kind."""
GLOBAL_IPV6 = ip_network("2000::/3")
"""All of IPv6 that is given out to hosts; anything else is reserved, whether it has a name above or not."""


def forbidden(address: str) -> str | None:
    """The kind of an IP address that may not be connected to, or None if it is one of the public internet.

    >>> forbidden("127.0.0.1"), forbidden("64:ff9b::7f00:1"), forbidden("fe80::1%eth0"), forbidden("93.184.215.14")
    ('loopback', 'NAT64', 'link-local', None)
    """
    try:
        parsed = ip_address(address.partition("%")[0])
    except ValueError:
        return "malformed"
    kind = next((kind for network, kind in FORBIDDEN if parsed.version == network.version and parsed in network), None)
    if kind is None and isinstance(parsed, IPv6Address) and parsed not in GLOBAL_IPV6:
        return "reserved"
    return kind


def numeric(host: str) -> bool:
    """Whether a host is an IPv4 address in disguise: its last label is a number (as WHATWG's URL standard has it), yet it is no plain one.

    >>> [numeric(host) for host in ("2130706433", "0x7f.1", "0177.0.0.1", "127.0.0.1", "news.example")]
    [True, True, True, False, False]
    """
    if ":" in host:
        return False
    last = host.removesuffix(".").rpartition(".")[2].lower()
    if not (last.isdigit() or (last.startswith("0x") and all(letter in "0123456789abcdef" for letter in last[2:]))):
        return False
    try:
        IPv4Address(host)
    except AddressValueError:
        return True
    return False


def resolve(host: str, port: int) -> list[str]:
    """The addresses of a host, as the system resolves it; raises FetchError."""
    try:
        return [str(found[4][0]) for found in socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)]
    except (OSError, UnicodeError) as error:
        raise FetchError(f"the host {host} cannot be found") from error


class GuardedBackend(httpcore2.NetworkBackend):
    """Opens connections for httpcore2, to allowed addresses only, and reads from them within an allowance of bytes and time.

    A host is resolved here, once, and the connection goes to the address that was checked. Of several addresses the forbidden ones are
    passed over; if none is left, FetchError is raised.
    """

    def __init__(
        self, allowance: Allowance, *, allow_private: bool = False, resolve: Resolve = resolve, tcp: httpcore2.NetworkBackend | None = None
    ) -> None:
        self._allowance = allowance
        self._allow_private = allow_private
        self._resolve = resolve
        self._tcp = httpcore2.SyncBackend() if tcp is None else tcp

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        """A stream to the first address of the host that is allowed and answers."""
        failure: Exception | None = None
        for address in self._allowed(host, port):
            try:
                stream = self._tcp.connect_tcp(address, port, self._allowance.seconds(timeout), local_address, socket_options)
                return _AllowedStream(stream, self._allowance)
            except (httpcore2.ConnectError, httpcore2.ConnectTimeout) as error:
                failure = error
        raise FetchError(f"no connection to {host}") from failure

    def connect_unix_socket(
        self, path: str, timeout: float | None = None, socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None
    ) -> httpcore2.NetworkStream:
        """Never a stream: sockets of this machine are not the internet."""
        raise FetchError("a socket of this machine may not be opened")

    def _allowed(self, host: str, port: int) -> list[str]:
        """The addresses of a host that may be connected to; raises FetchError if there is none."""
        if self._allow_private:
            return self._resolve(host, port)
        if numeric(host):
            raise FetchError(f"{host} is an address in disguise; private addresses are not fetched")
        found = self._resolve(host, port)
        kinds = [forbidden(address) for address in found]
        allowed = [address for address, kind in zip(found, kinds, strict=True) if kind is None]
        if not allowed:
            kind = next(iter(kinds), "missing")
            raise FetchError(f"{host} leads to {'an' if kind and kind[0] in 'IiuU' else 'a'} {kind} address, which is not fetched")
        return allowed


class _AllowedStream(httpcore2.NetworkStream):
    """A stream whose every wait and byte is taken off an allowance, so that neither a drip nor an endless answer outlives it."""

    def __init__(self, stream: httpcore2.NetworkStream, allowance: Allowance) -> None:
        self._stream = stream
        self._allowance = allowance

    def read(self, max_bytes: int, timeout: float | None = None) -> bytes:
        received = self._stream.read(max_bytes, self._allowance.seconds(timeout))
        self._allowance.take(len(received))
        return received

    def write(self, buffer: bytes, timeout: float | None = None) -> None:
        self._stream.write(buffer, self._allowance.seconds(timeout))

    def close(self) -> None:
        self._stream.close()

    def start_tls(
        self, ssl_context: ssl.SSLContext, server_hostname: str | None = None, timeout: float | None = None
    ) -> httpcore2.NetworkStream:
        encrypted = self._stream.start_tls(ssl_context, server_hostname, self._allowance.seconds(timeout))
        return _AllowedStream(encrypted, self._allowance)

    def get_extra_info(self, info: str) -> object:
        return self._stream.get_extra_info(info)
