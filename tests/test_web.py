"""The reading room: every page and its twins, and what they refuse."""

import csv
import io
import json
import re
from collections.abc import Iterator
from html.parser import HTMLParser
from pathlib import Path
from urllib.parse import quote
from xml.etree import ElementTree

import pytest

pytest.importorskip("fastapi", reason="needs the extra web")

from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from web_archive import AT, HERE, OWN, make, visitor

from quoth.archive import Archive
from quoth.archive.people_changes import merge
from quoth.archive.variants import find_variants
from quoth.errors import ArchiveError
from quoth.web.app import create_app
from quoth.web.guard import HEADERS

PAGES = (
    "/",
    "/search",
    "/reports",
    "/people",
    "/people/changes",
    "/conflicts",
    "/statistics",
    "/alerts",
    "/report/1",
    "/person/name:Bo Lind",
)
LISTS = (
    "/index",
    "/alerts",
    "/people/changes",
    "/review",
    "/search",
    "/reports",
    "/people",
    "/conflicts",
    "/statistics",
    "/report/1",
    "/person/name:Bo Lind",
)


@pytest.fixture(scope="module")
def archive(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = make(tmp_path_factory.mktemp("web") / "quoth.db")
    with Archive.open(path) as opened:
        merge(opened, "name:Ama Osei", "name:Ama Osei", by="test", at=AT)
        find_variants(opened)
    return path


@pytest.fixture(scope="module")
def room(archive: Path) -> Iterator[TestClient]:
    with visitor(archive) as client:
        yield client


@pytest.fixture
def own(tmp_path: Path) -> Iterator[TestClient]:
    """A room that a test may change."""
    with visitor(make(tmp_path / "own.db")) as client:
        yield client


class Tags(HTMLParser):
    """The elements of a page, to see what is in it."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attrs)))


def statement_page(room: TestClient, words: str) -> str:
    return str(room.get("/search.json", params={"q": words}).json()["hits"][0]["page"])


@pytest.mark.parametrize("page", [*PAGES, "/read", "/review", "/review?queue=second"])
def test_every_page_is_one_without_inline_script_or_style(room: TestClient, page: str) -> None:
    answer = room.get(page)
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "text/html; charset=utf-8"
    for tag, attributes in Tags(answer.text).found:
        assert tag != "style"
        assert "style" not in attributes
        assert not any(name.startswith("on") for name in attributes)
        assert tag != "script" or attributes.get("src") or attributes.get("type") == "application/ld+json"
        assert tag != "form" or (attributes.get("action") or "").startswith("/")
    assert {name: answer.headers[name] for name in HEADERS} == HEADERS


@pytest.mark.parametrize("page", PAGES)
def test_every_page_has_a_twin_of_json(room: TestClient, page: str) -> None:
    twin = room.get("/index.json" if page == "/" else f"{page}.json")
    api = room.get("/api/v1" + {"/": "/"}.get(page, page.replace("/report/", "/reports/").replace("/person/", "/people/")))
    assert twin.status_code == api.status_code == 200
    assert twin.json() == api.json()
    links = [attributes["href"] for tag, attributes in Tags(room.get(page).text).found if tag == "link"]
    assert twin.url.raw_path.decode() in links


@pytest.mark.parametrize("page", LISTS)
def test_every_list_has_a_twin_of_csv(room: TestClient, page: str) -> None:
    answer = room.get(f"{page}.csv")
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    header, *rows = csv.reader(io.StringIO(answer.text, newline=""))
    assert all(len(row) == len(header) for row in rows)


def test_the_table_of_statistics_has_all_of_the_page(room: TestClient) -> None:
    rows = list(csv.DictReader(io.StringIO(room.get("/statistics.csv").text, newline="")))
    outlets = {row["key"]: row for row in rows if row["group"] == "outlet"}
    in_months = [row for row in rows if row["group"] == "outlet by month"]
    assert sum(int(row["statements"]) for row in in_months) == sum(int(row["statements"]) for row in outlets.values())
    for row in outlets.values():
        assert sum(int(row[kind]) for kind in ("direct", "mixed", "indirect")) == int(row["statements"]) >= int(row["unresolved"])
    told = room.get("/statistics.json").json()["outlets"]
    assert {one["publisher"]: sum(one["months"].values()) for one in told} == {
        name: int(row["statements"]) for name, row in outlets.items()
    }


def test_months_are_counted_beside_a_search(room: TestClient) -> None:
    page = room.get("/search?since=2024-03-01&until=2024-03-31").text
    assert re.search(r'<a href="/search"[^>]*><bdi>March 2024', page), "the month that is chosen can be let go"


def test_what_is_chosen_stays_where_nothing_is_found(room: TestClient) -> None:
    assert "partly in quotation marks" in room.get("/search?q=nowhere&kind=mixed").text


def test_a_statement_shows_its_context_variants_evidence_and_how_to_cite_it(room: TestClient) -> None:
    page = statement_page(room, '"one pilot cannot"')
    html, told = room.get(page).text, room.get(f"{page}.json").json()
    assert told["speaker"]["name"] == "Ama Osei"
    assert [one["words"] for one in told["variants"]][1:] == ["one pilot may not do the work of two men"]
    assert [name for change in told["variants"][1]["changes"] for name in change["classes"] if name == "modal"] == ["modal"]
    assert told["citation"].startswith('Ama Osei: "One pilot cannot do two men\'s work," […]')
    assert '<ins class="grave"' in html
    assert "on Thursday</span>" in html
    graph = json.loads(re.search(r'<script type="application/ld\+json">(.*?)</script>', html)[1])["@graph"]  # type: ignore[index]
    assert [one["@type"] for one in graph] == ["NewsArticle", "Quotation"]
    assert "#:~:text=" in html


def test_spans_count_code_points_and_utf16_units(room: TestClient) -> None:
    report = room.get("/report/1.json").json()
    text, units = report["text"], report["text"].encode("utf-16-le")
    spans = [span for one in report["statements"] for span in [*one["content"], one["cue"], one["source"]] if span]
    assert any(span["start"] != span["utf16"][0] for span in spans)
    for span in spans:
        start, end = span["utf16"]
        assert text[span["start"] : span["end"]] == span["text"] == units[2 * start : 2 * end].decode("utf-16-le")


def test_a_report_ties_its_notes_to_its_words(room: TestClient) -> None:
    report = room.get("/report/3").text
    found = Tags(report).found
    links = {attributes["id"] for tag, attributes in found if tag == "a" and attributes.get("class") == "n"}
    backs = {str(attributes["href"])[1:] for tag, attributes in found if tag == "a" and attributes.get("class") == "no-of"}
    assert links == backs
    assert len(links) == 3
    assert '<span class="content mixed d1" data-s="2"><span class="content direct d2" data-s="3">"never again"</span></span>' in report


def test_a_conflict_is_shown_where_it_is_one(room: TestClient) -> None:
    [conflict] = room.get("/conflicts.json").json()["conflicts"]
    assert {conflict["left"]["speaker"], conflict["right"]["speaker"]} == {"Cay Moor", "Dee Falk"}
    assert room.get("/person/name:Dee Falk.json").json()["conflicts"]
    assert "Credited to others" in room.get(f"/statement/{conflict['left']['row']}").text


def test_a_search_narrows_and_pages_by_its_links(room: TestClient) -> None:
    first = room.get("/search.json", params={"limit": 3, "sort": "oldest"})
    rows = [hit["row"] for hit in first.json()["hits"]]
    while (address := first.json()["next"]) is not None:
        assert first.links["next"]["url"] == address
        first = room.get(address)
        rows += [hit["row"] for hit in first.json()["hits"]]
    assert len(rows) == len(set(rows)) == 9
    facets = room.get("/search.json", params={"polarity": "not_said"}).json()["facets"]
    assert facets["total"] == 1
    page = room.get("/search", params={"q": "pilot", "kind": "indirect"})
    assert 'class="found">pilot</span>' in page.text
    assert "in other words" in page.text


def test_a_person_is_searched_within(room: TestClient) -> None:
    [person] = room.get("/people.json").json()["people"]
    found = room.get(f"{person['page']}.json", params={"q": "men"}).json()
    assert (found["first"]["published"], found["last"]["published"]) == ("2024-03-14", "2024-03-15")
    assert [month["month"] for month in found["months"]] == ["2024-03"]


@pytest.mark.parametrize("address", ["/search.atom?q=pilot", "/feed.json?q=pilot"])
def test_a_search_is_a_feed(room: TestClient, address: str) -> None:
    answer = room.get(address)
    assert "one pilot may not" in answer.text
    assert all(f"{HERE}{told}?q=pilot" in answer.text for told in ("/search", address.partition("?")[0])), "the page for people, and itself"
    if "atom" in address:
        assert len(ElementTree.fromstring(answer.text).findall("{http://www.w3.org/2005/Atom}entry")) == 2
    else:
        assert len(answer.json()["items"]) == 2


def test_a_search_is_kept_as_an_alert(own: TestClient) -> None:
    told = {"name": "pilots", "q": "pilot", "kind": "indirect", "since": ""}
    assert own.post("/alerts", data=told, headers=OWN).headers["location"] == "/alerts"
    [alert] = own.get("/alerts.json").json()["alerts"]
    assert alert["query"] == {"q": "pilot", "kind": "indirect"}
    assert own.get(alert["atom"]).status_code == own.get("/alerts").status_code == 200
    assert own.post("/alerts", data=told, headers=OWN).status_code == 400
    assert own.post("/alerts/remove", data={"name": "pilots"}, headers=OWN).status_code == 303
    assert own.get("/alerts.json").json()["alerts"] == []


def test_a_page_that_did_not_change_is_not_sent_again(room: TestClient) -> None:
    tag = room.get("/report/1").headers["etag"]
    assert room.get("/report/1", headers={"if-none-match": f'W/"x", {tag}'}).status_code == 304
    assert room.get("/report/2", headers={"if-none-match": tag}).status_code == 200


@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/nothing", 404), ("/report/99", 404), ("/statement/nothing", 404), ("/person/nobody", 404), ("/report/x", 400),
        ("/search?kind=loud", 400), ("/search?since=1710374400", 400), ("/search?limit=0", 400), ("/search?after=nowhere", 400),
        (f"/search?q={'a' * 2001}", 400), ("/search?speaker=%00", 200), (f"/search?q={'a' * 9000}", 414),
        ("/report/9223372036854775808", 400),
    ],
)  # fmt: skip
def test_what_cannot_be_is_told_in_one_shape(room: TestClient, address: str, status: int) -> None:
    path, mark, query = address.partition("?")
    page, twin = room.get(address), room.get(f"{path}.json{mark}{query}")
    assert page.status_code == twin.status_code == status
    assert "Traceback" not in page.text
    if status != 200:
        assert twin.json()["error"].keys() == {"status", "title", "detail", "where"}
        assert twin.json()["error"]["status"] == status


def test_a_wrong_day_is_told_in_our_own_words(room: TestClient) -> None:
    told = room.get("/search.json?since=x").json()["error"]
    assert told["detail"] == "since: write a day as 2024-03-05"


def test_a_room_without_accounts_answers_to_this_machine_alone(room: TestClient) -> None:
    for host in ("evil.example", "127.0.0.1.evil.example", "[::1", "", "127.0.0.1@evil.example"):
        assert room.get("/", headers={"host": host}).status_code == 421
    for host in ("localhost:8400", "[::1]:8400", "127.0.0.1"):
        assert room.get("/", headers={"host": host}).status_code == 200


@pytest.mark.parametrize(
    ("headers", "status"),
    [
        ({"origin": HERE}, 303), ({"sec-fetch-site": "same-origin"}, 303), ({"referer": f"{HERE}/review"}, 303),
        ({"origin": "http://evil.example"}, 403), ({"origin": "null"}, 403), ({"origin": "http://127.0.0.1:9"}, 403),
        ({"origin": "http://["}, 403), ({"sec-fetch-site": "cross-site"}, 403), ({"sec-fetch-site": "same-site"}, 403),
        ({"referer": "http://evil.example/127.0.0.1:8400"}, 403), ({}, 403),
    ],
)  # fmt: skip
def test_forms_of_other_sites_do_nothing(own: TestClient, headers: dict[str, str], status: int) -> None:
    assert own.post("/review", data={"row": 1, "action": "accept"}, headers=headers).status_code == status
    assert len(own.get("/statement/1.json").json()["reviews"]) == (status == 303)


def test_a_text_is_read_for_programs_and_spreadsheets_too(room: TestClient) -> None:
    given = {"text": '"The quay is ready," said Ama Osei.'}
    assert [one["speaker"]["name"] for one in room.post("/read.json", data=given, headers=OWN).json()["statements"]] == ["Ama Osei"]
    assert "The quay is ready" in room.post("/read.csv", data=given, headers=OWN).text
    assert room.post("/read.json", data={"text": " "}, headers=OWN).status_code == 422


def test_a_query_that_takes_too_long_is_stopped(archive: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("quoth.web.connections.STEPS", 1)
    room = TestClient(create_app(archive, deadline=1e-9), base_url=HERE)
    for page in ("/report/1", "/statement/1", "/api/v1/people"):
        answer = room.get(page)
        assert (answer.status_code, answer.headers["retry-after"]) == (503, "5")
    assert room.get("/search").status_code in (400, 503)
    assert "Too many to count" in room.get("/statistics").text


def test_openrefine_finds_who_a_name_is(room: TestClient) -> None:
    manifest = room.get("/reconcile").json()
    assert manifest["versions"] == ["0.2"]
    [person] = room.get("/people.json").json()["people"]
    queries = {"a": {"query": "OSEI, Ama"}, "b": {"query": "Nobody Such"}, "c": {"query": "***", "limit": 2}}
    answers = room.post("/reconcile", data={"queries": json.dumps(queries)}).json()
    assert answers["a"]["result"][0] | {"type": None} == {
        "id": person["id"],
        "name": "Ama Osei",
        "score": 100.0,
        "match": True,
        "type": None,
    }
    assert answers["b"]["result"] == answers["c"]["result"] == []
    assert room.get("/reconcile", params={"queries": "[1]"}).status_code == 400
    assert [one["name"] for one in room.get("/reconcile/suggest?prefix=os").json()["result"]] == ["Ama Osei"]


def test_there_is_no_room_without_an_archive(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match="no such archive"):
        create_app(tmp_path / "none.db")


NAMES = "q speaker about publisher kind act polarity since until by confidence sort limit after".split()
VALUES = ["2024-03-14", "0001-01-01", "9999-12-31", "1", "nan", "inf", "rank", "direct", "name:", "AND (", '"', "*"]


@given(st.dictionaries(st.sampled_from(NAMES), st.one_of(st.text(max_size=30), st.sampled_from(VALUES)), max_size=4))
def test_no_search_fails(room: TestClient, asked: dict[str, str]) -> None:
    for path in ("/search", "/search.json", "/statistics.json", "/search.atom", "/feed.json"):
        assert room.get(path, params=asked).status_code in (200, 400)


def test_no_parameter_of_the_api_makes_it_fail(room: TestClient) -> None:
    paths = room.get("/openapi.json").json()["paths"]
    hostile = ["", "0", "-1", "99999999999999999999", "a\u202e'\"<b>&", "%", "name:", "\0", "../../etc", "𝔸", "null", "[]", "1e309"]
    for path, methods in paths.items():
        operation = methods.get("get")
        for value in hostile if operation else ():
            filled = re.sub(r"\{[^}]*\}", lambda _, value=value: quote(value or "x", safe=""), path)
            queried = {one["name"]: value for one in operation.get("parameters", []) if one["in"] == "query"}
            for asked in ({}, queried, *({name: one} for name, one in queried.items())):
                assert room.get(filled, params=asked).status_code in (200, 400, 404), (filled, asked)
    for path, methods in paths.items():
        for body in ("", "{", "[]", "null", '{"text": 1}', '{"action": "edit", "content": [[9, 1]]}', '{"text": "\\ud800"}', "[" * 5000):
            if "post" in methods and "reconcile" not in path:
                filled = re.sub(r"\{[^}]*\}", "1", path)
                answer = room.post(filled, content=body, headers={"content-type": "application/json"})
                assert answer.status_code in (201, 400, 404, 409, 422), (filled, body, answer.text)


def test_the_text_of_a_page_is_the_text_of_the_report(room: TestClient) -> None:
    html = room.get("/report/1").text
    text = room.get("/report/1.json").json()["text"]
    shown = re.findall(r'<p class="text" dir="auto" data-start="(\d+)">(.*?)</p>', html, re.DOTALL)
    for start, paragraph in shown:
        plain = re.sub(r'<a class="n".*?</a>|<[^>]*>', "", paragraph).replace("&amp;", "&").replace("&lt;", "<").replace("&gt;", ">")
        assert text[int(start) : int(start) + len(plain)] == plain
