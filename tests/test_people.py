import datetime
import gzip
import io
import json
from pathlib import Path
from typing import Any

import pytest

import quoth
from evaluation.offices import TABLE, measure, read_questions
from quoth.errors import PeopleError
from quoth.people import NICKNAMES, Office, PartialDate, People, Person, read_nicknames, read_people, resolve, resolve_all
from quoth.people.matching import agree, read_name
from quoth.people.tables import read_people_stream
from quoth.types import Article, Skipped, Span, Speaker

CASES = [json.loads(line) for line in (Path(__file__).parent / "cases" / "people.jsonl").read_text("utf-8").splitlines()]
NORVANIA = """id,name,position,country,start,end,as_of
p1,Ama Osei,President,Norvania,2019-02-01,2023-02-01,2022-08-01
p2,Osk Tamber,President of Norvania,Norvania,2011-02-01,2019-02-01,2022-08-01
p3,Bo Lind,Prime Minister,Norvania,2018,,2022-08-01
p4,Ines Rovik,Minister of Foreign Affairs and Trade,Norvania,2017-03-05,,2022-08-01
p5,Pavel Torensky,Deputy Minister of Foreign Affairs,Norvania,2017-03-05,,2022-08-01
p6,Lena Marr,Minister of State for Health,Norvania,2017-03-05,,2022-08-01
p7,Ida Brok,President of the Senate,Norvania,2017-03-05,,2022-08-01
p8,Mara Venn,Mayor of Harl,Norvania,2010,2014,2022-08-01
p9,Tess Ardo,Mayor of Harl,Norvania,2014,,2022-08-01
p10,Juno Kell,Minister for Defence,Norvania,2019-10,,2022-08-01
p11,Noé Brassard,President,France,2019-10,,2022-08-01
p12,Bo Lind,Poet,,,,
p13,Ana Judd,Judge,Norvania,2015,,2022-08-01
p14,Eli Judd,Judge,Norvania,2016,,2022-08-01
"""


def people_of(table: str | bytes, origin: str = "table.csv", **options: Any) -> tuple[list[Person], list[Skipped]]:
    return read_people_stream(io.BytesIO(table if isinstance(table, bytes) else table.encode()), origin=origin, **options)


@pytest.fixture(scope="module")
def norvania() -> People:
    return People(people_of(NORVANIA)[0])


def cases(kind: str) -> list[Any]:
    return [
        pytest.param(case, id=case["label"], marks=() if case["status"] == "pass" else pytest.mark.xfail(reason=case["comment"]))
        for case in CASES
        if case["kind"] == kind
    ]


def test_there_are_cases_enough() -> None:
    assert len(CASES) >= 50
    assert len({(case["kind"], case["label"]) for case in CASES}) == len(CASES)


@pytest.mark.parametrize("case", cases("names"))
def test_names(case: dict[str, Any]) -> None:
    one, other = read_name(case["one"]), read_name(case["other"])
    assert one is not None and other is not None
    assert agree(one, other, NICKNAMES) is agree(other, one, NICKNAMES) is case["expected"]


@pytest.mark.parametrize("case", cases("office"))
def test_offices(case: dict[str, Any], norvania: People) -> None:
    found = norvania.holder(case["position"], case["country"], on=datetime.date.fromisoformat(case["date"]))
    assert (found.person and found.person.name) == case["expected"]


@pytest.mark.parametrize("case", cases("speaker"))
def test_speakers(case: dict[str, Any], norvania: People) -> None:
    published = case["published"] and datetime.date.fromisoformat(case["published"])
    article = Article.of(case["text"], published=published)
    start = max(0, case["text"].lower().find(case["name"].lower()))
    mention = Span(start=start, end=start + 1)
    speaker = Speaker(name=case["name"], mention=mention, basis=case["basis"], confidence=0.8)
    resolved = resolve(speaker, article, norvania)
    if case["expected"] is None:
        assert resolved is speaker
    else:
        assert {"name": resolved.name, "person": resolved.person, "basis": resolved.basis} == case["expected"]
        assert resolved.mention == mention


def test_without_a_table_nothing_changes() -> None:
    speaker = Speaker(name="Ama Osei", mention=Span(start=0, end=8), basis="name", confidence=0.8)
    assert resolve_all([speaker, None], Article.of("Ama Osei said so."), None) == (speaker, None)


def test_all_speakers_keep_their_places(norvania: People) -> None:
    speaker = Speaker(name="Ama Osei", mention=Span(start=0, end=8), basis="name", confidence=0.8)
    first, none, last = resolve_all([speaker, None, speaker], Article.of("Ama Osei said so."), norvania)
    assert none is None and first is last and first is not None and first.person == "p1"


def test_a_name_of_two_gives_both(norvania: People) -> None:
    found = norvania.find("Bo Lind")
    assert found.person is None
    assert [person.id for person in found.candidates] == ["p3", "p12"]


def test_a_row_without_wikidata_may_be_the_one_with_it() -> None:
    rows = (
        "name,wikidata,position,country,start,end\nPavel Torensky,Q7,Mayor,Norvania,2010,2020\nPavel Torenskiy,,Judge,Norvania,2010,2020\n"
    )
    found = People(people_of(rows)[0]).find("Pavel Torensky")
    assert found.person is not None and found.person.id == "Q7" and len(found.candidates) == 2


def test_nicknames_of_a_file(tmp_path: Path) -> None:
    path = tmp_path / "nicknames.csv"
    path.write_text("name1,relationship,name2\ntamsin,has_nickname,tam\n", "utf-8")
    one, other = read_name("Tam Brok"), read_name("Tamsin Brok")
    assert one is not None and other is not None
    assert agree(one, other, read_nicknames(path)) and not agree(one, other, NICKNAMES)


# --- dates and offices


def test_an_open_office_counts_up_to_the_day_of_the_table() -> None:
    people, _ = people_of("name,position,country,start\nAma Osei,Mayor,Norvania,2019-02-01\n", as_of=datetime.date(2021, 1, 1))
    [office] = people[0].offices
    assert [office.held_on(datetime.date(year, 1, 1)) for year in (2019, 2020, 2021, 2022)] == [False, True, True, False]


def test_without_any_day_of_the_table_an_open_office_tells_nothing() -> None:
    office = Office(position="Mayor", start=PartialDate(first=datetime.date(2019, 2, 1)))
    assert not office.held_on(datetime.date(2019, 2, 2))


def test_without_a_start_only_the_day_of_the_table_counts() -> None:
    office = Office(position="Mayor", as_of=PartialDate(first=datetime.date(2019, 10, 1), precision="month"))
    assert office.held_on(datetime.date(2019, 10, 31)) and not office.held_on(datetime.date(2019, 9, 30))


# --- what is read


def test_bad_rows_are_told_by_line_and_the_good_are_in() -> None:
    rows = [
        b"name,wikidata,position,country,start,end",
        b"Ama Osei,Q1,Mayor,Norvania,2019-02-01,2020",
        b"Bo Lind,Q2,Mayor",
        b"Cy Marr,Q3,Mayor,Norvania,2019-02-30,",
        b"Di Venn,Q4,Mayor,Norvania,soon,",
        b"Ed Kell,Q5,Mayor,Norvania,2020,2019",
        b"Flo Ardo,Q1,Mayor,Norvania,2001,2002",
        b"Gr\xe9ta Brok,Q6,Mayor,Norvania,2001,2002",
        b'"Hal Judd,Q7,Mayor,Norvania,2001,2002',
        b",Q8,Mayor,Norvania,2001,2002",
        b"Ib Rovik,eight,Mayor,Norvania,2001,2002",
        b"Jo Tamber,Q9,Mayor,Norvania,2001,2002",
    ]
    people, skipped = people_of(b"\n".join(rows))
    assert [person.name for person in people] == ["Ama Osei", "Jo Tamber"]
    assert [one.origin for one in skipped] == [f"table.csv:{line}" for line in range(3, 12)]
    assert [one.reason for one in skipped] == [
        "3 of 6 columns",
        "no such date: '2019-02-30'",
        "no date: 'soon'",
        "ends before it starts: 2020 to 2019",
        "the id Q1 is Ama Osei in another row, Flo Ardo here",
        "not in the charset of the file",
        "broken CSV: unexpected end of data",
        "no name",
        "no Wikidata id: 'eight'",
    ]


@pytest.mark.parametrize(
    ("table", "reason"),
    [
        (b"", "the table is empty"),
        (b"  \n\n", "the table is empty"),
        (b"It rained in Harl.\nThe ferry was late.\n", "no table of people"),
        (b"%PDF-1.7 ...", "not text: a PDF file"),
        (b"name\x00,position\n", "not text: it holds NUL bytes"),
        (b"place,river\nHarl,Orl\n", "no table of people"),
        (b'{"a": 1}', "no table of people: JSON of no kind that is known"),
        (b'{"persons": [', "no table of people: broken JSON"),
        (b"[1, 2]", "no table of people: JSON of no kind that is known"),
        (b"name,start\n", "the table holds nobody"),
        (b"name,start\n,2019\n", "no name"),
        (b"\x1f\x8b\x08\x00rubbish", "a damaged gzip archive"),
    ],
)
def test_what_is_no_table_is_refused_whole(table: bytes, reason: str) -> None:
    with pytest.raises(PeopleError, match=r"table\.csv") as raised:
        people_of(table)
    assert raised.value.reason.startswith(reason)
    assert "\n" not in str(raised.value)


def test_a_file_that_is_not_there() -> None:
    with pytest.raises(PeopleError, match="No such file"):
        read_people("no such table.csv")


@pytest.mark.parametrize("charset", ["utf-8", "utf-8-sig", "utf-16"])
@pytest.mark.parametrize("packed", [False, True])
def test_marks_of_byte_order_and_gzip(charset: str, packed: bool) -> None:
    table = "name;position\r\nNoé Brassard;Mayor\r\n".encode(charset)
    people, skipped = people_of(gzip.compress(table) if packed else table)
    assert [person.name for person in people] == ["Noé Brassard"] and not skipped


def test_an_archive_that_is_cut_short_keeps_what_came_before() -> None:
    packed = gzip.compress(("name,position\n" + "".join(f"Ama{hash_} Osei,Mayor\n" for hash_ in range(20_000))).encode())
    people, skipped = people_of(packed[: len(packed) // 2])
    assert len(people) > 1000 and "damaged gzip archive" in skipped[-1].reason


def test_an_unclosed_mark_spoils_one_line_only() -> None:
    people, skipped = people_of('name,position\n"Ama Osei,Mayor\n' + "Bo Lind,Mayor\n" * 3)
    assert [person.name for person in people] == ["Bo Lind"] and len(skipped) == 1


def test_a_large_table() -> None:
    lines = (
        f"Osk{number % 9_973} Tamber{number},Q{number + 1},Mayor,Norvania,2001-01-{number % 31 + 1:02},2002\n" for number in range(200_000)
    )
    people = People(people_of("name,wikidata,position,country,start,end\n" + "".join(lines))[0])
    assert len(people) == 200_000
    found = people.find("Osk17 Tamber17")
    assert found.person is not None and found.person.wikidata == "Q18"


def test_rows_of_one_person_are_put_together() -> None:
    rows = "personLabel,person,positionLabel,startDate,startPrecision\nAma Osei,http://example.org/entity/Q1,Mayor,2019-01-01T00:00:00Z,9\n"
    [person], skipped = people_of(rows + "Ama E. Osei,http://example.org/entity/Q1,Judge,2020-05-01T00:00:00Z,10\n")
    assert not skipped and (person.id, person.wikidata, person.aliases) == ("Q1", "Q1", ("Ama E. Osei",))
    assert [office.start and office.start.precision for office in person.offices] == ["year", "month"]


def test_legislators() -> None:
    rows = "name,wikidata,chamber,state,start,end,first,last,nickname\nTamsin Brok,Q5,senate,ME,2019-01-03,2025-01-03,Tamsin,Brok,Tam\n"
    people = People(people_of(rows)[0])
    found = people.titled("Sen. Brok", on=datetime.date(2020, 5, 5))
    assert found.person is not None and found.person.aliases == ("Tam Brok",)
    assert found.person.offices[0].country == "United States"


POPOLO = {
    "persons": [
        {
            "id": "a",
            "name": "Ama Osei",
            "other_names": [{"name": "A. E. Osei"}],
            "identifiers": [{"scheme": "wikidata", "identifier": "Q1"}],
        },
        {"id": "b", "name": "Bo Lind", "memberships": [{"role": "member", "organization_id": "s", "start_date": "2018"}]},
        {"id": "c"},
    ],
    "organizations": [{"id": "s", "name": "Senate", "area_id": "n"}],
    "posts": [{"id": "m", "label": "Mayor of Harl", "area": {"name": "Norvania"}}],
    "areas": [{"id": "n", "name": "Norvania"}],
    "memberships": [
        {"person_id": "a", "post_id": "m", "start_date": "2019-02-01", "end_date": "2020-03"},
        {"person_id": "nobody", "post_id": "m"},
    ],
}


@pytest.mark.parametrize("indent", [None, 2])
def test_popolo(indent: int | None) -> None:
    people, skipped = people_of(json.dumps(POPOLO, indent=indent), origin="people.json")
    assert [(person.name, person.wikidata, [office.position for office in person.offices]) for person in people] == [
        ("Ama Osei", "Q1", ["Mayor of Harl"]),
        ("Bo Lind", None, ["member of Senate"]),
    ]
    assert people[1].offices[0].country == people[0].offices[0].country == "Norvania"
    assert [one.reason for one in skipped] == ["no name", "an office of somebody, or a post, that the file does not have"]


def test_followthemoney() -> None:
    entities = [
        {
            "id": "o",
            "schema": "Occupancy",
            "properties": {"holder": ["a"], "post": ["m"], "startDate": ["2019-02-01"], "endDate": ["2020"]},
        },
        {"id": "m", "schema": "Position", "properties": {"name": ["President"], "country": ["fr"]}},
        {"id": "a", "schema": "Person", "properties": {"name": ["Noé Brassard"], "alias": ["N. Brassard"], "wikidataId": ["Q1"]}},
        {"id": "c", "schema": "Company", "properties": {"name": ["Harl Ferries"]}},
    ]
    table = "\n".join([*map(json.dumps, entities), "{broken", ""])
    [person], skipped = people_of(table, origin="people.ftm.json")
    assert (person.id, person.name, person.aliases, person.wikidata) == ("a", "Noé Brassard", ("N. Brassard",), "Q1")
    assert (person.offices[0].position, person.offices[0].country) == ("President", "france")
    assert skipped == [Skipped(origin="people.ftm.json:5", reason="broken JSON, or no record")]


def test_a_broken_first_record_spoils_no_other() -> None:
    people, skipped = people_of('{"id": \n{"id": "a", "schema": "Person", "properties": {"name": ["Ama Osei"]}}\n')
    assert [person.name for person in people] == ["Ama Osei"] and [one.origin for one in skipped] == ["table.csv:1"]


@pytest.mark.parametrize(
    "record",
    [
        {"persons": [1, None, {"name": ["x"], "identifiers": 3, "memberships": "no"}], "memberships": {"a": 1}, "posts": [[]]},
        {"schema": "Person", "properties": {"name": 3, "alias": None}},
        {"schema": "Occupancy", "properties": {}},
        {"id": 4, "labels": {"en": []}, "aliases": [], "claims": {"P39": [1, {"mainsnak": 3, "qualifiers": []}], "P31": None}},
        {"id": "Q1", "labels": {"en": {"value": "\ud800"}}, "claims": {"P39": []}},
    ],
)
def test_records_of_odd_shapes_are_skipped(record: dict[str, Any]) -> None:
    good = {"id": "a", "schema": "Person", "properties": {"name": ["Ama Osei"]}}
    with pytest.raises(PeopleError):
        people_of(json.dumps(record))
    assert people_of(json.dumps(good))[0]


def wikidata_entities() -> list[dict[str, Any]]:
    def points_at(id: str) -> dict[str, Any]:
        return {"mainsnak": {"datavalue": {"value": {"id": id}}}}

    def at(time: str, precision: int) -> list[dict[str, Any]]:
        return [{"datavalue": {"value": {"time": time, "precision": precision}}}]

    qualifiers = {"P580": at("+2019-01-01T00:00:00Z", 9), "P582": at("+2021-03-05T00:00:00Z", 11)}
    claims = {"P31": [points_at("Q5")], "P39": [points_at("Q20") | {"qualifiers": qualifiers}, points_at("Q21") | {"rank": "deprecated"}]}
    return [
        {"id": "Q10", "labels": {"en": {"value": "Ama Osei"}}, "aliases": {"de": [{"value": "Ama E. Osei"}]}, "claims": claims},
        {"id": "Q20", "labels": {"en": {"value": "mayor of Harl"}}, "claims": {"P1001": [points_at("Q30")]}},
        {"id": "Q30", "labels": {"en": {"value": "Norvania"}}, "claims": {}},
    ]


@pytest.mark.parametrize("form", ["lines", "array", "array of lines", "indented"])
def test_wikidata(form: str) -> None:
    lines = [json.dumps(entity) for entity in wikidata_entities()]
    table = {
        "lines": "\n".join(lines),
        "array": json.dumps(wikidata_entities()),
        "array of lines": "[\n" + ",\n".join(lines) + "\n]\n",
        "indented": json.dumps(wikidata_entities(), indent=1),
    }[form]
    [person], skipped = people_of(table, origin="entities.json")
    assert not skipped and (person.id, person.aliases) == ("Q10", ("Ama E. Osei",))
    [office] = person.offices
    assert (office.position, office.country) == ("mayor of Harl", "Norvania")
    assert office.start == PartialDate(first=datetime.date(2019, 1, 1), precision="year")


# --- the forty questions


def test_there_are_forty_questions() -> None:
    assert len(read_questions()) == 40


@pytest.mark.skipif(not TABLE.exists(), reason="the shared table is not there")
def test_the_forty_questions() -> None:
    counted, missed = measure(People.load(TABLE))
    assert counted["right"] >= 38 and not counted["wrong"], missed


def test_a_report_is_read_with_a_table(tmp_path: Path) -> None:
    table = tmp_path / "offices.csv"
    table.write_text("id,name,position,country,start,end\np1,Ana Brok,Prime Minister,Norway,2019-01-01,2023-01-01\n", encoding="utf-8")
    text = "“We are ready,” the Norwegian prime minister said."
    people = People.load(table)
    (then,) = quoth.extract(text, published="2020-05-15", people=people)
    (later,) = quoth.extract(text, published="2024-05-15", people=people)
    assert then.speaker is not None
    assert (then.speaker.name, then.speaker.person, then.speaker.basis) == ("Ana Brok", "p1", "office")
    assert later.speaker is not None
    assert (later.speaker.name, later.speaker.person) == ("the Norwegian prime minister", None)
