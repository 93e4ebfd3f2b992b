"""A statement as one flat row with typed values: what Parquet, data frames and PostgreSQL have in common."""

import datetime
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any, Literal, cast

from quoth.formats import WIKIDATA
from quoth.types import Article, Span, Statement

Report = tuple[Article, Sequence[Statement]]
Reports = Iterable[Report]
ColumnType = Literal["text", "date", "integer", "real", "boolean", "spans", "texts"]
Value = str | datetime.date | int | float | bool | Sequence[dict[str, int]] | Sequence[str] | None
Row = dict[str, Value]


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column: its name, type and meaning; `known` if it is never null."""

    name: str
    type: ColumnType
    meaning: str
    known: bool = False


def _columns(table: str) -> tuple[Column, ...]:
    """A column a line: name, type with "!" if never null, meaning."""
    rows = (line.split(maxsplit=2) for line in table.strip().split("\n"))
    return tuple(
        Column(name=name, type=cast(ColumnType, kind.rstrip("!")), meaning=meaning, known=kind.endswith("!"))
        for name, kind, meaning in rows
    )


COLUMNS = _columns("""
report                  text!     the id of the report
url                     text      where it was published
publisher               text      the outlet
title                   text      the headline
published               date      the day it appeared
language                text      the code of its language
sha256                  text!     the hash of its text (UTF-8); offsets count code points of this text
statement               text!     the id of the statement: equal texts and spans give equal ids
kind                    text!     direct, indirect or mixed
act                     text      speech, writing or thought
polarity                text      asserted or not_said
denies                  boolean!  whether the speaker says that the content is not so
nested_in               text      the id of the statement within whose content this one stands
content                 text!     the words; pieces that stand apart are joined by " […] "
content_spans           spans!    start and end of each piece, half open
cue                     text      the words that signal it
cue_start               integer   where they start
cue_end                 integer   where they end
source                  text      the words that name who it is attributed to
source_start            integer   where they start
source_end              integer   where they end
speaker                 text      the name of the speaker; null if unresolved
speaker_person          text      the id of the person in a table of people or an archive
speaker_wikidata        text      the same if it is a Wikidata id
speaker_basis           text      by what the speaker was named
speaker_mention         text      the words that prove the name
speaker_mention_start   integer   where they start
speaker_mention_end     integer   where they end
said_on                 date      the first day on which it may have been said
said_on_precision       text      day, week, month or year
said_on_evidence        text      the words that tell it
said_on_evidence_start  integer   where they start
said_on_evidence_end    integer   where they end
confidence_content      real!     the probability that the content is one
confidence_source       real      the probability that the source is its source
confidence_speaker      real      the probability that the speaker is right
repairs                 texts!    what was done about quotation marks
extractor               text!     name and version of what read it
""")


def rows(reports: Reports) -> Iterator[Row]:
    """One row a statement, in order, with a value for each of COLUMNS."""
    for article, statements in reports:
        for statement in statements:
            yield row(article, statement)


def row(article: Article, statement: Statement) -> Row:
    """The values of one statement."""
    attribution, speaker, said, text = statement.attribution, statement.speaker, statement.said_on, article.text
    return {
        "report": article.id,
        "url": article.url,
        "publisher": article.publisher,
        "title": article.title,
        "published": article.published,
        "language": article.language,
        "sha256": article.sha256,
        "statement": statement.id,
        "kind": statement.kind,
        "act": statement.act,
        "polarity": statement.polarity,
        "denies": statement.denies,
        "nested_in": statement.nested_in,
        "content": statement.words,
        "content_spans": [{"start": piece.start, "end": piece.end} for piece in attribution.content],
        **_span("cue", attribution.cue, text),
        **_span("source", attribution.source, text),
        "speaker": speaker.name if speaker else None,
        "speaker_person": speaker.person if speaker else None,
        "speaker_wikidata": wikidata(statement),
        "speaker_basis": speaker.basis if speaker else None,
        **_span("speaker_mention", speaker.mention if speaker else None, text),
        "said_on": said.date if said else None,
        "said_on_precision": said.precision if said else None,
        **_span("said_on_evidence", said.evidence if said else None, text),
        "confidence_content": attribution.confidence,
        "confidence_source": attribution.source_confidence if attribution.source else None,
        "confidence_speaker": speaker.confidence if speaker else None,
        "repairs": list(attribution.repairs),
        "extractor": statement.extractor,
    }


def wikidata(statement: Statement) -> str | None:
    """The Wikidata id of the speaker, if the id of the person is one."""
    person: Any = statement.speaker.person if statement.speaker else None
    return person if person and WIKIDATA.fullmatch(person) else None


def _span(name: str, span: Span | None, text: str) -> Row:
    return {
        name: span.slice(text) if span else None,
        f"{name}_start": span.start if span else None,
        f"{name}_end": span.end if span else None,
    }
