"""Rows to people: what an importer reads is put together by id, and a row that cannot be right is refused."""

import datetime
import re
import sys
from dataclasses import dataclass, field

from quoth.errors import PeopleError
from quoth.people.matching import fold_word, read_name
from quoth.types import Office, PartialDate, Person

DATE = re.compile(r"\+?(?P<year>\d{4})(?:-(?P<month>\d\d))?(?:-(?P<day>\d\d))?(?:[T ][\d:.+Z-]*)?", re.ASCII)
WIKIDATA = re.compile(r"(?:.*/)?(Q[1-9]\d*)", re.ASCII | re.IGNORECASE)
PRECISIONS = {"9": 1, "10": 2, "11": 3}
"""How many of year, month and day a date of Wikidata tells, by its number for precision."""
LONGEST = 500
"""Characters that a name or a position may have."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """What one row tells of one person, as it is written; "" where it is silent."""

    name: str
    id: str = ""
    wikidata: str = ""
    aliases: tuple[str, ...] = ()
    position: str = ""
    country: str = ""
    start: str = ""
    end: str = ""
    as_of: str = ""
    start_precision: str = ""
    end_precision: str = ""


@dataclass(slots=True, kw_only=True)
class _Gathered:
    """Somebody of whom more rows may come."""

    name: str
    wikidata: str | None
    aliases: list[str] = field(default_factory=list)
    offices: list[Office] = field(default_factory=list)


class Register:
    """Takes in rows and gives the people they tell of; `as_of` is the day on which the table was right, where its rows do not say.

    >>> register = Register()
    >>> register.add(Row(name="Ama Osei", position="Mayor", start="2019-02", end="2021"))
    >>> [person.name for person in register.people()]
    ['Ama Osei']
    """

    def __init__(self, *, as_of: datetime.date | None = None) -> None:
        self._as_of = None if as_of is None else PartialDate(first=as_of)
        self._people: dict[str, _Gathered] = {}
        self._dates: dict[tuple[str, str], PartialDate | None] = {}

    def add(self, row: Row) -> None:
        """Takes in one row, whole or not at all; raises PeopleError if it cannot be right."""
        name = _checked_name(row.name)
        wikidata = _wikidata(row.wikidata)
        office = self._office(row)
        id = row.id.strip() or wikidata or f"{row.country.strip()}/{name}".strip("/")
        known = self._people.get(id)
        if known is None:
            known = self._people[id] = _Gathered(name=name, wikidata=wikidata)
        else:
            _check_agrees(known, id, name, wikidata)
            known.wikidata = known.wikidata or wikidata
        known.aliases.extend(alias for alias in (name, *map(str.strip, row.aliases)) if alias and alias != known.name)
        if office is not None:
            known.offices.append(office)

    def people(self) -> list[Person]:
        """The people so far, in the order of their first rows."""
        return [_person(id, gathered) for id, gathered in self._people.items()]

    def _office(self, row: Row) -> Office | None:
        start, end = self._date(row.start, row.start_precision), self._date(row.end, row.end_precision)
        as_of = self._date(row.as_of, "") or self._as_of
        if start is not None and end is not None and end.last < start.first:
            raise PeopleError(f"ends before it starts: {row.start} to {row.end}")
        position = " ".join(row.position.split())
        if not position:
            return None
        if len(position) > LONGEST:
            raise PeopleError(f"a position of more than {LONGEST} characters")
        country = sys.intern(row.country.strip()) or None
        return Office(position=sys.intern(position), country=country, start=start, end=end, as_of=as_of)

    def _date(self, written: str, precision: str) -> PartialDate | None:
        key = (written, precision)
        if key not in self._dates:
            self._dates[key] = read_date(written, precision)
        return self._dates[key]


def _person(id: str, gathered: _Gathered) -> Person:
    """What was gathered, each alias and office once."""
    aliases, offices = dict.fromkeys(gathered.aliases), dict.fromkeys(gathered.offices)
    return Person(id=id, name=gathered.name, aliases=tuple(aliases), wikidata=gathered.wikidata, offices=tuple(offices))


def read_date(written: str, precision: str = "") -> PartialDate | None:
    """A day, month or year in ISO form, or as Wikidata writes it, with its number for precision; None if nothing is written.

    Raises PeopleError for what is no date.

    >>> read_date("2019-11").last.isoformat(), read_date("+2019-01-01T00:00:00Z", "9").precision
    ('2019-11-30', 'year')
    """
    written = written.strip()
    if not written:
        return None
    found = DATE.fullmatch(written)
    told = PRECISIONS.get(precision.strip().rpartition("/")[2], 3)
    if found is None:
        raise PeopleError(f"no date: {written[:40]!r}")
    numbers = [int(part) if part is not None else 0 for part in found.group("year", "month", "day")][:told]
    known = numbers[: next((place for place, number in enumerate(numbers) if not number), len(numbers))]
    try:
        first = datetime.date(*[*known, 1, 1][:3])
    except (TypeError, ValueError):
        raise PeopleError(f"no such date: {written[:40]!r}") from None
    return PartialDate(first=first, precision="day" if len(known) == 3 else "month" if len(known) == 2 else "year")


def _checked_name(written: str) -> str:
    name = " ".join(written.split())
    if not name:
        raise PeopleError("no name")
    if any("\ud800" <= letter <= "\udfff" for letter in name):
        raise PeopleError("a lone surrogate in the name")
    if len(name) > LONGEST:
        raise PeopleError(f"a name of more than {LONGEST} characters")
    return name


def _wikidata(written: str) -> str | None:
    """The id at the end of an address or by itself."""
    written = written.strip()
    found = WIKIDATA.fullmatch(written)
    if written and found is None:
        raise PeopleError(f"no Wikidata id: {written[:40]!r}")
    return found[1].upper() if found else None


def _check_agrees(known: _Gathered, id: str, name: str, wikidata: str | None) -> None:
    """Raises PeopleError if an id would be that of two: names without a word in common, or two Wikidata ids."""
    if wikidata and known.wikidata and wikidata != known.wikidata:
        raise PeopleError(f"the id {id} is {known.wikidata} in another row, {wikidata} here")
    if name != known.name and not any(_words_of(other) & _words_of(name) for other in (known.name, *known.aliases)):
        raise PeopleError(f"the id {id} is {known.name} in another row, {name} here")


def _words_of(name: str) -> set[str]:
    parts = read_name(name)
    return set() if parts is None else {*parts.words, "".join(parts.words), *map(fold_word, name.split())}
