"""`quoth alerts`: searches that are kept, and what is new for them."""

import json
from typing import TYPE_CHECKING, Annotated

import typer

from quoth.cli.archives import ARCHIVE, ArchivePath, AsJson, as_values, json_line, now
from quoth.cli.asking import (
    About,
    By,
    ByEvent,
    MinConfidence,
    OfAct,
    OfKind,
    PublisherNamed,
    Said,
    Since,
    SpeakerNamed,
    Until,
    Words,
    question_of,
)
from quoth.cli.terminal import BAD_INPUT, OK, complain, guarded, write
from quoth.escapes import one_line

if TYPE_CHECKING:
    from quoth.alerts import Alert, SavedSearch
    from quoth.archive import Archive

NOTHING_NEW = 3
"""The exit code of `run --exit-code` where nothing is new."""
EXAMPLES = """\b
Examples:
  quoth alerts add harbour 'harbour strike'
  quoth alerts add osei --speaker "Ama Osei"     whatever she says
  quoth alerts list
  quoth alerts run                               what is new, all searches
  quoth alerts run --feeds /srv/www/feeds        and harbour.atom, harbour.json
  quoth alerts remove harbour

\b
From cron, after ingestion; nothing is printed, so nothing mailed, where
nothing is new:
  quoth watch --once --no-alerts feeds.opml > watch.log; quoth alerts run
  quoth alerts run --exit-code --json > new.jsonl && ./tell-the-desk new.jsonl

\b
Exit code: 0 done; 1 the archive or a folder cannot be read or written, or a
search could not be answered; 2 wrong usage; 3 with --exit-code, nothing is
new."""

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True, help="Saved searches: what is new for them, as lines and as feeds.")
Name = Annotated[str, typer.Argument(metavar="NAME", help="Small letters, digits, - and _.")]


@app.command()
def add(
    name: Name,
    words: Words = None,
    archive: ArchivePath = ARCHIVE,
    speaker: SpeakerNamed = None,
    about: About = None,
    since: Since = None,
    until: Until = None,
    by: ByEvent = By.PUBLISHED,
    publisher: PublisherNamed = None,
    kind: OfKind = None,
    act: OfAct = None,
    said: Said = None,
    min_confidence: MinConfidence = None,
    from_start: Annotated[bool, typer.Option("--from-start", help="What the archive holds by now is new too.")] = False,
) -> None:
    """Keep a search under a name."""
    question = question_of(
        words, speaker=speaker, about=about, since=since, until=until, by=by, publisher=publisher, kind=kind, act=act, said=said,
        min_confidence=min_confidence,
    )  # fmt: skip

    def run() -> int:
        from quoth.alerts import add_search
        from quoth.archive import Archive

        with Archive.open(archive, create=False) as opened:
            add_search(opened, name, question, at=now(), from_start=from_start)
        return OK

    raise typer.Exit(guarded(run))


@app.command("list")
def list_searches(archive: ArchivePath = ARCHIVE, as_json: AsJson = False) -> None:
    """List the saved searches."""

    def run() -> int:
        from quoth.alerts import searches
        from quoth.archive import Archive

        with Archive.open(archive, create=False, read_only=True) as opened:
            found = searches(opened)
        if as_json:
            write(json_line([{"name": one.name, "created": one.created, "asks": _asked(one)} for one in found]), None)
        else:
            write("".join(f"{one_line(one.name)}: {one_line(_shown(one))}\n" for one in found) or "no saved searches\n", None)
        return OK

    raise typer.Exit(guarded(run))


@app.command()
def remove(name: Name, archive: ArchivePath = ARCHIVE) -> None:
    """Take a saved search away, with what it has found; files of feeds stay."""

    def run() -> int:
        from quoth.alerts import remove_search
        from quoth.archive import Archive

        with Archive.open(archive, create=False) as opened:
            remove_search(opened, name)
        return OK

    raise typer.Exit(guarded(run))


@app.command("run")
def run_searches(
    names: Annotated[list[str] | None, typer.Argument(metavar="NAME", help="Which searches; without a name, all.")] = None,
    archive: ArchivePath = ARCHIVE,
    feeds: Annotated[str | None, typer.Option(metavar="FOLDER", help="Write NAME.atom and NAME.json there.")] = None,
    limit: Annotated[int, typer.Option(min=0, max=10_000, metavar="N", help="How many new statements to print for each search.")] = 100,
    exit_code: Annotated[bool, typer.Option("--exit-code", help=f"End with {NOTHING_NEW} where nothing is new.")] = False,
    as_json: Annotated[bool, typer.Option("--json", help="One JSON object a line for each search with something new.")] = False,
) -> None:
    """Print what is new for the saved searches since they were run last."""

    def run() -> int:
        from quoth.alerts import run_alerts
        from quoth.archive import Archive

        with Archive.open(archive, create=False) as opened:
            alerts = run_alerts(opened, at=now(), names=names or (), tell=lambda alert: tell_alert(opened, alert, limit, as_json))
            unwritten = [] if feeds is None else [alert for alert in alerts if not _write_feeds(opened, alert, feeds)]
        if unwritten or any(alert.trouble for alert in alerts):
            return BAD_INPUT
        return NOTHING_NEW if exit_code and not any(alert.rows for alert in alerts) else OK

    raise typer.Exit(guarded(run))


def tell_alert(archive: "Archive", alert: "Alert", limit: int, as_json: bool) -> None:
    """Prints what is new for one search."""
    from quoth.alerts.feeds import headline
    from quoth.alerts.receipts import receipt_json, receipt_of

    if alert.trouble:
        complain(f"{alert.search.name}: {alert.trouble}", None)
    if not alert.rows:
        return
    found = [row for number in alert.rows[:limit] if (row := archive.statement(number)) is not None]
    receipts = [receipt_of(archive, row) for row in found]
    if as_json:
        told = {"search": alert.search.name, "new": len(alert.rows), "statements": [receipt_json(receipt) for receipt in receipts]}
        write(json.dumps(told, ensure_ascii=False) + "\n", None)
        return
    lines = [f"{one_line(alert.search.name)}: {len(alert.rows):,} new"]
    for receipt in receipts:
        where = [receipt.publisher, str(receipt.published) if receipt.published else None, receipt.url, f"statement {receipt.row}"]
        lines += [f"  {one_line(headline(receipt))}", f"    {' · '.join(one_line(fact) for fact in where if fact)}"]
    left = len(alert.rows) - len(receipts)
    lines += [f"  and {left:,} more"] if left else []
    write("".join(f"{line}\n" for line in lines), None)


def _write_feeds(archive: "Archive", alert: "Alert", folder: str) -> bool:
    """Writes the feeds of one search; a search of a name that is none, as an archive from elsewhere may have, is one line on stderr."""
    from quoth.alerts import write_feeds
    from quoth.errors import QueryError

    try:
        write_feeds(archive, alert.search, folder)
    except QueryError as error:
        complain(str(error), None)
        return False
    return True


def _asked(search: "SavedSearch") -> dict[str, object] | None:
    """What a search asks, without what it leaves open; None if it cannot be read."""
    from quoth.errors import QueryError

    try:
        asked = as_values(search.question)
    except QueryError:
        return None
    return {name: value for name, value in asked.items() if value not in (None, "") and (name, value) != ("by", "published")}


def _shown(search: "SavedSearch") -> str:
    asked = _asked(search)
    if asked is None:
        return "cannot be read by this quoth"
    return ", ".join(f"{name} {value}" for name, value in asked.items()) or "everything"
