import datetime
import io
import json
import re
import shlex
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import feedparser
import pytest
from archiving import NOON, RAIN, WHO, article, put, row_of
from hypothesis import given, settings
from hypothesis import strategies as st
from typer.testing import CliRunner

from quoth.alerts import (
    Alert,
    Receipt,
    SavedSearch,
    SearchFeed,
    add_search,
    atom,
    feed_of,
    json_feed,
    remove_search,
    run_alerts,
    running,
    searches,
    write_feeds,
)
from quoth.alerts.feeds import Entry, headline
from quoth.alerts.searches import question_of, written
from quoth.archive import Archive
from quoth.archive.reviews import reject
from quoth.archive.selecting import Question
from quoth.cli import app
from quoth.errors import QueryError, QuothError

LATER = NOON + datetime.timedelta(hours=1)
FERRY = "“The ferry sails,” said Bo Lind. “It rains in Orl,” said Ada Lovell."
ADA = Question(speaker="Ada Lovell")
HOSTILE = "</title><script>alert(1)</script> & ]]> \x00\x0b\ufffe\U0001f40e \u202egnirts \x1b[31m \r\n\t“"


@pytest.fixture
def archive(tmp_path: Path) -> Iterator[Archive]:
    with Archive.open(tmp_path / "quoth.db") as opened:
        put(opened, article())
        yield opened


def save(archive: Archive, name: str = "ada", question: Question = ADA, **known: Any) -> SavedSearch:
    return add_search(archive, name, question, at=NOON, **known)


def told(archive: Archive, at: datetime.datetime = LATER) -> dict[str, list[str]]:
    """The words that each search finds new."""
    return {alert.search.name: said(archive, alert) for alert in run_alerts(archive, at=at)}


def said(archive: Archive, alert: Alert) -> list[str]:
    rows = [archive.statement(row) for row in alert.rows]
    return [row.statement.words for row in rows if row is not None]


def test_what_is_new_is_told_once(archive: Archive) -> None:
    save(archive)
    save(archive, "all", Question(), from_start=True)
    save(archive, "nobody", Question(speaker="Cy Marr"))
    assert told(archive) == {"ada": [], "all": ["“It rains in Harl,”", "“The ferry is late,”", "“We will not pay Norvania,”"], "nobody": []}
    put(archive, article(FERRY, id="r2"))
    assert told(archive) == {"ada": ["“It rains in Orl,”"], "all": ["“The ferry sails,”", "“It rains in Orl,”"], "nobody": []}
    assert not any(told(archive).values())


@pytest.mark.parametrize(
    ("question", "expected"),
    [
        (Question(query="rains"), ["“It rains in Orl,”"]),
        (Question(query="rain* OR ferry", speaker="Bo Lind"), ["“The ferry sails,”"]),
        (Question(query='"the ferry"', publisher="Orl Times"), []),
        (Question(about="Orl"), ["“It rains in Orl,”"]),
        (Question(polarity="not_said"), []),
        (Question(since=datetime.date(2024, 3, 6)), []),
        (Question(query="()"), []),
    ],
)
@pytest.mark.parametrize("step", [1, 100])
def test_what_a_search_finds(archive: Archive, question: Question, expected: list[str], step: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(running, "STEP", step)
    save(archive, question=question)
    put(archive, article(FERRY, id="r2"))
    assert told(archive)["ada"] == expected


def test_a_corrected_report_is_not_told_again(archive: Archive) -> None:
    search = save(archive, from_start=True)
    told(archive, NOON)
    put(archive, article(RAIN + " “It snows,” said Ada Lovell."))
    assert told(archive) == {"ada": ["“It snows,”"]}
    found = [(entry.receipt.words, entry.found[11:13]) for entry in feed_of(archive, search).entries]
    assert found == [("“It snows,”", "13"), ("“We will not pay Norvania,”", "12"), ("“It rains in Harl,”", "12")]
    ids = {entry.receipt.words: entry.id for entry in feed_of(archive, search).entries}
    put(archive, article())
    assert told(archive) == {"ada": []}
    assert {entry.receipt.words: entry.id for entry in feed_of(archive, search).entries}.items() <= ids.items()


def test_what_could_not_be_told_is_told_again(archive: Archive) -> None:
    save(archive, from_start=True)

    def fail(alert: Alert) -> None:
        raise BrokenPipeError

    with pytest.raises(BrokenPipeError):
        run_alerts(archive, at=LATER, tell=fail)
    assert len(told(archive)["ada"]) == 2


def test_searches_are_kept_and_removed(archive: Archive) -> None:
    search = save(archive, "b", from_start=True)
    save(archive, "a")
    told(archive)
    with pytest.raises(QueryError, match="already"):
        save(archive, "a")
    assert [(one.name, one.question) for one in searches(archive)] == [("a", ADA), ("b", ADA)]
    remove_search(archive, "b")
    assert [one.name for one in searches(archive)] == ["a"]
    assert not feed_of(archive, search).entries
    for ask in (lambda: remove_search(archive, "b"), lambda: run_alerts(archive, at=NOON, names=["b"])):
        with pytest.raises(QueryError, match="no saved search"):
            ask()


@pytest.mark.parametrize("name", ["", "A", "a b", "../a", "a/b", ".a", "-a", "a" * 65, "é", "a\n", "a\x00"])
def test_names_that_are_none(archive: Archive, name: str) -> None:
    with pytest.raises(QueryError, match="no name"):
        save(archive, name)


@given(
    st.builds(
        Question, query=st.text(max_size=50), speaker=st.none() | st.text(max_size=20), since=st.none() | st.dates(),
        by=st.sampled_from(("said", "published")), kind=st.none() | st.sampled_from(("direct", "mixed")),
        min_confidence=st.none() | st.floats(0, 1),
    )
)  # fmt: skip
def test_questions_come_back(question: Question) -> None:
    assert question_of(written(question), name="a") == question


@pytest.mark.parametrize(
    "asked",
    ["", "[]", "no", '{"words": "a"}', '{"query": 5}', '{"query": null}', '{"query": "\\ud800"}', '{"since": "2024-13-01"}', '{"by": "a"}',
     "[" * 100_000, json.dumps({"query": "a" * 3000})],
    ids=lambda asked: asked[:20],
)  # fmt: skip
def test_a_damaged_search_stops_no_other(archive: Archive, asked: str) -> None:
    save(archive, "bad", from_start=True)
    save(archive, from_start=True)
    archive.execute("UPDATE searches SET query = ? WHERE name = 'bad'", (asked,))
    ada, bad = run_alerts(archive, at=LATER)
    assert bad.trouble and not bad.rows and len(ada.rows) == 2
    assert len(run_alerts(archive, at=LATER, names=["bad"])) == 1


def test_a_search_that_takes_too_long_is_told_so(archive: Archive, monkeypatch: pytest.MonkeyPatch) -> None:
    def selected(archive: Archive, question: Question) -> None:
        raise QueryError("took too long")

    save(archive, from_start=True)
    with monkeypatch.context() as patch:
        patch.setattr(running, "selected", selected)
        assert [alert.trouble for alert in run_alerts(archive, at=LATER)] == ["took too long"]
    assert len(told(archive)["ada"]) == 2


def parsed(feed: SearchFeed) -> Any:
    read = feedparser.parse(io.BytesIO(atom(feed).encode()))
    assert not read.bozo, read.get("bozo_exception")
    assert read.version == "atom10"
    return read


def checked(feed: SearchFeed) -> list[dict[str, Any]]:
    """The items of the JSON Feed, held against what version 1.1 asks for."""
    read = json.loads(json_feed(feed))
    assert read["version"] == "https://jsonfeed.org/version/1.1"
    assert isinstance(read["title"], str)
    for item in read["items"]:
        assert all(isinstance(item[name], str) for name in ("id", "title", "content_text", "summary"))
        assert all(datetime.datetime.fromisoformat(item[name]).tzinfo for name in ("date_published", "date_modified") if name in item)
        assert item.get("url", "https://").startswith("https://")
        assert all(isinstance(author["name"], str) for author in item.get("authors", ()))
        assert all(name.startswith("_") or name in KNOWN for name in item)
    items: list[dict[str, Any]] = read["items"]
    return items


KNOWN = ("id", "url", "title", "content_text", "summary", "date_published", "date_modified", "authors")


def test_feeds(archive: Archive) -> None:
    put(archive, article("“Rain,” said Ada Lovell.", id="r2", title="Wet & cold", url="https://news.example/2"))
    search = save(archive, from_start=True)
    assert not parsed(feed_of(archive, search)).entries and not checked(feed_of(archive, search))
    told(archive)
    feed = feed_of(archive, search)
    read = parsed(feed)
    assert [entry.title for entry in read.entries] == [
        "Ada Lovell: “Rain,”",
        "Ada Lovell (not said): “We will not pay Norvania,”",
        "Ada Lovell: “It rains in Harl,”",
    ]
    first = read.entries[0]
    assert (read.feed.updated, first.updated, first.published) == (*["2024-03-05T13:00:00+00:00"] * 2, "2024-03-05T00:00:00Z")
    assert (first.author, first.content[0].value) == ("Ada Lovell", "“Rain,”")
    assert first.summary == "direct · said · Harl Post · 2024-03-05 · Wet & cold"
    assert first.link == "https://news.example/2#:~:text=%E2%80%9CRain%2C%E2%80%9D,-said%20Ada%20Lovell."
    items = checked(feed)
    assert [(item["id"], item["title"]) for item in items] == [(entry.id, entry.title) for entry in read.entries]
    assert [item.get("url") for item in items] == [first.link, None, None]
    assert items[0]["_quoth"]["words"] == "“Rain,”"
    assert len({entry.id for entry in read.entries}) == 3
    linked = replace(feed, page="https://q.example/?q=rain&by=said", itself="https://q.example/rain.atom")
    assert [(link.rel, link.href) for link in parsed(linked).feed.links] == [("alternate", linked.page), ("self", linked.itself)]
    there = json.loads(json_feed(linked))
    assert (there["home_page_url"], there["feed_url"]) == (linked.page, linked.itself)


def test_what_is_rejected_leaves_the_feed(archive: Archive) -> None:
    search = save(archive, from_start=True)
    told(archive)
    reject(archive, row_of(archive, "“It rains in Harl,”"), **WHO)
    assert [entry.receipt.words for entry in feed_of(archive, search).entries] == ["“We will not pay Norvania,”"]


def receipt(**known: Any) -> Receipt:
    fields: dict[str, Any] = dict.fromkeys(Receipt.__slots__) | {"row": 1, "id": "1", "report": 1, "words": "w", "kind": "direct"}
    return Receipt(**fields | {"denies": False, "confidence": 0.5} | known)


@settings(max_examples=60)
@given(st.text() | st.just(HOSTILE), st.none() | st.text() | st.just(HOSTILE), st.booleans())
def test_hostile_text_gives_whole_feeds(words: str, name: str | None, denies: bool) -> None:
    told = receipt(words=words, speaker=name, title=name, publisher=words, cue=words, source=name, denies=denies)
    feed = SearchFeed(id="urn:a", title=words, updated="2024-03-05T12:00:00+00:00", entries=(Entry(id="urn:b", found=words, receipt=told),))
    root = ElementTree.fromstring(atom(feed))
    atoms = "{http://www.w3.org/2005/Atom}"
    assert [child.tag for child in root] == [atoms + name for name in ("id", "title", "updated", "generator", "entry")]
    [entry] = json.loads(json_feed(feed))["items"]
    content = root.findtext(f"{atoms}entry/{atoms}content")
    assert content == entry["content_text"] or not words
    assert not set("\x00\x1b\u202e\u2066\ufffe") & set(atom(feed) + json_feed(feed))
    assert ("(denied)" in headline(told)) == denies or "(denied)" in words + (name or "")


def test_hostile_reports_give_whole_feeds(archive: Archive, tmp_path: Path) -> None:
    text = f"“Rain {HOSTILE.replace('“', '')},” said Ada Lovell."
    put(archive, article(text, id="r2", title=HOSTILE, publisher=HOSTILE, url="javascript:alert(1)"))
    search = save(archive, from_start=True)
    told(archive)
    feed = feed_of(archive, search)
    assert len(parsed(feed).entries) == len(checked(feed)) == 3
    assert "javascript:" not in atom(feed) + "".join(item.get("url", "") for item in checked(feed))
    paths = write_feeds(archive, search, tmp_path / "feeds")
    assert not feedparser.parse(io.BytesIO(paths[0].read_bytes())).bozo
    assert len(json.loads(paths[1].read_bytes())["items"]) == 3


def test_files_are_written_whole_and_only_if_they_change(archive: Archive, tmp_path: Path) -> None:
    search, folder = save(archive, from_start=True), tmp_path / "www" / "feeds"
    paths = write_feeds(archive, search, folder)
    first = [path.stat().st_ino for path in paths]
    assert [path.stat().st_ino for path in write_feeds(archive, search, folder)] == first
    told(archive)
    write_feeds(archive, search, folder)
    assert sorted(path.name for path in folder.iterdir()) == ["ada.atom", "ada.json"]
    assert "“It rains in Harl,”" in paths[0].read_text("utf-8")


def test_a_hostile_name_leads_nowhere(archive: Archive, tmp_path: Path) -> None:
    save(archive, from_start=True)
    archive.execute("UPDATE searches SET name = '../ada'")
    with pytest.raises(QueryError, match="no name"):
        write_feeds(archive, searches(archive)[0], tmp_path / "feeds")
    assert not list(tmp_path.rglob("*.atom"))


def test_a_folder_that_is_none(archive: Archive, tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(QuothError, match="cannot be made"):
        write_feeds(archive, save(archive), tmp_path / "file")


# --- the command


def quoth(*arguments: str) -> tuple[int, str, str]:
    result = CliRunner().invoke(app, ["alerts", *arguments])
    return result.exit_code, result.stdout, result.stderr


@pytest.fixture
def folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.chdir(tmp_path)
    with Archive.open("quoth.db") as archive:
        put(archive, article(url="https://news.example/1"))
    return tmp_path


def test_the_command(folder: Path) -> None:
    assert quoth("list") == (0, "no saved searches\n", "")
    assert quoth("run", "--exit-code") == (3, "", "")
    assert quoth("add", "ada", "--speaker", "Ada Lovell", "--not-said", "--from-start") == (0, "", "")
    assert quoth("add", "ferry", "ferry", "-sails") == (2, "", quoth("add", "ferry", "ferry", "-sails")[2])
    assert quoth("add", "ferry", "ferry NOT sails") == (0, "", "")
    assert quoth("list") == (0, "ada: speaker Ada Lovell, polarity not_said\nferry: query ferry NOT sails\n", "")
    code, printed, _ = quoth("run", "--feeds", "feeds", "--exit-code")
    assert code == 0
    assert printed == (
        "ada: 1 new\n  Ada Lovell (not said): “We will not pay Norvania,”\n"
        "    Harl Post · 2024-03-05 · https://news.example/1 · statement 3\n"
    )
    assert sorted(path.name for path in (folder / "feeds").iterdir()) == ["ada.atom", "ada.json", "ferry.atom", "ferry.json"]
    assert quoth("run") == (0, "", "")
    assert quoth("remove", "ada")[0] == 0
    assert json.loads(quoth("list", "--json")[1])[0]["asks"] == {"query": "ferry NOT sails"}


def test_the_command_tells_programs(folder: Path) -> None:
    quoth("add", "all", "--from-start")
    code, printed, _ = quoth("run", "--json", "--limit", "1")
    [line] = printed.splitlines()
    told = json.loads(line)
    assert (code, told["search"], told["new"], len(told["statements"])) == (0, "all", 3, 1)
    assert told["statements"][0]["words"] == "“It rains in Harl,”"
    assert quoth("run", "--json", "--exit-code") == (3, "", "")


def test_what_was_not_printed_is_new_still(folder: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    def fail(printed: str, progress: object) -> None:
        raise QuothError("cannot be written to: No space left on device", concerns="<stdout>")

    quoth("add", "all", "--from-start")
    with monkeypatch.context() as patch:
        patch.setattr("quoth.cli.alerts.write", fail)
        assert quoth("run")[0] == 1
    assert quoth("run")[1].startswith("all: 3 new\n")


@pytest.mark.parametrize(
    ("arguments", "code", "complaint"),
    [
        (["run", "none"], 1, "no saved search of that name"),
        (["remove", "none"], 1, "no saved search of that name"),
        (["add", "A b"], 1, "no name of a saved search"),
        (["add", "a", "x" * 2001], 1, "longer than 2,000 characters"),
        (["add", "a", "\udcff"], 1, "cannot read"),
        (["run", "--archive", "none.db"], 1, "no such archive"),
        (["add", "a", "--since", "noon"], 2, "no date"),
        (["run", "--feeds", "quoth.db"], 1, "cannot be made"),
    ],
)
def test_the_command_complains_in_one_line(folder: Path, arguments: list[str], code: int, complaint: str) -> None:
    quoth("add", "all")
    ended, _, told = quoth(*arguments)
    assert ended == code
    assert complaint in told
    assert code == 2 or told.count("\n") == 1


def test_a_damaged_search_is_told(folder: Path) -> None:
    quoth("add", "bad")
    with Archive.open("quoth.db") as archive:
        archive.execute("UPDATE searches SET query = '[]'")
    assert quoth("list") == (0, "bad: cannot be read by this quoth\n", "")
    assert quoth("run") == (1, "", "quoth: bad: this quoth cannot read what the saved search asks\n")


def test_a_hostile_name_stops_no_other_feed(folder: Path) -> None:
    quoth("add", "a")
    quoth("add", "b")
    with Archive.open("quoth.db") as archive:
        archive.execute("UPDATE searches SET name = '../a' WHERE name = 'a'")
    code, _, complaint = quoth("run", "--feeds", "feeds")
    assert (code, complaint.count("\n")) == (1, 1) and "../a: no name" in complaint
    assert sorted(path.name for path in folder.rglob("*.atom")) == ["b.atom"]


def test_the_guide(folder: Path) -> None:
    guide = (Path(__file__).parent.parent / "docs" / "alerts.md").read_text("utf-8")
    sessions = re.findall(r"^```console no-run\n(.*?)^```", guide, re.MULTILINE | re.DOTALL)
    steps = [step for session in sessions for step in re.findall(r"^\$ (.*)\n((?:[^$`].*\n)*)", session, re.MULTILINE)]
    assert len(steps) == 6
    for command, shown in steps:
        if "run --feeds" in command:
            with Archive.open("quoth.db") as archive:
                text = "“The harbour strike is over,” denied Ada Lovell."
                put(archive, article(text, id="r2", day=6, url="https://harlpost.example/2"))
        if "&&" not in command:
            assert quoth(*shlex.split(command)[2:]) == (0, shown, "")
