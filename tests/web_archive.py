"""Archives for the tests of the reading room: statements written by hand, so that no model decides what the pages show."""

import datetime
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from quoth.anchors import describe
from quoth.archive import Archive
from quoth.types import Article, Attribution, Said, Span, Speaker, Statement, statement_id

if TYPE_CHECKING:
    from fastapi.testclient import TestClient

HERE = "http://127.0.0.1:8400"
OWN = {"origin": HERE}
"""What a browser tells with the room's own forms."""
AT = datetime.datetime(2024, 3, 20, 9, tzinfo=datetime.UTC)
FERRY = (
    'SANDMOUTH — Ferry pilots walked out on Thursday.\n\n"One pilot cannot do two men\'s work," Ama Osei, who leads the union, said on '
    'Thursday. "We will not sail."\n\nThe port authority said 🎺 freight would keep moving. Bo Lind declined to say whether it would pay.\n'
)
DOOR = '"a door in a wall that nobody had ever seen"'
ECHO = f'Ama Osei said one pilot may not do the work of two men. "Nobody sails," she added.\n\nCay Moor called the strike {DOOR}.\n'
OTHER = f'The strike was {DOOR}, Dee Falk said. She said that Moor had told her "never again" about the talks.\n'


def span(text: str, words: str, after: int = 0) -> Span:
    """Where words stand first, from a place on."""
    start = text.index(words, after)
    return Span(start=start, end=start + len(words))


def statement(
    article: Article,
    content: str | Sequence[str],
    *,
    source: str | None = None,
    cue: str | None = None,
    speaker: str | None = None,
    said: tuple[datetime.date, str] | None = None,
    **told: Any,
) -> Statement:
    """A statement of an article, its spans found by their words."""
    text = article.text
    pieces = tuple(span(text, piece) for piece in ([content] if isinstance(content, str) else content))
    found = Attribution(
        content=pieces,
        cue=span(text, cue) if cue else None,
        source=span(text, source) if source else None,
        kind=told.pop("kind", "direct"),
        confidence=told.pop("confidence", 0.9),
        source_confidence=0.8,
    )
    who = None if speaker is None else Speaker(name=speaker, mention=span(text, speaker), basis="name", confidence=0.85)
    return Statement(
        id=statement_id(article, pieces),
        article=article,
        attribution=found,
        anchors=tuple(describe(piece, text) for piece in pieces),
        speaker=who,
        said_on=Said(date=said[0], precision="day", evidence=span(text, said[1])) if said else None,
        act="speech",
        polarity=told.pop("polarity", "asserted"),
        nested_in=told.pop("nested_in", None),
        extractor="by hand 1",
        **told,
    )


def reports() -> Iterator[tuple[Article, list[Statement]]]:
    """Three reports with eight statements: one nested, one not said, one with the same words elsewhere, one in conflict."""
    day = datetime.date(2024, 3, 14)
    one = Article.of(
        FERRY, id="ferry", title="Ferry pilots walk out", publisher="The Coast Wire", published=day, url="https://wire.example/ferry"
    )
    yield one, [
        statement(
            one, ['"One pilot cannot do two men\'s work,"', '"We will not sail."'], source="Ama Osei, who leads the union", cue="said",
            speaker="Ama Osei", said=(day, "on Thursday"),
        ),
        statement(one, "🎺 freight would keep moving", source="The port authority", cue="said", kind="indirect"),
        statement(
            one, "whether it would pay", source="Bo Lind", cue="declined to say", speaker="Bo Lind", kind="indirect", polarity="not_said",
        ),
    ]  # fmt: skip
    two = Article.of(ECHO, id="echo", title="Second day", publisher="Harl Post", published=datetime.date(2024, 3, 15))
    yield (
        two,
        [
            statement(two, "one pilot may not do the work of two men", source="Ama Osei", cue="said", speaker="Ama Osei", kind="indirect"),
            statement(two, '"Nobody sails,"', source="she", cue="added", speaker="Ama Osei"),
            statement(
                two,
                f"the strike {DOOR}",
                source="Cay Moor",
                cue="called",
                speaker="Cay Moor",
                kind="mixed",
            ),
        ],
    )
    three = Article.of(OTHER, id="other", title="Whose door?", publisher="Harl Post", published=datetime.date(2024, 3, 20))
    outer = statement(three, 'that Moor had told her "never again" about the talks', source="She", speaker="Dee Falk", kind="mixed")
    yield (
        three,
        [
            statement(
                three,
                f"The strike was {DOOR}",
                source="Dee Falk",
                cue="said",
                speaker="Dee Falk",
                kind="mixed",
            ),
            outer,
            statement(three, '"never again"', source="Moor", cue="told", speaker="Moor", nested_in=outer.id),
        ],
    )


def make(path: Path) -> Path:
    """An archive of the reports."""
    with Archive.open(path) as archive:
        for article, statements in reports():
            archive.store(article, statements, extractor="by hand 1", at=AT)
    return path


def with_report(path: Path, text: str, contents: Sequence[str], **told: Any) -> Path:
    """An archive of one report, whose statements are these words."""
    article = Article.of(text, id="hostile", **told)
    with Archive.open(path) as archive:
        archive.store(article, [statement(article, words, speaker=None) for words in contents], extractor="by hand 1", at=AT)
    return path


def visitor(path: Path, reviewer: str = "Test") -> "TestClient":
    """A client of the reading room of an archive, which knows one reviewer and no accounts."""
    from fastapi.testclient import TestClient

    from quoth.web.app import create_app

    return TestClient(create_app(path, reviewer=reviewer), base_url=HERE, follow_redirects=False)
