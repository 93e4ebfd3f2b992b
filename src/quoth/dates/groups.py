"""Many voices on one occasion: a list behind one date, the turns of an interview, the sides of a debate or in court, a dialogue."""

import re
from bisect import bisect_left
from collections.abc import Sequence

from quoth.dates.continuity import NAME, cue_of, is_elsewhere, is_present, is_same_time, source_of, start_of
from quoth.dates.cues import NEAREST
from quoth.dates.occasions import COURT, VERDICT
from quoth.dates.report import LABELS, Report, Time
from quoth.dates.verbs import MEETING, OTHER_VERB
from quoth.types import Said

Answers = list[Said | None]
IN_THE_DOCK = re.compile(r"\b(?:appeared|sentenced|jailed|imprisoned|pleaded|pled|arraigned|remanded|testified|fined)\b")
DEBATE = re.compile(r"\b(?:debates?|hustings|face-off|head-to-head)\b")
OPENING = 3
"""Paragraphs at the head of a report, its headline included, that tell what it is about."""
LIST = 3
"""Voices, set off by semicolons, that make a list."""
DIALOGUE = 3
"""Paragraphs that open with a quotation, one upon the other, that make a dialogue."""
OPENED = re.compile(r"\s*(?:[\"“„«‘']|``)")


def carry_to_groups(report: Report, answers: Answers, order: Sequence[int]) -> None:
    """Dates the voices of a group by the one date that the report gives the occasion."""
    _carry_to_lists(report, answers, order)
    _carry_to_turns(report, answers, order)
    _carry_to_sides(report, answers, order)
    _carry_to_dialogue(report, answers, order)


def _carry_to_lists(report: Report, answers: Answers, order: Sequence[int]) -> None:
    """Gives the time told before a list of voices, set off by semicolons, to each of them."""
    groups: dict[int, list[int]] = {}
    for number in order:
        groups.setdefault(report.voices[number].sentence, []).append(number)
    for sentence, numbers in groups.items():
        first = report.voices[numbers[0]]
        words = report.between(report.sentences[sentence].start, report.sentences[sentence].end)
        if len(numbers) < LIST or words.count(";") < LIST - 1:
            continue
        times = [time for time in report.times.get(sentence, ()) if time.free and time.span.end <= start_of(first)]
        if not times and sentence and report.paragraphs[sentence - 1] == first.paragraph:
            times = [time for time in report.times.get(sentence - 1, ()) if time.free]
        said = report.told(times[-1], carried=True) if times else None
        for number in numbers:
            answers[number] = answers[number] or said


def _carry_to_turns(report: Report, answers: Answers, order: Sequence[int]) -> None:
    """Gives the time of a meeting to the turns of the interview that follows it."""
    turns = [number for number in order if cue_of(report, report.voices[number]) in LABELS]
    starts = [report.voices[number].cue.start for number in order]
    for sentence, times in report.times.items() if turns else ():
        said = next((said for time in times[:NEAREST] if time.free and (said := _met(report, sentence, time)) is not None), None)
        place = bisect_left(starts, report.sentences[sentence].end)
        if said is not None and order[place : place + 1] == turns[:1]:
            for number in turns:
                answers[number] = answers[number] or said


def _met(report: Report, sentence: int, time: Time) -> Said | None:
    """The date of a meeting with nobody quoted in its own sentence."""
    if sentence in report.cues:
        return None
    verbs = list(MEETING.finditer(report.text, report.sentences[sentence].start, time.span.start))
    if not verbs or OTHER_VERB.search(report.between(verbs[-1].end(), time.span.start)):
        return None
    return report.told(time, carried=True)


def _carry_to_sides(report: Report, answers: Answers, order: Sequence[int]) -> None:
    """Gives the day of the debate or the court case that a report is about to what those say who are named in it."""
    for number, sentence in enumerate(report.sentences):
        if report.paragraphs[number] >= OPENING or report.is_crowded(number):
            return
        words = report.between(sentence.start, sentence.end)
        names = set(NAME.findall(words))
        debate, trial = DEBATE.search(words), COURT.search(words) and IN_THE_DOCK.search(words) and not VERDICT.search(words)
        if not (trial or (debate and len(names) > 1)):
            continue
        sides = [place for place in order if _speaks_as_one_of(report, place, names) and report.voices[place].sentence >= number]
        days = [time for time in report.times.get(number, ()) if time.free and not time.expression.is_hour]
        said = report.told(days[0], carried=True) if len(days) == 1 else _first_day(answers, sides) if debate else None
        for place in sides if said is not None and said.precision == "day" else ():
            voice = report.voices[place]
            if is_same_time(report, voice) and not is_present(report, voice) and not is_elsewhere(report, voice, number):
                answers[place] = answers[place] or said
        return


def _speaks_as_one_of(report: Report, place: int, names: set[str]) -> bool:
    """Whether a voice's speaker bears one of these names, or asks one of them."""
    voice = report.voices[place]
    name = voice.speaker if voice.speaker is not None else source_of(report, voice)
    return bool(names & set(NAME.findall(name)[-1:]))


def _first_day(answers: Answers, places: Sequence[int]) -> Said | None:
    """The first date that one of these voices has."""
    return next((answers[place] for place in places if answers[place] is not None), None)


def _carry_to_dialogue(report: Report, answers: Answers, order: Sequence[int]) -> None:
    """Gives the day on which two people meet to the dialogue that follows: paragraphs of quotations with nothing told between."""
    firsts: dict[int, int] = {}
    for number, paragraph in enumerate(report.paragraphs):
        firsts.setdefault(paragraph, number)
    opened = {paragraph for paragraph, number in firsts.items() if OPENED.match(report.text, report.sentences[number].start)}
    voices: dict[int, list[int]] = {}
    for place in order:
        voices.setdefault(report.voices[place].paragraph, []).append(place)
    told = {report.paragraphs[number] for number in report.pieces}
    for number, times in report.times.items():
        paragraph = report.paragraphs[number]
        following = paragraph + 1
        while following in opened and following in told:
            following += 1
        sentence = report.sentences[number]
        alone = number + 1 == firsts.get(paragraph + 1) and number not in report.cues
        if following - paragraph <= DIALOGUE or not alone or len(NAME.findall(report.between(sentence.start, sentence.end)[1:])) < 2:
            continue
        days = [time for time in times if time.free and not time.expression.is_hour]
        said = report.told(days[0], carried=True) if len(days) == 1 else None
        spoken = [place for one in range(paragraph + 1, following) for place in voices.get(one, ())]
        speakers = {report.voices[place].speaker or source_of(report, report.voices[place]) for place in spoken}
        for place in spoken if len(speakers) > 1 else ():
            answers[place] = answers[place] or said
