"""Which addresses are connected to: those of the public internet, and by no detour any other."""

from ipaddress import ip_address

import pytest
from hypothesis import given
from hypothesis import strategies as st
from networking import PUBLIC, Network
from serving import Answer, serving

from quoth.errors import FetchError
from quoth.fetching import Fetcher, checked_url, forbidden
from quoth.fetching.client import next_url
from quoth.fetching.guard import numeric

HOSTILE = [
    "http://127.0.0.1/",
    "http://127.8.9.10/",
    "http://localhost/",
    "http://0.0.0.0/",
    "http://10.0.0.1/",
    "http://100.64.0.1/",
    "http://168.63.129.16/",
    "http://169.254.169.254/latest/meta-data/",
    "http://172.16.0.1/",
    "http://172.31.255.255/",
    "http://192.0.0.8/",
    "http://192.168.1.1/",
    "http://198.18.0.1/",
    "http://224.0.0.1/",
    "http://255.255.255.255/",
    "http://2130706433/",
    "http://0x7f000001/",
    "http://0x7f.1/",
    "http://017700000001/",
    "http://0177.0.0.1/",
    "http://127.1/",
    "http://127.0.1/",
    "http://134744072/",
    "http://127.0.0.1./",
    "http://1.2.3.4.5/",
    "http://①②⑦.⓪.⓪.①/",
    "http://127。0。0。1/",
    "http://[::]/",
    "http://[::1]/",
    "http://[0:0:0:0:0:0:0:1]/",
    "http://[::127.0.0.1]/",
    "http://[::ffff:127.0.0.1]/",
    "http://[::ffff:7f00:1]/",
    "http://[::ffff:93.184.215.14]/",
    "http://[64:ff9b::127.0.0.1]/",
    "http://[64:ff9b::5db8:d70e]/",
    "http://[64:ff9b:1::10.0.0.1]/",
    "http://[100::1]/",
    "http://[2001::1]/",
    "http://[2001:0:4136:e378:8000:63bf:3fff:fdd2]/",
    "http://[2001:10::1]/",
    "http://[2001:db8::1]/",
    "http://[2002:7f00:1::]/",
    "http://[2002:5db8:d70e::1]/",
    "http://[3fff::1]/",
    "http://[5f00::1]/",
    "http://[fc00::1]/",
    "http://[fd00:ec2::254]/",
    "http://[fe80::1]/",
    "http://[fec0::1]/",
    "http://[ff02::1]/",
    "http://[4000::1]/",
    "ftp://news.example/",
    "file:///etc/passwd",
    "gopher://127.0.0.1:6379/_FLUSHALL",
    "data:text/html,hello",
    "javascript:alert(1)",
    "//news.example/",
    "news.example/feed",
    "/etc/passwd",
    "",
    "http://",
    "http:///feed",
    "http://:80/",
    "http://user:secret@news.example/",
    "http://127.0.0.1@news.example/",
    "http://news.example:99999/",
    "http://news.example:port/",
    "http://news.example/\r\nX-Injected: 1",
    "http://new s.example/",
    "http://[::1/",
    "http://[fe80::1%25eth0]/",
    "http://" + "a" * 70_000 + "/",
    "http://" + "a" * 64 + ".example/",
]


@pytest.mark.parametrize("url", HOSTILE, ids=lambda url: url[:40])
def test_a_hostile_address_is_never_connected_to(url: str) -> None:
    network = Network()
    with Fetcher(tcp=network, resolve=known_hosts) as fetcher, pytest.raises(FetchError) as refused:
        fetcher.get(url)
    assert network.connected == []
    assert refused.value.concerns == url
    assert "\n" not in refused.value.reason


def known_hosts(host: str, port: int) -> list[str]:
    """What a system resolver makes of a host, without asking anybody: numbers in every form that inet_aton reads, and localhost."""
    if host == "localhost":
        return ["127.0.0.1", "::1"]
    try:
        return [str(ip_address(host.removesuffix(".")))]
    except ValueError:
        raise FetchError(f"the host {host} cannot be found") from None


@given(st.ip_addresses(v=4))
def test_public_addresses_are_no_stricter_or_laxer_than_the_registry(address: object) -> None:
    parsed = ip_address(str(address))
    if forbidden(str(address)) is None:
        assert parsed.is_global and not parsed.is_multicast


EMBEDDING = ["::{}", "::ffff:{}", "64:ff9b::{}", "64:ff9b:1::{}", "2001::{}", "2002::{}"]


@given(st.ip_addresses(v=4), st.sampled_from(EMBEDDING))
def test_no_ipv4_address_hides_in_an_ipv6_one(address: object, form: str) -> None:
    assert forbidden(form.format(address)) is not None


def test_a_name_that_leads_home_is_refused_each_time_it_is_asked() -> None:
    answers = iter([[PUBLIC], [PUBLIC], ["127.0.0.1"]])
    with serving({"/": Answer(body=b"hello")}) as site:
        network = Network(site)
        with Fetcher(robots=False, pause=0, tcp=network, resolve=lambda host, port: next(answers)) as fetcher:
            assert fetcher.get("http://news.example/").body == b"hello"
            assert fetcher.get("http://news.example/").body == b"hello"
            with pytest.raises(FetchError, match=r"news\.example leads to a loopback address"):
                fetcher.get("http://news.example/")
    assert network.connected == [PUBLIC, PUBLIC]


def test_of_several_addresses_only_public_ones_are_tried() -> None:
    with serving({"/": Answer(body=b"hello")}) as site:
        network = Network(site)
        found = ["::1", "10.0.0.1", PUBLIC]
        with Fetcher(robots=False, tcp=network, resolve=lambda host, port: found) as fetcher:
            assert fetcher.get("http://news.example/").body == b"hello"
    assert network.connected == [PUBLIC]


@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("http://127.0.0.1:1/secret", "loopback"),
        ("http://169.254.169.254/", "link-local"),
        ("http://[::ffff:10.0.0.1]/", "IPv4-mapped"),
        ("http://2130706433/", "disguise"),
        ("//localhost/", "loopback"),
        ("file:///etc/passwd", "only http and https"),
        ("http://user:secret@news.example/", "password"),
        ("http://news.example:99999/", "no port"),
        ("/", "more than 8 redirects"),
    ],
)
@pytest.mark.parametrize("status", [301, 302, 307])
def test_a_redirect_is_checked_like_a_first_address(status: int, location: str, expected: str) -> None:
    def resolve(host: str, port: int) -> list[str]:
        return [PUBLIC] if host == "news.example" else known_hosts(host, port)

    with serving({"/": Answer(status=status, headers={"Location": location})}) as site:
        network = Network(site)
        with Fetcher(robots=False, pause=0, tcp=network, resolve=resolve) as fetcher, pytest.raises(FetchError, match=expected):
            fetcher.get("http://news.example/")
    assert set(network.connected) == {PUBLIC}


def test_a_redirect_from_https_to_http_is_refused() -> None:
    with pytest.raises(FetchError, match="from https back to http"):
        next_url(checked_url("https://news.example/"), "http://news.example/")
    assert str(next_url(checked_url("http://news.example/a"), "b?c#d")) == "http://news.example/b?c"


@pytest.mark.parametrize("host", ["news.example", "a.b.example", "1a.example", "0xzz", "example.com.", "2606:2800::1"])
def test_names_are_not_taken_for_numbers(host: str) -> None:
    assert not numeric(host)
