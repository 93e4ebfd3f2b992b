"""People by their names and by their offices."""

import datetime
import os
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Self

from quoth.names.lexicon import LESSER, kin
from quoth.people.countries import country_key, is_country
from quoth.people.matching import NICKNAMES, Name, Nicknames, agree, read_name, read_nicknames
from quoth.people.offices import OfficeKey, Words, office_key, simplified, splits
from quoth.people.tables import read_people
from quoth.types import Office, Person, Skipped

LIFETIME = 70
"""Years between a report and the offices of somebody who may speak in it, at most."""
HEADS = frozenset(
    """president premier chancellor minister senator representative governor mayor king queen emperor sultan emir pope secretary-of-state
    secretary-general speaker ambassador attorney-general justice judge commissioner""".split()
)
"""Offices that stand as titles before a name, as `simplified` has them."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """Who a name or an office means: the person if only one is left, and everyone it may be."""

    person: Person | None
    candidates: tuple[Person, ...] = ()


NOBODY = Found(person=None)


class People:
    """A table of people, indexed by the words of their names and by their offices; `skipped` are the rows that were not taken in."""

    def __init__(self, people: Iterable[Person], *, nicknames: Nicknames = NICKNAMES, skipped: Sequence[Skipped] = ()) -> None:
        self.people = tuple(people)
        self.skipped = tuple(skipped)
        self._nicknames = nicknames
        self._by_name: dict[str, list[int]] = {}
        self._by_office: dict[Words, dict[str, list[tuple[int, Office, bool]]]] = {}
        for number, person in enumerate(self.people):
            self._index(number, person)
        self._countries = {country for offices in self._by_office.values() for country in offices if country}

    @classmethod
    def load(
        cls, path: str | os.PathLike[str], *, as_of: datetime.date | None = None, nicknames: str | os.PathLike[str] | None = None
    ) -> Self:
        """The people of a file: CSV, Popolo, FollowTheMoney or Wikidata entities, packed by gzip or not.

        Raises PeopleError for a file that is no table of people; a row that cannot be right is in `skipped`, with its line. `as_of` is the
        day on which the table was right, for rows that do not say. `nicknames` is a CSV file of given names and nicknames.
        """
        people, skipped = read_people(path, as_of=as_of)
        return cls(people, skipped=skipped, nicknames=NICKNAMES if nicknames is None else read_nicknames(nicknames))

    def __len__(self) -> int:
        return len(self.people)

    def find(self, name: str, *, on: datetime.date | None = None) -> Found:
        """Who bears a name, and may have spoken on a day; a surname alone tells nobody.

        >>> people = People([Person(id="p1", name="Robert Lind"), Person(id="p2", name="Ida Lind")])
        >>> people.find("Bob Lind").person.id, people.find("Lind").person, len(people.find("Lind").candidates)
        ('p1', None, 2)
        """
        written = read_name(name)
        if written is None:
            return NOBODY
        bearers = [person for number in self._by_name.get(written.surname, ()) if self._bears(person := self.people[number], written)]
        candidates = [person for person in bearers if on is None or _may_speak(person, on)]
        if not written.given and not all(written in _names(person) for person in candidates):
            return Found(person=None, candidates=tuple(candidates))
        return self._settled(candidates)

    def holder(self, position: str, country: str | None = None, *, on: datetime.date) -> Found:
        """Who surely held an office on a day, as the table knows it; the country may stand in the position ("the Russian president")."""
        key = self._key(position, country)
        if not key.country:
            return NOBODY
        held = [entry for entry in self._by_office.get(key.words, {}).get(key.country, ()) if entry[1].held_on(on)]
        whole = [number for number, _, part in held if not part]
        return self._settled([self.people[number] for number in whole or [number for number, _, _ in held]])

    def titled(self, name: str, *, on: datetime.date) -> Found:
        """Who bears a name with the office before it on a day: "Chancellor Scholz"."""
        words = name.split()
        for start in range(1, len(words)):
            surname, title = read_name(" ".join(words[start:])), " ".join(words[:start])
            if surname is None or simplified(title).rpartition(" ")[2] not in HEADS:
                continue
            bearers = [person for person in self._holders(self._key(title, None), on) if self._called(person, surname)]
            if bearers:
                return self._settled(bearers)
        return NOBODY

    def _index(self, number: int, person: Person) -> None:
        for surname in dict.fromkeys(name.surname for name in _names(person)):
            self._by_name.setdefault(surname, []).append(number)
        for office in person.offices:
            key = office_key(office.position, office.country)
            for words in (key.words, *key.parts):
                entries = self._by_office.setdefault(words, {}).setdefault(key.country, [])
                entries.append((number, office, words is not key.words))

    def _key(self, position: str, country: str | None) -> OfficeKey:
        """The key of an office; a place that is in no table of countries may be one of those of this table."""
        key = office_key(position, country)
        if key.country or country:
            return key
        for rest, place in splits(position):
            akin = [one for one in self._countries if not is_country(place) and (one == country_key(place) or kin(place, one))]
            if len(akin) == 1:
                return replace(office_key(rest), country=akin[0])
        return key

    def _holders(self, title: OfficeKey, on: datetime.date) -> list[Person]:
        """Everybody who held an office on a day that the words of a title fit."""
        fitting = [words for words in self._by_office if title.words <= words and not (words - title.words) & LESSER]
        numbers = [
            number
            for words in fitting
            for country, entries in self._by_office[words].items()
            for number, office, _ in entries
            if title.country in ("", country) and office.held_on(on)
        ]
        return [self.people[number] for number in dict.fromkeys(numbers)]

    def _bears(self, person: Person, written: Name) -> bool:
        """Whether one of a person's names agrees."""
        return any(agree(written, name, self._nicknames) for name in _names(person))

    def _called(self, person: Person, written: Name) -> bool:
        """The same, for a name behind a title: there a family name that leads is enough ("President Xi")."""
        leading = not written.given and any(len(name.given) == 1 and name.given[0] == written.surname for name in _names(person))
        return leading or self._bears(person, written)

    def _settled(self, people: Sequence[Person]) -> Found:
        """The one person of these, if they are one: rows without a Wikidata id may be the same as one that has it."""
        candidates = tuple({person.id: person for person in people}.values())
        known = [person for person in candidates if person.wikidata]
        rest = [person for person in candidates if not person.wikidata]
        if len(known) == 1 and all(self._same(known[0], person) for person in rest):
            return Found(person=known[0], candidates=candidates)
        return Found(person=candidates[0] if len(candidates) == 1 else None, candidates=candidates)

    def _same(self, known: Person, other: Person) -> bool:
        """Whether a person without a Wikidata id is the one who has it: the names agree, and they hold office in the same country."""
        countries = [{country_key(office.country or "") for office in person.offices} for person in (known, other)]
        return bool(countries[0] & countries[1]) and any(name.given and self._bears(known, name) for name in _names(other))


def _names(person: Person) -> list[Name]:
    """The names of a person in parts."""
    return [name for written in (person.name, *person.aliases) if (name := read_name(written)) is not None]


def _may_speak(person: Person, day: datetime.date) -> bool:
    """Whether the offices of a person, if their times are known, are near enough to a day for one life."""
    known = [date.first.year for office in person.offices for date in (office.start, office.end) if date is not None]
    return not known or any(abs(day.year - year) <= LIFETIME for year in known)
