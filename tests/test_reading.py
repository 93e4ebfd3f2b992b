"""Bytes to Article: charsets, headers, JSON Lines, and everything that is no report."""

import codecs
import datetime
import io
import json
from pathlib import Path

import pytest
from hypothesis import example, given
from hypothesis import strategies as st

import quoth.reading.text
from quoth.errors import ArticleError
from quoth.reading import checked, decode, published_date, read, read_stream, read_text
from quoth.reading.charsets import BOMS
from quoth.reading.published import MONTHS
from quoth.types import Article, Skipped, hash_of

SHARED = Path(__file__).parents[2] / "shared"
WORDS = "“We will close the café bridge,” said Mara Lind. “It’s over – for now.”"
ENGLISH = (WORDS + "\r\nThe town of Ostby had waited for the news since the spring.\n") * 3
TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\x00"), min_size=1)


def reports(raw: bytes, origin: str = "report.txt") -> list[Article | Skipped]:
    return list(read_stream(io.BytesIO(raw), origin=origin))


def report(raw: bytes, origin: str = "report.txt") -> Article:
    [article] = reports(raw, origin)
    assert isinstance(article, Article), article
    return article


def reason(raw: bytes, origin: str = "report.txt") -> str:
    [skipped] = reports(raw, origin)
    assert isinstance(skipped, Skipped), skipped
    assert "\n" not in skipped.reason
    return skipped.reason


@pytest.mark.parametrize(
    ("raw", "declared", "charset"),
    [
        (ENGLISH.encode(), None, "utf-8"),
        (codecs.BOM_UTF8 + ENGLISH.encode(), None, "utf-8"),
        (codecs.BOM_UTF16_LE + ENGLISH.encode("utf-16-le"), None, "utf-16-le"),
        (codecs.BOM_UTF16_BE + ENGLISH.encode("utf-16-be"), "utf-8", "utf-16-be"),
        (codecs.BOM_UTF32_LE + ENGLISH.encode("utf-32-le"), None, "utf-32-le"),
        (codecs.BOM_UTF32_BE + ENGLISH.encode("utf-32-be"), None, "utf-32-be"),
        (ENGLISH.encode("cp1252"), "windows-1252", "cp1252"),
        (ENGLISH.encode("cp1252"), None, "cp1252"),
        (ENGLISH.encode("cp1252"), "no such charset", "cp1252"),
        (ENGLISH.encode("cp1252"), "ascii", "cp1252"),
        (ENGLISH.encode("cp1252"), "base64", "cp1252"),
        (ENGLISH.encode(), "ascii", "utf-8"),
    ],
)
def test_decode(raw: bytes, declared: str | None, charset: str) -> None:
    assert decode(raw, declared) == (ENGLISH, charset)


@pytest.mark.parametrize(
    ("text", "charset"),
    [
        ("Le président a déclaré que la réforme était nécessaire, « dès demain », et n'a rien ajouté.", "cp1252"),
        ("Президент заявил, что реформа необходима. «Мы готовы», — сказал он.", "cp1251"),
        ("市長は「来年橋を閉鎖する」と述べた。住民は反対している。", "shift_jis"),
        ("plain words " * 20_000 + "“until the very end”", "cp1252"),
    ],
)
def test_decode_guesses(text: str, charset: str) -> None:
    assert decode(text.encode(charset))[0] == text


@given(TEXTS, st.sampled_from([charset for _, charset in BOMS]))
def test_decode_gives_back_what_was_encoded(text: str, charset: str) -> None:
    mark = next(mark for mark, name in BOMS if name == charset)
    assert decode(mark + text.encode(charset)) == (text, charset)


@given(st.binary(max_size=400))
def test_any_bytes_are_a_text_or_an_error(raw: bytes) -> None:
    for result in reports(raw):
        if isinstance(result, Article):
            assert result.text.strip()
            assert result.sha256 == hash_of(result.text)


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "empty"),
        (b" \r\n\t\n", "empty"),
        (codecs.BOM_UTF8, "empty"),
        (b"The mayor\x00 spoke.", "NUL"),
        (codecs.BOM_UTF16_LE + "a\x00b".encode("utf-16-le"), "NUL character at character 1"),
        (codecs.BOM_UTF16_LE + b"\x00\xd8x", "byte order mark"),
        (b"%PDF-1.7 ...", "PDF"),
        (b"PK\x03\x04....", "ZIP"),
        (b"\x1f\x8b\x08\x01....", "gzip"),
        (b"\x89PNG\r\n\x1a\n....", "PNG"),
        (bytes(range(1, 32)) * 4, "control characters"),
        (b"date 2019-02-30 It rained.", "2019-02-30"),
        (b"Date: yesterday\n\nIt rained.", "yesterday"),
        (b"Title: Rain\nDate: 03/04/2020\n\nIt rained.", "03/04/2020"),
        (b"Title: Rain\nDate: 2020-03-04\n\n", "empty"),
    ],
)
def test_what_is_no_report(raw: bytes, expected: str) -> None:
    assert expected in reason(raw)


def test_the_first_report() -> None:
    folder = SHARED / "first-report"
    if not folder.is_dir():
        pytest.skip("the shared reports are not here")
    gold = json.loads((folder / "gold.json").read_text(encoding="utf-8"))
    [article] = read(folder / gold["file"])
    assert isinstance(article, Article)
    assert (article.id, str(article.published), article.text) == (gold["id"], gold["published"], gold["text"])


@pytest.mark.parametrize("gap", ["\n", "\n\n", "\r\n\r\n", "\r\r"])
def test_header_lines(gap: str) -> None:
    end = "\r\n" if "\r\n" in gap else gap[0]
    header = "Title: Rain: again|date: Thursday, 14 November 2019|URL:https://example.org/a|Publisher: Port Gazette|AUTHOR: Bo Hale"
    article = read_text(header.replace("|", end) + gap + "It rained." + end + "Title: kept" + end)
    assert (article.title, str(article.published), article.url) == ("Rain: again", "2019-11-14", "https://example.org/a")
    assert (article.publisher, article.author) == ("Port Gazette", "Bo Hale")
    assert article.text == f"It rained.{end}Title: kept{end}"


@pytest.mark.parametrize(
    ("text", "body"),
    [
        ("Date night is back, said Mara Lind.", "Date night is back, said Mara Lind."),
        ("\n  It rained.\r\n", "\n  It rained.\r\n"),
        ("Note: it rained.", "Note: it rained."),
        ("Title: Rain\nTitle: Sun\nIt rained.", "Title: Sun\nIt rained."),
        ("Title:\nDate:\n\nIt rained.", "It rained."),
        (" date 2019-11-14 It rained.\n", "It rained.\n"),
    ],
)
def test_where_the_body_begins(text: str, body: str) -> None:
    assert read_text(text).text == body


def test_a_declared_charset_is_used() -> None:
    raw = "Title: Мост\nCharset: koi8-r\n\nМост закрыт, сказал мэр.".encode("koi8-r")
    notes: list[str] = []
    [article] = read_stream(io.BytesIO(raw), origin="a.txt", notice=notes.append)
    assert isinstance(article, Article)
    assert (article.title, article.text) == ("Мост", "Мост закрыт, сказал мэр.")
    assert notes == ["a.txt: not UTF-8, read as koi8-r"]


@pytest.mark.parametrize(
    "written",
    ["2019-11-14", "2019-11-14T00:30:00+03:00", "2019-11-14 23:59", "2019-11-14T10:00:00Z", "14 November 2019", "November 14, 2019",
     "Nov. 14, 2019", "14th nov 2019", "Thu, 14 Nov 2019", " 14 November, 2019 "],
)  # fmt: skip
def test_dates(written: str) -> None:
    assert published_date(written) == datetime.date(2019, 11, 14)


@pytest.mark.parametrize(
    "written",
    ["", "2019", "2019-11", "2019-13-01", "2019-02-29", "14/11/2019", "11-14-2019", "20191114", "today", "31 November 2019",
     "14 Brumaire 2019", "Friday, 14 November 2019", "2019-11-14 or so", "Ma 14, 2019"],
)  # fmt: skip
def test_what_is_no_date(written: str) -> None:
    assert published_date(written) is None


@given(st.dates(min_value=datetime.date(1000, 1, 1)))
def test_a_date_is_read_in_every_form(date: datetime.date) -> None:
    month = MONTHS[date.month - 1].title()
    for written in (f"{date}", f"{date}T08:00:00Z", f"{date.day} {month} {date.year}", f"{month} {date.day}, {date.year}"):
        assert published_date(written) == date


def lines_of(*records: object) -> bytes:
    return "".join(json.dumps(record) + "\n" for record in records).encode()


def test_json_lines_keep_their_fields() -> None:
    record = {"id": "r/1", "text": " It rained.\r\n", "title": "Rain", "publisher": "P", "url": "u", "author": "A"}
    article = report(lines_of({**record, "published": "2024-01-02T23:30:00-08:00"}), "reports.jsonl")
    assert (article.id, article.text, str(article.published)) == ("r/1", " It rained.\r\n", "2024-01-02")
    assert (article.title, article.publisher, article.url, article.author) == ("Rain", "P", "u", "A")
    bare = report(lines_of({"text": "It rained.", "id": None, "title": "", "published": None}), "reports.jsonl")
    assert (bare.id, bare.title, bare.published) == (bare.sha256[:16], None, None)


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        (b'{"text": "It', "broken JSON"),
        (b"[1, 2]", "not a JSON object"),
        (b'"text"', "not a JSON object"),
        (b'{"id": "a"}', 'no "text"'),
        (b'{"text": 5}', '"text" is not a string'),
        (b'{"text": "a", "id": 5}', '"id" is not a string'),
        (b'{"text": "a", "published": 2019}', '"published" is not a string'),
        (b'{"text": "a", "published": "soon"}', "no date: 'soon'"),
        (b'{"text": "a", "title": ["b"]}', '"title" is not a string'),
        (b'{"text": "  "}', "empty"),
        (b'{"text": null}', "empty"),
        (b'{"text": "a \\ud83d b"}', "lone surrogate U+D83D at character 2"),
        (b'{"text": "a", "title": "\\udc00"}', "lone surrogate"),
        (b'{"text": "a\\u0000"}', "NUL character at character 1"),
        (b'{"text": "a\x00"}', "NUL bytes"),
        (b'{"text": ' + b"[" * 200_000, "nested too deep"),
        (b'{"text": ' + b"1" * 5_000 + b"}", "broken JSON"),
    ],
)
def test_a_bad_line_is_skipped_by_its_number(line: bytes, expected: str) -> None:
    around = lines_of({"id": "a", "text": "One."}), lines_of({"id": "b", "text": "Two."})
    first, skipped, last = reports(around[0] + b"\n" + line + b"\n" + around[1], "r.jsonl")
    assert isinstance(first, Article)
    assert isinstance(last, Article)
    assert (first.id, last.id) == ("a", "b")
    assert isinstance(skipped, Skipped)
    assert skipped.origin == "r.jsonl:3"
    assert expected in skipped.reason


def test_json_lines_are_known_by_what_they_hold() -> None:
    raw = b"\n" + lines_of({"id": "a", "text": "One."}, {"id": "b", "text": "Two."})
    assert [result.id for result in reports(raw, "<stdin>") if isinstance(result, Article)] == ["a", "b"]
    assert report(codecs.BOM_UTF8 + lines_of({"id": "a", "text": "One."}), "a.txt").id == "a"
    assert report(b'{"not": "a report"} is how it began.', "a.txt").text.endswith("began.")
    assert report(b"[Reuters] It rained.", "a.txt").text == "[Reuters] It rained."


def test_json_lines_come_one_by_one() -> None:
    class Endless(io.BytesIO):
        def readline(self, size: int | None = -1, /) -> bytes:
            return lines_of({"text": "It rained."})

    results = read_stream(Endless(), origin="r.jsonl")
    assert all(isinstance(next(results), Article) for _ in range(1000))


@pytest.mark.parametrize(
    ("raw", "expected"),
    [
        (b"", "no report"),
        (b"\n\n", "no report"),
        (b"\x1f\x8b\x08...\n...", "gzip"),
        (codecs.BOM_UTF16_LE + '{"text": "a"}'.encode("utf-16-le"), "utf-16-le"),
    ],
)
def test_a_file_that_holds_no_json_lines(raw: bytes, expected: str) -> None:
    assert expected in reason(raw, "r.jsonl")


def test_json() -> None:
    records = [{"id": "a", "text": "One."}, {"id": "b"}, {"id": "c", "text": "Three."}]
    for origin in ("r.json", "<stdin>"):
        first, skipped, last = reports(json.dumps(records, indent=1).encode(), origin)
        assert isinstance(first, Article)
        assert isinstance(last, Article)
        assert (first.id, last.id) == ("a", "c")
        assert skipped == Skipped(origin=f"{origin}, report 2", reason='no "text"')
        assert report(json.dumps(records[0], indent=1).encode(), origin).id == "a"
    assert "broken JSON" in reason(b'{\n"text": oops}', "r.json")
    assert "no report" in reason(b"[]", "r.json")


def test_too_large(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(quoth.reading.text, "MAX_CHARACTERS", 100)
    assert "too large: 101 characters" in reason(b"x" * 101)
    assert len(report(b"x" * 100).text) == 100
    assert "too large: 101 characters" in reason(lines_of({"text": "x" * 101}), "r.jsonl")


def test_fifty_megabytes_are_refused_before_they_are_read(tmp_path: Path) -> None:
    path = tmp_path / "large.txt"
    with path.open("wb") as large:
        large.truncate(50_000_000)
    assert [result.reason for result in read(path) if isinstance(result, Skipped)] == [
        "too large: more than 30,000,000 bytes, and 5,000,000 characters are read at most"
    ]
    long_line = b'{"text": "' + b"x" * 35_000_000 + b'"}\n'
    skipped, article = reports(long_line + lines_of({"text": "One."}), "r.jsonl")
    assert isinstance(skipped, Skipped)
    assert "too large" in skipped.reason
    assert isinstance(article, Article)


def test_a_line_of_a_million_characters_is_read() -> None:
    assert len(report(b"rain " * 200_000).text) == 1_000_000


def test_files_that_cannot_be_opened(tmp_path: Path) -> None:
    assert [result.reason for result in read(tmp_path) if isinstance(result, Skipped)] == ["Is a directory"]
    assert list(read(tmp_path / "none.txt")) == [Skipped(origin=str(tmp_path / "none.txt"), reason="No such file or directory")]


def test_ids(tmp_path: Path) -> None:
    path = tmp_path / "2024.rain.txt"
    path.write_bytes(b"It rained.")
    [article] = read(path)
    assert isinstance(article, Article)
    assert article.id == "2024.rain"
    assert report(b"It rained.", "<stdin>").id == hash_of("It rained.")[:16]


@given(TEXTS)
@example("Title: \x85")
@example("date 2019-11-14 a")
def test_a_plain_text_is_an_end_of_what_was_given(text: str) -> None:
    try:
        article = read_text(text)
    except ArticleError:
        return
    assert text.endswith(article.text)
    assert checked(article.text) == article.text
