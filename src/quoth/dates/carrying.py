"""To whom the date of an occasion is carried: to those voices without a date of their own that surely speak on the same one.

The same speaker goes on; the same court, letter or crowd is named again; the report goes on with what was said at a press conference or
written in a letter; a reply is made face to face; the question stands in the sentence of its answer; a headline or an opening sentence sums
up the words below it. What tells of another time ("has said", "later", "before the vote") or place ("in an interview") gets no date.
"""

import re
from bisect import bisect_left
from collections.abc import Sequence
from dataclasses import replace

from quoth.dates.continuity import (
    GOING_ON,
    NAME,
    PRONOUN,
    cue_of,
    is_described_alike,
    is_elsewhere,
    is_joined,
    is_present,
    is_same_speaker,
    is_same_time,
    source_of,
)
from quoth.dates.cues import is_writing
from quoth.dates.groups import LIST, Answers, carry_to_groups
from quoth.dates.occasions import Named, Scene, scenes
from quoth.dates.report import LABELS, Report, Voice
from quoth.types import Said

REPLYING = re.compile(
    r"\b(?:fired back|shot back|hit back|retorted|replied|answered|countered|responded|interjected|interrupted|heckled|shouted|yelled|"
    r"cut in|chimed in|snapped|jeered|called out|objected|protested|put it to|chanted|asked|demanded)\b"
)
FACE_TO_FACE = re.compile(
    r"\b(?:debate|hustings|court|tribunal|inquest|hearing|inquiry|parliament|senate|congress|house|chamber|MPs|lawmakers|senators|council|"
    r"committee|panel|meeting|assembly|conference|briefing|rally|crowd|funeral|vigil|service|ceremony)\b",
    re.IGNORECASE,
)
"""Where one speaker answers another at once."""
WROTE = re.compile(r"\b(?:wrote|writes|posted|tweeted|captioned|signed off|read|reads)\b")
AUDIENCE = re.compile(
    r"told (?:the )?(?:mourners|worshippers|delegates|members|MPs|senators|lawmakers|councillors|jurors|panel|crowd|supporters)\b"
)
ASKING = re.compile(r"^(?:was |were )?(?:asked|pressed|questioned|quizzed|challenged)\b", re.IGNORECASE)
QUOTED = re.compile(r"[\"“„«‘]|``|''")
PERFECT = re.compile(r"\b(?:has|have)\b")
FAR = 20
"""Sentences after which a paragraph no longer tells of a scene at its head."""
SPOKEN = 12
"""Voices before one that may be of the same exchange."""
OPENING = 2
"""Paragraphs at the head of a report, its headline included, that may sum up what comes below."""


def carried(report: Report, said: Sequence[Said | None]) -> tuple[Said | None, ...]:
    """The answers, with those of the undated voices that speak on an occasion the report dates."""
    answers = list(said)
    spoken = (number for number, voice in enumerate(report.voices) if not voice.nested and not report.is_crowded(voice.sentence))
    order = sorted(spoken, key=lambda number: report.voices[number].cue)
    told = list(scenes(report))
    carry_to_groups(report, answers, order)
    _carry_on(report, answers, order, told)
    _carry_back_from_scenes(report, answers, order, told)
    _carry_back(report, answers, order)
    return tuple(answers)


def _carry_on(report: Report, answers: Answers, order: Sequence[int], told: Sequence[Scene]) -> None:
    """Gives each undated voice the date of the one before, of the scene it belongs to, or of the occasion it names."""
    named = Named(report)
    previous: int | None = None
    reached = -1  # the last scene before the voice
    for place, number in enumerate(order):
        voice = report.voices[number]
        while reached + 1 < len(told) and told[reached + 1].end <= voice.cue.start:
            reached += 1
        scene = told[reached] if reached >= 0 else None
        if answers[number] is None and is_same_time(report, voice):
            before = None if previous is None else report.voices[previous]
            last = None if previous is None else answers[previous]
            staged = None if scene is None else _from_scene(report, scene, before, last, voice)
            gone_on = None if before is None else _from_previous(report, last, before, voice)
            again = named.said_at(voice)
            answers[number] = staged or gone_on or again or _from_exchange(report, answers, order[max(place - SPOKEN, 0) : place], voice)
        if not ASKING.match(cue_of(report, voice)) or answers[number] is not None:
            previous = number


def _from_scene(report: Report, scene: Scene, before: Voice | None, last: Said | None, voice: Voice) -> Said | None:
    """The day of a scene, for a voice of its paragraph, for the first one below it, and for one who adds to what was said there."""
    first = before is None or before.cue.start < scene.end
    near = voice.paragraph == scene.paragraph or (first and voice.paragraph == scene.paragraph + 1)
    near = near and voice.sentence - scene.sentence <= FAR
    if before is not None and last == scene.said and scene.kind == "together" and GOING_ON.search(cue_of(report, voice)):
        near = near or voice.paragraph - before.paragraph <= 1
    if not near or cue_of(report, voice) in LABELS or is_elsewhere(report, voice, scene.sentence):
        return None
    if _is_another_day(report, scene.said, scene.sentence, voice):
        return None
    return scene.said if _takes_part(report, scene, voice, first) else None


def _takes_part(report: Report, scene: Scene, voice: Voice, first: bool) -> bool:
    """Whether a voice is one of those who speak in a scene, or the writing that it tells of."""
    source, cue = source_of(report, voice), cue_of(report, voice)
    if voice.sentence == scene.sentence:
        return scene.kind != "together" and first and PRONOUN.match(source) is not None
    taken_up = voice.sentence == scene.sentence + 1 and bool(PRONOUN.match(source) or source.startswith(("the ", "The ")))
    mine = first and (taken_up or bool(scene.names & set(NAME.findall(voice.speaker or source))))
    if scene.kind == "written":
        near = taken_up or voice.paragraph == scene.paragraph or WROTE.search(cue) is not None
        return is_writing(source) or (mine and near and cue != "told")
    return not is_present(report, voice) and (scene.kind == "together" or mine)


def _is_another_day(report: Report, said: Said, sentence: int, voice: Voice) -> bool:
    """Whether the report tells of another day between a sentence and a voice, or in the voice's own."""
    for number in range(max(sentence + 1, voice.sentence - FAR), voice.sentence + 1):
        for time in report.times.get(number, ()):
            other = report.told(time) if time.free and not time.expression.is_hour else None
            if other is not None and other.precision == "day" and other.date != said.date:
                return True
    return False


def _from_previous(report: Report, said: Said | None, before: Voice, voice: Voice) -> Said | None:
    """The date of the voice before, if the same speaker goes on, or another one answers him to his face."""
    words, words_before = cue_of(report, voice), cue_of(report, before)
    writing = is_writing(source_of(report, voice)) and is_writing(source_of(report, before))
    if said is None or words_before in LABELS or (is_present(report, voice) != is_present(report, before) and not writing):
        return None
    if voice.sentence == before.sentence and is_joined(report, before, voice):
        return replace(said, carried=True)
    near = voice.paragraph - before.paragraph <= 1
    if is_elsewhere(report, voice, before.sentence) or _is_another_day(report, said, before.sentence, voice):
        return None
    goes_on = GOING_ON.search(words) is not None
    if report.is_hour(said.evidence) and not (goes_on or PRONOUN.match(source_of(report, voice))):
        return None  # at that hour only the one thing was said
    if (near or goes_on) and is_same_speaker(report, before, voice):
        return replace(said, carried=True)
    return replace(said, carried=True) if near and _is_answer(report, said, before, voice) else None


def _from_exchange(report: Report, answers: Answers, earlier: Sequence[int], voice: Voice) -> Said | None:
    """The date of what the same speaker, named again, said before another one spoke: in the same paragraph, or in a list right above it."""
    for number in reversed(() if PRONOUN.match(source_of(report, voice)) else earlier):
        before, said = report.voices[number], answers[number]
        listed = [other for other in earlier if report.voices[other].sentence == before.sentence and answers[other] == said]
        if voice.paragraph - before.paragraph > int(len(listed) >= LIST):
            return None
        if is_same_speaker(report, before, voice):
            return _from_previous(report, said, before, voice)
    return None


def _is_answer(report: Report, said: Said, before: Voice, voice: Voice) -> bool:
    """Whether a voice answers the one before, or speaks to the same people, where both are present: a heckle, a reply in court."""
    if ASKING.match(cue_of(report, before)):
        return voice.paragraph == before.paragraph
    if not (REPLYING.search(cue_of(report, voice)) or AUDIENCE.match(report.text, voice.cue.start)):
        return False
    places = {before.sentence, report.sentence_at(said.evidence.start)}
    return any(FACE_TO_FACE.search(report.between(report.sentences[place].start, report.sentences[place].end)) for place in places)


def _carry_back_from_scenes(report: Report, answers: Answers, order: Sequence[int], told: Sequence[Scene]) -> None:
    """Gives the day of "She was speaking in Lind on Monday" to what she was quoted with right before."""
    starts = [report.voices[number].cue.start for number in order]
    for scene in (scene for scene in told if scene.backwards):
        place = bisect_left(starts, report.sentences[scene.sentence].start)
        last: Voice | None = None
        for number in reversed(order[max(place - SPOKEN, 0) : place]):
            voice = report.voices[number]
            near = (scene.paragraph if last is None else last.paragraph) - voice.paragraph <= 1
            if not near or answers[number] is not None or not is_same_time(report, voice):
                break
            if not (is_same_speaker(report, voice, last) if last else _is_told_of(report, scene, voice)):
                break
            answers[number], last = scene.said, voice


def _is_told_of(report: Report, scene: Scene, voice: Voice) -> bool:
    """Whether a scene names a voice's speaker, or nobody."""
    name = NAME.findall(voice.speaker or source_of(report, voice))
    return not scene.names or bool(scene.names & set(name)) or (PRONOUN.match(source_of(report, voice)) is not None)


def _carry_back(report: Report, answers: Answers, order: Sequence[int]) -> None:
    """Gives a date to the question in the sentence of its answer, to a headline, and to what the same speaker said right before."""
    for left, right in zip(reversed(order[:-1]), reversed(order[1:]), strict=True):
        before, voice, said = report.voices[left], report.voices[right], answers[right]
        if answers[left] is not None or said is None:
            continue
        asked = ASKING.match(cue_of(report, before)) is not None and before.sentence == voice.sentence
        told = not said.carried and said.evidence.start > voice.cue.start and _is_told_after(report, before, voice)
        if asked or told or _is_headline_of(report, before, voice) or _is_summed_up(report, before, voice, said):
            answers[left] = replace(said, carried=True)


def _is_headline_of(report: Report, before: Voice, voice: Voice) -> bool:
    """Whether a headline's source is described by the same words as the first one below it."""
    if cue_of(report, before) != ":" or voice.paragraph == before.paragraph or cue_of(report, voice) in LABELS:
        return False
    return is_described_alike(report, before, voice)


def _is_summed_up(report: Report, before: Voice, voice: Voice, said: Said) -> bool:
    """Whether the opening sentence of a report tells what its speaker is quoted with right below.

    In the perfect it may sum up more than one day, unless it quotes.
    """
    opening = report.sentences[before.sentence]
    if before.paragraph >= OPENING or voice.paragraph - before.paragraph > 1 or said.precision != "day":
        return False
    if any(time.free for time in report.times.get(before.sentence, ())) or is_present(report, before):
        return False
    if not said.carried and not report.between(voice.zone.start, said.evidence.start):
        return False  # a time that opens the sentence is told of it alone
    if voice.sentence == before.sentence:
        return said.carried and is_joined(report, before, voice)
    if PERFECT.search(cue_of(report, before)) and not QUOTED.search(opening.slice(report.text)):
        return False
    return is_same_speaker(report, before, voice) or is_described_alike(report, before, voice)


def _is_told_after(report: Report, before: Voice, voice: Voice) -> bool:
    """Whether a paragraph tells only with a speaker's second words, as "he", on what occasion both were said."""
    if before.sentence == voice.sentence or before.paragraph != voice.paragraph or not PRONOUN.match(source_of(report, voice)):
        return False
    return is_same_time(report, before) and is_same_time(report, voice) and is_same_speaker(report, before, voice)
