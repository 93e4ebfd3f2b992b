"""Values to columns and back: what a row of `statements` or `texts` says of a Statement or a Reading, and nothing of where it stands."""

import calendar
import datetime
import json
from collections.abc import Mapping
from typing import Any

from quoth.anchors import describe
from quoth.archive.subjects import subjects
from quoth.types import (
    Anchor,
    Article,
    Attribution,
    Part,
    Precision,
    Published,
    Reading,
    Said,
    Span,
    Speaker,
    Statement,
    hash_of,
    statement_id,
)

Columns = dict[str, Any]
"""Names of columns with what stands in them: strings, numbers, None."""


def columns_of(statement: Statement) -> Columns:
    """The columns of a statement, with the names of speaker, person and extractor instead of their numbers.

    What the model weighed on its way (probabilities of acts, antecedents) is not kept.
    """
    attribution, speaker, said = statement.attribution, statement.speaker, statement.said_on
    words = statement.words
    return {
        "key": statement.id,
        "kind": attribution.kind,
        "act": statement.act,
        "polarity": statement.polarity,
        "denies": int(statement.denies),
        "confidence": attribution.confidence,
        "source_confidence": attribution.source_confidence,
        "content": json.dumps([[piece.start, piece.end] for piece in attribution.content]),
        **_ends("cue", attribution.cue),
        **_ends("source", attribution.source),
        "repairs": " ".join(attribution.repairs) or None,
        "speaker_name": speaker.name if speaker else None,
        "speaker_person": speaker.person if speaker else None,
        "speaker_confidence": speaker.confidence if speaker else None,
        "speaker_basis": speaker.basis if speaker else None,
        **_ends("mention", speaker.mention if speaker else None),
        "said": said.date.isoformat() if said else None,
        "said_last": last_day(said.date, said.precision).isoformat() if said else None,
        "said_precision": said.precision if said else None,
        "said_basis": said.basis if said else None,
        "said_carried": int(said.carried) if said else None,
        **_ends("said", said.evidence if said else None),
        "candidates": json.dumps([_candidate(one) for one in statement.candidates], ensure_ascii=False) if statement.candidates else None,
        "nested_in": statement.nested_in,
        "extractor_name": statement.extractor,
        "words": words,
        "about": "; ".join(subjects(words)) or None,
    }


def statement_of(columns: Mapping[str, Any], article: Article) -> Statement:
    """The statement that columns tell of, in the text they were made for; `columns_of` of it gives the same columns."""
    content = tuple(Span(start=start, end=end) for start, end in json.loads(columns["content"]))
    repairs: Any = tuple((columns["repairs"] or "").split())
    attribution = Attribution(
        content=content,
        cue=_span(columns, "cue"),
        source=_span(columns, "source"),
        kind=columns["kind"],
        confidence=columns["confidence"],
        source_confidence=columns["source_confidence"],
        repairs=repairs,
    )
    return Statement(
        id=statement_id(article, content),
        article=article,
        attribution=attribution,
        anchors=tuple(describe(piece, article.text) for piece in content),
        speaker=_speaker(columns),
        said_on=_said(columns),
        act=columns["act"],
        polarity=columns["polarity"],
        nested_in=columns["nested_in"],
        extractor=columns["extractor_name"],
        denies=bool(columns["denies"]),
        candidates=tuple(
            Speaker(name=name, mention=Span(start=start, end=end), basis=basis, confidence=confidence, person=person)
            for name, start, end, basis, confidence, person in json.loads(columns["candidates"] or "[]")
        ),
    )


def text_columns(reading: Reading | Article) -> Columns:
    """The columns of a text version, with the publisher's name instead of its number."""
    article = reading if isinstance(reading, Article) else reading.article
    known = reading if isinstance(reading, Reading) else None
    published = known.published if known else None
    return {
        "sha256": article.sha256,
        "name": article.id,
        "url": article.url,
        "canonical_url": known.canonical_url if known else None,
        "publisher_name": article.publisher,
        "title": article.title,
        "author": article.author,
        "language": article.language,
        "published": article.published.isoformat() if article.published else None,
        "published_at": published.at.isoformat() if published and published.at else None,
        "published_raw": published.raw if published else None,
        "published_basis": published.basis if published else None,
        "origin": known.origin if known else None,
        "source_sha256": known.source_sha256 if known else None,
        "source_length": known.source_length if known else None,
        "reader": known.reader if known else None,
        "runs": _written_runs(known.runs) if known and known.runs is not None else None,
        "parts": json.dumps([[part.kind, part.span.start, part.span.end] for part in known.parts]) if known and known.parts else None,
        "text": article.text,
    }


def article_of(columns: Mapping[str, Any]) -> Article:
    """The article of a text version; raises ValueError if the text is not the one its hash tells."""
    return Article(
        id=columns["name"],
        text=columns["text"],
        sha256=columns["sha256"],
        url=columns["url"],
        publisher=columns["publisher_name"],
        title=columns["title"],
        author=columns["author"],
        published=day_of(columns["published"]),
        language=columns["language"],
    )


def reading_of(columns: Mapping[str, Any]) -> Reading:
    """The reading of a text version; of one that was stored as a bare article what the article does not tell is empty."""
    date, at = day_of(columns["published"]), columns["published_at"]
    published = None
    if date is not None and columns["published_basis"] is not None:
        moment = datetime.datetime.fromisoformat(at) if at else None
        published = Published(date=date, at=moment, raw=columns["published_raw"] or "", basis=columns["published_basis"])
    return Reading(
        article=article_of(columns),
        origin=columns["origin"] or columns["name"],
        source_sha256=columns["source_sha256"] or "",
        source_length=columns["source_length"] or 0,
        reader=columns["reader"] or "",
        runs=_read_runs(columns["runs"]),
        parts=tuple(Part(kind=kind, span=Span(start=start, end=end)) for kind, start, end in json.loads(columns["parts"] or "[]")),
        published=published,
        canonical_url=columns["canonical_url"],
    )


def identity_of(reading: Reading | Article) -> str:
    """By what a report is known again: its address, else its publisher and id, else where it was read, else its id.

    >>> identity_of(Article.of("It rained.", id="r1", publisher="Harl Post"))
    'id:Harl Post/r1'
    """
    article = reading if isinstance(reading, Article) else reading.article
    url = article.url if isinstance(reading, Article) else reading.canonical_url or article.url
    if url:
        return f"url:{url}"
    named = article.id != article.sha256[:16]
    if article.publisher and named:
        return f"id:{article.publisher}/{article.id}"
    if isinstance(reading, Reading) and reading.origin:
        return f"origin:{reading.origin}"
    return f"id:{article.publisher or ''}/{article.id}" if named or article.publisher else f"text:{article.sha256}"


def day_of(written: str | None) -> datetime.date | None:
    """The day that a column holds."""
    return datetime.date.fromisoformat(written) if written else None


def last_day(date: datetime.date, precision: Precision) -> datetime.date:
    """The last day of a day, week, month or year that starts on a date.

    >>> str(last_day(datetime.date(2024, 2, 1), "month"))
    '2024-02-29'
    """
    match precision:
        case "day":
            return date
        case "week":
            return min(date, datetime.date.max - datetime.timedelta(days=6)) + datetime.timedelta(days=6)
        case "month":
            return date.replace(day=calendar.monthrange(date.year, date.month)[1])
        case "year":
            return date.replace(month=12, day=31)


def anchor_json(anchor: Anchor) -> Columns:
    """An anchor as JSON: its position, its words and those around it."""
    position = anchor.position
    return {"start": position.start, "end": position.end, "exact": anchor.exact, "prefix": anchor.prefix, "suffix": anchor.suffix}


def anchor_of(written: Mapping[str, Any]) -> Anchor:
    """The anchor that `anchor_json` wrote."""
    position = Span(start=written["start"], end=written["end"])
    return Anchor(position=position, exact=written["exact"], prefix=written["prefix"], suffix=written["suffix"])


def text_is_whole(text: str, sha256: str) -> bool:
    """Whether a text is the one that its hash tells."""
    try:
        return hash_of(text) == sha256
    except ValueError:
        return False


def _ends(name: str, span: Span | None) -> Columns:
    return {f"{name}_start": span.start if span else None, f"{name}_end": span.end if span else None}


def _candidate(speaker: Speaker) -> list[Any]:
    return [speaker.name, speaker.mention.start, speaker.mention.end, speaker.basis, speaker.confidence, speaker.person]


def _span(columns: Mapping[str, Any], name: str) -> Span | None:
    start, end = columns[f"{name}_start"], columns[f"{name}_end"]
    return None if start is None or end is None else Span(start=start, end=end)


def _speaker(columns: Mapping[str, Any]) -> Speaker | None:
    mention = _span(columns, "mention")
    if columns["speaker_name"] is None or mention is None:
        return None
    return Speaker(
        name=columns["speaker_name"],
        mention=mention,
        basis=columns["speaker_basis"],
        confidence=columns["speaker_confidence"],
        person=columns["speaker_person"],
    )


def _said(columns: Mapping[str, Any]) -> Said | None:
    date, evidence = day_of(columns["said"]), _span(columns, "said")
    if date is None or evidence is None:
        return None
    return Said(
        date=date,
        precision=columns["said_precision"],
        evidence=evidence,
        basis=columns["said_basis"],
        carried=bool(columns["said_carried"]),
    )


def _written_runs(runs: tuple[tuple[int, int, int], ...]) -> str:
    """The runs of an offset map as the gaps before each in both texts and its length: small numbers, and most of them 0."""
    written: list[int] = []
    clean = source = 0
    for clean_start, source_start, length in runs:
        written += (clean_start - clean, source_start - source, length)
        clean, source = clean_start + length, source_start + length
    return " ".join(map(str, written))


def _read_runs(written: str | None) -> tuple[tuple[int, int, int], ...] | None:
    """The runs that `_written_runs` wrote."""
    if written is None:
        return None
    numbers = [int(number) for number in written.split()]
    runs: list[tuple[int, int, int]] = []
    clean = source = 0
    for clean_gap, source_gap, length in zip(numbers[::3], numbers[1::3], numbers[2::3], strict=True):
        runs.append((clean + clean_gap, source + source_gap, length))
        clean, source = clean + clean_gap + length, source + source_gap + length
    return tuple(runs)
