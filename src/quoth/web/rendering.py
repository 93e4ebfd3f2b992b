"""Templates to pages. Everything that is put into a template is text: it is escaped, and what cannot be seen is replaced."""

import datetime
import hashlib
from collections.abc import Callable
from functools import lru_cache
from pathlib import Path
from typing import Any

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from starlette.requests import Request
from starlette.responses import Response

from quoth import __version__
from quoth.exports.html import UNSAFE
from quoth.exports.links import safe_url, text_fragment
from quoth.types import Precision, Said
from quoth.web.charts import share
from quoth.web.marking import plain, snippet
from quoth.web.questions import address, person_address, report_address, statement_address

HERE = Path(__file__).parent
STATIC = HERE / "static"


def fingerprint(folder: Path) -> str:
    """What changes whenever a file of a folder does."""
    digests = [hashlib.sha256(file.name.encode() + file.read_bytes()).digest() for file in sorted(folder.iterdir())]
    return hashlib.sha256(b"".join(digests)).hexdigest()[:12]


STATIC_ADDRESS = f"/static/{fingerprint(STATIC)}"
"""Where browsers find the files of styles and scripts: elsewhere when they change, so that they may be kept for good."""


def visible(value: Any) -> Any:
    """What a template writes: a plain string without characters that cannot be seen or that turn the direction of writing."""
    return UNSAFE.sub("\ufffd", value) if type(value) is str else value


def day(date: datetime.date | None) -> str:
    """A day as a page writes it.

    >>> day(datetime.date(2024, 3, 5))
    '5 March 2024'
    """
    return "" if date is None else f"{date.day} {date:%B} {date.year}"


def said_day(date: datetime.date, precision: Precision | None) -> str:
    """A day, week, month or year.

    >>> said_day(datetime.date(2024, 3, 1), "month")
    'March 2024'
    """
    if precision == "week":
        return f"the week of {day(date)}"
    return {"month": f"{date:%B} {date.year}", "year": str(date.year)}.get(precision or "day", day(date))


def said(when: Said | None) -> str:
    """When something was said, as it is known."""
    return "" if when is None else said_day(when.date, when.precision)


def percent(value: float | None) -> str:
    """A share as a whole percentage.

    >>> percent(0.996), percent(0.5)
    ('99 %', '50 %')
    """
    return "" if value is None else f"{min(99, round(value * 100)) if value < 1 else 100} %"


def count_of(number: int, one: str, many: str | None = None) -> str:
    """A number with its noun.

    >>> count_of(1, "statement"), count_of(1200, "statement"), count_of(2, "person", "people")
    ('1 statement', '1,200 statements', '2 people')
    """
    return f"{number:,} {one if number == 1 else many or one + 's'}"


@lru_cache(maxsize=1)
def environment() -> Environment:
    """The templates of the package."""
    found = Environment(
        loader=FileSystemLoader(HERE / "templates"),
        autoescape=True,
        undefined=StrictUndefined,
        finalize=visible,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    found.filters |= {"day": day, "said": said, "percent": percent, "plain": plain, "count_of": count_of}
    named: dict[str, Callable[..., Any]] = {
        "address": address,
        "person_address": person_address,
        "report_address": report_address,
        "statement_address": statement_address,
        "said_day": said_day,
        "safe_url": safe_url,
        "text_fragment": text_fragment,
        "snippet": snippet,
        "share": share,
    }
    found.globals |= {**named, "version": __version__, "static": STATIC_ADDRESS}
    return found


def render(request: Request, template: str, *, title: str, status: int = 200, **values: Any) -> Response:
    """A page as a response."""
    room = request.app.state.room
    user = request.scope.get("state", {}).get("user")
    shared = {
        "title": title,
        "path": request.url.path,
        "user": user,
        "accounts": room.accounts is not None,
        "twins": {"json": None, "csv": None},
        "alternates": (),
        "query": "",
        "wide": False,
    }
    html = environment().get_template(template).render({**shared, **values})
    return Response(html, status_code=status, media_type="text/html; charset=utf-8")
