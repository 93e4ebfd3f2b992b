"""The guides in docs/ do what they say: their sessions run in a shell, with the files they speak of, and print what is shown.

A block of ```sh is a session: each line after `$ ` is run by bash, in one folder for each guide, and what stands under it must be printed
(`...` stands for anything). A block whose fence says `no-run` is left alone.
"""

import doctest
import gzip
import json
import os
import re
import shlex
import subprocess
import sys
from collections.abc import Iterable, Iterator
from functools import partial
from pathlib import Path

import httpcore2
import pytest
from serving import Answer, Page, Site, serving
from typer.testing import CliRunner

import quoth
import quoth.fetching
from quoth import cli
from quoth.fetching import Fetcher

ROOT = Path(__file__).parent.parent
GUIDES = ("from-a-folder.md", "from-feeds.md", "from-cc-news.md", "from-your-database.md")
SESSION = re.compile(r"^```sh\n(.*?)^```", re.MULTILINE | re.DOTALL)
STEP = re.compile(r"^\$ ([^\n]*)\n((?:(?!\$ )[^\n]*\n)*)", re.MULTILINE)
SHOWN = doctest.ELLIPSIS | doctest.NORMALIZE_WHITESPACE
SHELL_ONLY = frozenset("|<>;&*")
PUBLIC = "93.184.215.14"
QUOTH = """#!{python}
import sys
sys.path[:0] = {path!r}
if __name__ == "__main__":
    from quoth.cli import main
    main()
"""


class Harl(httpcore2.SyncBackend):
    """A network in which every public address is one site of this machine."""

    def __init__(self, site: Site) -> None:
        self.port = int(site.root.rpartition(":")[2])

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[httpcore2.SOCKET_OPTION] | None = None,
    ) -> httpcore2.NetworkStream:
        assert host == PUBLIC
        return super().connect_tcp("127.0.0.1", self.port, timeout, local_address, socket_options)


PAGE = """<!doctype html><html lang="{language}"><head><title>{title}</title>
<meta property="article:published_time" content="2024-03-05T09:30:00+01:00"></head><body><article><h1>{title}</h1>
<p>{first}</p><p>{second}</p></article></body></html>"""
FERRY = PAGE.format(
    language="en",
    title="Ferry back in Harl",
    first='"The ferry sails again at dawn," said Mara Lind, who has run the harbour of Harl for nine years and means to stay.',
    second='"Nobody was hurt, and nobody will be," she told the council on Monday. Two of the boats are still in the dock for repairs.',
)
LAMPS = PAGE.format(language="en", title="Lamps", first="The lamps were lit.", second="The street was full of people until midnight.")
FAEHRE = PAGE.format(
    language="de",
    title="Die Fähre fährt wieder",
    first="„Die Fähre fährt ab morgen früh wieder“, sagte Mara Lind, die seit neun Jahren den Hafen von Harl leitet und bleiben will.",
    second="Niemand sei verletzt worden, sagte sie am Montag im Rat der Stadt. Zwei der Boote liegen noch immer in der Werft.",
)
FEED = """<rss version="2.0"><channel><title>Harl Post</title>
<item><guid isPermaLink="false">2</guid><link>http://harlpost.example/lamps.html</link><title>Lamps</title>
<description>"The lamps are lit," said Ida Holm, the mayor of Harl, on the bridge.</description></item>
<item><guid isPermaLink="false">1</guid><link>http://harlpost.example/ferry.html</link><title>Ferry</title></item></channel></rss>"""


def record(number: int, status: str, media: str, body: bytes) -> bytes:
    """One record of a WARC file, packed by itself."""
    payload = f"HTTP/1.1 {status}\r\nContent-Type: {media}\r\n\r\n".encode() + body
    head = f"WARC/1.0\r\nWARC-Type: response\r\nWARC-Target-URI: https://harlpost.example/{number}\r\n"
    head += f"Content-Type: application/http; msgtype=response\r\nContent-Length: {len(payload)}\r\n\r\n"
    return gzip.compress(head.encode() + payload + b"\r\n\r\n")


def put_files(folder: Path) -> None:
    """The files that the guides speak of."""
    news = folder / "news"
    news.mkdir()
    (news / "bridge.html").write_text(FERRY, "utf-8")
    (news / "council.txt").write_text('Date: 2024-03-05\n\n"We will vote again," said Osk Tamber on Tuesday.\n', "utf-8")
    (news / "empty.txt").touch()
    lines = [{"id": f"w{number}", "publisher": "Wire", "text": f'"It is {number} o\'clock," Ida Holm said.'} for number in (1, 2)]
    (news / "wire.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines), "utf-8")
    outline = '<outline text="Harl Post" xmlUrl="http://harlpost.example/feed"/>'
    (folder / "feeds.opml").write_text(f'<opml version="2.0"><body>{outline}</body></opml>\n', "utf-8")
    records = (
        record(1, "200 OK", "text/html; charset=utf-8", FERRY.encode()),
        record(2, "404 Not Found", "text/html", b"<p>Not here"),
        record(3, "200 OK", "image/png", b"\x89PNG"),
        record(4, "200 OK", "text/html; charset=utf-8", FAEHRE.encode()),
    )
    (folder / "CC-NEWS-20240305101500-01234.warc.gz").write_bytes(b"".join(records))
    (folder / "articles.csv").write_text(
        "id,headline,body,published_on,url\n"
        '1,Ferry,"""The ferry sails at dawn,"" said Mara Lind on Monday.",2024-03-05,https://harlpost.example/1\n'
        '2,Lamps,"""The lamps are lit,"" Ida Holm said.",2024-03-06,https://harlpost.example/2\n',
        "utf-8",
    )
    (folder / "old-articles.csv").write_text('nr;words;day\n7;"""It rained,"" said Ida Holm.";1998-11-02\n', "utf-8")


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """A folder with the files, in a world where `quoth` is this quoth, and harlpost.example is served and answers at once."""
    pages: dict[str, Page] = {
        "/robots.txt": Answer(body=b"User-agent: *\nDisallow: /lamps.html"),
        "/feed": lambda headers: Answer(status=304) if "if-none-match" in headers else Answer(headers={"ETag": '"1"'}, body=FEED.encode()),
        "/ferry.html": Answer(body=FERRY.encode(), headers={"Content-Type": "text/html; charset=utf-8"}),
    }
    commands, work = tmp_path / "bin", tmp_path / "work"
    commands.mkdir()
    work.mkdir()
    (commands / "quoth").write_text(QUOTH.format(python=sys.executable, path=[str(Path(quoth.__file__).parents[1])]), "utf-8")
    (commands / "quoth").chmod(0o755)
    put_files(work)
    with serving(pages) as site:
        fetcher = partial(Fetcher, pause=0.0, tcp=Harl(site), resolve=lambda host, port: [PUBLIC])
        monkeypatch.setattr(quoth.fetching, "Fetcher", fetcher)
        monkeypatch.setenv("PATH", f"{commands}{os.pathsep}{os.environ['PATH']}")
        monkeypatch.setenv("LC_ALL", "C.UTF-8")
        monkeypatch.setenv("COLUMNS", "80")
        monkeypatch.chdir(work)
        yield work


def run(command: str) -> tuple[int, str, str]:
    """What a command line gives: its exit code, what it prints, what it complains. quoth alone runs here, all else in a shell."""
    if command.startswith("quoth ") and not SHELL_ONLY & set(command):
        told = CliRunner().invoke(cli.app, shlex.split(command)[1:])
        return told.exit_code, told.stdout, told.stderr
    result = subprocess.run(["bash", "-c", command], capture_output=True, text=True, timeout=120)
    return result.returncode, result.stdout, result.stderr


@pytest.mark.skipif(os.name == "nt", reason="the guides are written for a POSIX shell")
@pytest.mark.parametrize("guide", GUIDES)
def test_guides(guide: str, folder: Path) -> None:
    sessions = SESSION.findall((ROOT / "docs" / guide).read_text("utf-8"))
    steps = [step for session in sessions for step in STEP.findall(session)]
    assert steps
    for command, shown in steps:
        code, printed, complaint = run(command.replace("https://harlpost", "http://harlpost"))  # no certificate is at hand for it
        assert code == 0, f"{command}: {complaint}"
        printed = printed.replace("http://harlpost", "https://harlpost")
        assert doctest.OutputChecker().check_output(shown, printed, SHOWN), f"{command}:\n{printed}{complaint}"
