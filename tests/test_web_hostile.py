"""Reports that want to be more than text: nothing of them is executed, and every place stays where it is."""

import html
import re
from dataclasses import replace
from html.parser import HTMLParser
from pathlib import Path

import pytest

pytest.importorskip("fastapi", reason="needs the extra web")

from fastapi.testclient import TestClient
from hypothesis import given
from hypothesis import strategies as st
from web_archive import AT, statement, with_report

from quoth.archive import Archive
from quoth.types import Article, Attribution, Span, Statement, statement_id
from quoth.web.app import create_app
from quoth.web.marking import Mark, marked, plain
from quoth.web.offsets import Utf16
from quoth.web.setting import parts_of, set_report

HERE = "http://127.0.0.1:8400"
HOSTILE = {
    "script": '"<script>alert(1)</script>," said <b onclick=alert(1)>Ama Osei</b>.',
    "closing": '"</p></article></textarea></title><!-- ]]> --></script><img src=x onerror=alert(1)>," said Ama Osei.',
    "entities": '"&lt;script&gt; &amp;amp; &#60;b&#62; &notanentity; &#x202e;," said Ama Osei.',
    "bidi": '"\u202egnihton\u202c dias I \u2066\u2067," said Ama \u202eOsei\u202c.\u200f',
    "controls": '"a\x00b\x08c\x1bd\x7f\x85e\u2028f\ufffeg," said Ama\x0bOsei.',
    "emoji": '"👩‍👩‍👧 🎺🎺 we sail 🏴‍☠️," said 𝔸ma 🦭 Osei. "é e\u0301 \U0010ffff"',
    "template": '"{{ 7 * 7 }} {% raw %} ${7*7} #{7*7}," said Ama Osei.',
    "formula": "\"=cmd|' /C calc'!A0,\" said Ama Osei.",
    "address": '"javascript:alert(1)//," said Ama Osei.',
}
ELEMENTS = set(
    "html head meta title link script body a header nav form label input main article p h1 h2 h3 span footer ul li div aside b time bdi"
    " section blockquote table thead tbody tr th td br button ol dl dt dd code svg rect figure figcaption details summary fieldset select"
    " option legend textarea datalist kbd ins del".split()
)  # fmt: skip


class Parts(HTMLParser):
    """The elements and the text of a page, with the characters that cannot be seen put back."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.tags: set[str] = set()
        self.handlers: list[str] = []
        self.addresses: list[str] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.handlers += [name for name, _ in attrs if name.startswith("on")]
        self.addresses += [value or "" for name, value in attrs if name in ("href", "src", "action")]


def room_with(path: Path, text: str, contents: list[str], **told: str) -> TestClient:
    return TestClient(create_app(with_report(path, text, contents, **told), reviewer="Test"), base_url=HERE)


def text_of(paragraph: str) -> str:
    """The text that a set paragraph shows, as a browser's script reads it."""
    without = re.sub(r'<a class="n".*?</a>', "", paragraph)
    pieces = re.split(r'<span class="x" title="U\+([0-9A-F]+)">⍰</span>', without)
    shown = [chr(int(piece, 16)) if number % 2 else html.unescape(re.sub(r"<[^>]*>", "", piece)) for number, piece in enumerate(pieces)]
    return "".join(shown)


@pytest.mark.parametrize("name", HOSTILE)
def test_nothing_of_a_report_is_more_than_text(tmp_path: Path, name: str) -> None:
    text = HOSTILE[name]
    words = text[: text.index(" said")].rstrip(",")
    hostile = {"title": f"<i>{text}", "publisher": text[::-1].replace("\x00", ""), "author": text, "url": "javascript:alert(1)"}
    room = room_with(tmp_path / "a.db", text, [words], **hostile)
    for page in (
        "/",
        "/search",
        "/search?q=said",
        f"/search?q={'%22%3E%3Cscript%3E'}",
        "/reports",
        "/report/1",
        "/statement/1",
        "/review",
        "/statistics",
    ):
        parts = Parts(room.get(page).text)
        assert parts.tags <= ELEMENTS
        assert not parts.handlers
        assert not [address for address in parts.addresses if not address.startswith(("/", "#", "https://"))]
        assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069]", room.get(page).text)
    report = room.get("/report/1.json").json()
    [span] = report["statements"][0]["content"]
    assert text[span["start"] : span["end"]] == words
    assert text.encode("utf-16-le")[2 * span["utf16"][0] : 2 * span["utf16"][1]].decode("utf-16-le") == words
    for address in ("/search.atom", "/feed.json", "/search.csv", "/report/1.csv", "/statement/1.csv", "/statistics.csv"):
        assert room.get(address).status_code == 200
    assert not re.search(r"(?:^|,|\n)\"?[=+@]", room.get("/search.csv").text)


def test_a_text_that_is_pasted_is_text(tmp_path: Path) -> None:
    room = room_with(tmp_path / "a.db", "It rained, said Ama Osei.", ["It rained"])
    nested = "“" * 500 + "deep" + "”" * 500
    for text in (*HOSTILE.values(), nested, "", "   ", "Title: \n\n", "x" * 60_001, "Date: never\n\nIt rained."):
        answer = room.post("/read", data={"text": text, "title": text[:100], "url": "javascript:alert(1)"}, headers={"origin": HERE})
        assert answer.status_code in (200, 422)
        assert Parts(answer.text).tags <= ELEMENTS
    files = {"a.html": b"<p>", "a.zip": b"PK\x03\x04junk", "a.txt": b"\xff\xfe\x00", "b.txt": b'"We sail," said Ama Osei.', "": b""}
    for name, raw in files.items():
        answer = room.post("/read", files={"file": (name or "n", raw)}, headers={"origin": HERE})
        assert answer.status_code in (200, 422), (name, answer.text)
    too_much = room.post("/read", files={"file": ("a.txt", b"x" * 6_000_001)}, headers={"origin": HERE})
    assert too_much.status_code == 413


def test_a_text_that_is_kept_is_the_text_that_was_pasted(tmp_path: Path) -> None:
    room = room_with(tmp_path / "a.db", "It rained, said Ama Osei.", ["It rained"])
    text = '\n\n"We\u202e sail, 🎺 &amp; <b>," said Ama Osei.\n  End.'
    shown = room.post("/read", data={"text": text, "published": "2024-03-05"}, headers={"origin": HERE}).text
    kept = html.unescape(re.search(r"<textarea hidden name=\"text\">\n(.*?)</textarea>", shown, re.DOTALL)[1])  # type: ignore[index]
    assert kept == text
    answer = room.post("/read/keep", data={"text": kept, "published": "2024-03-05"}, headers={"origin": HERE}, follow_redirects=False)
    assert answer.headers["location"] == "/report/2"
    assert room.get("/report/2.json").json()["text"] == text
    assert room.post("/api/v1/reports", json={"text": text}).status_code == 201
    assert room.post("/api/v1/extract", json={"text": '"We sail," said Ama Osei.'}).json()["statements"]


def test_a_very_long_report_is_shown_in_parts(tmp_path: Path) -> None:
    text = "".join(f'"Number {number} sails," said Ama Osei.\n\n' + "The sea was wide. " * 50 + "\n\n" for number in range(5300))
    assert len(text) > 4_900_000
    room = room_with(tmp_path / "a.db", text, [f'"Number {number} sails,"' for number in range(0, 5300, 50)])
    page = room.get("/report/1")
    assert page.status_code == 200
    assert len(page.content) < 250_000
    last = room.get("/search.json?q=5250").json()["hits"][0]
    opened = room.get(f"/report/1?statement={last['id']}").text
    assert f'id="s-{last["id"]}"' in opened
    assert room.get(last["page"]).status_code == 200


def test_a_thousand_statements_within_one_another_stay_a_page(tmp_path: Path) -> None:
    text = "“" * 1000 + "deep" + "”" * 1000
    article = Article.of(text, id="deep")
    outer = statement(article, text)
    nested = [_of(outer, Span(start=place, end=len(text) - place)) for place in range(1000)]
    with Archive.open(tmp_path / "deep.db") as archive:
        archive.store(article, nested, extractor="by hand 1", at=AT)
    room = TestClient(create_app(tmp_path / "deep.db", reviewer="Test"), base_url=HERE)
    page = room.get("/report/1")
    assert page.status_code == 200
    assert len(page.content) < 1_000_000
    assert "600 statements more" in page.text
    assert room.get("/statement/1000").status_code == 200


def _of(outer: Statement, span: Span) -> Statement:
    found: Attribution = replace(outer.attribution, content=(span,))
    return replace(outer, id=statement_id(outer.article, (span,)), attribution=found, anchors=())


@given(st.text(st.characters(exclude_categories=["Cs"]), max_size=80), st.data())
def test_a_text_is_shown_whole_and_in_order_whatever_is_marked(text: str, data: st.DataObject) -> None:
    places = st.integers(0, max(len(text) - 1, 0))
    pairs = (
        data.draw(st.lists(st.tuples(places, st.integers(1, 40), st.sampled_from(["content", "source", "cue"])), max_size=6))
        if text
        else []
    )
    marks = [
        Mark(span=Span(start=start, end=min(len(text), start + length)), role=role, number=number)
        for number, (start, length, role) in enumerate(pairs, 1)
    ]
    shown = marked(text, Span(start=0, end=len(text)), marks, labels={0: [(1, "id")]}) if text else plain(text)
    assert text_of(str(shown)) == text
    units, encoded = Utf16.of(text), text.encode("utf-16-le")
    for mark in marks:
        start, end = units.units(mark.span)
        assert encoded[2 * start : 2 * end].decode("utf-16-le") == mark.span.slice(text)
        assert units.span(start, end) == mark.span


@given(st.text(st.sampled_from("ab \n\u2028"), max_size=120), st.integers(1, 40))
def test_the_parts_of_a_text_are_the_text(text: str, size: int) -> None:
    parts = parts_of(text, size)
    assert "".join(part.slice(text) for part in parts) == text
    article = Article.of(text)
    set_again = [set_report(article, (), part=number, size=size, most=9) for number in range(1, len(parts) + 1)]
    shown = [paragraph for part in set_again for paragraph in part.paragraphs]
    assert all(text[one.start :].startswith(text_of(str(one.html))) for one in shown)
    assert re.sub(r"\s", "", "".join(text_of(str(one.html)) for one in shown)) == re.sub(r"\s", "", text)
