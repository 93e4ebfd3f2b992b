"""Variants in the archive: found among what is new, kept as pairs, gathered when read; and on the command line."""

import datetime
import json
from collections.abc import Iterator, Sequence
from pathlib import Path

import pytest
from toy import extract_article
from typer.testing import CliRunner

from quoth.archive import Archive
from quoth.archive.variants import VariantsFound, conflicts, find_variants, set_apart, variants_of
from quoth.cli import app
from quoth.errors import ArchiveError
from quoth.types import Article

DAY = datetime.date(2024, 3, 5)
FERRY = "We will not raise the ferry fares before the winter, and children travel free."
FILLER = " ".join(f"The clerk read line {number} of the long harbour accounts to a room that had mostly left." for number in range(40))


def report(name: str, words: str = FERRY, *, speaker: str = "Ama Osei", days: int = 0, text: str = "") -> Article:
    day = DAY + datetime.timedelta(days=days)
    return Article.of(f"“{words}” said {speaker}. {text or name}", id=name, publisher=f"{name} Post", published=day)


def store(archive: Archive, articles: Sequence[Article]) -> None:
    for article in articles:
        archive.store(article, extract_article(article), extractor="toy 1")


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "quoth.db"


@pytest.fixture
def archive(path: Path) -> Iterator[Archive]:
    with Archive.open(path) as archive:
        yield archive


def wordings(archive: Archive, row: int) -> list[tuple[str, str]]:
    return [(member.passage.id, member.role) for member in variants_of(archive, row).cluster.members]


def test_what_is_new_is_compared_with_what_was_there(archive: Archive) -> None:
    store(archive, [report("Harl"), report("Mere", "children travel free before the winter", days=1)])
    store(archive, [report("Tarn", "Nothing at all of the kind is true here.", days=1)])
    assert find_variants(archive) == VariantsFound(statements=3, same=0, paraphrases=0, conflicts=0)
    store(archive, [report("Port", FERRY.replace("will not", "may"), days=2)])
    assert find_variants(archive) == VariantsFound(statements=1, same=1, paraphrases=0, conflicts=0)
    assert find_variants(archive) == VariantsFound(statements=0, same=0, paraphrases=0, conflicts=0)
    assert wordings(archive, 1) == wordings(archive, 4) == [("1", "whole"), ("4", "whole")]
    assert wordings(archive, 3) == [("3", "whole")]


def test_in_steps_as_at_once(tmp_path: Path) -> None:
    articles = [report(f"Paper {number}", FERRY.rsplit(" ", number % 5)[0], days=number % 9) for number in range(24)]
    found = []
    for name, step in (("once", 24), ("steps", 5)):
        with Archive.open(tmp_path / name) as archive:
            for start in range(0, 24, step):
                store(archive, articles[start : start + step])
                find_variants(archive)
            found.append({tuple(sorted(int(id) for id, _ in wordings(archive, row))) for row in range(1, 25)})
    assert found[0] == found[1] == {tuple(range(1, 25))}


def test_only_days_near_the_new_ones_are_read(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    store(archive, [report(f"Paper {number}", days=number * 3) for number in range(20)])
    find_variants(archive)
    store(archive, [report("New", days=30)])
    monkeypatch.setattr("quoth.archive.variants.PAGE", 1)
    read: list[int] = []
    find_variants(archive, days=6, progress=read.append)
    assert read[-1] == 6


def test_without_a_day_all_are_compared(archive: Archive) -> None:
    store(archive, [report("Harl", days=-900), report("Mere", days=900)])
    find_variants(archive)
    undated = Article.of(f"“{FERRY}” said Ama Osei.", id="undated")
    store(archive, [undated])
    assert find_variants(archive).same == 2
    assert wordings(archive, 3) == [("1", "whole"), ("2", "whole"), ("3", "whole")]


def test_what_was_set_apart_stays_apart(archive: Archive) -> None:
    store(archive, [report("Harl"), report("Mere", days=1)])
    find_variants(archive)
    set_apart(archive, 2, 1)
    for again in (False, True):
        find_variants(archive, again=again)
        assert wordings(archive, 1) == [("1", "whole")]
    with pytest.raises(ArchiveError):
        set_apart(archive, 1, 1)
    with pytest.raises(ArchiveError):
        set_apart(archive, 1, 99)


def test_a_pass_that_broke_off_is_done_again(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    store(archive, [report("Harl"), report("Mere", days=1), report("Port", days=2)])
    monkeypatch.setattr("quoth.archive.variants.PAGE", 1)

    def broken(_: int) -> None:
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        find_variants(archive, progress=broken)
    assert find_variants(archive).same == 2
    assert len(wordings(archive, 2)) == 3


def test_copies_of_an_article_are_one_witness(archive: Archive) -> None:
    store(archive, [report("Wire", text=FILLER), report("Harl", text=f"{FILLER} With files."), report("Mere", days=1)])
    find_variants(archive)
    gathered = variants_of(archive, 1)
    assert len(gathered.cluster.members) == 3 and gathered.witnesses == 2


def test_a_conflict_is_listed_until_the_two_are_one_person(archive: Archive) -> None:
    store(archive, [report("Harl"), report("Mere", speaker="Bo Lind", days=1)])
    assert find_variants(archive).conflicts == 1
    [conflict] = conflicts(archive)
    assert (conflict.left.speaker, conflict.right.speaker, conflict.pair.score) == ("Ama Osei", "Bo Lind", 1.0)
    assert variants_of(archive, 1).conflicts == (conflict,) and wordings(archive, 1) == [("1", "whole")]
    assert list(conflicts(archive, limit=0)) == []
    archive.execute("INSERT INTO people (id, name) VALUES ('p1', 'Ama Osei')")
    archive.execute("UPDATE speakers SET person = 'p1'")
    assert list(conflicts(archive)) == [] and wordings(archive, 1) == [("1", "whole"), ("2", "whole")]


def test_links_hold_when_a_newer_model_reads_the_reports_again(archive: Archive) -> None:
    articles = [report("Harl"), report("Mere", days=1), report("Port", days=2)]
    store(archive, articles)
    find_variants(archive)
    set_apart(archive, 2, 3)
    for article in articles:
        archive.store(article, extract_article(article), extractor="toy 2")
    find_variants(archive)
    assert wordings(archive, 1) == [("1", "whole"), ("2", "whole")]


def test_no_such_statement_is_one_clear_error(archive: Archive) -> None:
    with pytest.raises(ArchiveError, match="no statement 7 is shown"):
        variants_of(archive, 7)


def run(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, list(arguments))
    return result.exit_code, result.stdout, result.stderr


def test_the_command_line_finds_and_shows(archive: Archive, path: Path) -> None:
    store(archive, [report("Harl"), report("Mere", FERRY.replace("will not", "may"), days=1), report("Tarn", speaker="Bo Lind", days=2)])
    at = ("--archive", str(path))
    assert run("variants", *at) == (0, "3 statements: 1 links, 0 to paraphrases, 2 conflicts\n", "")
    code, shown, _ = run("variants", "2", *at)
    assert code == 0 and "2 reports, 2 when copies count once" in shown and "will not → may  ! negation, modal" in shown
    found = json.loads(run("variants", "2", "--json", *at)[1])
    assert [wording["statement"] for wording in found["wordings"]] == [1, 2] and found["witnesses"] == 2
    assert found["wordings"][1]["changes"][0]["flags"] == ["negation", "modal"]
    listed = json.loads(run("conflicts", "--json", *at)[1])
    assert [(one["left"]["speaker"], one["right"]["speaker"]) for one in listed] == [("Ama Osei", "Bo Lind")] * 2
    assert "Bo Lind" in run("conflicts", "--limit", "1", *at)[1]
    assert run("variants", "1", "--apart", "2", *at)[0] == 0
    assert json.loads(run("variants", "--json", "--again", *at)[1]) == {"statements": 3, "same": 0, "paraphrases": 0, "conflicts": 2}


@pytest.mark.parametrize(
    ("arguments", "code", "told"),
    [
        (("variants", "99"), 1, "no statement 99"),
        (("variants", "not-an-id"), 1, "no statement not-an-id"),
        (("variants", "--apart", "2"), 2, "--apart"),
        (("variants", "1", "--again"), 2, "--again"),
        (("conflicts",), 0, "no conflicts"),
    ],
)
def test_wrong_usage_is_told(archive: Archive, path: Path, arguments: tuple[str, ...], code: int, told: str) -> None:
    exit_code, _, errors = run(*arguments, "--archive", str(path))
    assert exit_code == code and told in errors


def test_an_archive_is_exported_as_it_counts(archive: Archive, path: Path, tmp_path: Path) -> None:
    store(archive, [report("Harl"), report("Mere", "Hardly anybody believes this of me.", speaker="Bo Lind", days=40)])
    out = tmp_path / "out.jsonl"
    at = ("--archive", str(path), "--format", "jsonl", "--out", str(out))
    code, printed, told = run("export", *at)
    assert (code, printed) == (0, "") and "2 reports, 2 statements" in told
    assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == ["Harl", "Mere"]
    for chosen, expected in (
        (("--since", "2024-04-01"), ["Mere"]),
        (("--until", "2024-04-01"), ["Harl"]),
        (("--publisher", "Mere Post"), ["Mere"]),
        (("--person", "nobody"), []),
    ):
        assert run("export", *at, *chosen)[0] == 0
        assert [json.loads(line)["id"] for line in out.read_text("utf-8").splitlines()] == expected


def test_without_an_archive_nothing_is_made(tmp_path: Path) -> None:
    for command in (("variants",), ("variants", "1"), ("conflicts",), ("export", "--format", "csv", "--out", str(tmp_path / "out"))):
        code, printed, told = run(*command, "--archive", str(tmp_path / "none.db"))
        assert (code, printed) == (1, "") and told.startswith("quoth: ") and told.count("\n") == 1
    assert list(tmp_path.iterdir()) == []
