import csv
import datetime
import io
import json
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from archiving import NOON, WHO, article, put, read
from hypothesis import given
from hypothesis import strategies as st
from typer.testing import CliRunner

from quoth.archive import Archive, Hit, Page
from quoth.archive import search as searching
from quoth.archive.counting import counts, months
from quoth.archive.people_changes import merge
from quoth.archive.query import LONGEST, compiled, parsed
from quoth.archive.report_search import search_reports
from quoth.archive.reviews import set_said
from quoth.archive.search import search
from quoth.archive.selecting import Question, selected
from quoth.cli import app
from quoth.errors import QueryError
from quoth.types import Kind, Speaker

REPORTS = [
    ("r1", 1, "Harl Post", "“The harbour strike goes on,” said Ada Lovell. “No pay, no ships,” said Bo Lind."),
    ("r2", 2, "Harl Post", "“The strike is over in Orl,” denied Ada Lovell. “We co-operate with Harl,” said Cy Marr."),
    ("r3", 3, "Orl Times", "“A harbour is no strike,” said Zoë Brük. “The harbourmaster left,” said Bo Lind."),
    ("r4", None, "Orl Times", "“Strikes harm the harbour strike fund of the harbour,” said Ada Lovell."),
]


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Archive]:
    with Archive.open(tmp_path_factory.mktemp("archive") / "quoth.db") as opened:
        for id, day, publisher, text in REPORTS:
            put(opened, article(text, id=id, day=day, publisher=publisher, title=f"Report {id}", url=f"https://news.example/{id}"))
        yield opened


def found(page: Page[Hit]) -> list[int]:
    return [hit.row for hit in page.hits]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("", {1, 2, 3, 4, 5, 6, 7}),
        ("strike", {1, 3, 5, 7}),
        ("STRIKE harbour", {1, 5, 7}),
        ('"harbour strike"', {1, 7}),
        ("“harbour strike”", {1, 7}),
        ("harb*", {1, 5, 6, 7}),
        ('"the harb"*', {1, 6, 7}),
        ("strike -harbour", {3}),
        ("strike NOT harbour", {3}),
        ("-strike", {2, 4, 6}),
        ("-strike -pay", {4, 6}),
        ("pay OR orl", {2, 3}),
        ("pay | orl | left", {2, 3, 6}),
        ("(pay OR orl) strike", {3}),
        ("pay OR -the", {2, 4, 5}),
        ("-(strike OR pay)", {4, 6}),
        ("co-operate", {4}),
        ("no pay, no ships!", {2}),
        ("((strike", {1, 3, 5, 7}),
        ("strike)) OR", {1, 3, 5, 7}),
        ('strike "harbour', {1, 5, 7}),
        ("AND", set()),
        ("*", set()),
        ("C++", set()),
        ("\x00 \ud800 \ue001s1", set()),
        ("zzz", set()),
    ],
)
def test_queries(archive: Archive, query: str, expected: set[int]) -> None:
    assert set(found(search(archive, query))) == expected


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        ({"speaker": "Ada Lovell"}, [3, 1, 7]),
        ({"speaker": "lovell"}, [3, 1, 7]),
        ({"speaker": "zoe bruk"}, [5]),
        ({"speaker": "Nobody"}, []),
        ({"query": "strike", "speaker": "Ada Lovell", "sort": "oldest"}, [7, 1, 3]),
        ({"about": "Harl"}, [4]),
        ({"about": "harl", "query": "co-operate"}, [4]),
        ({"about": "strike"}, []),
        ({"about": "!"}, []),
        ({"publisher": "Orl Times"}, [6, 5, 7]),
        ({"publisher": "orl", "query": "strike", "sort": "newest"}, [5, 7]),
        ({"since": datetime.date(2024, 3, 2), "until": datetime.date(2024, 3, 2)}, [4, 3]),
        ({"until": datetime.date(2024, 3, 1)}, [2, 1]),
        ({"query": "strike", "since": datetime.date(2024, 3, 2), "sort": "newest"}, [5, 3]),
        ({"polarity": "not_said"}, [3]),
        ({"kind": "direct", "act": "speech", "query": "left"}, [6]),
        ({"kind": "indirect"}, []),
        ({"min_confidence": 0.99}, []),
        ({"by": "said"}, []),
        ({"sort": "oldest", "limit": 2}, [7, 1]),
    ],
)
def test_filters(archive: Archive, question: dict[str, Any], expected: list[int]) -> None:
    assert found(search(archive, **question)) == expected


def test_the_best_match_comes_first_and_its_words_are_marked(archive: Archive) -> None:
    page = search(archive, "harbour strike")
    assert (page.sort == "rank" and page.hits[0].row == 7) or page.hits[0].row == 1
    hit = next(hit for hit in page.hits if hit.row == 1)
    assert [span.slice(hit.snippet) for span in hit.marked] == ["harbour", "strike"] and hit.snippet == hit.words
    assert (hit.speaker, hit.source, hit.cue, hit.publisher, hit.title) == ("Ada Lovell", "Ada Lovell", "said", "Harl Post", "Report r1")
    assert (hit.published, hit.url, hit.kind, hit.about) == (datetime.date(2024, 3, 1), "https://news.example/r1", "direct", ())


@pytest.mark.parametrize(
    "question", [{}, {"query": "the"}, {"query": "strike", "sort": "oldest"}, {"speaker": "Ada Lovell"}, {"by": "published"}]
)
@pytest.mark.parametrize("limit", [1, 2, 3])
@pytest.mark.parametrize(("most_ranked", "most_gathered"), [(10_000, 10_000), (1, 10_000), (1, 1)])
def test_pages_give_everything_once(
    archive: Archive, question: dict[str, Any], limit: int, most_ranked: int, most_gathered: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_RANKED", most_ranked)
    monkeypatch.setattr(searching, "MOST_GATHERED", most_gathered)
    whole, rows, after = found(search(archive, **question)), list[int](), None
    for _ in range(20):
        page = search(archive, **question, limit=limit, after=after)
        rows += found(page)
        after = page.after
        if after is None:
            break
    assert rows == whole and len(set(rows)) == len(rows)


@pytest.mark.parametrize("most_gathered", [2, 10_000])
def test_words_of_very_many_statements_are_listed_by_date(archive: Archive, most_gathered: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_RANKED", 2)
    monkeypatch.setattr(searching, "MOST_GATHERED", most_gathered)
    page = search(archive, "strike")
    assert page.sort == "newest" and found(page) == [5, 3, 1, 7]
    assert found(search(archive, "strike", speaker="Ada Lovell", kind="direct")) == [3, 1, 7]


@pytest.mark.parametrize(
    ("question", "way"),
    [
        (Question(query="strike"), "asked"),
        (Question(query="-pay"), "asked"),
        (Question(query="strik*"), "gathered"),
        (Question(query='pay OR (harl -"harbour strik"*)'), "gathered"),
        (Question(query="strike", kind="direct"), "gathered"),
        (Question(query="strike", speaker="Ada Lovell"), "asked"),
        (Question(query="ships"), "looked up"),
        (Question(speaker="Ada Lovell"), "looked up"),
    ],
)
def test_how_rows_that_match_are_found(archive: Archive, question: Question, way: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(searching, "MOST_RANKED", 1)
    monkeypatch.setattr(searching, "MOST_GATHERED", 1)
    selection = selected(archive, question)
    assert searching.way_of(archive, "statements_fts", selection, selection.conditions, "rank", None) == way


@given(
    query=st.lists(st.sampled_from(["strike", "strik*", "harb*", "the", "-pay", "OR", '"a harb"*']), min_size=1, max_size=4).map(" ".join)
)
@pytest.mark.parametrize("kind", [None, "direct", "mixed"])
def test_rows_are_the_same_whichever_way_they_are_found(archive: Archive, kind: Kind | None, query: str) -> None:
    lists, reports = [], []
    for most_ranked, most_gathered in ((10_000, 10_000), (0, 10_000), (0, 0)):
        with pytest.MonkeyPatch.context() as patch:
            patch.setattr(searching, "MOST_RANKED", most_ranked)
            patch.setattr(searching, "MOST_GATHERED", most_gathered)
            lists.append([found(search(archive, query, kind=kind, sort=sort)) for sort in ("newest", "oldest")])
            reports.append([hit.row for hit in search_reports(archive, query).hits])
    assert lists[0] == lists[1] == lists[2] and lists[0][0] == lists[0][1][::-1]
    assert sorted(reports[0]) == sorted(reports[1]) and reports[1] == reports[2]


@pytest.mark.parametrize("absent", [{"kind": "mixed"}, {"act": "thought"}])
def test_what_no_statement_is_is_not_looked_for(archive: Archive, absent: dict[str, Any]) -> None:
    assert selected(archive, Question(**absent)).nothing and not search(archive, "strike", **absent).hits
    assert counts(archive, Question(query="strike", **absent)).total == 0


@pytest.mark.parametrize("after", ["", "x", "W10", "WyJyYW5rIiwgMSwgMV0", "é", "WyJuZXdlc3QiLCBudWxsLCAxXQ"])
def test_a_page_of_no_search(archive: Archive, after: str) -> None:
    with pytest.raises(QueryError, match="no page"):
        search(archive, "strike", after=after)
    with pytest.raises(QueryError, match="no page of this search"):
        search(archive, after=search(archive, "strike", limit=1).after)


def test_the_day_said(archive: Archive, tmp_path: Path) -> None:
    with Archive.open(tmp_path / "quoth.db") as own:
        put(own, article())
        set_said(own, 1, datetime.date(2024, 2, 1), precision="month", **WHO)
        set_said(own, 2, datetime.date(2024, 2, 20), **WHO)
        since, until = datetime.date(2024, 2, 10), datetime.date(2024, 2, 15)
        assert found(search(own, by="said")) == [2, 1]
        assert found(search(own, by="said", since=since, until=until)) == [1] and found(search(own, since=since, until=until)) == []
        assert [(one.name, one.count) for one in months(own, "Ada Lovell", by="said")] == [("2024-02", 1)]


def test_a_deadline(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quoth.archive.paging.STEPS", 1)
    with pytest.raises(QueryError, match="took longer than 0 s"):
        search(archive, "strike", deadline=0)
    with pytest.raises(QueryError):
        counts(archive, Question(query="strike"), deadline=0)
    assert found(search(archive, "left")) == [6]


def test_a_query_that_is_too_long(archive: Archive) -> None:
    assert found(search(archive, "zz " * (LONGEST // 3))) == []
    with pytest.raises(QueryError, match="longer than 2,000"):
        search(archive, "a" * (LONGEST + 1))


@given(st.text(max_size=200) | st.text(st.sampled_from('ab "”()-|*ANDORNOT:^+{}\x00\ue001'), max_size=200))
def test_any_string_is_a_query(archive: Archive, query: str) -> None:
    page = search(archive, query, limit=3)
    assert all(span.end <= len(hit.snippet) for hit in page.hits for span in hit.marked)
    search_reports(archive, query, limit=1)
    node = parsed(query)
    assert node is None or compiled(node).count('"') % 2 == 0


@pytest.mark.parametrize(
    "query", ["(" * 1000 + "a", "-(" * 900 + "a", "a OR " * 390 + "a", "NOT " * 450 + "a", "a b " * 500, "(a OR (b " * 100]
)
def test_a_deep_query(archive: Archive, query: str) -> None:
    search(archive, query)


@given(st.text(), st.sampled_from(["speaker", "about", "publisher"]))
def test_any_string_is_a_filter(archive: Archive, value: str, name: str) -> None:
    search(archive, "strike", **{name: value})  # type: ignore[arg-type]


def test_no_word_of_a_report_passes_for_a_key(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "quoth.db") as own:
        put(own, article())
        put(own, article("“\ue001s1 \ue001a \ue002 here \ue003 \ue002” said Bo Lind.", id="r2"))
        assert {hit.speaker for hit in search(own, "here OR rains", speaker="Ada Lovell").hits} == {"Ada Lovell"}
        assert len(search(own, "here").hits) == 1


def test_counts(archive: Archive, tmp_path: Path) -> None:
    spread = counts(archive, Question(query="strike"))
    assert (spread.total, spread.complete) == (4, True)
    assert [(one.key, one.count) for one in spread.speakers] == [("name:Ada Lovell", 3), ("name:Zoë Brük", 1)]
    assert [(one.name, one.count) for one in spread.publishers] == [("Harl Post", 2), ("Orl Times", 2)]
    assert [(one.name, one.count) for one in spread.months] == [("", 1), ("2024-03", 3)]
    assert [(one.name, one.count) for one in spread.polarities] == [("asserted", 3), ("not_said", 1)]
    every = counts(archive, Question())
    assert every.total == 7 == sum(one.count for one in every.speakers) and every.complete
    assert counts(archive, Question(query="zzz")).total == 0 == counts(archive, Question(speaker="Nobody")).total
    assert counts(archive, Question(speaker="Bo Lind")).months[0].count == 2
    assert found(search(archive, speaker=spread.speakers[1].key)) == [5]


def test_counts_of_very_many_are_of_the_latest(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quoth.archive.counting.MOST_COUNTED", 2)
    spread = counts(archive, Question(query="strike"))
    assert not spread.complete and spread.total == 2 and {one.name for one in spread.publishers} == {"Orl Times"}


@pytest.mark.parametrize("query", ["strike", "harbour strike", "the -pay", "strik* OR pay", "bo"])
@pytest.mark.parametrize("publisher", [None, "Orl Times"])
def test_ranks_and_counts_are_those_of_a_plain_reading(archive: Archive, query: str, publisher: str | None) -> None:
    node = parsed(query)
    assert node is not None
    bindings = {"match": compiled(node), "publisher": publisher}
    rows = archive.rows(
        """SELECT s.id, s.speaker FROM statements_fts JOIN statements AS s ON s.id = statements_fts.rowid
        JOIN publishers ON publishers.id = publisher
        WHERE statements_fts MATCH :match AND (:publisher IS NULL OR publishers.name = :publisher)
        ORDER BY bm25(statements_fts, 1.0, 0.0, 0.0), s.id""",
        bindings,
    )
    assert found(search(archive, query, publisher=publisher)) == [row for row, _ in rows]
    spread = counts(archive, Question(query=query, publisher=publisher))
    assert (spread.total, sum(one.count for one in spread.speakers)) == (len(rows), len([row for row in rows if row[1] is not None]))


@pytest.mark.parametrize("query", ["strike", "harbour strike", "the -pay", "strik* OR pay", "bo"])
@pytest.mark.parametrize("publisher", [None, "Orl Times"])
@pytest.mark.parametrize("most_ranked", [0, 10_000])
def test_reports_are_those_of_a_plain_reading(
    archive: Archive, query: str, publisher: str | None, most_ranked: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(searching, "MOST_RANKED", most_ranked)
    node = parsed(query)
    assert node is not None
    order = "bm25(texts_fts, 1.0, 4.0, 0.0), t.id" if most_ranked else "t.published DESC, t.id DESC"
    rows = archive.rows(
        f"""SELECT reports.id FROM texts_fts JOIN texts AS t ON t.id = texts_fts.rowid JOIN reports ON reports.text = t.id
        JOIN publishers ON publishers.id = t.publisher
        WHERE texts_fts MATCH :match AND (:publisher IS NULL OR publishers.name = :publisher) ORDER BY {order}""",
        {"match": compiled(node), "publisher": publisher},
    )
    page = search_reports(archive, query, publisher=publisher)
    assert page.sort == ("rank" if most_ranked else "newest") and [hit.row for hit in page.hits] == [row for (row,) in rows]
    pages, after = list[int](), None
    for _ in rows:
        one = search_reports(archive, query, publisher=publisher, limit=1, after=after)
        pages, after = [*pages, *(hit.row for hit in one.hits)], one.after
    assert pages == [row for (row,) in rows] and after is None


def test_an_older_text_of_a_report_is_not_found(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "quoth.db") as own:
        put(own, article("“The kelp is here,” said Ada Lovell.", url="https://news.example/1"))
        put(own, article("“The kale is here,” said Ada Lovell.", url="https://news.example/1"))
        assert [len(search_reports(own, word).hits) for word in ("kelp", "kale", "here")] == [0, 1, 1]


def test_people_are_found_by_all_their_names(tmp_path: Path) -> None:
    with Archive.open(tmp_path / "quoth.db") as own:
        put(own, article())
        report = article("“It snows,” said Ada Lovell.", id="r2")
        [statement] = read(report)
        named = replace(
            statement, speaker=Speaker(name="Lovell-Marr", mention=statement.attribution.content[0], basis="name", confidence=1)
        )
        own.store(report, [named], extractor="toy 1", at=NOON)
        assert len(search(own, speaker="Ada Lovell").hits) == 2
        merge(own, "Ada Lovell", "Lovell-Marr", **WHO)
        assert len(search(own, speaker="Ada Lovell").hits) == 3 == len(search(own, speaker="lovell marr").hits)
        assert counts(own, Question()).speakers[0].count == 3


def test_reports(archive: Archive) -> None:
    page = search_reports(archive, "denied")
    [hit] = page.hits
    assert (hit.title, hit.statements, [span.slice(hit.snippet) for span in hit.marked]) == ("Report r2", 2, ["denied"])
    assert [hit.title for hit in search_reports(archive, publisher="Harl Post").hits] == ["Report r2", "Report r1"]
    assert [hit.title for hit in search_reports(archive, "strike", since=datetime.date(2024, 3, 3)).hits] == ["Report r3"]
    first = search_reports(archive, limit=3)
    assert len(first.hits) == 3 and [hit.title for hit in search_reports(archive, limit=3, after=first.after).hits] == ["Report r4"]
    ranked = search_reports(archive, "strike", limit=2)
    rest = search_reports(archive, "strike", limit=2, after=ranked.after)
    assert len({hit.row for hit in (*ranked.hits, *rest.hits)}) == 4 and search_reports(archive, "zzz").hits == ()


def test_on_the_command_line(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("QUOTH_ARCHIVE", archive.path)

    def run(*arguments: str, code: int = 0) -> str:
        result = CliRunner().invoke(app, ["search", *arguments])
        assert result.exit_code == code, result.output
        return result.stdout if code == 0 else result.output

    assert "The strike is over in Orl" in run("strike", "orl") and "NOT SAID" in run("--not-said")
    assert run("zzz") == "nothing found\n"
    page = json.loads(run("--json", "--limit", "2"))
    assert [hit["row"] for hit in page["hits"]] == [6, 5] and page["hits"][0]["published"] == "2024-03-03"
    assert [hit["row"] for hit in json.loads(run("--json", "--after", page["after"]))["hits"]] == [4, 3, 2, 1, 7]
    rows = list(csv.DictReader(io.StringIO(run("strike", "--csv", "--sort", "newest", "--since", "2024-03-02"))))
    assert [row["row"] for row in rows] == ["5", "3"]
    assert "4 statements" in run("strike", "--counts") and json.loads(run("strike", "--counts", "--json"))["total"] == 4
    assert "Report r2" in run("--reports", "denied") and json.loads(run("--reports", "denied", "--json"))["hits"][0]["statements"] == 2
    assert "no page" in run("--after", "x", code=1) and "no date" in run("--since", "soon", code=2)
    assert run("--json", "--csv", code=2) and run("--reports", "--speaker", "x", code=2)
    monkeypatch.setenv("QUOTH_ARCHIVE", "no such.db")
    assert "no such archive" in run("strike", code=1)
