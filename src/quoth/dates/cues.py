"""The time told of a cue: which time expressions of its sentence modify it, and not the event told or another verb.

Such an expression stands outside every content, and no other verb comes between: behind the cue, between source and cue, at the head of
their clause, or in a source that is a letter or a report.
"""

import datetime
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quoth.dates.grammar import CLOCK, Expression, Frame, Interval, dateline, expressions
from quoth.sentences import sentences
from quoth.spans import contains, overlap, subtract
from quoth.types import Attribution, Said, Span, Speaker

FUTURE = re.compile(
    r"\b(?:will|shall|won['’]t|(?:is|are|be)(?:[ ]not)?[ ](?:to|(?:due|expected|set|scheduled|going|likely|about|poised|planning)[ ]to)"
    r"|(?:plans?|intends?|hopes?|expects?)[ ]to)\b",
    re.IGNORECASE,
)
CONDITIONAL = re.compile(r"^(?:should|if|unless|once|when)\b", re.IGNORECASE)
"""Opens a sentence about what may be said."""
SPEAKING = (
    "speaking|talking|addressing|writing|testifying|appearing|briefing|announcing|presenting|launching|unveiling|opening|answering|giving|"
    "responding|reacting|commenting|delivering|introducing|posting|debating|arriving|standing"
)
"""What a speaker does on the occasion of speaking."""
PUBLISHED = (
    "dated|published|released|issued|posted|printed|aired|broadcast|recorded|filed|delivered|submitted|circulated|shared|signed|uploaded|"
    "televised|streamed|conducted|convened|organised|organized|hosted|attended|crowded|packed"
)
"""Past participles that tell when words were said, or that belong to the occasion."""
OTHER_VERB = re.compile(
    r"[;:?!]|\b(?:who|whom|whose|which|that|where|when|while|as|because|since|if|although|though|but|before|until|whether|than"
    r"|was|were|is|are|be|been|being|had|has|have|will|would|could|should|may|might|must|did|does"
    r"|shot|born|left|lost|struck|caught|begun|began|built|sold|stolen|came|went|took|flew|fell|won|died|killed|due|set)\b"
    rf"|\b(?!(?:{PUBLISHED})\b)(?!\w*eed\b)\w+ed(?:$|[ ](?=(?:on|in|at|by|from|for|after|over|to|late|early|with)\b|$))"
    rf"|(?:,|\b(?:of|for|about|by|from)\b)[ ](?!(?:{SPEAKING}|during|following|including|regarding)\b)[a-z]+ing\b(?![ ](?:on|in)?$)"
    r"|\b(?:and|but)$|\band[ ](?!(?:the|a|an|his|her|its|their|our|my|other|others|two|three|several|then|[A-Z“\"‘'])\b)[a-z]",
)
"""Between a cue and a time expression: the time belongs to another verb."""
BEFORE_FRONTED = re.compile(
    rf"^(?:(?:and|but|then|so|meanwhile|however|also|sir|madam)\b[\s,–—-]*)?(?:$|(?:in|at|during|over|through|by|with"
    r"|(?:after|following)[ ](?:a|an|the|his|her|their|its)[ ](?:\w+[ ])?"
    rf"(?:meeting|talks|summit|hearing|call|debate|speech|vote)|{SPEAKING}|asked|pressed|questioned)\b)",
    re.IGNORECASE,
)
"""What may stand between the beginning of a clause and the time that opens it."""
AFTER_FRONTED = re.compile(r"^(?:$|(?:in|at|during|on|from|outside|inside|near|before|to|via|through|after|with|under)\b)", re.IGNORECASE)
"""What may stand between the time that opens a clause and the source."""
NEAR_CUE = re.compile(
    r"(?:(?:also|then|later|first|again|however|reportedly|publicly|only|just|was|were|is|are|be|been|upon|when|in|by|while|to|told)\s*,?\s*){0,3}",
    re.IGNORECASE,
)
WRITING = re.compile(
    r"^(?:(?!of\b|for\b|from\b|with\b|in\b|to\b|at\b)[\w$@&.'’-]+[ ]){0,4}(?:letter|tweet|post|statement|report|"
    r"figures|data|survey|poll|study|e-?mail|message|"
    r"memo|memorandum|article|interview|filing|ruling|judgment|document|documents|results|note|blog|release|bulletin|editorial|column|affidavit|speech|"
    r"transcript|paper|circular|notice|findings|statistics|estimates|records|review)\b",
    re.IGNORECASE,
)
"""A source that is no person: its date is that of the words."""
AFTERWARDS = re.compile(r"\b(?:following|after|during)\b")
NEAREST = 6
"""Time expressions to either side of a cue that may belong to it."""
SHORT = 6
"""Words that may stand between the time that opens a clause and a cue whose source comes later or not at all."""
CLAUSE = re.compile(r"[;:][ ]|,[ ](?:and|but|while)[ ]")
SWALLOWED = re.compile(r"\s*(?:,|that\b|(?!(?:was|were|is|will|would|had|has|could|may|might|and|or|to|as|in|of)\b|[,.;:!?]|$))")
"""What follows a time expression that opens a content but belongs to the cue before it."""
ARTICLE = re.compile(r"^(?:a|an|the|his|her|its|their|this|that)[ ]", re.IGNORECASE)
RELATIVE = re.compile(r"\b(?:who|whom|whose|which|that|where|when|while|as|after|before|because|since)\b|[;:]")
PAST = re.compile(r"ed\b|\b(?:said|told|wrote)\b")
NARRATED = 2
"""Paragraphs after which a time told no longer is what "that day" or "at noon" counts from."""
LABELS = frozenset((":", ".", "—", "–", "-", "--"))


@dataclass(frozen=True, slots=True, kw_only=True)
class Voice:
    """An attribution and where its cue stands: the numbers of its sentence and paragraph, and the characters that may date it.

    `nested` says that the cue stands within the content of another one.
    """

    attribution: Attribution
    speaker: str | None
    cue: Span
    sentence: int
    paragraph: int
    zone: Span
    nested: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Time:
    """A time expression, whether it stands outside every content, and the time told last before it."""

    expression: Expression
    free: bool
    narrated: Interval | None

    @property
    def span(self) -> Span:
        """Where it stands."""
        return self.expression.span


class Report:
    """A text with its voices and time expressions, by sentence."""

    def __init__(
        self, text: str, attributions: Sequence[Attribution], published: datetime.date | None, speakers: Sequence[Speaker | None]
    ) -> None:
        self.text = text
        self.today = published and (dateline(text, published) or published)
        pieces = sorted(piece for attribution in attributions for piece in attribution.content)
        self.parts = sentences(text) or (Span(start=0, end=max(len(text), 1)),)
        self.sentences = _unbroken(text, self.parts, pieces)
        self.starts = [sentence.start for sentence in self.sentences]
        self.paragraphs = self._paragraphs()
        self.pieces: dict[int, list[Span]] = {}
        for piece in pieces:
            for number in range(self.sentence_at(piece.start), self.sentence_at(piece.end - 1) + 1):
                self.pieces.setdefault(number, []).append(piece)
        self.voices = [self._voice(attribution, speaker) for attribution, speaker in zip(attributions, speakers, strict=True)]
        self.cues: dict[int, list[Span]] = {}
        for voice in self.voices:
            self.cues.setdefault(voice.sentence, []).append(voice.cue)
        self.times: dict[int, list[Time]] = {}
        for time in self._times():
            self.times.setdefault(self.sentence_at(time.span.start), []).append(time)

    def sentence_at(self, place: int) -> int:
        """The number of the sentence in which a character stands, or of the one before it."""
        return max(bisect_right(self.starts, place) - 1, 0)

    def between(self, start: int, end: int, zone: Span | None = None) -> str:
        """The words between two places of one sentence, without clock times and contents; those around the zone do not count."""
        if start >= end:
            return ""
        pieces = self.pieces.get(self.sentence_at(start), ())
        holding = (piece for piece in pieces if zone is None or not contains(piece, zone))
        return CLOCK.sub(" ", " ".join(part.slice(self.text) for part in subtract(Span(start=start, end=end), holding))).strip()

    def told(self, time: Time, *, future: bool = False, carried: bool = False) -> Said | None:
        """What a time expression says, as an answer."""
        interval = time.expression.resolve(Frame(today=self.today, future=future, narrated=time.narrated))
        if interval is None:
            return None
        return Said(date=interval.date, precision=interval.precision, evidence=time.span, basis=time.expression.basis, carried=carried)

    def _paragraphs(self) -> list[int]:
        """The number of each sentence's paragraph."""
        numbers: list[int] = []
        for number, sentence in enumerate(self.sentences):
            gap = self.text[self.sentences[number - 1].end : sentence.start] if number else ""
            numbers.append((numbers[-1] if numbers else 0) + (len(f"{gap}.".splitlines()) > 1))
        return numbers

    def _voice(self, attribution: Attribution, speaker: Speaker | None) -> Voice:
        cue = attribution.cue or Span(start=attribution.content[0].start, end=attribution.content[0].start + 1)
        number = self.sentence_at(cue.start)
        zone = self.sentences[number]
        around = [piece for piece in self.pieces.get(number, ()) if contains(piece, cue) and piece not in attribution.content]
        if around:
            part = self.parts[max(bisect_right(self.parts, cue.start, key=lambda part: part.start) - 1, 0)]
            zone = overlap(part, min(around, key=len)) or cue
        name = None if speaker is None else speaker.name
        paragraph = self.paragraphs[number]
        return Voice(attribution=attribution, speaker=name, cue=cue, sentence=number, paragraph=paragraph, zone=zone, nested=bool(around))

    def _times(self) -> Iterator[Time]:
        """The time expressions; what is told outside every content, and not long before, is what "that day" or a clock time refers to."""
        last: tuple[Interval, int] | None = None
        for expression in expressions(self.text):
            number = self.sentence_at(expression.span.start)
            paragraph = self.paragraphs[number]
            free = not any(piece.start < expression.span.end and expression.span.start < piece.end for piece in self.pieces.get(number, ()))
            narrated = last[0] if last is not None and paragraph - last[1] <= NARRATED else None
            yield Time(expression=expression, free=free, narrated=narrated)
            if free:
                interval = expression.resolve(Frame(today=self.today, narrated=narrated))
                last = (interval, paragraph) if interval is not None else last


def _unbroken(text: str, parts: Sequence[Span], pieces: Sequence[Span]) -> tuple[Span, ...]:
    """The sentences of a text, those joined that end within one content: “Go. Go now,” she said."""
    joined: list[Span] = []
    place, reach = 0, 0
    for part in parts:
        while place < len(pieces) and pieces[place].start < part.start:
            reach = max(reach, pieces[place].end)
            place += 1
        if joined and reach > part.start and "\n" not in text[joined[-1].end : part.start]:
            joined[-1] = Span(start=joined[-1].start, end=part.end)
        else:
            joined.append(part)
    return tuple(joined)


def own(report: Report, voice: Voice) -> Said | None:
    """What the time expressions that modify a voice's own cue tell; the nearest one counts."""
    future = _is_future(report, voice)
    found = [time for time in _around(report, voice) if contains(voice.zone, time.span) and _modifies(report, voice, time)]
    for time in sorted(found, key=lambda time: _distance(time.span, voice.cue)):
        said = report.told(time, future=future)
        if said is not None:
            return said
    return None


def _around(report: Report, voice: Voice) -> Sequence[Time]:
    """The time expressions of a voice's sentence that stand nearest to its cue; the bound keeps the work linear."""
    times = report.times.get(voice.sentence, [])
    place = bisect_right(times, voice.cue.start, key=lambda time: time.span.start)
    return times[max(place - NEAREST, 0) : place + NEAREST]


def _distance(span: Span, cue: Span) -> int:
    """How far a span is from a cue; one before it counts as further than any behind it."""
    return span.start - cue.end if span.start >= cue.start else 1_000_000 + cue.start - span.start


def _is_future(report: Report, voice: Voice) -> bool:
    """Whether the words are still to be said when the report appears."""
    source, cue = voice.attribution.source, voice.cue
    start = source.end if source is not None and voice.zone.start <= source.end <= cue.start else cue.start
    if FUTURE.search(report.text[start : cue.end]):
        return True
    return CONDITIONAL.match(voice.zone.slice(report.text)) is not None and not PAST.search(cue.slice(report.text))


def _modifies(report: Report, voice: Voice, time: Time) -> bool:
    """Whether a time expression belongs to the cue, by where it stands."""
    source, cue = voice.attribution.source, voice.cue
    if any(
        piece.start < time.span.end and time.span.start < piece.end and not contains(piece, voice.zone)
        for piece in report.pieces.get(voice.sentence, ())
    ):
        return _is_swallowed(report, voice, time)
    if source is not None and contains(source, time.span):
        return _dates_writing(report, source, time)
    if contains(cue, time.span):
        return True
    if time.expression.is_hour and not _is_near(report, voice, time):
        return False
    if time.span.start >= cue.end:
        return _follows(report, voice, time)
    if source is not None and source.end <= time.span.start:
        return _stands_between(report, voice, source.end, time)
    return _opens(report, voice, time) or _is_passive(report, time, cue)


def _is_near(report: Report, voice: Voice, time: Time) -> bool:
    """Whether an hour stands right at the source and cue: hours are told of many things."""
    source, cue = voice.attribution.source, voice.cue
    start, end = min(cue.start, source.start if source else cue.start), max(cue.end, source.end if source else cue.end)
    gap = report.between(time.span.end, start, voice.zone) or report.between(end, time.span.start, voice.zone)
    return len(gap.split()) <= 2 and "," not in gap.strip(",")


def _is_passive(report: Report, time: Time, cue: Span) -> bool:
    """Whether a time stands within a passive cue without a source: "was on Monday reported"."""
    return (
        report.text[max(time.span.start - 5, 0) : time.span.start].endswith(("was ", "were "))
        and NEAR_CUE.fullmatch(report.between(time.span.end, cue.start)) is not None
    )


def _is_swallowed(report: Report, voice: Voice, time: Time) -> bool:
    """Whether a content that follows the cue was read as if it began with the cue's own time."""
    pieces = voice.attribution.content
    if voice.cue.slice(report.text) in LABELS:
        return False
    opening = any(piece.start <= time.span.start and not report.text[piece.start : time.span.start].strip() for piece in pieces)
    near = not report.text[voice.cue.end : time.span.start].strip() if time.span.start >= voice.cue.end else False
    return opening and near and SWALLOWED.match(report.text, time.span.end) is not None


def _dates_writing(report: Report, source: Span, time: Time) -> bool:
    """Whether the source is a letter, a report or the like, and this is its only date."""
    if any(contains(source, other.span) and other is not time for other in report.times[report.sentence_at(time.span.start)]):
        return False
    return WRITING.match(ARTICLE.sub("", source.slice(report.text))) is not None and not OTHER_VERB.search(
        report.between(source.start, time.span.start) + " "
    )


def _follows(report: Report, voice: Voice, time: Time) -> bool:
    """Whether no other verb comes between the cue and a time behind it; the source may."""
    source, cue = voice.attribution.source, voice.cue
    if cue.slice(report.text).lower().startswith("according") or cue.slice(report.text) in LABELS:
        return False
    if any(cue.end <= other.start < time.span.start for other in report.cues[voice.sentence]):
        return False
    if any(cue.end <= piece.start < piece.end <= time.span.start for piece in voice.attribution.content) and AFTERWARDS.search(
        report.text, cue.end, time.span.start
    ):
        return False
    start = cue.end
    words = ""
    if source is not None and cue.end <= source.start and source.end <= time.span.start:
        words, start = report.between(cue.end, source.start, voice.zone) + " ", source.end
    return not OTHER_VERB.search((words + report.between(start, time.span.start, voice.zone)).strip(" ,"))


def _stands_between(report: Report, voice: Voice, start: int, time: Time) -> bool:
    """Whether a time stands between the source and the cue, close to it: "on Monday said", "was on Monday reported"."""
    before = report.between(start, time.span.start, voice.zone).strip(" ,")
    after = report.between(time.span.end, voice.cue.start, voice.zone).strip(" ,")
    return NEAR_CUE.fullmatch(after) is not None and not RELATIVE.search(before)


def _opens(report: Report, voice: Voice, time: Time) -> bool:
    """Whether a time opens the clause of source and cue, perhaps with where or how it was said."""
    source, cue = voice.attribution.source, voice.cue
    if cue.slice(report.text).lower().startswith("according"):
        return False
    subject = source if source is not None and source.start < cue.start else cue
    if subject.start < time.span.end or any(time.span.end <= other.start < subject.start for other in report.cues[voice.sentence]):
        return False
    if any(piece.end <= time.span.start and report.text[piece.end : time.span.start] == " " for piece in voice.attribution.content):
        return False  # the time of the event told, left out of the content
    start = max([voice.zone.start, *(found.end() for found in CLAUSE.finditer(report.text, voice.zone.start, time.span.start))])
    head = report.between(start, time.span.start, voice.zone).strip(" ,“”\"'‘’—–-")
    tail = report.between(time.span.end, subject.start, voice.zone).strip(" ,")
    opened = BEFORE_FRONTED.match(head)
    if opened is None or OTHER_VERB.search(head[opened.end() :] + " ") or OTHER_VERB.search(tail):
        return False
    if AFTER_FRONTED.match(tail) is None and (subject is not cue or len(tail.split()) > SHORT):
        return False
    return subject is cue or not CLAUSE.search(report.text, subject.end, cue.start)
