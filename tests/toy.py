"""A toy in the extractor's place: it finds `“words” said Name` and no more, so that reading and printing are tested without the model."""

import re

from quoth.types import Article, Attribution, Said, Span, Speaker, Statement, statement_id

SAID = re.compile(r"(“[^”]*”) (said|denied) ((?:[A-Z]\w+ ?)+|she)")


def span(found: re.Match[str], group: int) -> Span:
    return Span(start=found.start(group), end=found.start(group) + len(found[group].rstrip()))


def statement(
    article: Article,
    content: tuple[Span, ...],
    *,
    cue: Span | None = None,
    source: Span | None = None,
    speaker: Speaker | None = None,
    said_on: Said | None = None,
    not_said: bool = False,
    nested_in: str | None = None,
) -> Statement:
    attribution = Attribution(content=content, cue=cue, source=source, kind="direct", confidence=0.98765, source_confidence=0.5)
    return Statement(
        id=statement_id(article, content),
        article=article,
        attribution=attribution,
        anchors=(),
        speaker=speaker,
        said_on=said_on,
        act="speech",
        polarity="not_said" if not_said else "asserted",
        nested_in=nested_in,
        extractor="toy 1",
    )


def extract_article(article: Article, people: object = None) -> tuple[Statement, ...]:
    return tuple(_read(article, found) for found in SAID.finditer(article.text))


def _read(article: Article, found: re.Match[str]) -> Statement:
    source = span(found, 3)
    words = source.slice(article.text)
    speaker = None if words == "she" else Speaker(name=words, mention=source, basis="name", confidence=0.75)
    return statement(article, (span(found, 1),), cue=span(found, 2), source=source, speaker=speaker, not_said=found[2] == "denied")
