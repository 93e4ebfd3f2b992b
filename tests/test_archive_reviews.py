import datetime
import json
from collections.abc import Iterator
from pathlib import Path

import pytest
from archiving import RAIN, WHO, article, found, put, read, row_of, words
from toy import statement as made
from typer.testing import CliRunner

from quoth.archive import Archive, reviews
from quoth.archive.search import search
from quoth.archive.training import training
from quoth.archive.verification import verify
from quoth.cli import app
from quoth.errors import ArchiveError
from quoth.types import Span, Speaker

HARL, FERRY, PAY = "“It rains in Harl,”", "“The ferry is late,”", "“We will not pay Norvania,”"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "quoth.db") as opened:
        put(opened, article())
        yield opened
        assert verify(opened).problems == ()


def span(content: str, text: str = RAIN) -> Span:
    return Span(start=text.index(content), end=text.index(content) + len(content))


def test_what_each_review_does(archive: Archive) -> None:
    reviews.accept(archive, 1, **WHO)
    reviews.reject(archive, 2, **WHO)
    reviews.edit(archive, 3, [span("We will not pay")], **WHO)
    reviews.set_speaker(archive, 3, "Cy Marr", **WHO)
    reviews.set_said(archive, 3, datetime.date(2024, 3, 1), precision="month", **WHO)
    reviews.set_polarity(archive, 3, "asserted", **WHO)
    assert [(row.status, row.statement.words) for row in archive.statements(1, hidden=True)] == [
        ("accepted", HARL),
        ("rejected", FERRY),
        ("accepted", "We will not pay"),
    ]
    statement = found(archive.statement(3)).statement
    assert statement.speaker and statement.said_on and (statement.speaker.name, statement.polarity) == ("Cy Marr", "asserted")
    assert (str(statement.said_on.date), statement.said_on.precision, statement.kind) == ("2024-03-01", "month", "direct")
    assert [hit.row for hit in search(archive, speaker="Cy Marr").hits] == [3] and not search(archive, "ferry").hits


def test_corrections_survive_another_extractor_and_another_text(archive: Archive) -> None:
    reviews.edit(archive, 1, [span("It rains in Harl")], **WHO)
    reviews.set_speaker(archive, 2, "Cy Marr", **WHO)
    reviews.reject(archive, 3, **WHO)
    wider = [statement for statement in read(article()) if statement.words != FERRY]
    archive.store(article(), wider, extractor="toy 2")
    assert words(archive) == ["It rains in Harl", FERRY]
    later = article("Update. " + RAIN + " “It rains on,” said Bo Lind.")
    put(archive, later, extractor="toy 2")
    assert words(archive) == ["It rains in Harl", FERRY, "“It rains on,”"]
    speaker = found(archive.statement(row_of(archive, FERRY))).statement.speaker
    assert speaker is not None and speaker.name == "Cy Marr" and len(reviews.reviews(archive)) == 3


def test_words_that_are_gone_are_kept_as_orphans_and_heeded_when_they_come_back(archive: Archive) -> None:
    reviews.reject(archive, 2, **WHO)
    put(archive, article("“It rains in Harl,” said Ada Lovell."))
    assert [review.words for review in reviews.orphans(archive)] == [FERRY] and words(archive) == [HARL]
    put(archive, article("Again. " + RAIN))
    assert reviews.orphans(archive) == () and words(archive) == [HARL, PAY]


def test_a_better_reading_takes_the_place_of_what_was_reviewed_but_not_of_what_was_confirmed(archive: Archive) -> None:
    reviews.set_polarity(archive, 1, "not_said", **WHO)
    reviews.accept(archive, 2, **WHO)
    report = article()
    shorter = [statement for statement in read(report) if statement.words == PAY]
    shorter += [made(report, (span("It rains in Harl"),)), made(report, (span("The ferry is late"),))]
    archive.store(report, shorter, extractor="toy 2")
    assert words(archive) == ["It rains in Harl", FERRY, PAY]
    assert found(archive.statement(row_of(archive, "It rains in Harl"))).statement.polarity == "not_said"


def test_split_and_merge_and_back(archive: Archive) -> None:
    split = reviews.split(archive, 3, [[span("We will not")], [span("pay Norvania")]], **WHO)
    assert words(archive) == [HARL, FERRY, "We will not", "pay Norvania"]
    assert len(search(archive, "norvania").hits) == 1
    child = row_of(archive, "pay Norvania")
    accepted = reviews.accept(archive, child, **WHO)
    with pytest.raises(ArchiveError, match=f"review {accepted} is about what review {split} made"):
        reviews.undo(archive, split, **WHO)
    reviews.undo(archive, accepted, **WHO)
    reviews.undo(archive, split, **WHO)
    assert words(archive) == [HARL, FERRY, PAY] and reviews.orphans(archive) == ()
    merged = reviews.merge(archive, [1, 2], **WHO)
    assert words(archive) == [f"{HARL} […] {FERRY}", PAY]
    archive.store(article(), read(article()), extractor="toy 2")
    assert words(archive) == [f"{HARL} […] {FERRY}", PAY]
    reviews.undo(archive, merged, **WHO)
    assert words(archive) == [HARL, FERRY, PAY]


def test_undo_takes_one_event_back_and_leaves_the_others(archive: Archive) -> None:
    first = reviews.reject(archive, 1, **WHO)
    reviews.set_speaker(archive, 1, "Cy Marr", **WHO)
    undone = reviews.undo(archive, first, **WHO)
    row = found(archive.statement(1))
    assert row.status == "extracted" and row.statement.speaker and row.statement.speaker.name == "Cy Marr"
    for number in (first, undone, 99):
        with pytest.raises(ArchiveError):
            reviews.undo(archive, number, **WHO)
    assert [review.active for review in reviews.reviews(archive, row=1)] == [False, True, False]


def test_an_edit_that_makes_two_alike_shows_one_and_undo_gives_both_back(archive: Archive) -> None:
    number = reviews.edit(archive, 1, [span(FERRY)], **WHO)
    assert words(archive) == [FERRY, PAY]
    reviews.undo(archive, number, **WHO)
    assert words(archive) == [HARL, FERRY, PAY]


@pytest.mark.parametrize(
    ("wrong", "reason"),
    [
        (lambda archive: reviews.accept(archive, 99, **WHO), "no statement 99"),
        (lambda archive: reviews.edit(archive, 1, [], **WHO), "a content is"),
        (lambda archive: reviews.edit(archive, 1, [Span(start=0, end=9999)], **WHO), "the text ends"),
        (lambda archive: reviews.edit(archive, 1, [Span(start=0, end=5), Span(start=3, end=9)], **WHO), "overlaps"),
        (lambda archive: reviews.edit(archive, 1, [Span(start=3, end=4)], **WHO), "of words"),
        (lambda archive: reviews.split(archive, 1, [[Span(start=0, end=5)]], **WHO), "two different"),
        (lambda archive: reviews.merge(archive, [1], **WHO), "two statements"),
        (lambda archive: reviews.merge(archive, [1, 4], **WHO), "of one report"),
        (lambda archive: reviews.set_speaker(archive, 1, " ", **WHO), "no name"),
        (lambda archive: reviews.set_speaker(archive, 1, None, person="Q9", **WHO), "nobody of that id"),
        (lambda archive: reviews.accept(archive, 1, by=" ", at=WHO["at"]), "who reviewed"),
    ],
)
def test_what_cannot_be_said_changes_nothing(archive: Archive, wrong, reason: str) -> None:  # type: ignore[no-untyped-def]
    put(archive, article(id="r2"))
    with pytest.raises(ArchiveError, match=reason):
        wrong(archive)
    assert reviews.reviews(archive) == () and archive.rows("SELECT * FROM targets") == []


def test_reviewed_reports_are_training_data(archive: Archive) -> None:
    reviews.accept(archive, 1, **WHO)
    reviews.reject(archive, 2, **WHO)
    [report] = training(archive)
    text = report["text"]
    assert [[text[start:end] for start, end in one["content"]] for one in report["attributions"]] == [[HARL], [PAY]]
    assert [one["reviewed"] for one in report["attributions"]] == [True, False] and not report["complete"]
    assert [text[slice(*piece)] for piece in report["rejected"][0]] == [FERRY]
    assert {"id", "corpus", "split", "published", "publisher", "title", "text", "attributions"} <= report.keys()
    assert [[text[slice(*piece)] for piece in one[role]] for one in report["attributions"][:1] for role in ("cue", "source")] == [
        ["said"],
        ["Ada Lovell"],
    ]


def test_on_the_command_line(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "quoth.db"
    with Archive.open(path) as archive:
        put(archive, article())
    monkeypatch.setenv("QUOTH_ARCHIVE", str(path))
    monkeypatch.setenv("QUOTH_REVIEWER", "ida")

    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, ["reviews", *arguments])
        assert result.exit_code == code, result.output
        return result.output

    assert run("accept", "1") == "review 1\n"
    assert run("reject", "2", "--by", "bo") == "review 2\n"
    assert run("edit", "3", "--speaker", "Cy Marr", "--said", "2024-03-01", "--is-said", "--content", "80-85") == "".join(
        f"review {number}\n" for number in range(3, 7)
    )
    assert "nobody" in run("edit", "3", "--person", "Q9", code=1)
    assert "no span" in run("edit", "3", "--content", "soon", code=2) and "say what" in run("edit", "3", code=2)
    assert run("undo", "2") == "review 7\n"
    assert "reject (undone)" in run("list") and json.loads(run("list", "--json"))[0]["reviewer"] == "ida"
    assert run("list", "--orphaned") == "nothing was reviewed\n"
    out = tmp_path / "out.jsonl"
    run("export", "--out", str(out))
    assert json.loads(out.read_text("utf-8")) == json.loads(run("export"))
    assert "no such archive" in run("list", "--archive", str(tmp_path / "no.db"), code=1)
    assert run("split", "1", "0-5", "6-9").startswith("review") and run("merge", "2", "3").startswith("review")


def test_what_was_taken_back_is_still_told_of_its_statement(archive: Archive) -> None:
    put(archive, article())
    number = reviews.set_speaker(archive, 1, "Ines Rovik", **WHO)
    assert found(archive.statement(1)).statement.speaker == Speaker(
        name="Ines Rovik", mention=Span(start=25, end=35), basis="reviewer", confidence=1.0
    )
    reviews.undo(archive, number, **WHO)
    assert [(review.action, review.active) for review in reviews.reviews(archive, row=1)] == [("speaker", False), ("undo", False)]
    reviews.reject(archive, 1, **WHO)
    assert len(reviews.reviews(archive, row=1)) == 3 and archive.rows("SELECT count(*) FROM targets") == [(1,)]
