"""Files to people: CSV, Popolo, FollowTheMoney and Wikidata entities, told apart by their content; gzip is unpacked.

A file is read line by line, and one line is one row, so that an unclosed quotation mark spoils no other.
"""

import csv
import datetime
import gzip
import io
import json
import os
import re
import zlib
from collections.abc import Generator, Iterable, Iterator
from contextlib import closing
from itertools import chain, islice
from pathlib import Path
from typing import IO, cast

from quoth.errors import PeopleError
from quoth.people.records import Record, Result, importer_of
from quoth.people.register import Register, Row
from quoth.reading.charsets import BOMS, no_text
from quoth.types import Person, Skipped

LONGEST_LINE = 4_000_000
"""Characters of a line that are read; a row has far fewer, a Wikidata entity may have many."""
LARGEST_JSON = 500_000_000
"""Characters of a JSON file that is not one record a line, and is therefore read whole."""
OPENING = 4096
"""Bytes that are looked at to tell what a file is."""
OPENING_LINES = 50
"""Lines among which the first good record of JSON Lines is looked for."""
GZIP = b"\x1f\x8b"
REPLACED = "\ufffd"
"""What stands for bytes that are in no charset."""
COLUMNS = {
    "name": "personlabel name fullname personname itemlabel label person",
    "wikidata": "wikidata qid wikidataid person item",
    "id": "id personid",
    "aliases": "aliases alias othernames alsoknownas altlabel personaltlabel",
    "position": "positionlabel position office officelabel role post chamber",
    "country": "countrylabel country jurisdiction jurisdictionlabel nation",
    "start": "start startdate from since begin termstart",
    "end": "end enddate to until termend",
    "as_of": "asof retrieved checked",
    "start_precision": "startprecision",
    "end_precision": "endprecision",
    "first": "first firstname givenname",
    "last": "last lastname surname familyname",
    "nickname": "nickname",
}
"""The fields of a row and the columns they are read from, the first that the table has; spaces, dashes and capitals do not count."""
CHAMBERS = {"house": "Representative", "senate": "Senator"}
"""What the members of the chambers of the United States Congress are called, as the table of its legislators has them."""


def read_people(path: str | os.PathLike[str], *, as_of: datetime.date | None = None) -> tuple[list[Person], list[Skipped]]:
    """The people of a table and what was skipped, by line; raises PeopleError for a file that is no table of people.

    `as_of` is the day on which the table was right, for rows that do not say: an office without an end is held up to that day.
    """
    origin = os.fspath(path)
    try:
        with Path(origin).open("rb") as stream:
            return read_people_stream(stream, origin=origin, as_of=as_of)
    except OSError as error:
        raise PeopleError(error.strerror or str(error), concerns=origin) from None


def read_people_stream(stream: IO[bytes], *, origin: str, as_of: datetime.date | None = None) -> tuple[list[Person], list[Skipped]]:
    r"""The people of an open table, whose stream can go back to its start, as `read_people` gives them.

    >>> table = io.BytesIO(b"name,position,start\nAma Osei,Mayor,2019\nBo Lind,Mayor,2020-13\n")
    >>> people, skipped = read_people_stream(table, origin="a.csv")
    >>> [person.name for person in people], skipped
    (['Ama Osei'], [Skipped(origin='a.csv:3', reason="no such date: '2020-13'")])
    """
    register = Register(as_of=as_of)
    skipped: list[Skipped] = []
    for place, result in _results(stream, origin):
        try:
            if isinstance(result, PeopleError):
                raise result
            register.add(result)
        except PeopleError as error:
            skipped.append(Skipped(origin=place, reason=error.reason))
    people = register.people()
    if not people:
        first = skipped[0] if skipped else Skipped(origin=origin, reason="the table holds nobody")
        raise PeopleError(first.reason, concerns=first.origin)
    return people, skipped


def _results(stream: IO[bytes], origin: str) -> Iterator[Result]:
    """The rows of a table of any kind, each with its place; raises PeopleError for what is no table."""
    try:
        with closing(_lines(stream, origin)) as lines:
            numbered = ((number, line) for number, line in enumerate(lines, start=1) if line.strip())
            number, opening = next(numbered, (0, ""))
            if not opening:
                raise PeopleError("the table is empty", concerns=origin)
            rows = _json_rows if opening.lstrip().startswith(("{", "[")) else _csv_rows
            yield from rows(chain([(number, opening)], numbered), origin)
    except (EOFError, zlib.error, gzip.BadGzipFile):
        yield origin, PeopleError("a damaged gzip archive: what stands behind the damage is lost")


def _lines(stream: IO[bytes], origin: str) -> Generator[str, None, None]:
    """The lines of a stream, unpacked, each cut where it is too long, bytes in no charset replaced; raises PeopleError for no text."""
    opening = _opening(stream)
    if opening.startswith(GZIP):
        stream = cast(IO[bytes], gzip.GzipFile(fileobj=stream))
        opening = _opening(stream)
    mark, charset = next(((mark, charset) for mark, charset in BOMS if opening.startswith(mark)), (b"", "utf-8"))
    if trouble := no_text(opening) or ("not text: it holds NUL bytes" if not mark and b"\0" in opening else None):
        raise PeopleError(trouble, concerns=origin)
    stream.seek(len(mark))
    text = io.TextIOWrapper(stream, encoding=charset, errors="replace")
    try:
        while line := text.readline(LONGEST_LINE):
            rest = line
            while rest and not rest.endswith("\n"):
                rest = text.readline(LONGEST_LINE)
            yield line
    finally:
        text.detach()


def _opening(stream: IO[bytes]) -> bytes:
    """The first bytes of a stream, which is then at its start again."""
    opening = stream.read(OPENING)
    stream.seek(0)
    return opening


def _csv_rows(lines: Iterable[tuple[int, str]], origin: str) -> Iterator[Result]:
    """The rows below a header that names the columns; raises PeopleError if none of them is for names."""
    numbered = iter(lines)
    _, header = next(numbered)
    delimiter = max(",;\t", key=header.count)
    titles = [] if REPLACED in header or header.count('"') % 2 else _cells(header, delimiter)
    columns = _columns(titles)
    if not {"name", "last"} & columns.keys():
        raise PeopleError(
            "no table of people: it is no JSON that is known, and no column of its first line names a person", concerns=origin
        )
    for number, line in numbered:
        try:
            yield f"{origin}:{number}", _row(_cells(line, delimiter), len(titles), columns)
        except PeopleError as error:
            yield f"{origin}:{number}", error


def _cells(line: str, delimiter: str) -> list[str]:
    """The cells of one line; raises PeopleError for quotation marks that do not pair and for bytes in no charset."""
    if REPLACED in line:
        raise PeopleError("not in the charset of the file")
    try:
        return next(csv.reader((line,), delimiter=delimiter, strict=True))
    except csv.Error as error:
        raise PeopleError(f"broken CSV: {error}") from None


def _columns(titles: list[str]) -> dict[str, int]:
    """Which column each field is read from; none is read for two."""
    plain = [re.sub(r"[\W_]", "", title).lower() for title in titles]
    columns: dict[str, int] = {}
    for field, names in COLUMNS.items():
        found = next((plain.index(name) for name in names.split() if name in plain and plain.index(name) not in columns.values()), None)
        if found is not None:
            columns[field] = found
    return columns


def _row(cells: list[str], width: int, columns: dict[str, int]) -> Row:
    if len(cells) != width:
        raise PeopleError(f"{len(cells)} of {width} columns")
    told = {field: cells[column].strip() for field, column in columns.items()}
    first, last, nickname = (told.pop(field, "") for field in ("first", "last", "nickname"))
    aliases = [alias.strip() for alias in re.split(r"[|;]", told.pop("aliases", ""))]
    aliases.extend(f"{given} {last}" for given in (first, nickname) if given and last)
    if told.get("position") in CHAMBERS and not told.get("country"):
        told |= {"position": CHAMBERS[told["position"]], "country": "United States"}
    return Row(**{"name": f"{first} {last}".strip(), **told}, aliases=tuple(aliases))


def _json_rows(lines: Iterable[tuple[int, str]], origin: str) -> Iterator[Result]:
    """The rows of JSON, one record a line, or an array of them, or one record over many lines; raises PeopleError for another JSON."""
    numbered = iter(lines)
    ahead = list(islice(numbered, OPENING_LINES))
    records = (record for _, line in ahead if (record := _record(line)) is not None)
    importer = next((found for record in records if (found := importer_of(record)) is not None), None)
    everything = chain(ahead, numbered)
    if importer is None:
        yield from _whole(everything, origin)
        return
    troubles: list[Result] = []
    yield from importer(_records(everything, origin, troubles))
    yield from troubles


def _record(line: str) -> Record | None:
    """The record of one line, which may be one of an array; None if it holds none."""
    try:
        parsed = json.loads(line.strip().removeprefix("[").removesuffix(",").removesuffix("]").removesuffix(","))
    except (ValueError, RecursionError):
        return None
    return parsed if isinstance(parsed, dict) else None


def _records(lines: Iterable[tuple[int, str]], origin: str, troubles: list[Result]) -> Iterator[tuple[str, Record]]:
    """The records of lines; the lines that hold none are added to the troubles."""
    for number, line in lines:
        if line.strip() in ("[", "]", ""):
            continue
        place = f"{origin}:{number}"
        record = None if REPLACED in line else _record(line)
        if record is None:
            troubles.append((place, PeopleError("not in the charset of the file" if REPLACED in line else "broken JSON, or no record")))
        else:
            yield place, record


def _whole(lines: Iterable[tuple[int, str]], origin: str) -> Iterator[Result]:
    """The rows of a JSON file that is one record or one array; raises PeopleError for what is neither, or of no kind that is known."""
    pieces: list[str] = []
    size = 0
    for _, line in lines:
        pieces.append(line)
        size += len(line)
        if size > LARGEST_JSON:
            raise PeopleError(f"too large: more than {LARGEST_JSON:,} characters of JSON that is not one record a line", concerns=origin)
    try:
        parsed = json.loads("".join(pieces))
    except (ValueError, RecursionError):
        raise PeopleError("no table of people: broken JSON", concerns=origin) from None
    records = [record for record in (parsed if isinstance(parsed, list) else [parsed]) if isinstance(record, dict)]
    importer = importer_of(records[0]) if records else None
    if importer is None:
        raise PeopleError("no table of people: JSON of no kind that is known", concerns=origin)
    yield from importer((f"{origin}, record {number}" if len(records) > 1 else origin, one) for number, one in enumerate(records, start=1))
