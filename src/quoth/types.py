"""Every thing that flows through quoth, as frozen values; no input, no output."""

import calendar
import datetime
import hashlib
from dataclasses import dataclass, field
from typing import Literal, Self

Kind = Literal["direct", "indirect", "mixed"]
"""All, none or part of the content stands within quotation marks (Pareti 2015)."""
Act = Literal["speech", "writing", "thought"]
Polarity = Literal["asserted", "not_said"]
Precision = Literal["day", "week", "month", "year"]
Basis = Literal["name", "description", "rule", "pronoun", "model", "turn", "office", "reviewer"]
"""By what a speaker was named: the source names him; it is itself the name of someone unnamed; a rule over names; a pronoun, by rules; a
pronoun for which the model told between people whom the rules alone would have ranked otherwise; a turn of an interview; the office that
the source names, which a table says who held on the day of the report; a reviewer said so."""
TimeBasis = Literal["explicit", "weekday", "relative"]
"""By what a date is told: a calendar date; the name of a weekday; words counted from the day of the report or from another date in it."""
PartKind = Literal["headline", "paragraph", "quote", "heading", "caption", "credit", "related"]
"""What a stretch of an article's text is on the page it was read from."""
DateBasis = Literal["json-ld", "meta", "time", "header", "feed", "url", "guess"]
"""Where the day of publication was read: structured data or elements of the page, a header or column, the feed, the address; or a guess."""
Repair = Literal["reopened", "unclosed", "stray", "mark_edge", "joined"]
"""What was done about quotation marks: opened again at each paragraph; never closed; closed though never opened; an edge of the
content moved to the mark; pieces of one quotation joined."""


@dataclass(frozen=True, slots=True, kw_only=True, order=True)
class Span:
    """A half-open range of Unicode code points, `0 <= start < end`; raises ValueError otherwise.

    >>> Span(start=4, end=9).slice("The words")
    'words'
    """

    start: int
    end: int

    def __post_init__(self) -> None:
        if not 0 <= self.start < self.end:
            raise ValueError(f"no span: {self.start}..{self.end}")

    def __len__(self) -> int:
        return self.end - self.start

    def slice(self, text: str) -> str:
        """The characters of the text that the span covers."""
        return text[self.start : self.end]


@dataclass(frozen=True, slots=True, kw_only=True)
class Quotation:
    """A run within quotation marks, marks included, one piece a paragraph.

    `repairs` says how the marks differ from a plain pair; only "reopened" leaves the edges certain.
    """

    pieces: tuple[Span, ...]
    style: str
    depth: int
    repairs: tuple[Repair, ...] = ()

    @property
    def start(self) -> int:
        """Where the first piece starts."""
        return self.pieces[0].start

    @property
    def end(self) -> int:
        """Where the last piece ends."""
        return self.pieces[-1].end

    @property
    def certain(self) -> bool:
        """Whether both edges are marks that pair."""
        return all(repair == "reopened" for repair in self.repairs)


@dataclass(frozen=True, slots=True, kw_only=True)
class Article:
    """A dated news report; the text is never edited again, and `sha256` is the hash of its UTF-8 bytes.

    >>> Article.of("It rained.", id="r1").sha256[:8]
    '8b38b558'
    """

    id: str
    text: str = field(repr=False)
    sha256: str
    url: str | None = None
    publisher: str | None = None
    title: str | None = None
    author: str | None = None
    published: datetime.date | None = None
    language: str | None = None

    def __post_init__(self) -> None:
        if self.sha256 != hash_of(self.text):
            raise ValueError("sha256 is not the hash of the text")

    @classmethod
    def of(
        cls,
        text: str,
        *,
        id: str | None = None,
        url: str | None = None,
        publisher: str | None = None,
        title: str | None = None,
        author: str | None = None,
        published: datetime.date | None = None,
        language: str | None = None,
    ) -> Self:
        """An article of this text; without an id it is named by its hash. Raises ValueError if the text has lone surrogates."""
        sha256 = hash_of(text)
        return cls(
            id=sha256[:16] if id is None else id, text=text, sha256=sha256, url=url, publisher=publisher, title=title,
            author=author, published=published, language=language,
        )  # fmt: skip


def hash_of(text: str) -> str:
    """The SHA-256 of the UTF-8 bytes of a text, in hexadecimal; raises ValueError if the text has lone surrogates."""
    return hashlib.sha256(text.encode("utf-8")).hexdigest()


@dataclass(frozen=True, slots=True, kw_only=True)
class Part:
    """A stretch of an article's text that is one thing on its page: a headline, a paragraph, a caption."""

    kind: PartKind
    span: Span


@dataclass(frozen=True, slots=True, kw_only=True)
class Published:
    """When a report appeared, as its page tells it: `raw` is what stands there, `date` the day in the outlet's own time.

    `at` is the moment with its offset from UTC, where both are told; `basis` says where it was read.
    """

    date: datetime.date
    at: datetime.datetime | None = None
    raw: str
    basis: DateBasis


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """An article with the way back to what it was read from.

    `origin` names the place (a path, an address, a member of an archive); `source_sha256` is the hash of the source's bytes and
    `source_length` the number of characters of the source once decoded. `runs` are those of a `spans.OffsetMap` from the article's text
    to that source, None where the text was not cut out of one. `reader` is the name and version of what read it.
    """

    article: Article
    origin: str
    source_sha256: str
    source_length: int
    reader: str
    runs: tuple[tuple[int, int, int], ...] | None = field(default=None, repr=False)
    parts: tuple[Part, ...] = field(default=(), repr=False)
    published: Published | None = None
    canonical_url: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Antecedent:
    """A word that the model takes for the head of another mention of the same one, and how probable it holds that to be."""

    word: Span
    probability: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Candidate:
    """What the tagger reads from one cue: the attribution as the model sees it, before marks and rules have their say.

    `anchor` is the one word of the cue that the others were read from. `score` is the probability that the anchor is one;
    `content_score` and `source_score` are the mean probabilities of the tags of their words. The content may be empty. `acts` are the
    probabilities of speech, writing, thought and no statement at all; `antecedents` are other mentions of the source, the likeliest first.
    """

    anchor: Span
    content: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    score: float
    content_score: float
    source_score: float
    acts: tuple[float, ...] = ()
    antecedents: tuple[Antecedent, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Attribution:
    """Source, cue and content of one attribution, as spans of one text.

    The pieces of the content are ordered and disjoint; cue and source may be None. `parent` is the index, in the same sequence, of the
    attribution within whose content this one's cue stands. `confidence` is the probability that the content is one, `source_confidence`
    that the source is its source. `acts` and `antecedents` are the model's, as in `Candidate`; empty where a rule made the attribution.
    """

    content: tuple[Span, ...]
    cue: Span | None
    source: Span | None
    kind: Kind
    confidence: float
    source_confidence: float
    parent: int | None = None
    repairs: tuple[Repair, ...] = ()
    acts: tuple[float, ...] = ()
    antecedents: tuple[Antecedent, ...] = ()

    def __post_init__(self) -> None:
        ends = [0, *(piece.end for piece in self.content)]
        if not self.content or any(piece.start < end for piece, end in zip(self.content, ends, strict=False)):
            raise ValueError("the pieces of a content are ordered and disjoint, and there is at least one")


@dataclass(frozen=True, slots=True, kw_only=True)
class Speaker:
    """The person or body to whom a source resolves: a name read in the article, and the mention that proves it.

    `basis` says by what it was named; `person` is the id of a person across articles, when one is known.
    """

    name: str
    mention: Span
    basis: Basis
    confidence: float
    person: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Said:
    """When the words were said: the first day of a day, week, month or year, and the words that tell it.

    `basis` says by what kind of words; `carried` that they stand with another statement or sentence about the same occasion;
    `confidence` how probable it is that the date is right, where that was measured.
    """

    date: datetime.date
    precision: Precision
    evidence: Span
    basis: TimeBasis = "explicit"
    carried: bool = False
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Anchor:
    """How a passage is found again: its position, its exact words and those around it (W3C TextPositionSelector and TextQuoteSelector)."""

    position: Span
    exact: str
    prefix: str
    suffix: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Statement:
    """The record: who, what, when, with the evidence.

    `id` is a hash of the article's text and the content's spans, so the same article read twice gives the same ids. `nested_in` is the
    id of the statement within whose content this one stands. `denies` tells a statement of denial: the speaker says that the content is
    not so. `candidates` are those who may have spoken where `speaker` is None, the likeliest first. What is not known is None.
    """

    id: str
    article: Article = field(repr=False)
    attribution: Attribution
    anchors: tuple[Anchor, ...] = field(repr=False)
    speaker: Speaker | None
    said_on: Said | None
    act: Act | None
    polarity: Polarity | None
    nested_in: str | None
    extractor: str
    denies: bool = False
    candidates: tuple[Speaker, ...] = ()

    @property
    def kind(self) -> Kind:
        """Direct, indirect or mixed."""
        return self.attribution.kind

    @property
    def words(self) -> str:
        """The content as one string; pieces that stand apart are joined by an ellipsis."""
        return " […] ".join(piece.slice(self.article.text) for piece in self.attribution.content)

    @property
    def cue(self) -> str | None:
        """The words of the cue."""
        return None if self.attribution.cue is None else self.attribution.cue.slice(self.article.text)

    @property
    def source(self) -> str | None:
        """The words of the source."""
        return None if self.attribution.source is None else self.attribution.source.slice(self.article.text)


def statement_id(article: Article, content: tuple[Span, ...]) -> str:
    """The id of a statement: 16 hexadecimal digits of a hash of the article's text and the spans of the content."""
    places = ",".join(f"{piece.start}-{piece.end}" for piece in content)
    return hashlib.sha256(f"{article.sha256}:{places}".encode()).hexdigest()[:16]


@dataclass(frozen=True, slots=True, kw_only=True)
class Skipped:
    """A report that could not be read: where it came from and why."""

    origin: str
    reason: str


@dataclass(frozen=True, slots=True, kw_only=True)
class PartialDate:
    """A day, month or year, as precise as it is known; `first` is its first day.

    >>> march = PartialDate(first=datetime.date(2019, 3, 1), precision="month")
    >>> str(march.last)
    '2019-03-31'
    """

    first: datetime.date
    precision: Literal["day", "month", "year"] = "day"

    @property
    def last(self) -> datetime.date:
        """The last day of it."""
        if self.precision == "day":
            return self.first
        month = 12 if self.precision == "year" else self.first.month
        return self.first.replace(month=month, day=calendar.monthrange(self.first.year, month)[1])


@dataclass(frozen=True, slots=True, kw_only=True)
class Office:
    """A position that a person held, as a table tells it: an empty `end` means still held on `as_of`, and nothing about later."""

    position: str
    country: str | None = None
    start: PartialDate | None = None
    end: PartialDate | None = None
    as_of: PartialDate | None = None

    def held_on(self, day: datetime.date) -> bool:
        """Whether the office was surely held on a day; the days of taking and of leaving it count.

        >>> office = Office(position="Mayor", start=PartialDate(first=datetime.date(2019, 1, 1), precision="year"),
        ...                 as_of=PartialDate(first=datetime.date(2021, 5, 3)))
        >>> [office.held_on(datetime.date(year, 4, 1)) for year in (2019, 2020, 2022)]
        [False, True, False]
        """
        if self.start is None:
            return self.end is None and self.as_of is not None and self.as_of.first <= day <= self.as_of.last
        if self.end is not None:
            return self.start.last <= day <= self.end.first
        return self.start.last <= day <= (self.start.first if self.as_of is None else self.as_of.last)


@dataclass(frozen=True, slots=True, kw_only=True)
class Person:
    """Somebody across articles: an id that stays, a name and others, offices in the order of the table."""

    id: str
    name: str
    aliases: tuple[str, ...] = ()
    wikidata: str | None = None
    offices: tuple[Office, ...] = ()
