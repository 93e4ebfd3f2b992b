"""The occasion on which words were said, where the report dates it elsewhere: in the few shapes where that is certain.

The same speaker goes on; the same court, letter or crowd is named again; the turns of an interview; a list of voices behind one date; the
question in the sentence of its answer; a headline and the first words below it.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from quoth.dates.cues import ARTICLE, LABELS, NEAREST, OTHER_VERB, RELATIVE, Report, Time, Voice
from quoth.types import Said, Span

NEVER_CARRIED = re.compile(
    r"\b(?:has|have|had|is|are|do|does|can|later|now|previously|earlier|already|subsequently|recently|since|once|still|yet|repeatedly|"
    r"always|"
    r"often|usually|again|thinks?|thought|believed?s?|hoped?s?|expects?|expected|wants?|wanted|fears?|feared|know|knows|knew|"
    r"accord\w+)\b|\bused to\b|['’](?:s|ve|d)\b"
    r"|\b(?:would|could) not\b|^(?:say|argue|warn|claim|insist|report|suggest|agree|write|counter|contend|call|deny)$",
    re.IGNORECASE,
)
"""A cue of another time than the one told before, or of none in particular."""
PRESENT = re.compile(r"^\w*[a-z]{2}[^s\W]s\b")
GOING_ON = re.compile(
    r"\b(?:added|adds|adding|went on|goes on|continued|continues|continuing|concluded|concludes|concluding|wound up|finished)\b"
)
ASKING = re.compile(r"^(?:asked|pressed|questioned|quizzed|challenged)\b", re.IGNORECASE)
COURT = re.compile(r"\b(?:court|tribunal|inquest|hearing|trial|jury)\b", re.IGNORECASE)
AT_COURT = re.compile(
    r"\b(?:judge|justice|magistrate|coroner|prosecutors?|prosecuting|prosecution|counsel|barrister|solicitor|witness|defendant|accused|claimants?|"
    r"juror|defence|defense|defending)\b",
    re.IGNORECASE,
)
OCCASION = re.compile(
    r"\b(?:panel|court|tribunal|jury|inquest|hearing|committee|inquiry|commission|meeting|briefing|conference|summit|rally|interview|debate|"
    r"speech|address|statement|letter|e-?mail|message|post|tweet|memo|filing|crowd|congregation|parliament|podcast|ruling|decision|judgment)\b"
)
OCCASION_OF = (("ruled", "ruling"), ("ruled", "decision"), ("ruled", "judgment"), ("tweeted", "tweet"), ("emailed", "email"))
BRIDGED = frozenset(("crowd", "congregation", "rally", "meeting", "letter", "email"))
"""Occasions that are named as known only because what was told before holds them."""
INTRODUCED = re.compile(r"\b(?:a|an|another|one)[ ](?:[\w-]+[ ]){0,2}$", re.IGNORECASE)
_NAMED = rf"(?:the|that|this)[ ](?:[\w-]+[ ]){{0,2}}(?P<noun>{OCCASION.pattern})(?!['’]s|[ ]of\b)"
NAMED_BEHIND = re.compile(rf"^(?:.*?\b(?:in|at|during)[ ])??{_NAMED}", re.IGNORECASE)
NAMED_FIRST = re.compile(rf"^(?:and[ ]|but[ ])?(?:in|at|during)[ ]{_NAMED}", re.IGNORECASE)
NAMED_AS_SOURCE = re.compile(
    r"^(?:the|that|this)[ ](?P<noun>letter|e-?mail|message|statement|post|tweet|memo|filing|ruling|decision|judgment)$", re.IGNORECASE
)
"""An occasion named as known: behind the cue, at the head of the clause, or, if it is a writing, as the source."""
JOINED = frozenset(("", "and", "but", "then", "and then", "but then", "and also", "but also", "while"))
"""What may stand between two cues of one source in a sentence."""
MEETING = re.compile(
    r"\b(?:met|spoke|speaking|interviewed|talked|sat down|addressed|testified|took questions|"
    r"answered questions|faced (?:reporters|questions))\b"
)
LIST = 3
"""Voices, set off by semicolons, that make a list."""
HEAD = re.compile(r"^[^,(–—]*")
NAME = re.compile(r"\b[^\W\d_a-z][\w’'-]+")
WORD = re.compile(r"[\w’'-]+")
PRONOUN = re.compile(r"^(?:he|she|they|it)$", re.IGNORECASE)


def carried(report: Report, said: Sequence[Said | None]) -> tuple[Said | None, ...]:
    """The answers, with those of the undated voices that speak on an occasion the report dates."""
    answers = list(said)
    order = sorted((number for number, voice in enumerate(report.voices) if not voice.nested), key=lambda number: report.voices[number].cue)
    _carry_to_lists(report, answers, order)
    _carry_to_turns(report, answers, order)
    occasions = _Occasions(report)
    previous: int | None = None
    for number in order:
        voice = report.voices[number]
        if answers[number] is None and _is_same_time(report, voice):
            answers[number] = _from_previous(report, answers, previous, voice) or occasions.said_at(voice)
        if not ASKING.match(voice.cue.slice(report.text)):
            previous = number
    _carry_back(report, answers, order)
    return tuple(answers)


def _is_same_time(report: Report, voice: Voice) -> bool:
    """Whether a cue tells of one time in the past and does not say that it was another one."""
    source, cue = voice.attribution.source, voice.cue
    start = source.end if source is not None and voice.zone.start <= source.end <= cue.start else cue.start
    start = max(start, _told_until(report, voice)) if start < cue.start else start
    own = [time for time in report.times.get(voice.sentence, ()) if time.free and start <= time.span.start < cue.start]
    return not own and NEVER_CARRIED.search(report.between(start, cue.start) + " " + cue.slice(report.text)) is None


def _from_previous(report: Report, answers: Sequence[Said | None], previous: int | None, voice: Voice) -> Said | None:
    """The date of the voice before, if the same speaker goes on."""
    if previous is None or (said := answers[previous]) is None:
        return None
    before = report.voices[previous]
    words, words_before = voice.cue.slice(report.text), before.cue.slice(report.text)
    if bool(PRESENT.match(words)) != bool(PRESENT.match(words_before)) or words_before in LABELS:
        return None
    same_sentence = voice.sentence == before.sentence and _is_joined(report, before, voice)
    near = voice.paragraph - before.paragraph <= 1 or GOING_ON.search(words)
    return replace(said, carried=True) if same_sentence or (near and _is_same_speaker(report, before, voice)) else None


def _is_joined(report: Report, before: Voice, voice: Voice) -> bool:
    """Whether two cues of one sentence have one source, told once."""
    if voice.attribution.source is not None:
        return voice.attribution.source == before.attribution.source
    return report.between(_told_until(report, voice), voice.cue.start).strip(" ,") in JOINED


def _told_until(report: Report, voice: Voice) -> int:
    """Where the last cue or content before a voice's cue ends in its sentence."""
    told = (*report.cues[voice.sentence], *report.pieces.get(voice.sentence, ()))
    return max((span.end for span in told if span.end <= voice.cue.start), default=voice.zone.start)


def _is_same_speaker(report: Report, before: Voice, voice: Voice) -> bool:
    """Whether two voices have one speaker: as told, or by a pronoun with nobody in between, a name or a noun taken up again."""
    if voice.speaker is not None and before.speaker is not None:
        return voice.speaker == before.speaker
    source, source_before = voice.attribution.source, before.attribution.source
    if source is None or source_before is None:
        return False
    words, words_before = source.slice(report.text), source_before.slice(report.text)
    if PRONOUN.match(words):
        return not _is_interrupted(report, before, voice)
    if not ARTICLE.match(words):
        names = NAME.findall(HEAD.match(words)[0])  # type: ignore[index]
        return bool(names) and names[-1] in NAME.findall(words_before)
    if not words.lower().startswith("the "):
        return False
    noun = HEAD.match(words)[0].split()[-1]  # type: ignore[index]
    return noun.lower() in WORD.findall(words_before.lower()) or (
        voice.paragraph == before.paragraph and GOING_ON.search(voice.cue.slice(report.text)) is not None
    )


def _is_headline_of(report: Report, before: Voice, voice: Voice) -> bool:
    """Whether a headline's source is described by the same words as the first one below it."""
    source, source_below = before.attribution.source, voice.attribution.source
    if source is None or source_below is None or voice.paragraph == before.paragraph or voice.cue.slice(report.text) in LABELS:
        return False
    return set(WORD.findall(source.slice(report.text).lower())) <= set(WORD.findall(source_below.slice(report.text).lower()))


def _is_interrupted(report: Report, before: Voice, voice: Voice) -> bool:
    """Whether the report tells something else between two voices, so that a pronoun may mean somebody new."""
    source = voice.attribution.source
    place = voice.cue.start if source is None else min(source.start, voice.cue.start)
    for number in range(before.sentence + 1, voice.sentence + 1):
        sentence = report.sentences[number]
        if NAME.search(report.between(sentence.start, min(sentence.end, place))[1:]) or (
            number < voice.sentence and report.between(sentence.start, sentence.end)
        ):
            return True
    return False


class _Occasions:
    """The occasions that a report dates in a sentence with one date: hearings, letters, speeches, by their noun."""

    def __init__(self, report: Report) -> None:
        self.report = report
        self.numbers: dict[str, list[int]] = {}
        self.said: dict[str, list[Said | None]] = {}
        self.mentioned: dict[str, int] = {}
        self.scenes: list[tuple[int, Said]] = []
        self.bridged: dict[str, Said] = {}
        for number, sentence in enumerate(report.sentences):
            self._read(number, sentence)

    def _read(self, number: int, sentence: Span) -> None:
        """Notes the nouns of a sentence with its date; a noun that is introduced without one is another occasion."""
        words = self.report.between(sentence.start, sentence.end)
        times = [time for time in self.report.times.get(number, ()) if time.free and not time.expression.is_hour]
        said = self.report.told(times[0], carried=True) if len(times) == 1 else None
        nouns = {(found.group(), INTRODUCED.search(words[: found.start()]) is not None) for found in OCCASION.finditer(words)}
        nouns |= {(noun, True) for verb, noun in OCCASION_OF if f" {verb} " in words}
        nouns |= {("court", introduced) for noun, introduced in nouns if COURT.match(noun)}
        if COURT.search(words):
            nouns.add(("court", False))
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
        for pattern, words in ((NAMED_BEHIND, behind), (NAMED_FIRST, first), (NAMED_AS_SOURCE, naming)):
            again = pattern.match(words)
            if again is not None:
                noun = again["noun"].lower()
                return self._before(noun, voice.sentence) or self._bridged(noun, voice)
        return self._before("court", voice.sentence) if AT_COURT.search(RELATIVE.split(naming)[0]) else None

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


def _carry_to_lists(report: Report, answers: list[Said | None], order: Sequence[int]) -> None:
    """Gives the time told before a list of voices, set off by semicolons, to each of them."""
    groups: dict[int, list[int]] = {}
    for number in order:
        groups.setdefault(report.voices[number].sentence, []).append(number)
    for sentence, numbers in groups.items():
        first = report.voices[numbers[0]]
        source = first.attribution.source
        words = report.between(report.sentences[sentence].start, report.sentences[sentence].end)
        if len(numbers) < LIST or words.count(";") < LIST - 1:
            continue
        start = first.cue.start if source is None else min(source.start, first.cue.start)
        times = [time for time in report.times.get(sentence, ()) if time.free and time.span.end <= start]
        if not times and sentence and report.paragraphs[sentence - 1] == first.paragraph:
            times = [time for time in report.times.get(sentence - 1, ()) if time.free]
        said = report.told(times[-1], carried=True) if times else None
        for number in numbers:
            answers[number] = answers[number] or said


def _carry_to_turns(report: Report, answers: list[Said | None], order: Sequence[int]) -> None:
    """Gives the time of a meeting to the turns of the interview, or to the voice right after it."""
    turns = [number for number in order if report.voices[number].cue.slice(report.text) in LABELS]
    starts = [report.voices[number].cue.start for number in order]
    for sentence, times in report.times.items():
        said = next((said for time in times[:NEAREST] if time.free and (said := _met(report, sentence, time)) is not None), None)
        if said is None:
            continue
        place = bisect_left(starts, report.sentences[sentence].end)
        following = order[place : place + 1]
        if turns and following == turns[:1]:
            following = turns
        elif not following or report.voices[following[0]].paragraph - report.paragraphs[sentence] > 1:
            continue
        for number in following:
            answers[number] = answers[number] or said


def _met(report: Report, sentence: int, time: Time) -> Said | None:
    """The date of a meeting with nobody quoted in its own sentence."""
    if sentence in report.cues:
        return None
    start = report.sentences[sentence].start
    verbs = list(MEETING.finditer(report.text, start, time.span.start))
    if not verbs or OTHER_VERB.search(report.between(verbs[-1].end(), time.span.start)):
        return None
    return report.told(time, carried=True)


def _carry_back(report: Report, answers: list[Said | None], order: Sequence[int]) -> None:
    """Gives a date to the question in the sentence of its answer, to a headline, and to what the same speaker said right before."""
    for left, right in zip(reversed(order[:-1]), reversed(order[1:]), strict=True):
        before, voice, said = report.voices[left], report.voices[right], answers[right]
        if answers[left] is not None or said is None:
            continue
        asking = ASKING.match(before.cue.slice(report.text)) is not None and before.sentence == voice.sentence
        headline = before.cue.slice(report.text) == ":" and _is_headline_of(report, before, voice)
        if asking or headline or (not said.carried and said.evidence.start > voice.cue.start and _is_told_after(report, before, voice)):
            answers[left] = replace(said, carried=True)


def _is_told_after(report: Report, before: Voice, voice: Voice) -> bool:
    """Whether a paragraph tells only with a speaker's second words, as "he", on what occasion both were said."""
    source = voice.attribution.source
    if source is None or before.paragraph != voice.paragraph or PRONOUN.match(source.slice(report.text)) is None:
        return False
    return _is_same_time(report, before) and _is_same_time(report, voice) and _is_same_speaker(report, before, voice)
