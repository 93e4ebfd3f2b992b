"""A person across articles: who a name or an office means, by a table of people, on the day of the report.

>>> import datetime
>>> people = People([Person(id="p1", name="Ama Osei", offices=(Office(
...     position="President", country="Norvania",
...     start=PartialDate(first=datetime.date(2019, 2, 1)), end=PartialDate(first=datetime.date(2023, 2, 1))),))])
>>> people.holder("Norvanian president", on=datetime.date(2020, 5, 4)).person.name
'Ama Osei'
"""

from quoth.people.index import Found, People
from quoth.people.matching import NICKNAMES, read_nicknames
from quoth.people.resolving import resolve, resolve_all
from quoth.people.tables import read_people
from quoth.types import Office, PartialDate, Person

__all__ = ["NICKNAMES", "Found", "Office", "PartialDate", "People", "Person", "read_nicknames", "read_people", "resolve", "resolve_all"]
