"""Exports: what is written is read back by readers that are not ours, hostile text and all."""

import base64
import csv
import dataclasses
import datetime
import hashlib
import html.parser
import importlib.util
import json
import os
import re
import shutil
import stat
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import unquote

import pytest
from hypothesis import given
from hypothesis import strategies as st
from lxml import html as lxml_html
from toy import extract_article, statement

from quoth.errors import QuothError
from quoth.exports import FORMATS, Exported, Format, Report, ReportView, export, text_fragment, to_arrow, to_pandas, to_polars
from quoth.exports.brat import standoff
from quoth.exports.html import section
from quoth.exports.postgres import field
from quoth.exports.rows import COLUMNS, rows
from quoth.exports.webannotation import annotation
from quoth.types import Article, Said, Span, Speaker

HOSTILE = (
    "</style><script>alert(1)</script> &amp;&#60; <img src=x onerror=alert(1)>\n"
    "“=cmd|' /C calc'!A0 𝒬🌧\u202eevil\u202c \x00\x01 a\\tb \\N \\.\n\\.\r\nc\td”\u2028 said Mara\u200f Lind\x85 on Monday; {\"x\"} ' '' $$"
)
CONTENT = (HOSTILE.index("“=cmd"), HOSTILE.index("”") + 1)
CHARACTERS = st.characters(exclude_categories=["Cs"])


def at(text: str, words: str) -> Span:
    return Span(start=text.index(words), end=text.index(words) + len(words))


def hostile() -> Report:
    article = Article.of(
        HOSTILE,
        id="=1+1\n\\.",
        url='https://example.org/a?b="><script>',
        publisher="<b>\u202eGazette",
        title="-2\t</title>",
        author="@\x00",
        published=datetime.date(2024, 3, 5),
        language="en",
    )
    named = at(HOSTILE, "Mara\u200f Lind")
    speaker = Speaker(name="Mara\u200f <i>Lind\t\\", mention=named, basis="name", confidence=0.75, person="Q42")
    said = Said(date=datetime.date(2024, 3, 4), precision="day", evidence=at(HOSTILE, "Monday"), basis="weekday")
    outer = statement(
        article, (Span(start=CONTENT[0], end=CONTENT[1]),), cue=at(HOSTILE, "said"), source=named, speaker=speaker, said_on=said
    )
    inner = statement(article, (at(HOSTILE, "evil"), at(HOSTILE, "a\\tb")), nested_in=outer.id, not_said=True)
    return article, (outer, inner)


def plain() -> Report:
    text = "“It will 🌧 rain,” said Mara Lind.\n“Never,” denied Bo Hale."
    article = Article.of(text, id="rain", url="https://example.org/rain", published=datetime.date(2024, 3, 5))
    return article, extract_article(article)


REPORTS = (hostile(), plain(), (Article.of("Nobody spoke.", id="none"), ()))


@pytest.fixture(params=FORMATS)
def written(request: pytest.FixtureRequest, tmp_path: Path) -> tuple[Format, Path]:
    path = tmp_path / "out"
    assert export(REPORTS, path, format=request.param) == Exported(reports=3, statements=4)
    return request.param, path


def test_nothing_is_left_beside_what_was_written(written: tuple[Format, Path]) -> None:
    assert [path.name for path in written[1].parent.iterdir()] == ["out"]
    mask = os.umask(0)
    os.umask(mask)
    assert stat.S_IMODE(written[1].stat().st_mode) & 0o444 == 0o444 & ~mask


def test_a_failure_leaves_what_was_there(written: tuple[Format, Path]) -> None:
    format, path = written

    def broken() -> Iterator[Report]:
        yield plain()
        raise RuntimeError

    before = sorted(path.rglob("*"))
    with pytest.raises(QuothError if format == "brat" else RuntimeError):
        export(broken(), path, format=format)
    with pytest.raises(RuntimeError):
        export(broken(), path.with_name("other"), format=format)
    assert sorted(path.rglob("*")) == before and [one.name for one in path.parent.iterdir()] == ["out"]


@pytest.mark.parametrize("format", FORMATS)
def test_what_cannot_be_written_is_one_clear_error(format: Format, tmp_path: Path) -> None:
    with pytest.raises(QuothError, match="cannot be written: No such file"):
        export(REPORTS, tmp_path / "none" / "out", format=format)
    (tmp_path / "folder").mkdir()
    (tmp_path / "folder" / "mine").touch()
    with pytest.raises(QuothError, match="folder"):
        export(REPORTS, tmp_path / "folder", format=format)


def write(format: Format, folder: Path, reports: tuple[Report, ...] = REPORTS) -> Path:
    path = folder / "out"
    export(reports, path, format=format)
    return path


def test_json_lines(tmp_path: Path) -> None:
    lines = write("jsonl", tmp_path).read_text("utf-8").splitlines()
    reports = [json.loads(line) for line in lines]
    assert [report["text"] for report in reports] == [article.text for article, _ in REPORTS]
    assert reports[0]["statements"][0]["content"][0]["text"] == HOSTILE[slice(*CONTENT)]


def test_csv(tmp_path: Path) -> None:
    with write("csv", tmp_path).open(encoding="utf-8", newline="") as stream:
        found = list(csv.DictReader(stream))
    assert len(found) == 4 and found[0]["title"] == "'-2\t</title>" and found[0]["content"] == HOSTILE[slice(*CONTENT)]


def test_parquet(tmp_path: Path) -> None:
    files = pytest.importorskip("pyarrow.parquet")
    table = files.read_table(write("parquet", tmp_path))
    assert table.column_names == [column.name for column in COLUMNS]
    assert table.schema.field("content_spans").metadata == {b"comment": b"start and end of each piece, half open"}
    first, second, *_ = table.to_pylist()
    assert first["content"] == HOSTILE[slice(*CONTENT)] and first["published"] == datetime.date(2024, 3, 5)
    assert first["speaker_wikidata"] == "Q42" and second["polarity"] == "not_said" and second["speaker"] is None
    for found in table.to_pylist():
        text = next(article.text for article, _ in REPORTS if article.sha256 == found["sha256"])
        assert " […] ".join(text[span["start"] : span["end"]] for span in found["content_spans"]) == found["content"]


def test_parquet_is_read_by_another_engine(tmp_path: Path) -> None:
    duckdb = pytest.importorskip("duckdb", reason="DuckDB is not installed")
    query = f"SELECT count(*), min(published), max(len(content_spans)) FROM read_parquet('{write('parquet', tmp_path)}')"
    assert duckdb.sql(query).fetchall() == [(4, datetime.date(2024, 3, 5), 2)]


def test_frames() -> None:
    assert to_arrow(REPORTS).num_rows == 4
    assert to_arrow(()).column_names == [column.name for column in COLUMNS]


@pytest.mark.parametrize(("name", "make"), [("pandas", to_pandas), ("polars", to_polars)])
def test_frames_of_other_libraries(name: str, make: object, monkeypatch: pytest.MonkeyPatch) -> None:
    if importlib.util.find_spec(name):
        frame = make(REPORTS)  # type: ignore[operator]
        assert frame.shape == (4, len(COLUMNS)) and next(iter(frame["content"])) == HOSTILE[slice(*CONTENT)]
    monkeypatch.setitem(sys.modules, name, None)
    with pytest.raises(QuothError, match=f"needs {name}, which is not installed"):
        make(REPORTS)  # type: ignore[operator]


def test_every_column_is_told_by_a_row() -> None:
    assert all(list(row) == [column.name for column in COLUMNS] for row in rows(REPORTS))
    page = (Path(__file__).parents[1] / "docs" / "exports.md").read_text("utf-8")
    assert all(
        f"| `{column.name}` | {column.type}{' ' if not column.known else ', never null '}| {column.meaning} |" in page for column in COLUMNS
    )


# W3C Web Annotation: the shape that the model asks for, and the words found again as the model says.


def test_web_annotation(tmp_path: Path) -> None:
    page = json.loads(write("webannotation", tmp_path).read_text("utf-8"))
    assert page["@context"][0] == "http://www.w3.org/ns/anno.jsonld" and page["type"] == "AnnotationPage"
    assert len({one["id"] for one in page["items"]}) == len(page["items"]) == 4
    texts = {"https://example.org/rain": plain()[0].text}
    for one in page["items"]:
        assert one["type"] == "Annotation" and one["motivation"] == "describing" and one["target"]
        for place in (*one["target"], *(body for body in one["body"] if "selector" in body)):
            text = texts.get(place["source"], HOSTILE)
            quoted, position = place["selector"]
            assert (quoted["type"], position["type"]) == ("TextQuoteSelector", "TextPositionSelector")
            assert text[position["start"] : position["end"]] == quoted["exact"]
            assert (quoted["prefix"] + quoted["exact"] + quoted["suffix"]) in text


@pytest.mark.parametrize("span", [at(HOSTILE, "evil"), Span(start=0, end=len(HOSTILE)), at(HOSTILE, "🌧")])
def test_an_annotation_counts_code_points(span: Span) -> None:
    article = Article.of(HOSTILE)
    quoted, position = annotation(article, statement(article, (span,)))["target"][0]["selector"]
    assert len(quoted["exact"]) == position["end"] - position["start"] == len(span)


# schema.org


def test_schema_org(tmp_path: Path) -> None:
    graph = json.loads(write("jsonld", tmp_path).read_text("utf-8"))
    assert graph["@context"] == "https://schema.org"
    report, quotation, *others = graph["@graph"]
    assert (report["@type"], quotation["@type"], len(others)) == ("NewsArticle", "Quotation", 2)
    assert quotation["isPartOf"]["@id"] == report["@id"] and quotation["dateCreated"] == "2024-03-04"
    assert quotation["creator"]["sameAs"] == "http://www.wikidata.org/entity/Q42" and quotation["text"] == HOSTILE[slice(*CONTENT)]
    assert all(value is not None for one in graph["@graph"] for value in one.values())


def test_what_was_told_is_a_claim_and_what_was_not_said_is_nothing(tmp_path: Path) -> None:
    article, (said, denied) = plain()
    told = dataclasses.replace(said, attribution=dataclasses.replace(said.attribution, kind="indirect"))
    graph = json.loads(write("jsonld", tmp_path, ((article, (told, denied)),)).read_text("utf-8"))["@graph"]
    assert [one["@type"] for one in graph] == ["NewsArticle", "Claim"] and graph[1]["appearance"] == {"@id": article.url}


# brat


def test_brat(tmp_path: Path) -> None:
    folder = write("brat", tmp_path)
    texts = sorted(folder.glob("*.txt"))
    assert [path.read_bytes().decode() for path in texts] == [article.text for article, _ in REPORTS]
    assert texts[0].name == "0000001-1-1.txt" and (folder / "annotation.conf").is_file()
    for path, (_, statements) in zip(texts, REPORTS, strict=True):
        found = _standoff(path.with_suffix(".ann").read_bytes().decode())
        assert sum(kind == "Content" for kind, _ in found.values()) == len(statements)
        text = path.read_bytes().decode()
        for kind, spans in found.values():
            assert all("\n" not in text[start:end] and text[start:end].strip() for start, end in spans), kind


def _standoff(written: str) -> dict[str, tuple[str, list[tuple[int, int]]]]:
    """The text-bound annotations, read as brat's own reader does: by tabs, semicolons and blanks; every reference must have its target."""
    found: dict[str, tuple[str, list[tuple[int, int]]]] = {}
    lines = [line.split("\t") for line in written.split("\n") if line]
    for name, rest, *text in lines:
        if name.startswith("T"):
            kind, places = rest.split(" ", 1)
            spans = [(int(start), int(end)) for start, end in (place.split(" ") for place in places.split(";"))]
            assert len(text) == 1 and len(text[0]) == sum(end - start for start, end in spans) + len(spans) - 1
            found[name] = (kind, spans)
    assert len({name for name, *_ in lines}) == len(lines)
    for _, rest, *_ in lines:
        assert all(reference in found for reference in re.findall(r"(?<![\w-])T\d+", rest))
    return found


def test_brat_relates_what_is_nested() -> None:
    lines = standoff(*hostile()).split("\n")
    assert [line.split("\t")[1] for line in lines if line.startswith("R")] == [
        "Source Arg1:T1 Arg2:T2",
        "Cue Arg1:T1 Arg2:T3",
        "NestedIn Arg1:T4 Arg2:T1",
    ]


# PostgreSQL


@pytest.fixture(scope="module")
def postgres(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Path]:
    """The folder of a server's socket."""
    tools = [shutil.which(name) for name in ("initdb", "pg_ctl", "psql")] or [None]
    for folder in sorted(Path("/usr/lib/postgresql").glob("*/bin")):
        tools = [found or shutil.which(name, path=str(folder)) for found, name in zip(tools, ("initdb", "pg_ctl", "psql"), strict=True)]
    initdb, pg_ctl, psql = tools
    if not (initdb and pg_ctl and psql):
        pytest.skip("PostgreSQL's programs are not installed")
    user = "postgres" if os.getuid() == 0 else None
    folder = Path(subprocess.check_output(["mktemp", "-d", "/tmp/pg.XXXXXX"], user=user, text=True).strip())
    environment = {"PATH": os.environ["PATH"], "LC_ALL": "C.UTF-8"}
    options = f"-k {folder} -c listen_addresses='' -c fsync=off"
    try:
        subprocess.run(
            [initdb, "-D", folder / "data", "-E", "UTF8", "-A", "trust", "-U", "quoth"], user=user, env=environment, check=True, stdout=-3
        )
        started = [pg_ctl, "-D", folder / "data", "-w", "-l", folder / "log", "-o", options, "start"]
        subprocess.run(started, user=user, env=environment, check=True, stdout=-3)
        yield folder
        subprocess.run([pg_ctl, "-D", folder / "data", "-m", "immediate", "stop"], user=user, env=environment, check=True, stdout=-3)
    finally:
        shutil.rmtree(folder, ignore_errors=True)


def psql(server: Path, *arguments: str) -> str:
    command = ["psql", "-X", "-q", "-A", "-t", "-h", str(server), "-U", "quoth", "-d", "postgres", *arguments]
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def test_postgres_loads_it(postgres: Path, tmp_path: Path) -> None:
    psql(postgres, "-f", str(write("postgres", tmp_path)))
    query = """SELECT json_agg(statements ORDER BY statements.number) FROM quoth.statements
        JOIN quoth.reports ON reports.number = in_report WHERE quoth.reports.published = '2024-03-05'"""
    found = json.loads(psql(postgres, "-c", query))
    expected = [{name: _plain(value) for name, value in row.items()} for row in rows(REPORTS)]
    assert [one["content"] for one in found] == [str(row["content"]).replace("\0", "\ufffd") for row in expected]
    for name in ("speaker", "content_spans", "source_start", "said_on", "repairs", "denies", "nested_in", "confidence_content"):
        assert [one[name] for one in found] == [pytest.approx(row[name]) if name.startswith("conf") else row[name] for row in expected], (
            name
        )
    texts = json.loads(psql(postgres, "-c", "SELECT json_agg(text ORDER BY number) FROM quoth.reports"))
    assert texts == [article.text.replace("\0", "\ufffd") for article, _ in REPORTS]


def _plain(value: object) -> object:
    return value.isoformat() if isinstance(value, datetime.date) else value


@given(st.text(CHARACTERS))
def test_a_field_is_on_one_line_and_comes_back(text: str) -> None:
    written = field(text)
    assert "\n" not in written and "\t" not in written and "\r" not in written and written != "\\."
    signs = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v", "\\": "\\"}
    assert re.sub(r"\\(.)", lambda found: signs[found[1]], written) == text.replace("\0", "\ufffd")


# HTML


class Tags(html.parser.HTMLParser):
    """Every element and attribute of a page."""

    def __init__(self, page: str) -> None:
        super().__init__()
        self.found: list[tuple[str, dict[str, str | None]]] = []
        self.feed(page)

    def handle_starttag(self, tag: str, attributes: list[tuple[str, str | None]]) -> None:
        self.found.append((tag, dict(attributes)))


KNOWN_TAGS = set("html head meta title style body main h1 h2 p span article div a bdi ol li blockquote strong time".split())


def test_the_page_holds_nothing_that_runs_or_is_loaded(tmp_path: Path) -> None:
    page = write("html", tmp_path).read_text("utf-8")
    found = Tags(page).found
    assert {tag for tag, _ in found} <= KNOWN_TAGS
    assert not {name for _, attributes in found for name in attributes} & {"src", "style", "onerror", "onload"}
    links = [attributes["href"] or "" for tag, attributes in found if tag == "a"]
    assert all(link.startswith(("#", "https://example.org/")) for link in links)
    assert not re.search("[\x00-\x08\u202a-\u202e\u2066-\u2069\u200f]", page)
    [policy] = [attributes["content"] or "" for _, attributes in found if attributes.get("http-equiv") == "Content-Security-Policy"]
    assert policy.startswith("default-src 'none'; style-src 'sha256-")
    ids = [attributes["id"] for _, attributes in found if "id" in attributes]
    assert len(ids) == len(set(ids)) and {link[1:] for link in links if link.startswith("#")} <= set(ids)


def test_the_style_is_the_one_that_the_policy_allows(tmp_path: Path) -> None:
    page = write("html", tmp_path).read_text("utf-8")
    style = page.partition("<style>")[2].partition("</style>")[0]
    assert base64.b64encode(hashlib.sha256(style.encode()).digest()).decode() in page


@given(st.text(CHARACTERS, min_size=2, max_size=40).filter(str.strip), st.data())
def test_another_reader_finds_the_text_as_it_was(text: str, data: st.DataObject) -> None:
    article = Article.of(text)
    edges = sorted(data.draw(st.lists(st.integers(0, len(text)), min_size=2, max_size=2, unique=True)))
    span = Span(start=edges[0], end=edges[1])
    shown = section(article, (statement(article, (span,), source=span, cue=span),))
    tree = lxml_html.fromstring(shown)
    for number in tree.xpath("//*[@class='text']//a[@class='n']"):
        number.drop_tree()
    [body] = tree.xpath("//*[@class='text']")
    visible = re.sub(r"\r\n?|[\u2028\u2029\x85]", "\n", text)
    assert re.sub(r"U\+[0-9A-F]{4}", "", body.text_content()) == re.sub(
        r"U\+[0-9A-F]{4}|[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]",
        "",
        visible,
    )


def test_each_role_has_a_form_of_its_own() -> None:
    shown = section(*hostile())
    assert 'class="c"' in shown and 'class="c c2"' in shown and 'class="s"' in shown and 'class="q"' in shown
    assert "not said" in shown and 'within <a href="#r1s1">1</a>' in shown


def test_a_notebook_shows_the_report() -> None:
    shown = ReportView(*plain())._repr_html_()
    assert shown.startswith("<style>") and "Mara Lind" in shown and "<script" not in shown


# Links to the words


@pytest.mark.parametrize(
    ("url", "text", "words", "expected"),
    [
        (None, "It rained.", "rained", None),
        ("javascript:alert(1)", "It rained.", "rained", None),
        ("https://example.org/a b", "It rained.", "rained", None),
        ("https://[", "It rained.", "rained", None),
        ("https://example.org/", "It rained.", "rained.", "https://example.org/#:~:text=It-,rained."),
        ("https://example.org/#top", "It rained.", "It rained.", "https://example.org/#top:~:text=It%20rained."),
        ("https://example.org/", "a-b, c & d\nnext", "a-b, c & d", "https://example.org/#:~:text=a%2Db%2C%20c%20%26%20d"),
        ("https://example.org/", "One two.\nThree four.", "One two.\nThree four.", "https://example.org/#:~:text=One%20two.,Three%20four."),
    ],
)
def test_text_fragments(url: str | None, text: str, words: str, expected: str | None) -> None:
    assert text_fragment(url, at(text, words), text) == expected


@given(st.text(CHARACTERS, min_size=1, max_size=300), st.data())
def test_a_fragment_is_a_plain_address(text: str, data: st.DataObject) -> None:
    start = data.draw(st.integers(0, len(text) - 1))
    link = text_fragment("https://example.org/a", Span(start=start, end=len(text)), text)
    assert link is None or re.fullmatch(r"[!-~]+", link)
    if link is not None:
        assert all(part.split() for part in unquote(link.partition("=")[2]).split("\0") if part)
