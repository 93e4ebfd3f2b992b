"""The search page: statements that a query finds, with what they are spread over."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from typing import Annotated, Any

from fastapi import APIRouter, Query

from quoth.archive import Count, Counts, Hit, Page
from quoth.archive.counting import EMPTY, counts
from quoth.archive.search import found
from quoth.web.charts import Bar, bars, histogram
from quoth.web.problems import in_time
from quoth.web.questions import Asked
from quoth.web.room import InRoom, Room, View, add_twins
from quoth.web.shapes import counts_json, hit_json, hits_table

router = APIRouter()
KINDS = {"direct": "in quotation marks", "mixed": "partly in quotation marks", "indirect": "in other words"}
ACTS = {"speech": "said", "writing": "written", "thought": "thought"}
POLARITIES = {"asserted": "said", "not_said": "not said"}
MONTHS = 12
"""Months that are listed."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice:
    """A value that narrows a search: what it is called, how many statements have it, the address with it or, if it is chosen, without."""

    name: str
    count: int
    link: str
    chosen: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Facet:
    """Values of one property."""

    name: str
    choices: tuple[Choice, ...]


def searched(asked: Annotated[Asked, Query()], room: InRoom) -> View:
    """Statements, ranked or by date, with facets."""
    question = asked.question()
    with room.connections.reading() as archive:
        page = found(archive, question, sort=asked.sort, limit=asked.limit, after=asked.after, deadline=room.settings.deadline)
    spread = spread_of(room, asked)
    after = asked.link(after=page.after) if page.after else None
    return View(
        title=f"{asked.q or 'Statements'} – search",
        template="search.html",
        json=lambda: _json(asked, page, spread, after),
        table=lambda: hits_table(page.hits),
        after=after,
        values={
            "asked": asked,
            "query": asked.q,
            "hits": page.hits,
            "sort": page.sort,
            "counts": spread,
            "facets": facets(asked, spread),
            "chosen": chosen(asked, spread),
            "histogram": chart(asked, spread),
            "span": ends(bars(spread.months)),
            "after": after,
            "alternates": _feeds(asked),
            "kinds": KINDS,
            "wide": True,
        },
    )


def spread_of(room: Room, asked: Asked) -> Counts:
    """How the statements of a search are spread, remembered for a while; nothing is told of it where counting takes too long."""
    uncounted = replace(EMPTY, complete=False)
    return in_time(lambda: room.remembered.get(asked.question(), lambda: counted(room, asked, room.settings.deadline)), uncounted)


def counted(room: Room, asked: Asked, seconds: float) -> Counts:
    """How the statements of a search are spread, counted within so many seconds. Raises QueryError."""
    with room.connections.reading(seconds) as archive:
        return counts(archive, asked.question(), deadline=seconds)


def _json(asked: Asked, page: Page[Hit], spread: Counts, after: str | None) -> dict[str, Any]:
    return {
        "query": asked.given(),
        "total": spread.total,
        "complete": spread.complete,
        "sort": page.sort,
        "hits": [hit_json(hit) for hit in page.hits],
        "facets": counts_json(spread),
        "after": page.after,
        "next": after.replace("/search?", "/search.json?", 1) if after else None,
    }


def facets(asked: Asked, spread: Counts) -> tuple[Facet, ...]:
    """The ways to narrow a search."""
    groups: tuple[tuple[str, str, tuple[Count, ...], dict[str, str]], ...] = (
        ("Speaker", "speaker", spread.speakers[:12], {}),
        ("Publisher", "publisher", spread.publishers[:12], {}),
        ("Words", "kind", spread.kinds, KINDS),
        ("Act", "act", spread.acts, ACTS),
        ("Said or not", "polarity", spread.polarities, POLARITIES),
    )
    given = asked.given()
    found = []
    for name, parameter, listed, names in groups:
        wanted = given.get(parameter)
        none = (Count(key=wanted, name=wanted, count=0),) if wanted and names and wanted not in {count.key for count in listed} else ()
        choices = tuple(
            Choice(
                name=names.get(count.key, count.name),
                count=count.count,
                link=asked.link(**{parameter: None if wanted == count.key else count.key}),
                chosen=wanted == count.key,
            )
            for count in (*listed, *none)
        )
        narrows = len(choices) > 1 or any(choice.chosen for choice in choices) or parameter in ("speaker", "publisher")
        if choices and narrows:
            found.append(Facet(name=name, choices=choices))
    return (*found, *_by_month(asked, spread))


def _by_month(asked: Asked, spread: Counts) -> list[Facet]:
    """The months with most statements, in order of time; one that is chosen is one of them."""
    months = [bar for bar in bars(spread.months) if bar.count]
    most = sorted(months, key=lambda bar: -bar.count)[:MONTHS]
    choices = []
    for bar in sorted(most, key=lambda bar: bar.first, reverse=True):
        picked = (asked.since, asked.until) == (bar.first, bar.last)
        since, until = (None, None) if picked else (bar.first.isoformat(), bar.last.isoformat())
        choices.append(Choice(name=bar.name, count=bar.count, link=asked.link(since=since, until=until), chosen=picked))
    return [Facet(name="Month", choices=tuple(choices))] if len(choices) > 1 or any(choice.chosen for choice in choices) else []


def chosen(asked: Asked, spread: Counts) -> list[tuple[str, str]]:
    """What narrows the search now: each with the address of the search without it."""
    names = {count.key: count.name for count in (*spread.speakers, *spread.publishers)}
    told: dict[str, Callable[[str], str]] = {
        "speaker": lambda value: names.get(value, value.removeprefix("name:")),
        "about": lambda value: f"about {value}",
        "publisher": lambda value: value,
        "kind": lambda value: KINDS.get(value, value),
        "act": lambda value: ACTS.get(value, value),
        "polarity": lambda value: POLARITIES.get(value, value),
        "since": lambda value: f"from {value}",
        "until": lambda value: f"to {value}",
        "by": lambda value: "by the day said",
        "confidence": lambda value: f"confidence {value} or more",
    }
    given = asked.given()
    return [(tell(given[name]), asked.link(**{name: None})) for name, tell in told.items() if name in given]


def ends(drawn: Sequence[Bar]) -> tuple[str, str] | None:
    """What the first and the last bar are called."""
    return (drawn[0].name, drawn[-1].name) if drawn else None


def chart(asked: Asked, spread: Counts) -> Any:
    """The months of a search as bars; each leads to its statements."""

    def link(bar: Bar) -> str:
        return asked.link(since=bar.first.isoformat(), until=bar.last.isoformat())

    def picked(bar: Bar) -> bool:
        return (asked.since is None or bar.last >= asked.since) and (asked.until is None or bar.first <= asked.until)

    return histogram(bars(spread.months), link, label="statements by month", picked=picked)


def _feeds(asked: Asked) -> tuple[tuple[str, str, str], ...]:
    newest = {"sort": None, "limit": None}
    return (
        ("application/atom+xml", "Atom", asked.link("/search.atom", **newest)),
        ("application/feed+json", "JSON Feed", asked.link("/feed.json", **newest)),
    )


add_twins(router, "/search", searched, table=True)
