"""Anything that holds reports: kinds told by content, folders, archives, tables, records; what is damaged or hostile is told, not lost."""

import bz2
import datetime
import gzip
import io
import json
import lzma
import os
import subprocess
import sys
import tarfile
import zipfile
from collections.abc import Mapping
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

import quoth.reading.containers as containers
from quoth.reading import Known, read, readings
from quoth.reading.kinds import kind_of
from quoth.types import Reading, Skipped

WORDS = "The bridge at Ostby will stay closed until the spring, said Mara Lind, who has run the harbour for nine years. "
PAGE = f'<html lang="en"><title>Bridge</title><article><p>{WORDS * 3}</p></article></html>'.encode()
LINES = b'{"id": "a", "text": "It rained."}\n{"id": "b", "text": "It hailed."}\n'


def results(raw: bytes, origin: str = "news", mapping: Mapping[str, str] | None = None) -> list[Reading | Skipped]:
    return list(readings(raw, origin=origin, mapping=mapping, limits=None))


def texts(raw: bytes, origin: str = "news", mapping: Mapping[str, str] | None = None) -> list[str]:
    return [
        found.article.text if isinstance(found, Reading) else f"({found.origin}: {found.reason})" for found in results(raw, origin, mapping)
    ]


def zipped(**members: bytes) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members.items():
            archive.writestr(name.replace("__", "."), raw)
    return stream.getvalue()


def tarred(mode: str = "w", **members: bytes) -> bytes:
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode=mode) as archive:  # type: ignore[call-overload]
        for name, raw in members.items():
            member = tarfile.TarInfo(name.replace("__", "."))
            member.size = len(raw)
            archive.addfile(member, io.BytesIO(raw))
    return stream.getvalue()


@pytest.mark.parametrize(
    ("opening", "name", "kind"),
    [
        (b"It rained.", "a", "text"), (b"It rained.", "a.html", "html"), (b"", "", "text"),
        (b"\xef\xbb\xbf<!DOCTYPE html>", "a.txt", "html"),
        (b"<!-- x --><?xml version='1.0'?>\n<rss>", "", "feed"), (b'<?xml version="1.0"?><feed xmlns="x">', "a.html", "feed"),
        (b"<rdf:RDF>", "", "feed"), (b'<?xml version="1.0"?><nitf>', "", "xml"), ("<html>".encode("utf-16"), "", "html"),
        (b"<p>It rained.", "", "html"), (b"<3 is all it said.", "", "text"), (b"Notice: x\n<html>", "", "html"),
        (b'{"text": "a"}', "", "jsonl"), (b'{"headline": "b", "body": "a"}', "", "jsonl"), (b'{\n "text": "a"}', "", "json"),
        (b'[{"text": "a"}]', "", "json"), (b"[Reuters] It rained.", "", "text"), (b"{}", "a.json", "json"),
        (b'{"version": "https://jsonfeed.org/version/1.1"', "", "jsonfeed"), (b'{"uri": "x", "body_html": "y"}', "", "ninjs"),
        (b"id,body\n1,x", "", "csv"), (b"title;text;date\n", "a.txt", "csv"), (b"a\tb\n", "x.tsv", "csv"), (b"Hello, text\n", "", "csv"),
        (b"WARC/1.0\r\n", "", "warc"), (b"filedesc://x", "", "arc"), (b"\x1f\x8b", "", "gzip"), (b"PK\x03\x04", "", "zip"),
        (b"PAR1", "", "parquet"),
        (b"BZh9", "", "bzip2"), (b"\xfd7zXZ\x00", "", "xz"),
    ],
)  # fmt: skip
def test_kinds_are_told_by_content(opening: bytes, name: str, kind: str) -> None:
    assert kind_of(opening, name) == kind


@given(st.binary(max_size=200), st.sampled_from(["", "a.json", "a.html", "a.csv", "a.tar", "a.arc"]))
def test_any_bytes_give_results_and_nothing_else(raw: bytes, name: str) -> None:
    found = list(readings(raw, origin=name, limits=None, english_only=False))
    assert found
    assert all("\n" not in result.reason for result in found if isinstance(result, Skipped))


PREFIXES = [
    b"PK\x03\x04",
    b"PAR1",
    b"\x1f\x8b\x08",
    b"BZh9",
    b"\xfd7zXZ\x00",
    b"WARC/1.0\r\n",
    b"filedesc://",
    b"<rss>",
    b"<html>",
    b'{"items": [',
]


@pytest.mark.parametrize("prefix", PREFIXES)
@given(st.binary(max_size=100))
def test_any_damage_is_told(prefix: bytes, rest: bytes) -> None:
    assert list(readings(prefix + rest, limits=None, english_only=False))


@pytest.mark.parametrize(
    ("name", "raw", "count"),
    [
        ("a.txt", b"It rained.", 1), ("a.html", PAGE, 1), ("a.jsonl", LINES, 2), ("a.jsonl.gz", gzip.compress(LINES), 2),
        ("a.bz2", bz2.compress(LINES), 2),
        ("a.xz", lzma.compress(LINES), 2), ("a.zip", zipped(a__txt=b"It rained.", b__html=PAGE, c__jsonl=LINES), 4),
        ("a.tar", tarred(a__txt=b"It rained.", b__html=PAGE), 2), ("a.tgz", tarred("w:gz", a__txt=b"It rained.", b__html=PAGE), 2),
        ("a", zipped(inner__zip=zipped(a__txt=b"It rained."), inner__tgz=tarred("w:gz", b__txt=b"It hailed.")), 2),
        ("a.gz", gzip.compress(b"It rained.") + gzip.compress(b" It hailed."), 1),
    ],
)  # fmt: skip
def test_everything_that_is_packed(tmp_path: Path, name: str, raw: bytes, count: int) -> None:
    path = tmp_path / name
    path.write_bytes(raw)
    from_bytes = results(raw, str(path))
    from_path = list(readings(path, limits=None))
    assert len(from_bytes) == count
    assert all(isinstance(result, Reading) for result in from_bytes)
    assert from_bytes == from_path
    assert [path.name for path in tmp_path.iterdir()] == [name]


def test_members_are_named() -> None:
    found = results(zipped(**{"north/a__txt": b"It rained.", "b__jsonl": LINES}), "news.zip")
    assert [result.origin for result in found] == ["news.zip/north/a.txt", "news.zip/b.jsonl:1", "news.zip/b.jsonl:2"]
    assert [result.article.id for result in found if isinstance(result, Reading)] == ["a", "a", "b"]


def test_no_path_is_written(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    outside = {"../../evil__txt": b"It rained.", "/tmp/evil__txt": b"It rained.", "a\nb__txt": b"It rained."}
    assert texts(zipped(**outside), "a.zip") == texts(tarred(**outside), "a.tar") == ["It rained."] * 3
    assert not any("\n" in result.origin for result in results(zipped(**outside)))
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize(
    ("raw", "reason"),
    [
        (gzip.compress(b"rain " * 1_000)[:-8], "damaged gzip archive"),
        (b"\x1f\x8b\x08" + b"x" * 50, "damaged gzip archive"),
        (b"BZh9" + b"x" * 50, "damaged bzip2 archive"),
        (lzma.compress(os.urandom(5_000))[:2_000], "damaged xz archive"),
        (zipped(a=b"It rained.")[:40], "damaged ZIP archive"),
        (tarred(a=b"It rained." * 1_000)[:2_000], "damaged tar archive"),
        (zipped(), "holds no file"),
        (zipped(__hidden=b"It rained."), "holds no file"),
        (b"PAR1 and then nothing", "damaged Parquet file"),
        (b'id,text\n1,"It', "never closed"),
        (b"id,text\n", "holds no row"),
        (b'<?xml version="1.0"?><nitf/>', "XML that is neither"),
    ],
)  # fmt: skip
def test_what_is_damaged_is_told(raw: bytes, reason: str) -> None:
    found = results(raw, "a.csv" if raw.startswith(b"id,") else "news")
    assert isinstance(found[-1], Skipped)
    assert reason in found[-1].reason, found


def test_what_stands_before_the_damage_is_read() -> None:
    lines = b"".join(b'{"id": "%d", "text": "It rained on day %d."}\n' % (day, day) for day in range(5_000))
    found = results(gzip.compress(lines)[:-2_000], "a.jsonl.gz")
    assert sum(isinstance(result, Reading) for result in found) > 1_000
    assert isinstance(found[-1], Skipped)
    assert "damaged gzip archive" in found[-1].reason


def test_a_damaged_member_costs_one_report() -> None:
    raw = bytearray(zipped(a=b"It rained. " * 50, b=b"It hailed."))
    raw[40] ^= 0xFF
    first, second = results(bytes(raw))
    assert isinstance(first, Skipped)
    assert isinstance(second, Reading)


def test_bombs_are_not_unpacked(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "FREE", 1_000_000)
    flat = (b'{"text": "It rained."' + b" " * 100_000 + b"}\n") * 100
    for raw in (gzip.compress(flat), zipped(a__jsonl=flat), zipped(**{f"{number}__jsonl": flat[:1_000_230] for number in range(9)})):
        last = results(raw)[-1]
        assert isinstance(last, Skipped)
        assert "times its size" in last.reason
    monkeypatch.undo()
    assert "too large" in texts(gzip.compress(b"rain " * 60_000_000, 1))[0]


def test_archives_are_not_packed_without_end() -> None:
    raw = b"It rained."
    for _ in range(containers.DEEPEST + 1):
        raw = gzip.compress(raw)
    assert "packed in one another" in texts(raw)[0]


def test_an_encrypted_member_is_told() -> None:
    raw = bytearray(zipped(a__txt=b"It rained."))
    raw[6] |= 1
    raw[raw.index(b"PK\x01\x02") + 8] |= 1
    assert texts(bytes(raw), "a.zip") == ["(a.zip/a.txt: the member is encrypted)"]


def test_folders(tmp_path: Path) -> None:
    for name, raw in {
        "b/z.txt": b"Three.",
        "b/a.html": PAGE,
        "a.txt": b"One.",
        ".hidden": b"x",
        ".git/a.txt": b"x",
        "b/c/empty.txt": b"",
    }.items():
        (tmp_path / name).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / name).write_bytes(raw)
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "b" / "loop").symlink_to(tmp_path)
    found = [(Path(result.origin).relative_to(tmp_path).as_posix(), type(result).__name__) for result in readings(tmp_path, limits=None)]
    assert found == [
        ("a.txt", "Reading"),
        ("pipe", "Skipped"),
        ("b/a.html", "Reading"),
        ("b/loop", "Skipped"),
        ("b/z.txt", "Reading"),
        ("b/c/empty.txt", "Skipped"),
    ]
    (tmp_path / "empty").mkdir()
    assert [result.reason for result in readings(tmp_path / "empty") if isinstance(result, Skipped)] == ["the folder holds no file"]


@pytest.mark.parametrize(
    "raw", [b"It rained.", LINES, PAGE, gzip.compress(LINES), zipped(a__txt=b"It rained."), tarred(a__txt=b"It rained.")]
)
def test_standard_input(raw: bytes) -> None:
    code = "from quoth.reading import readings; print([getattr(r, 'reason', None) or r.article.text for r in readings('-', limits=None)])"
    run = subprocess.run([sys.executable, "-c", code], input=raw, capture_output=True, check=True)
    assert run.stdout.decode().strip() == str(texts(raw))


RECORD = {"headline": "Rain", "date": "2024-03-05", "link": "https://example.org/7"}


@pytest.mark.parametrize(
    ("table", "origin"),
    [
        (b"ID,Headline,Body,Date,Link\n7,Rain,It rained.,2024-03-05,https://example.org/7\n", "x"),
        ("ID;Headline;Body;Date;Link\r\n7;Rain;\"It rained.\";2024-03-05;https://example.org/7\r\n".encode("utf-16"), "x"),
        (b"\xef\xbb\xbfid\ttitle\ttext\tpublished_at\turl\n\n7\tRain\tIt rained.\t5 March 2024\thttps://example.org/7\n", "x.tsv"),
        (b"id|title|text|published|url\n7|Rain|It rained.|2024-03-05 23:00:00-05:00|https://example.org/7\n", "x"),
        (json.dumps({**RECORD, "_id": 7, "content": "It rained."}).encode(), "x"),
        (json.dumps([{**RECORD, "id": "7", "body": "It rained."}], indent=1).encode(), "x"),
    ],
)  # fmt: skip
def test_columns_go_by_common_names(table: bytes, origin: str) -> None:
    [reading] = results(table, origin)
    assert isinstance(reading, Reading), reading
    article = reading.article
    assert (article.id, article.title, article.text, str(article.published)) == ("7", "Rain", "It rained.", "2024-03-05")
    assert (article.url, reading.runs) == ("https://example.org/7", ((0, 0, 10),))


def test_a_mapping_says_which_column_it_is() -> None:
    table = b"text,words,when\nno,It rained.,2024-03-05\n"
    [reading] = results(table, "a.csv", {"text": "words", "published": "when"})
    assert isinstance(reading, Reading)
    assert (reading.article.text, str(reading.article.published)) == ("It rained.", "2024-03-05")
    assert texts(b'{"words": "It rained."}', mapping={"text": "words"}) == ["It rained."]
    assert "no column 'wordz'; there are 'text', 'words', 'when'" in texts(table, "a.csv", {"text": "wordz"})[0]
    assert "name one by text=COLUMN" in texts(b"a,b\n1,2\n", "a.csv")[0]
    with pytest.raises(ValueError, match="'headlin' is no field"):
        readings(b"", mapping={"headlin": "a"})


def test_rows_that_are_no_report_are_told_by_their_number() -> None:
    table = 'id,text,date\n1,"It ""rained"",\nand hailed.",2024-03-05\n2,,2024-03-05\n3,It snowed.,soon\n4\n5,Caf\xe9 closed.,\n'.encode(
        "cp1252"
    )
    assert texts(table, "a.csv") == [
        'It "rained",\nand hailed.', "(a.csv, row 2: the report is empty)", "(a.csv, row 3: \"published\" is no date: 'soon')",
        "(a.csv, row 4: the report is empty)", "Café closed.",
    ]  # fmt: skip


def test_only_line_ends_end_a_row() -> None:
    assert texts("id,text\n1,It rained.\u2028And hailed.\x85\n".encode()) == ["It rained.\u2028And hailed.\x85"]


def test_a_row_in_another_charset_costs_one_report() -> None:
    table = b"id,text\n" + b"1,It rained.\n" * 7_000 + b"2,Caf\xe9 closed.\n3,It hailed.\n"
    found = texts(table, "a.csv")
    assert found[-2:] == ["(a.csv, row 7001: not text: the row is not in the table's charset)", "It hailed."]


def test_parquet(tmp_path: Path) -> None:
    arrow, parquet = pytest.importorskip("pyarrow"), pytest.importorskip("pyarrow.parquet")
    when = datetime.datetime(2024, 3, 5, 23, tzinfo=datetime.timezone(datetime.timedelta(hours=-5)))
    columns = {
        "headline": ["Rain", None],
        "body": ["It rained.", None],
        "published": [when, when],
        "authors": [["Bo Hale", "Ida Berg"], []],
        "id": [1, 2],
    }
    path = tmp_path / "a.parquet"
    parquet.write_table(arrow.table({**columns, "unread": [b"x" * 1000] * 2}), path)
    for found in (
        list(readings(path, limits=None)),
        results(path.read_bytes(), str(path)),
        results(zipped(a=path.read_bytes()), str(path)),
    ):
        reading, skipped = found
        assert isinstance(reading, Reading)
        assert (reading.article.text, reading.article.author, reading.article.id) == ("It rained.", "Bo Hale, Ida Berg", "1")
        assert reading.published is not None and reading.published.at == when
        assert isinstance(skipped, Skipped) and skipped.reason == "the report is empty"
    damaged = path.read_bytes()[:-200]
    assert "damaged Parquet file" in texts(damaged)[0]


@pytest.mark.parametrize(
    "news",
    [
        {"uri": "urn:n1", "headline": "Rain", "byline": "Bo Hale", "body_text": "It rained.",
         "versioncreated": "2024-03-05T23:00:00-05:00"},
        {"uri": "urn:n1", "headlines": [{"role": "main", "value": "Rain"}], "bylines": [{"value": "Bo Hale"}],
         "firstCreated": "2024-03-05T23:00:00-05:00", "versionCreated": "2024-03-09T00:00:00Z",
         "bodies": [{"contentType": "text/html", "value": "<p>It <b>rained</b>.<script>x</script></p>"}, {"value": "no"}]},
    ],
)  # fmt: skip
def test_ninjs(news: dict[str, object]) -> None:
    for raw in (json.dumps(news, indent=1), json.dumps(news), json.dumps([news])):
        [reading] = results(raw.encode(), "n.json")
        assert isinstance(reading, Reading)
        article = reading.article
        assert (article.id, article.title, article.author, article.text) == ("urn:n1", "Rain", "Bo Hale", "It rained.")
        assert reading.published is not None and reading.published.at is not None
        assert str(article.published) == "2024-03-05"
    assert "no text" in texts(json.dumps({"uri": "n1", "type": "picture", "body_text": " "}).encode(), "n.json")[0]


def test_other_languages_are_skipped_unless_wanted() -> None:
    german = "Die Brücke bleibt bis zum Frühjahr geschlossen, sagte Mara Lind am Montag.".encode()
    assert texts(german) == ["(news: not English (de))"]
    [reading] = readings(german, english_only=False)
    assert isinstance(reading, Reading)
    [article] = readings(WORDS.encode())
    assert isinstance(article, Reading)
    assert article.article.language == "en"


def test_plain_text_leads_back_to_its_source() -> None:
    raw = b"Title: Rain\nDate: 2024-03-05\n\nIt rained."
    [reading] = readings(raw, origin="a.txt", known=Known(url="https://example.org/a", title="no"))
    assert isinstance(reading, Reading)
    assert (reading.runs, reading.source_length, reading.article.title) == (((0, 30, 10),), 40, "Rain")
    assert (reading.article.url, reading.published and reading.published.raw) == ("https://example.org/a", "2024-03-05")


def test_pages_are_read_by_the_old_door_too(tmp_path: Path) -> None:
    (tmp_path / "a.html").write_bytes(PAGE)
    [article] = read(tmp_path / "a.html")
    assert not isinstance(article, Skipped)
    assert (article.id, article.title) == ("a", "Bridge")


def test_plain_text_needs_none_of_the_libraries_for_news() -> None:
    code = """
import sys, quoth
from quoth.reading import read_text, readings
list(readings(b"It rained.")), list(readings(b'{"text": "It rained."}'))
heavy = {"trafilatura", "lxml", "pyarrow", "feedparser", "py3langid", "numpy", "rapidfuzz", "htmldate"} & set(sys.modules)
assert not heavy, heavy
"""
    subprocess.run([sys.executable, "-c", code], check=True)


@pytest.mark.parametrize(
    ("raw", "name"), [(PAGE, "trafilatura"), (b"<rss></rss>", "feedparser"), (b"PAR1xxxxPAR1", "pyarrow"), (PAGE, "lxml")]
)
def test_a_missing_library_is_one_clear_line(raw: bytes, name: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for module in [module for module in sys.modules if module.split(".")[0] == name]:
        monkeypatch.delitem(sys.modules, module)
    monkeypatch.setitem(sys.modules, name, None)
    [skipped] = results(raw)
    assert isinstance(skipped, Skipped)
    assert skipped.reason == f"to read this, pip install 'quoth[news]' ({name} is missing)"
