"""A report as the rules for dates see it: its sentences, the voices in them, and the time expressions."""

import datetime
import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quoth.dates.grammar import CLOCK, HOUR, Expression, Frame, Interval, dateline, expressions, head_end
from quoth.sentences import sentences
from quoth.spans import contains, overlap
from quoth.types import Attribution, Said, Span, Speaker

LABELS = frozenset((":", ".", "—", "–", "-", "--"))
"""Cues that are layout, in an interview or a headline."""
CROWDED = 40
"""Voices or time expressions in one sentence from which on it is no sentence but a table or worse, and dates nobody."""
NARRATED = 2
"""Paragraphs after which a time told no longer is what "that day" or "at noon" counts from."""
NIGHT = re.compile(r"\b(?:night|evening)\b|\btonight\b", re.IGNORECASE)
MORNING = re.compile(r"\b(?:a\.?m\b|noon|midday|lunchtime)", re.IGNORECASE)
"""An hour of the morning is not one of the evening told last but of the day after it."""


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
        self.opening = head_end(text)
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
        parts: list[str] = []
        for piece in self.pieces.get(self.sentence_at(start), ()):
            if zone is None or not contains(piece, zone):
                if start < min(piece.start, end):
                    parts.append(self.text[start : min(piece.start, end)])
                start = max(start, piece.end)
        parts.append(self.text[start:end])
        words = " ".join(parts)
        return (CLOCK.sub(" ", words) if HOUR.search(words) else words).strip()

    def is_crowded(self, number: int) -> bool:
        """Whether a sentence holds too much to be one; the bound keeps the work linear."""
        return max(len(self.cues.get(number, ())), len(self.times.get(number, ()))) > CROWDED

    def is_told(self, span: Span) -> bool:
        """Whether a span stands, if only in part, within a content."""
        return any(overlap(piece, span) for piece in self.pieces.get(self.sentence_at(span.start), ()))

    def is_hour(self, span: Span) -> bool:
        """Whether a time expression stands at a span that tells an hour and no day."""
        return any(time.span == span and time.expression.is_hour for time in self.times.get(self.sentence_at(span.start), ()))

    def before_cue(self, voice: Voice) -> int:
        """Where the words that belong to a voice's cue begin: behind its source, if that comes first."""
        source, cue = voice.attribution.source, voice.cue
        return source.end if source is not None and voice.zone.start <= source.end <= cue.start else cue.start

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
        last: tuple[Interval, int, str] | None = None
        for expression in expressions(self.text):
            number = self.sentence_at(expression.span.start)
            paragraph = self.paragraphs[number]
            free = not any(piece.start < expression.span.end and expression.span.start < piece.end for piece in self.pieces.get(number, ()))
            words = expression.span.slice(self.text)
            narrated = last[0] if last is not None and paragraph - last[1] <= NARRATED else None
            if last is not None and narrated is not None and expression.is_hour and NIGHT.search(last[2]) and MORNING.search(words):
                narrated = _day_after(narrated, self.today)
            yield Time(expression=expression, free=free, narrated=narrated)
            if free:
                interval = expression.resolve(Frame(today=self.today, narrated=narrated))
                last = (interval, paragraph, words) if interval is not None else last


def _day_after(night: Interval, today: datetime.date | None) -> Interval | None:
    """The day after an evening; None if that is no single day or has not come when the report appears."""
    after = night.date + datetime.timedelta(days=1)
    return Interval(date=after, precision="day") if night.precision == "day" and (today is None or after <= today) else None


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
