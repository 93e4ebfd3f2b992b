"""The occasions that a report tells of, with their day: a hearing, a letter, a press conference, a meeting with reporters.

An occasion is dated by a time in its own sentence. It is met again in two ways: its noun is named again as known ("told the court", "the
letter said"), or the report goes on with what was said there, in the sentences that follow (a `Scene`).
"""

import re
from bisect import bisect_left
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import islice
from typing import Literal

from quoth.dates.cues import FUTURE, RELATIVE, heads
from quoth.dates.report import LABELS, Report, Time, Voice
from quoth.dates.verbs import MEETING, OTHER_VERB
from quoth.types import Said, Span

COURT = re.compile(r"\b(?:court|tribunal|inquest|hearing|trial|jury)\b(?!['’]s)", re.IGNORECASE)
AT_COURT = re.compile(
    r"\b(?:judge|justice|magistrate|coroner|prosecutors?|prosecuting|prosecution|counsel|barrister|solicitor|witness|defendant|accused|claimants?|"
    r"juror|defence|defense|defending)\b",
    re.IGNORECASE,
)
JUDGE = re.compile(r"judge|justice|magistrate|coroner", re.IGNORECASE)
VERDICT = re.compile(r"\b(?:trial|jury|jurors|verdict|guilty|convicted|acquitted|cleared)\b", re.IGNORECASE)
"""Ends a case of many days: what was told to the court before was not told on that one."""
NOUN = re.compile(
    r"\b(?:panel|court|tribunal|jury|inquest|hearing|committee|inquiry|commission|meeting|briefing|conference|summit|rally|interview|debate|"
    r"speech|address|statement|letter|e-?mail|message|post|tweet|memo|filing|crowd|congregation|parliament|podcast|ruling|decision|judgment|"
    r"lawsuit|video)\b"
)
NOUN_OF = (
    ("ruled", "ruling"), ("ruled", "decision"), ("ruled", "judgment"), ("tweeted", "tweet"), ("emailed", "email"), ("sued", "lawsuit"),
)  # fmt: skip
BRIDGED = frozenset(("crowd", "congregation", "rally", "meeting", "letter", "email"))
"""Occasions that are named as known only because what was told before holds them."""
INTRODUCED = re.compile(r"\b(?:a|an|another|one)[ ](?:[\w-]+[ ]){0,2}$", re.IGNORECASE)
_NAMED = rf"(?:the|that|this)[ ](?:[\w-]+[ ]){{0,2}}(?P<noun>{NOUN.pattern})(?!['’]s|[ ]of\b)"
NAMED_BEHIND = re.compile(rf"^(?:.*?\b(?:in|at|during)[ ])??{_NAMED}", re.IGNORECASE)
NAMED_FIRST = re.compile(rf"^(?:and[ ]|but[ ])?(?:in|at|during)[ ]{_NAMED}", re.IGNORECASE)
NAMED_WITHIN = re.compile(rf"^(?:(?:\w+[ ]){{1,2}}(?:in|at|during)|told|assured|reminded|warned|informed|asked)[ ]{_NAMED}", re.IGNORECASE)
TITLE = 6
"""Words before a source that may tell what he is: "The coroner, Jon Obi"."""
ADDRESS = 40
"""Characters behind a cue that may hold to whom something was said, though they were read as content."""
WRITINGS = (
    r"letter|e-?mail|message|statement|post|tweet|thread|memo|filing|ruling|decision|judgment|lawsuit|complaint|report|study|paper|survey|"
    r"video|blog|article|essay|note|photo|photograph|picture|release|findings|figures|accounts|results|review|apology|petition"
)
NAMED_AS_SOURCE = re.compile(rf"^(?:the|that|this)[ ](?P<noun>{WRITINGS})$", re.IGNORECASE)
"""An occasion named as known: behind the cue, at the head of the clause, or, if it is a writing, as the source."""
TOGETHER = re.compile(
    r"\b(?:press|news)[ ]conference|\b(?:briefing|hearing|inquest|vigil|funeral|rally|town[ ]hall|hustings)\b"
    r"|\b(?:council|councillors|committee|board|panel|parliament|assembly|senate|residents|villagers|members|mourners|protesters|"
    r"demonstrators|supporters|delegates|hundreds|thousands|dozens|crowds?|people)\b(?:[ ][\w’'-]+){0,4}?"
    r"[ ](?:met|gathered|convened|assembled|rallied|marched|debated)\b"
    r"|\basked\b(?:[ ][\w’'-]+){1,6}?[ ](?:what|how|why|whether|if|for|about)\b",
    re.IGNORECASE,
)
"""Where several people speak."""
WRITTEN = re.compile(
    r"\b(?:sent|wrote|published|posted|released|issued|put out|shared|filed|submitted|circulated|uploaded|penned|signed|printed)\b"
    rf"(?:[ ][\w’'-]+){{0,4}}?[ ](?:{WRITINGS})s?\b|\b(?:{WRITINGS})[ ](?:was |were )?(?:published|released|issued|posted|sent|filed)\b"
    r"|\bsued\b|\bcourt\b.{0,20}?[ ](?:struck down|upheld|overturned|blocked|ruled|threw out|dismissed)\b",
    re.IGNORECASE,
)
"""Somebody writes, or lets what was written be known."""
BACKWARDS = re.compile(
    r"\b(?:was|were)[ ](?:both[ ]|all[ ])?speaking\b|\b(?:remarks|comments)[ ](?:came|were[ ]made)\b"
    r"|\bmade[ ](?:the|his|her)[ ](?:remarks|comments)\b"
)
"""Tells afterwards where something was said."""
NAME = re.compile(r"\b[^\W\d_a-z][\w’'-]+")

NEAR = 12
"""Words that may stand between what tells of an occasion and its day."""

TRIGGERS = 6
"""Words in one sentence that may tell of an occasion; the bound keeps the work linear."""

SceneKind = Literal["alone", "together", "written"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Scene:
    """A sentence that tells of somebody speaking or writing, or of people who meet, and on which day.

    `end` is where the words that tell it end; `backwards` says that the sentence tells it of what was quoted before.
    """

    kind: SceneKind
    end: int
    sentence: int
    paragraph: int
    said: Said
    names: frozenset[str]
    backwards: bool


def scenes(report: Report) -> Iterator[Scene]:
    """The scenes of a report, in order: sentences with a day that belongs to the speaking or writing they tell of."""
    for number, times in sorted(report.times.items()):
        sentence = report.sentences[number]
        days = [time for time in times if time.free and not time.expression.is_hour]
        words = report.between(sentence.start, sentence.end)
        if days and not report.is_crowded(number) and not FUTURE.search(words):
            scene = _scene(report, number, days, words)
            if scene is not None:
                yield scene


def _scene(report: Report, number: int, days: Sequence[Time], words: str) -> Scene | None:
    """What kind of scene a sentence tells, if one of its days belongs to it."""
    sentence = report.sentences[number]
    kinds: tuple[tuple[SceneKind, re.Pattern[str]], ...] = (("together", TOGETHER), ("alone", MEETING), ("written", WRITTEN))
    for kind, pattern in kinds:
        for found in islice(pattern.finditer(report.text, sentence.start, sentence.end), TRIGGERS):
            trigger = Span(start=found.start(), end=found.end())
            if report.is_told(trigger) or (kind != "written" and _is_of_cue(report, number, trigger)):
                continue
            said = _day_of(report, number, trigger, days)
            if said is not None and said.precision == "day":
                names = frozenset(NAME.findall(words))
                backwards = BACKWARDS.search(words) is not None
                return Scene(
                    kind=kind, end=max(trigger.end, said.evidence.end), sentence=number, paragraph=report.paragraphs[number], said=said,
                    names=names, backwards=backwards,
                )  # fmt: skip
    return None


def _is_of_cue(report: Report, number: int, trigger: Span) -> bool:
    """Whether an occasion is that of one statement of its sentence, and so of nobody else."""
    before = [cue for cue in report.cues.get(number, ()) if cue.start < trigger.end]
    behind = [cue for cue in report.cues.get(number, ()) if cue.start >= trigger.end]
    return bool(behind) or (bool(before) and not OTHER_VERB.search(report.between(max(cue.end for cue in before), trigger.start) + " "))


def _day_of(report: Report, number: int, trigger: Span, days: Sequence[Time]) -> Said | None:
    """The day that stands with the word that tells of an occasion: behind it, right before it, or at the head of the sentence."""
    start = max(report.sentences[number].start, report.opening)
    for day in sorted(days, key=lambda day: (day.span.start < trigger.end, abs(day.span.start - trigger.end))):
        if day.span.start >= trigger.end:
            words = report.between(trigger.end, day.span.start)
            mine = len(words.split()) <= NEAR and not OTHER_VERB.search(words)
        elif day.span.end <= trigger.start:
            mine = not OTHER_VERB.search(report.between(day.span.end, trigger.start) + " ")
            mine = mine or (len(days) == 1 and heads(report.between(start, day.span.start).strip(" ,")))
        else:
            mine = True
        if mine:
            return report.told(day, carried=True)
    return None


class Named:
    """The occasions that a report dates in a sentence with one date, by their noun, and when it names them again."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.numbers: dict[str, list[int]] = {}
        self.said: dict[str, list[Said | None]] = {}
        self.mentioned: dict[str, int] = {}
        self.scenes: list[tuple[int, Said]] = []
        self.bridged: dict[str, Said] = {}
        self.unread = True

    def _read_all(self) -> None:
        """Reads the sentences, once, for the first voice that names an occasion again: in most reports none does."""
        if self.unread:
            self.unread = False
            for number, sentence in enumerate(self.report.sentences):
                if not self.report.is_crowded(number):
                    self._read(number, sentence)

    def _read(self, number: int, sentence: Span) -> None:
        """Notes the nouns of a sentence with its date; a noun that is introduced without one is another occasion."""
        words = self.report.between(sentence.start, sentence.end)
        times = [time for time in self.report.times.get(number, ()) if time.free and not time.expression.is_hour]
        said = self.report.told(times[0], carried=True) if len(times) == 1 else None
        nouns = {(found.group(), INTRODUCED.search(words[: found.start()]) is not None) for found in NOUN.finditer(words)}
        nouns |= {(noun, True) for verb, noun in NOUN_OF if f" {verb} " in words}
        courts = {(noun, introduced) for noun, introduced in nouns if COURT.match(noun)}
        court, verdict = COURT.search(words), VERDICT.search(words)
        if court or verdict:
            nouns.add(("judge", False))
        if verdict:
            nouns -= courts
        elif court:
            nouns |= {("court", introduced) for _, introduced in courts} | {("court", False)}
        for noun, introduced in sorted(nouns):
            if said is not None or introduced:
                self.numbers.setdefault(noun, []).append(number)
                self.said.setdefault(noun, []).append(said)
            self.mentioned.setdefault(noun, number)
        if said is not None and said.precision == "day" and number not in self.report.cues:
            self.scenes.append((number, said))

    def said_at(self, voice: Voice) -> Said | None:
        """The date of the occasion that a voice's words around the cue, or its source, name again; a court's people speak in court."""
        report, (source, cue) = self.report, (voice.attribution.source, voice.cue)
        if cue.slice(report.text) in LABELS:
            return None
        naming = source.slice(report.text) if source is not None else ""
        start = cue.start if source is None else min(source.start, cue.start)
        behind, first = report.between(cue.end, voice.zone.end), report.between(voice.zone.start, start)
        told = report.text[cue.start : min(cue.end + ADDRESS, voice.zone.end)]
        for pattern, words in ((NAMED_BEHIND, behind), (NAMED_WITHIN, told), (NAMED_FIRST, first), (NAMED_AS_SOURCE, naming)):
            again = pattern.match(words)
            if again is not None:
                self._read_all()
                noun = again["noun"].lower()
                return self._before(noun, voice.sentence) or self._bridged(noun, voice)
        title = first if len(first.split()) <= TITLE and not OTHER_VERB.search(first) else ""
        who = AT_COURT.search(RELATIVE.split(f"{title} {naming}")[0])
        if who is None:
            return None
        self._read_all()
        return self._before("judge" if JUDGE.match(who.group()) else "court", voice.sentence)

    def _bridged(self, noun: str, voice: Voice) -> Said | None:
        """The date of what the paragraph before told, for "the crowd" or "the letter" that was never mentioned: it must belong there."""
        if noun in self.bridged or noun not in BRIDGED:
            return self.bridged.get(noun)
        place = bisect_left(self.scenes, voice.sentence, key=_sentence_of)
        if place and self.mentioned.get(noun, voice.sentence) == voice.sentence:
            sentence, said = self.scenes[place - 1]
            if voice.paragraph - self.report.paragraphs[sentence] <= 1:
                self.bridged[noun] = said
        return self.bridged.get(noun)

    def _before(self, noun: str, number: int) -> Said | None:
        """The date of the latest occasion of this kind in an earlier sentence."""
        place = bisect_left(self.numbers.get(noun, ()), number)
        return self.said[noun][place - 1] if place else None


def _sentence_of(scene: tuple[int, Said]) -> int:
    return scene[0]
