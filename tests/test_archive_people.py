import datetime
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path

import pytest
from archiving import WHO, article, found, put, read
from typer.testing import CliRunner

from quoth.archive import Archive
from quoth.archive.counting import months
from quoth.archive.people import called, changes, every_person, people, person
from quoth.archive.people_changes import merge, rename, split, undo
from quoth.archive.people_import import import_people
from quoth.archive.search import search
from quoth.archive.verification import verify
from quoth.cli import app
from quoth.errors import ArchiveError
from quoth.people import resolve_all
from quoth.people.index import People
from quoth.types import Office, PartialDate, Person

MAYOR = Office(position="Mayor of Harl", country="Norvania", start=PartialDate(first=datetime.date(2019, 1, 1), precision="year"))
TABLE = [Person(id="Q1", name="Ada Lovell", aliases=("A. Lovell",), wikidata="Q1", offices=(MAYOR,)), Person(id="Q2", name="Bo Lind")]
TEXT = "“It rains,” said Ada Lovell. “It is late,” said A. Lovell. “No,” said Bo Lind. “Well,” said she. “So,” said Dee Ardo."


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "quoth.db") as opened:
        put(opened, article(TEXT.replace("A. Lovell", "Ada Lovell Marr")))
        yield opened
        assert verify(opened).problems == ()


def persons(archive: Archive) -> dict[str, str | None]:
    return dict(archive.rows("SELECT name, person FROM speakers"))


def test_nobody_is_anybody_until_somebody_says_so(archive: Archive) -> None:
    assert set(persons(archive).values()) == {None} and people(archive) == ()


def test_an_import_finds_the_speakers_that_are_one_of_its_people(archive: Archive) -> None:
    done = import_people(archive, TABLE, **WHO)
    assert (done.new, done.known, done.linked) == (2, 0, 2)
    assert persons(archive) == {"Ada Lovell": "Q1", "Ada Lovell Marr": None, "Bo Lind": "Q2", "Dee Ardo": None}
    ada = person(archive, "Q1")
    assert ada is not None and ada.person == TABLE[0] and ada.statements == 1
    assert import_people(archive, TABLE, **WHO).number is None
    assert found(archive.statement(1)).person == "Q1" and search(archive, speaker="Q1").hits[0].person_name == "Ada Lovell"


def test_merge_rename_split_and_undo(archive: Archive) -> None:
    import_people(archive, TABLE, **WHO)
    merge(archive, "Q1", "name:Ada Lovell Marr", **WHO)
    rename(archive, "Q1", "Ada Lovell-Marr", **WHO)
    ada = called(archive, "ada lovell marr")
    assert ada is not None and (ada.person.name, ada.statements) == ("Ada Lovell-Marr", 2)
    assert {hit.words for hit in search(archive, speaker="Q1").hits} == {"“It rains,”", "“It is late,”"}
    merge(archive, "Q1", "Q2", **WHO)
    assert found(archive.statement(3)).person == "Q1" and person(archive, "Q2") == person(archive, "Q1")
    assert merge(archive, "Q2", "Q1", **WHO) is None
    assert split(archive, "Q1", ["Q2"], **WHO) == "Q2"
    assert found(archive.statement(3)).person == "Q2"
    for _ in range(5):
        undo(archive, **WHO)
    assert set(persons(archive).values()) == {None} and people(archive) == ()
    with pytest.raises(ArchiveError, match="no change to undo"):
        undo(archive, **WHO)
    assert len(changes(archive)) == 10 and changes(archive)[0].undone == 10


def test_names_that_are_nobodys_make_a_person(archive: Archive) -> None:
    merge(archive, "Dee Ardo", "Ada Lovell Marr", **WHO)
    [one] = people(archive)
    assert one.person.name == "Dee Ardo" and one.statements == 2 and one.person.aliases == ("Ada Lovell Marr",)


def test_what_was_split_stays_apart(archive: Archive) -> None:
    table = [Person(id="Q1", name="Ada Lovell", aliases=("Ada Lovell Marr",), wikidata="Q1")]
    import_people(archive, table, **WHO)
    assert persons(archive)["Ada Lovell Marr"] == "Q1"
    other = split(archive, "Q1", ["Ada Lovell Marr"], **WHO)
    import_people(archive, table, **WHO)
    archive.store(article(TEXT, id="r2"), read(article(TEXT.replace("A. Lovell", "Ada Lovell Marr"), id="r2"))[:0], extractor="toy 1")
    report = article("“It snows,” said Ada Lovell Marr.", id="r3")
    [statement] = read(report)
    speakers = resolve_all([statement.speaker], report, People(table))
    archive.store(report, [replace(statement, speaker=speakers[0])], extractor="toy 1")
    assert {hit.person for hit in search(archive, speaker="Ada Lovell Marr").hits} == {other}
    assert People(every_person(archive)).find("Ada Lovell Marr").person != TABLE[0]
    assert search(archive, speaker="Q1").hits[0].words == "“It rains,”" and len(search(archive, speaker="Q1").hits) == 1


def test_a_reader_with_a_table_brings_its_people(archive: Archive) -> None:
    report = article("“It snows,” said Bo Lind.", id="r2")
    [statement] = read(report)
    assert statement.speaker is not None
    archive.store(report, [replace(statement, speaker=replace(statement.speaker, person="Q2"))], extractor="toy 1")
    two = person(archive, "Q2")
    assert two is not None and (two.person.name, two.person.wikidata, two.statements) == ("Bo Lind", "Q2", 1)
    import_people(archive, TABLE, **WHO)
    assert {found(archive.statement(3)).person, found(archive.statement(6)).person} == {"Q2"}


def test_an_undo_that_would_lose_something_is_refused(archive: Archive) -> None:
    import_people(archive, TABLE, **WHO)
    first = rename(archive, "Q1", "Ada L.", **WHO)
    rename(archive, "Q1", "Ada M.", **WHO)
    with pytest.raises(ArchiveError, match="changed since"):
        undo(archive, first, **WHO)
    report = article("“It snows,” said Bo Lind.", id="r2")
    put(archive, report)
    undo(archive, **WHO)
    undo(archive, **WHO)
    undo(archive, **WHO)
    assert people(archive) == ()


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (lambda archive: rename(archive, "Nobody Known", "X", **WHO), "nobody of that"),
        (lambda archive: rename(archive, "Q1", "  ", **WHO), "no name"),
        (lambda archive: merge(archive, "Q1", "Nobody Known", **WHO), "nobody of that"),
        (lambda archive: split(archive, "Q1", ["Bo Lind"], **WHO), "no such name"),
        (lambda archive: split(archive, "Q1", ["Ada Lovell"], **WHO), "rename first"),
        (lambda archive: split(archive, "Q1", [], **WHO), "needs a name"),
        (lambda archive: undo(archive, 77, **WHO), "does not stand"),
        (lambda archive: rename(archive, "Q1", "X", by="", at=WHO["at"]), "who made it"),
    ],
)
def test_what_cannot_be_done_changes_nothing(archive: Archive, wrong, reason: str) -> None:  # type: ignore[no-untyped-def]
    import_people(archive, TABLE, **WHO)
    before = [archive.rows(f"SELECT * FROM {table}") for table in ("people", "aliases", "speakers", "people_changes")]
    with pytest.raises(ArchiveError, match=reason):
        wrong(archive)
    assert before == [archive.rows(f"SELECT * FROM {table}") for table in ("people", "aliases", "speakers", "people_changes")]


def test_a_name_of_two_needs_an_id(archive: Archive) -> None:
    import_people(archive, [*TABLE, Person(id="Q3", name="Bo Lind", wikidata="Q3")], **WHO)
    with pytest.raises(ArchiveError, match="may be Q2, Q3"):
        called(archive, "Bo Lind")


def test_months_of_a_person(archive: Archive) -> None:
    put(archive, article("“It snows,” said Bo Lind.", id="r2", day=None))
    assert [(one.name, one.count) for one in months(archive, "Bo Lind")] == [("", 1), ("2024-03", 1)]
    assert months(archive, "Bo Lind", by="said") == () == months(archive, "Nobody Known")


def test_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path, table = tmp_path / "quoth.db", tmp_path / "people.csv"
    with Archive.open(path) as archive:
        put(archive, article(TEXT))
    table.write_text("name,wikidata,position,country,start\nAda Lovell,Q1,Mayor of Harl,Norvania,2019\nBo Lind,Q2,,,\nX,8,,,\n", "utf-8")
    monkeypatch.setenv("QUOTH_ARCHIVE", str(path))
    monkeypatch.setenv("QUOTH_REVIEWER", "ida")

    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, ["people", *arguments])
        assert result.exit_code == code, result.output
        return result.stdout if code == 0 else result.output

    assert "nobody found" in run("list")
    assert "2 people are new, 0 were known; 2 names" in run("import", str(table))
    assert "change 2" in run("merge", "Q1", "name:Dee Ardo") and "nothing changes" in run("merge", "Q1", "Dee Ardo")
    assert "change 3" in run("rename", "Q1", "Ada L.")
    shown = run("show", "ada l")
    assert "Mayor of Harl, Norvania" in shown and "in reports: Dee Ardo (1)" in shown and "2024-03" in shown
    assert json.loads(run("show", "Q1", "--json"))["person"]["statements"] == 2
    assert run("split", "Q1", "Dee Ardo").startswith("that is p-")
    assert "change 5" in run("undo") and "undone by 5" in run("changes")
    assert "Ada L." in run("list", "ada") and len(json.loads(run("list", "--json"))) == 2
    assert "nobody of that id" in run("show", "Zed", code=1)
