"""`quoth watch`: what is new in feeds, into an archive, until it is stopped."""

import datetime
import json
import signal
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from quoth.cli.afterwards import WithAlerts, WithVariants, follow_up
from quoth.cli.extracting import Model, extractor_of, people_of
from quoth.cli.ingest import ARCHIVE, ArchivePath
from quoth.cli.network import fetcher_of
from quoth.cli.terminal import BAD_INPUT, OK, complain, guarded, write
from quoth.escapes import one_line

if TYPE_CHECKING:
    from quoth.archive import Archive
    from quoth.ingestion import Ingestion
    from quoth.watching import Polled, Taken, Watcher

EXAMPLES = """\b
Examples:
  quoth watch https://post.example/feed          until Ctrl-C
  quoth watch feeds.opml --interval 60           the feeds of a feed reader
  quoth watch --once feeds.opml                  one round; for cron
  quoth watch --contact desk@paper.example feeds.opml

\b
Each new entry is read from the page it links to, or, where that cannot be had,
from the feed itself; pages that could not be read are listed by "quoth
skipped". robots.txt is kept to, a host is asked one request at a time, and a
feed that fails is asked less and less often. Where a run was stopped the next
one goes on, and no entry is read twice. After a round, once in an interval at
most, variants of what is new are looked for and saved searches are run.

\b
Exit code: 0 stopped (Ctrl-C, SIGTERM) or, with --once, every feed was read;
1 with --once, some feed could not be read; an OPML file that cannot be read;
the archive cannot be written; 2 wrong usage."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What was asked for on the command line."""

    feeds: tuple[str, ...]
    archive: str
    once: bool
    interval: datetime.timedelta
    people: str | None
    model: str
    contact: str | None
    allow_private: bool
    variants: bool
    alerts: bool
    json: bool


def watch(
    feeds: Annotated[list[str], typer.Argument(metavar="FEED|OPML", help="Addresses of feeds, or OPML files that list some.")],
    archive: ArchivePath = ARCHIVE,
    once: Annotated[bool, typer.Option("--once", help="Ask each feed once and end.")] = False,
    interval: Annotated[float, typer.Option(min=1, max=10_000, metavar="MINUTES", help="Between two requests to one feed.")] = 30,
    people: Annotated[str | None, typer.Option(metavar="TABLE", help="A table of people and their offices: who they are.")] = None,
    model: Model = "fast",
    contact: Annotated[str | None, typer.Option(metavar="WHO", help="Told to servers: an address to write to, or of a page.")] = None,
    allow_private: Annotated[bool, typer.Option("--allow-private", help="Fetch from private and local addresses too.")] = False,
    variants: WithVariants = True,
    alerts: WithAlerts = True,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each step.")] = False,
) -> None:
    """Read what is new in feeds, extract its statements, and store both in an archive."""
    choices = Choices(
        feeds=tuple(feeds), archive=archive, once=once, interval=datetime.timedelta(minutes=interval), people=people, model=model,
        contact=contact, allow_private=allow_private, variants=variants, alerts=alerts, json=as_json,
    )  # fmt: skip
    raise typer.Exit(guarded(lambda: _run(choices)))


def _run(choices: Choices) -> int:
    """Watches until it is stopped; returns the exit code."""
    with stopping() as stop, fetcher_of(contact=choices.contact, allow_private=choices.allow_private, sleep=stop.wait) as fetcher:
        from quoth.archive import Archive
        from quoth.ingestion import Ingestion
        from quoth.watching import Watcher

        urls = _urls(choices.feeds)
        extract, extractor = extractor_of(people_of(choices.people), model=choices.model)
        with Archive.open(choices.archive) as archive:
            ingestion = Ingestion(archive, extract, extractor=extractor)
            watcher = Watcher(urls, ingestion, fetcher, pause=stop.wait, stopped=stop.is_set, interval=choices.interval)
            in_trouble = _watch(watcher, ingestion, choices)
        if not choices.once and not stop.is_set():
            complain("no feed is left to ask: all are gone for good", None)
    return BAD_INPUT if choices.once and in_trouble else OK


def _watch(watcher: "Watcher", ingestion: "Ingestion", choices: Choices) -> bool:
    """Tells each step, and follows up what is new whenever the feeds give it a rest; whether some feed could not be read."""
    from quoth.watching import Polled, Rest

    in_trouble, follow_up_due = False, ingestion.now()
    for step in watcher.run(once=choices.once):
        if not isinstance(step, Rest):
            _tell(step, as_json=choices.json)
            in_trouble |= isinstance(step, Polled) and step.trouble is not None
        elif ingestion.now() >= follow_up_due:
            follow_up_due = ingestion.now() + choices.interval
            _follow_up(ingestion.archive, choices, ingestion.now())
    return in_trouble


def _urls(feeds: Sequence[str]) -> list[str]:
    """The addresses of the feeds, each once; those of an OPML file in its place. Raises QuothError, FetchError."""
    from quoth.fetching import checked_url
    from quoth.ingestion.sources import is_address
    from quoth.watching import read_opml

    urls: dict[str, None] = {}
    for feed in feeds:
        if is_address(feed) or not (Path(feed).exists() or feed.lower().endswith(".opml")):
            checked_url(feed)
            urls[feed] = None
        else:
            urls.update(dict.fromkeys(read_opml(feed)))
    return list(urls)


def _follow_up(archive: "Archive", choices: Choices, at: datetime.datetime) -> None:
    """Looks for variants of what the round brought, runs the saved searches, and prints what they found."""
    found = follow_up(archive, variants=choices.variants, alerts=choices.alerts, at=at, as_json=choices.json)
    if found.line is not None:
        write((json.dumps(found.to_json(), ensure_ascii=False) if choices.json else one_line(found.line)) + "\n", None)


@contextmanager
def stopping() -> Iterator[threading.Event]:
    """An event that Ctrl-C and SIGTERM set, so that the step at hand is finished; a second Ctrl-C interrupts it."""
    stop = threading.Event()

    def on_signal(number: int, _: object) -> None:
        if stop.is_set() and number == signal.SIGINT:
            raise KeyboardInterrupt
        stop.set()

    before = {number: signal.signal(number, on_signal) for number in (signal.SIGINT, signal.SIGTERM)}
    try:
        yield stop
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)


def _tell(step: "Polled | Taken", *, as_json: bool) -> None:
    """Prints a step: what is new on stdout, what is wrong on stderr."""
    from quoth.watching import Polled

    if as_json:
        fields = asdict(step) if isinstance(step, Polled) else {"feed": step.feed, **asdict(step.ingested), "trouble": step.trouble}
        write(json.dumps(fields, ensure_ascii=False) + "\n", None)
        return
    if isinstance(step, Polled):
        if step.entries:
            write(f"{one_line(step.feed)}: {step.entries} new\n", None)
        if step.moved_to:
            complain(f"note: {step.feed}: has moved for good to {step.moved_to}", None)
        if step.trouble:
            complain(f"{step.feed}: {step.trouble}", None)
        return
    if step.ingested.ending != "skipped":
        plural = "" if step.ingested.statements == 1 else "s"
        write(f"  {step.ingested.ending}: {one_line(step.ingested.origin)} ({step.ingested.statements} statement{plural})\n", None)
    if step.trouble or step.ingested.reason:
        complain(f"note: {step.ingested.origin}: {step.trouble or step.ingested.reason}", None)
