"""Charts drawn on the server, as SVG that a browser shows without any script; every bar is also a number in a table or a label."""

import datetime
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from html import escape

from markupsafe import Markup

from quoth.archive import Count

MOST_BARS = 180
"""Months of a chart, fifteen years; of a longer time each bar is a year."""
FEWEST_BARS = 24
BAR, GAP, HEIGHT = 10, 2, 72


@dataclass(frozen=True, slots=True, kw_only=True)
class Bar:
    """A stretch of time with its count: the days it spans and what it is called."""

    first: datetime.date
    last: datetime.date
    name: str
    count: int


def bars(months: Sequence[Count]) -> tuple[Bar, ...]:
    """The months from the first to the last that has something, those with nothing too; years where there are too many months.

    A short time is widened to two years, so that a bar is a month and not a wall.

    >>> found = bars([Count(key="2024-01", name="", count=2), Count(key="2024-03", name="", count=5)])
    >>> [(bar.name, bar.count) for bar in found if bar.count], len(found)
    ([('January 2024', 2), ('March 2024', 5)], 24)
    """
    known = {_month(count.key): count.count for count in months if count.key}
    if not known:
        return ()
    first, last = min(known), max(known)
    missing = max(0, FEWEST_BARS - (last - first + 1))
    first, last = max(12, first - missing // 2), last + missing - missing // 2
    if last - first < MOST_BARS:
        return tuple(_bar_of_month(number, known.get(number, 0)) for number in range(first, last + 1))
    years: dict[int, int] = {}
    for number, count in known.items():
        years[number // 12] = years.get(number // 12, 0) + count
    span = list(range(first // 12, last // 12 + 1))[-MOST_BARS:]
    return tuple(
        Bar(first=datetime.date(max(year, 1), 1, 1), last=datetime.date(max(year, 1), 12, 31), name=str(year), count=years.get(year, 0))
        for year in span
    )


def histogram(found: Sequence[Bar], link: Callable[[Bar], str], *, label: str, picked: Callable[[Bar], bool] | None = None) -> Markup:
    """Bars over time, each a link; `picked` tells which of them are within the dates asked for."""
    if not found:
        return Markup("")
    greatest = max(bar.count for bar in found) or 1
    step = max(BAR + GAP, min(36, 560 // len(found)))
    width = step * len(found)
    shapes = []
    for place, bar in enumerate(found):
        tall = 0 if not bar.count else max(2, round(bar.count / greatest * HEIGHT))
        out = "" if picked is None or picked(bar) else " out"
        told = f"{bar.name}: {bar.count:,}"
        shapes.append(
            f'<a href="{escape(link(bar))}" class="bar{out}" data-since="{bar.first}" data-until="{bar.last}" data-name="{bar.name}"'
            f' aria-label="{escape(told)}">'
            f"<title>{escape(told)}</title>"
            f'<rect class="zone" x="{place * step}" y="0" width="{step}" height="{HEIGHT}"/>'
            f'<rect class="level" x="{place * step + 1}" y="{HEIGHT - tall}" width="{step - GAP}" height="{tall}"/></a>'
        )
    return Markup(
        f'<svg class="histogram" viewBox="0 0 {width} {HEIGHT}" preserveAspectRatio="none" role="group" '
        f'aria-label="{escape(label)}" width="{width}" height="{HEIGHT}">{"".join(shapes)}</svg>'
    )


def share(part: float, *, label: str) -> Markup:
    """A bar that is filled to a share between 0 and 1."""
    filled = round(max(0.0, min(1.0, part)) * 100, 1)
    return Markup(
        f'<svg class="share" viewBox="0 0 100 6" preserveAspectRatio="none" role="img" aria-label="{escape(label)}" width="100" height="6">'
        f'<rect class="whole" width="100" height="6"/><rect class="part" width="{filled}" height="6"/></svg>'
    )


def _month(key: str) -> int:
    year, month = key.split("-")[:2]
    return int(year) * 12 + int(month) - 1


def _bar_of_month(number: int, count: int) -> Bar:
    first = datetime.date(number // 12, number % 12 + 1, 1)
    following = datetime.date((number + 1) // 12, (number + 1) % 12 + 1, 1) if number < 119_987 else datetime.date.max
    return Bar(first=first, last=following - datetime.timedelta(days=1), name=f"{first:%B} {first.year}", count=count)
