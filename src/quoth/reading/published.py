"""The day on which a report appeared, as its header, its record or its page writes it."""

import datetime
import re
from email.utils import parsedate_to_datetime

from quoth.types import DateBasis, Published

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = r"(?:(?P<weekday>[a-z]{3,9})\.?,?\s+)?"
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
ISO = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ]\d\d:.+)?", re.IGNORECASE | re.ASCII)
MOMENT = re.compile(r"(\d{4}-\d\d-\d\d)[T ](\d\d:\d\d(?::\d\d)?(?:[.,]\d+)?) ?(Z|[+-]\d\d:?\d\d|[+-]\d\d)?", re.IGNORECASE | re.ASCII)
MAIL = re.compile(r"(?:[a-z]{3,9},?\s+)?\d{1,2}\s+[a-z]{3,9}\s+\d{4}\s+\d\d?:\d\d(?::\d\d)?(?:\s+\S+)?", re.IGNORECASE | re.ASCII)
COMPACT = re.compile(r"(\d{4})(\d\d)(\d\d)(?:T?\d{4,6}Z?)?", re.IGNORECASE | re.ASCII)
IN_ADDRESS = re.compile(
    r"[/=_-](19\d\d|20\d\d)[/_-]?(0[1-9]|1[0-2]|jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[/_-]?([0-3]\d)(?!\d)", re.IGNORECASE
)
LONGEST = 100
"""How many characters of what a page gives as its date are looked at."""
WRITTEN_OUT = (
    re.compile(rf"{_WEEKDAY}{_DAY}\s+{_MONTH},?\s+(?P<year>\d{{4}})", re.IGNORECASE | re.ASCII),
    re.compile(rf"{_WEEKDAY}{_MONTH}\s+{_DAY},?\s+(?P<year>\d{{4}})", re.IGNORECASE | re.ASCII),
)


def published_date(written: str) -> datetime.date | None:
    """The date in an ISO date or date-time (in its own offset) or with the month in English words; None if it is no date.

    Forms that two readers may read differently (`03/04/2020`) are none.

    >>> published_date("2019-11-14T23:30:00-05:00"), published_date("Nov. 14, 2019"), published_date("30 February 2019")
    (datetime.date(2019, 11, 14), datetime.date(2019, 11, 14), None)
    """
    written = written.strip()
    try:
        if ISO.fullmatch(written):
            return datetime.datetime.fromisoformat(written).date()
        found = next((found for form in WRITTEN_OUT if (found := form.fullmatch(written))), None)
        return found and _written_out(found["weekday"], found["day"], found["month"], found["year"])
    except ValueError:
        return None


def published_as(written: str, basis: DateBasis) -> Published | None:
    """What a page, a feed or a record writes as its date: ISO 8601, RFC 5322 or with the month in words; None if it is no date.

    The day is that of the offset it is written in; the moment is known only where an offset is written.

    >>> published = published_as("Thu, 14 Nov 2019 23:30:00 -0500", "feed")
    >>> str(published.date), str(published.at)
    ('2019-11-14', '2019-11-14 23:30:00-05:00')
    """
    written = " ".join(written.split())
    if len(written) > LONGEST:
        return None
    moment = _moment(written)
    date = moment.date() if moment is not None else published_date(written) or _compact(written)
    if date is None:
        return None
    return Published(date=date, at=None if moment is None or moment.tzinfo is None else moment, raw=written, basis=basis)


def day_of(published: Published | None) -> datetime.date | None:
    """The day alone, where one is known."""
    return None if published is None else published.date


def date_in(url: str) -> Published | None:
    """The day that an address tells.

    >>> str(date_in("https://example.org/world/2024/mar/05/rain").date)
    '2024-03-05'
    """
    found = IN_ADDRESS.search(url)
    if found is None:
        return None
    month = int(found[2]) if found[2].isdigit() else _place(found[2], MONTHS) + 1
    try:
        return Published(date=datetime.date(int(found[1]), month, int(found[3])), raw=found[0][1:], basis="url")
    except ValueError:
        return None


def _moment(written: str) -> datetime.datetime | None:
    """The day and time of an ISO date-time or of a date as mail writes it, with its offset if it has one."""
    try:
        if iso := MOMENT.fullmatch(written):
            return datetime.datetime.fromisoformat(f"{iso[1]}T{iso[2].replace(',', '.')}{(iso[3] or '').upper()}")
        return parsedate_to_datetime(written) if MAIL.fullmatch(written) else None
    except (ValueError, OverflowError):
        return None


def _compact(written: str) -> datetime.date | None:
    """The date of eight digits, year first."""
    try:
        found = COMPACT.fullmatch(written)
        return found and datetime.date(int(found[1]), int(found[2]), int(found[3]))
    except ValueError:
        return None


def _written_out(weekday: str | None, day: str, month: str, year: str) -> datetime.date:
    """The date of its parts; raises ValueError if there is no such day, or it is not that day of the week."""
    date = datetime.date(int(year), _place(month, MONTHS) + 1, int(day))
    if weekday is not None and _place(weekday, WEEKDAYS) != date.weekday():
        raise ValueError(f"{date} is no {weekday}")
    return date


def _place(name: str, names: tuple[str, ...]) -> int:
    """Where a name stands among the names, which may be shortened to three or more letters."""
    return next((place for place, full in enumerate(names) if full.startswith(name.lower())), -1)
