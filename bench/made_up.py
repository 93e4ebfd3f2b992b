"""Made-up reports: words of syllables, as frequent as words are in news (Zipf's law as Mandelbrot put it), the same in every run."""

import datetime
import random
from bisect import bisect
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import accumulate

from quoth.anchors import describe
from quoth.types import Article, Attribution, Span, Speaker, Statement, statement_id

A_REPORT = 5
"""Statements a report."""
SENTENCES = 27
WORDS, SPEAKERS, PUBLISHERS = 60_000, 50_000, 200
KNOWN = 3
"""One speaker in so many is a person whom a table of people knows."""
SYLLABLES = [consonant + vowel for consonant in "b c d f g h j k l m n p r s t v w z br st tr pl".split() for vowel in "aeiou"]
FIRST_DAY = datetime.date(2014, 1, 1)
DAYS = 4000
EXTRACTOR = "bench 1"


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """Words with how often each is used, as sums from the first to each."""

    words: tuple[str, ...]
    sums: tuple[float, ...]

    @classmethod
    def of(cls, words: Sequence[str], shift: float) -> "Vocabulary":
        """The words, the first the most frequent: that of rank r in proportion to 1 / (r + shift)."""
        return cls(tuple(words), tuple(accumulate(1 / (rank + shift) for rank in range(1, len(words) + 1))))

    def draw(self, source: random.Random) -> str:
        """One word, as often as it is used."""
        return self.words[bisect(self.sums, source.random() * self.sums[-1])]


@dataclass(frozen=True, slots=True)
class World:
    """What reports are made of; `people` has the ids of those speakers who are known people."""

    words: Vocabulary
    speakers: Vocabulary
    publishers: Vocabulary
    people: dict[str, str]


def world() -> World:
    """The same words, speakers and publishers in every run."""
    source = random.Random(7)
    given, family = (_words(500, source, least=2, most=3), _words(8000, source, least=2, most=4))
    names: dict[str, None] = {}
    while len(names) < SPEAKERS:
        names[f"{source.choice(given).title()} {source.choice(family).title()}"] = None
    publishers = [f"{name.title()} Post" for name in _words(PUBLISHERS, source, least=2, most=3)]
    words = _words(WORDS, source, least=1, most=5)
    people = {name: f"person-{number}" for number, name in enumerate(names) if number % KNOWN == 0}
    return World(Vocabulary.of(words, 2.7), Vocabulary.of(list(names), 20), Vocabulary.of(publishers, 5), people)


def reports(count: int, parts: World) -> Iterator[tuple[Article, tuple[Statement, ...]]]:
    """So many reports with their statements."""
    source = random.Random(11)
    for number in range(count):
        text, quoted = _text(parts, source)
        article = Article.of(
            text,
            id=f"report-{number}",
            url=f"https://news.example/{number}",
            publisher=parts.publishers.draw(source),
            title=_sentence(parts, source, 8),
            published=FIRST_DAY + datetime.timedelta(days=source.randrange(DAYS)),
        )
        yield article, tuple(_statement(article, *spans, parts, source) for spans in quoted)


def two_words(words: str, source: random.Random) -> str:
    """Two words of a statement; of those that stand in it the frequent are drawn as often as they stand."""
    return " ".join(source.sample(words.strip("“,”").split(), 2))


def _words(count: int, source: random.Random, *, least: int, most: int) -> list[str]:
    """So many different words of syllables, the shortest first, as frequent words are short."""
    words: dict[str, None] = {}
    while len(words) < count:
        words["".join(source.choices(SYLLABLES, k=source.randint(least, most)))] = None
    return sorted(words, key=len)


def _text(parts: World, source: random.Random) -> tuple[str, list[tuple[Span, Span, Span]]]:
    """A report's text of some 550 words, with content, cue and source of each statement in it."""
    cast = [parts.speakers.draw(source) for _ in range(3)]
    text, spans = "", list[tuple[Span, Span, Span]]()
    for number in range(SENTENCES):
        if number % 3 == 1 and len(spans) < A_REPORT:
            words, name = _sentence(parts, source, source.randint(8, 32)), source.choice(cast)
            content = Span(start=len(text), end=len(text) + len(words) + 3)
            text += f"“{words},” said {name}."
            cue = Span(start=content.end + 1, end=content.end + 5)
            spans.append((content, cue, Span(start=cue.end + 1, end=cue.end + 1 + len(name))))
        else:
            text += _sentence(parts, source, source.randint(8, 32)) + "."
        text += "\n\n" if number % 3 == 2 else " "
    return text.rstrip(), spans


def _sentence(parts: World, source: random.Random, length: int) -> str:
    words = source.choices(parts.words.words, cum_weights=parts.words.sums, k=length)
    if source.random() < 0.3:
        words[source.randrange(1, length)] = parts.speakers.draw(source)
    return " ".join([words[0].capitalize(), *words[1:]])


def _statement(article: Article, content: Span, cue: Span, source: Span, parts: World, chance: random.Random) -> Statement:
    attribution = Attribution(
        content=(content,), cue=cue, source=source, kind=chance.choice(("direct", "indirect")), confidence=round(chance.uniform(0.5, 1), 3),
        source_confidence=0.9,
    )  # fmt: skip
    name = source.slice(article.text)
    return Statement(
        id=statement_id(article, (content,)),
        article=article,
        attribution=attribution,
        anchors=(describe(content, article.text),),
        speaker=Speaker(name=name, mention=source, basis="name", confidence=0.9, person=parts.people.get(name)),
        said_on=None,
        act="speech",
        polarity="asserted",
        nested_in=None,
        extractor=EXTRACTOR,
    )
