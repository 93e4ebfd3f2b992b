"""brat standoff: a folder with a .txt and an .ann file a report, and the configuration that shows them.

Offsets count code points. brat's spans may not run over the end of a line: pieces are cut there and told as one discontinuous annotation.
"""

import os
import re
from collections.abc import Iterator, Mapping, Sequence
from pathlib import Path

from quoth.exports.files import folder_aside
from quoth.exports.links import LINE_BREAK
from quoth.exports.rows import Reports
from quoth.spans import trim
from quoth.types import Article, Span, Statement

CONFIGURATION = """[entities]
Content
Source
Cue

[relations]
Cue\tArg1:Content, Arg2:Cue
Source\tArg1:Content, Arg2:Source
NestedIn\tArg1:Content, Arg2:Content
<OVERLAP>\tArg1:<ENTITY>, Arg2:<ENTITY>, <OVL-TYPE>:<ANY>

[events]

[attributes]
Kind\tArg:Content, Value:direct|indirect|mixed
Act\tArg:Content, Value:speech|writing|thought
Polarity\tArg:Content, Value:asserted|not_said
Denies\tArg:Content
"""
UNSAFE = re.compile(r"[^A-Za-z0-9]+")
BLANK = re.compile(r"[\t\x00-\x08\x0e-\x1b\x1f]")


def write(reports: Reports, path: str | os.PathLike[str]) -> None:
    """Writes a new folder; its files are numbered in the order of the reports. Raises QuothError, also if there is such a folder."""
    with folder_aside(path) as folder:
        (folder / "annotation.conf").write_text(CONFIGURATION, encoding="utf-8")
        for number, (article, statements) in enumerate(reports, 1):
            name = f"{number:07d}-{UNSAFE.sub('-', article.id)[:60].strip('-') or 'report'}"
            _write_text(folder / f"{name}.txt", article.text)
            _write_text(folder / f"{name}.ann", standoff(article, statements))


def standoff(article: Article, statements: Sequence[Statement]) -> str:
    """The annotations of one report, a line each (https://brat.nlplab.org/standoff.html)."""
    lines: list[str] = []
    numbers = {statement.id: number for number, statement in enumerate(statements)}
    texts = {number: f"T{3 * number + 1}" for number in range(len(statements))}
    for number, statement in enumerate(statements):
        lines += _lines(article.text, statement, 3 * number + 1)
    related = 2 * len(statements)
    for number, statement in enumerate(statements):
        if statement.nested_in in numbers:
            related += 1
            lines.append(f"R{related}\tNestedIn Arg1:{texts[number]} Arg2:{texts[numbers[statement.nested_in]]}")
    return "".join(f"{line}\n" for line in lines if not line.endswith("\t"))


def _lines(text: str, statement: Statement, first: int) -> Iterator[str]:
    """The lines of one statement: T1 content, T2 source, T3 cue, counted from a number."""
    attribution = statement.attribution
    spans: Mapping[str, tuple[Span, ...]] = {
        "Content": attribution.content,
        "Source": (attribution.source,) if attribution.source else (),
        "Cue": (attribution.cue,) if attribution.cue else (),
    }
    there = {role: pieces for role, whole in spans.items() if (pieces := _within_lines(whole, text))}
    for number, role in enumerate(spans):
        if role in there and "Content" in there:
            places = ";".join(f"{piece.start} {piece.end}" for piece in there[role])
            yield f"T{first + number}\t{role} {places}\t{' '.join(BLANK.sub(' ', piece.slice(text)) for piece in there[role])}"
    if "Content" not in there:
        return
    for number, role in enumerate(("Source", "Cue"), 1):
        if role in there:
            yield f"R{(first - 1) // 3 * 2 + number}\t{role} Arg1:T{first} Arg2:T{first + number}"
    attributes = (("Kind", statement.kind), ("Act", statement.act), ("Polarity", statement.polarity))
    for number, (name, value) in enumerate(attributes):
        if value:
            yield f"A{(first - 1) // 3 * 4 + number + 1}\t{name} T{first} {value}"
    if statement.denies:
        yield f"A{(first - 1) // 3 * 4 + 4}\tDenies T{first}"
    if statement.speaker:
        yield f"#{(first + 2) // 3}\tAnnotatorNotes T{first}\t{' '.join(BLANK.sub(' ', statement.speaker.name).split()) or '?'}"


def _within_lines(spans: Sequence[Span], text: str) -> tuple[Span, ...]:
    """The spans cut at the ends of lines, without white space at their edges."""
    cut: list[Span] = []
    for span in spans:
        start = span.start
        ends = [span.start + found.start() for found in LINE_BREAK.finditer(span.slice(text))]
        for end in (*ends, span.end):
            if start < end and (piece := trim(Span(start=start, end=end), text)):
                cut.append(piece)
            start = end + 1
    return tuple(cut)


def _write_text(path: Path, text: str) -> None:
    with path.open("w", encoding="utf-8", newline="") as stream:
        stream.write(text)
