"""JSON records to rows: Popolo, FollowTheMoney and Wikidata entities.

Each importer takes numbered records and yields, for each place in the file, a row or why there is none.
"""

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Any

from quoth.errors import PeopleError
from quoth.people.countries import country_of_code
from quoth.people.register import Row

Record = dict[str, Any]
Numbered = Iterable[tuple[str, Record]]
Result = tuple[str, Row | PeopleError]
HUMAN, INSTANCE, POSITION_HELD, STARTED, ENDED = "Q5", "P31", "P39", "P580", "P582"
NOBODY = PeopleError("an office of somebody, or a post, that the file does not have")
OF_COUNTRY = ("P1001", "P17")
"""The jurisdiction that a position of Wikidata is for, else its country."""


def importer_of(record: Record) -> Callable[[Numbered], Iterator[Result]] | None:
    """The importer for records that look like this one, or None if it is of no kind that is known.

    >>> importer_of({"schema": "Person", "properties": {}}) is from_followthemoney
    True
    """
    if "schema" in record and isinstance(record.get("properties"), dict):
        return from_followthemoney
    if isinstance(record.get("labels"), dict) or isinstance(record.get("claims"), dict):
        return from_wikidata
    if isinstance(record.get("persons"), list):
        return from_popolo
    return None


def from_popolo(records: Numbered) -> Iterator[Result]:
    """Rows of a Popolo file: its persons, and the posts and organizations that their memberships name."""
    for origin, record in records:
        people = {str(person.get("id")): person for _, person in _members(record, "persons")}
        tables = {name: {str(one.get("id")): one for _, one in _members(record, name)} for name in ("posts", "organizations", "areas")}
        for number, person in _members(record, "persons"):
            place = f"{origin}, person {number}"
            yield place, _popolo_person(person)
            yield from ((place, _held(person, membership, tables)) for _, membership in _members(person, "memberships"))
        for number, membership in _members(record, "memberships"):
            place = f"{origin}, membership {number}"
            holder = people.get(_text(membership, "person_id"))
            yield place, NOBODY if holder is None else _held(holder, membership, tables)


def _members(record: Record, name: str) -> Iterator[tuple[int, Record]]:
    """The records of a list in a record, numbered from one; what is no record counts as an empty one."""
    members = record.get(name)
    for number, member in enumerate(members if isinstance(members, list) else [], start=1):
        yield number, member if isinstance(member, dict) else {}


def _popolo_person(person: Record) -> Row:
    schemes = {str(one.get("scheme")).lower(): str(one.get("identifier", "")) for _, one in _members(person, "identifiers")}
    aliases = tuple(str(one.get("name", "")) for _, one in _members(person, "other_names"))
    return Row(name=_text(person, "name"), id=_text(person, "id"), wikidata=schemes.get("wikidata", ""), aliases=aliases)


def _held(person: Record, membership: Record, tables: dict[str, dict[str, Record]]) -> Row:
    """A person with the office of one membership: the label of the post, else the role in the organization."""
    post = tables["posts"].get(_text(membership, "post_id"), {})
    body = tables["organizations"].get(_text(membership, "organization_id") or _text(post, "organization_id"), {})
    area = next((found for one in (membership, post, body) if (found := tables["areas"].get(_text(one, "area_id")) or one.get("area"))), {})
    role = _text(membership, "role") or _text(post, "role")
    position = _text(post, "label") or (f"{role} of {_text(body, 'name')}" if role and _text(body, "name") else role)
    return replace(
        _popolo_person(person), position=position, country=_text(area, "name") if isinstance(area, dict) else "",
        start=_text(membership, "start_date"), end=_text(membership, "end_date"),
    )  # fmt: skip


def from_followthemoney(records: Numbered) -> Iterator[Result]:
    """Rows of FollowTheMoney entities: Person, and the Position that an Occupancy joins to one; other schemata are left out."""
    people: dict[str, Row] = {}
    positions: dict[str, Record] = {}
    occupancies: list[tuple[str, Record]] = []
    for origin, record in records:
        schema, properties = record.get("schema"), record.get("properties")
        if not isinstance(properties, dict):
            yield origin, PeopleError('no "properties"')
        elif schema == "Person":
            people[_text(record, "id")] = row = _ftm_person(record)
            yield origin, row
            country = country_of_code(_first(properties, "country"))
            yield from ((origin, replace(row, position=position, country=country)) for position in _strings(properties, "position"))
        elif schema == "Position":
            positions[_text(record, "id")] = properties
        elif schema == "Occupancy":
            occupancies.append((origin, properties))
    for origin, properties in occupancies:
        yield origin, _occupied(properties, people, positions)


def _ftm_person(record: Record) -> Row:
    properties = record["properties"]
    names = [*_strings(properties, "name"), *_strings(properties, "alias"), *_strings(properties, "weakAlias")]
    name = _text(record, "caption") or (names[0] if names else "")
    return Row(name=name, id=_text(record, "id"), wikidata=_first(properties, "wikidataId"), aliases=tuple(names))


def _occupied(properties: Record, people: dict[str, Row], positions: dict[str, Record]) -> Row | PeopleError:
    """The holder of an occupancy with its post."""
    row, post = people.get(_first(properties, "holder")), positions.get(_first(properties, "post"))
    if row is None or post is None:
        return NOBODY
    return replace(
        row, position=_first(post, "name"), country=country_of_code(_first(post, "country")),
        start=_first(properties, "startDate"), end=_first(properties, "endDate"),
    )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class _Called:
    """What an entity that is no person is called, and the entities that say for which country it is."""

    name: str
    countries: tuple[str, ...]


def from_wikidata(records: Numbered) -> Iterator[Result]:
    """Rows of Wikidata entities: humans with their offices (P39, P580, P582); the names of offices and countries from the same file."""
    called: dict[str, _Called] = {}
    held: list[tuple[str, Row]] = []
    for origin, record in records:
        claims = record.get("claims") if isinstance(record.get("claims"), dict) else {}
        if not isinstance(claims, dict) or (POSITION_HELD not in claims and HUMAN not in _targets(claims, INSTANCE)):
            countries = next((found for relation in OF_COUNTRY if (found := _targets(claims or {}, relation))), [])
            called[_text(record, "id")] = _Called(name=_label(record), countries=tuple(countries))
            continue
        row = Row(name=_label(record), id=_text(record, "id"), wikidata=_text(record, "id"), aliases=tuple(_wikidata_aliases(record)))
        yield origin, row
        held.extend((origin, one) for one in _positions_held(row, claims))
    for origin, row in held:
        office = called.get(row.position, _Called(name=row.position, countries=()))
        country = next((called[one].name for one in office.countries if one in called), "")
        yield origin, replace(row, aliases=(), position=office.name or row.position, country=country)


def _positions_held(row: Row, claims: Record) -> Iterator[Row]:
    """A row for each office that is not marked as wrong, its position the id of the entity."""
    for _, claim in _members(claims, POSITION_HELD):
        position = _target(claim.get("mainsnak"))
        if not position or claim.get("rank") == "deprecated":
            continue
        (start, start_precision), (end, end_precision) = _time(claim, STARTED), _time(claim, ENDED)
        yield replace(row, position=position, start=start, end=end, start_precision=start_precision, end_precision=end_precision)


def _time(claim: Record, relation: str) -> tuple[str, str]:
    """The date that qualifies a claim and its number for precision; empty if it is not told."""
    qualifiers = claim.get("qualifiers")
    for _, snak in _members(qualifiers if isinstance(qualifiers, dict) else {}, relation):
        value = _value(snak)
        if isinstance(value, dict) and "time" in value:
            return _text(value, "time"), _text(value, "precision")
    return "", ""


def _value(snak: object) -> object:
    told = snak.get("datavalue") if isinstance(snak, dict) else None
    return told.get("value") if isinstance(told, dict) else None


def _target(snak: object) -> str:
    """The id of the entity that a claim points at, or ""."""
    value = _value(snak)
    return _text(value, "id") if isinstance(value, dict) else ""


def _targets(claims: Record, relation: str) -> list[str]:
    return [target for _, claim in _members(claims, relation) if (target := _target(claim.get("mainsnak")))]


def _label(record: Record) -> str:
    """The name in English, else in no language, else in the first there is."""
    labels = record.get("labels")
    labels = labels if isinstance(labels, dict) else {}
    label = next((labels[language] for language in ("en", "mul", *labels) if language in labels), None)
    return _text(label, "value") if isinstance(label, dict) else ""


def _wikidata_aliases(record: Record) -> Iterator[str]:
    """The labels and aliases of every language."""
    for name in ("labels", "aliases"):
        told = record.get(name)
        for one in told.values() if isinstance(told, dict) else ():
            yield from (_text(alias, "value") for alias in (one if isinstance(one, list) else [one]) if isinstance(alias, dict))


def _text(record: Record, name: str) -> str:
    """A field as text; "" where it is missing or no single value."""
    value = record.get(name)
    return str(value) if isinstance(value, str | int) else ""


def _strings(properties: Record, name: str) -> list[str]:
    values = properties.get(name)
    return [value for value in (values if isinstance(values, list) else [values]) if isinstance(value, str)]


def _first(properties: Record, name: str) -> str:
    return next(iter(_strings(properties, name)), "")
