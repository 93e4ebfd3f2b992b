"""The day on which a report appeared, as its header or its record writes it."""

import datetime
import re

MONTHS = ("january", "february", "march", "april", "may", "june", "july", "august", "september", "october", "november", "december")
WEEKDAYS = ("monday", "tuesday", "wednesday", "thursday", "friday", "saturday", "sunday")
_WEEKDAY = r"(?:(?P<weekday>[a-z]{3,9})\.?,?\s+)?"
_MONTH = r"(?P<month>[a-z]{3,9})\.?"
_DAY = r"(?P<day>\d{1,2})(?:st|nd|rd|th)?"
ISO = re.compile(r"(?P<day>\d{4}-\d\d-\d\d)(?:[T ]\d\d:.+)?", re.IGNORECASE | re.ASCII)
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


def _written_out(weekday: str | None, day: str, month: str, year: str) -> datetime.date:
    """The date of its parts; raises ValueError if there is no such day, or it is not that day of the week."""
    date = datetime.date(int(year), _place(month, MONTHS) + 1, int(day))
    if weekday is not None and _place(weekday, WEEKDAYS) != date.weekday():
        raise ValueError(f"{date} is no {weekday}")
    return date


def _place(name: str, names: tuple[str, ...]) -> int:
    """Where a name stands among the names, which may be shortened to three or more letters."""
    return next((place for place, full in enumerate(names) if full.startswith(name.lower())), -1)
