"""Whether a voice goes on where another one stopped: the same speaker, at the same time, in the same place."""

import re

from quoth.dates.cues import ARTICLE, PRESENT
from quoth.dates.report import Report, Voice

NEVER_CARRIED = re.compile(
    r"\b(?:has|have|had|is|are|do|does|can|at the time|in the past|later|now|previously|earlier|already|subsequently|recently|"
    r"since|once|still|yet|repeatedly|always|often|usually|again|thinks?|thought|believed?s?|hoped?s?|expects?|expected|wants?|wanted|fears?|feared|know|knows|knew|"
    r"accord\w+)\b|\bused to\b|['’](?:s|ve|d)\b"
    r"|\b(?:would|could) not\b|^(?:say|argue|warn|claim|insist|report|suggest|agree|write|counter|contend|call|deny)$",
    re.IGNORECASE,
)
"""A cue of another time than the one told before, or of none in particular."""
ANOTHER_TIME = re.compile(
    r"\b(?:after|before|since|until|once)$|^(?:before|prior to|ahead of|since|until)\b"
    r"|^(?:[\w-]+[ ]){1,3}(?:after|before)\b",
    re.IGNORECASE,
)
"""Words before a source and cue that put them at another time: "three days after Brok told", "before the sale she told"."""
_MEDIUM = (
    r"(?:interview|speech|post|tweet|letter|e-?mail|message|video|podcast|rally|hearing|debate|conference|briefing|call|appearance|column|article|essay|memo|"
    r"filing|text)\b"
)
ELSEWHERE = re.compile(
    rf"(?:\b(?:in|on|at|to|during|via|by|through|under)[ ](?:an?|another)|^an?)[ ](?:[\w-]+[ ]){{0,3}}{_MEDIUM}"
    r"|\b(?:on|via)[ ](?:Twitter|Facebook|Instagram|Telegram|TikTok|YouTube|LinkedIn|Reddit|social media|television|TV|radio)\b"
    r"|\bby[ ](?:phone|telephone|e-?mail|text)\b|\bon[ ](?:[A-Z][\w’']+[ ]){1,2}(?:Day|Eve)\b",
    re.IGNORECASE,
)
"""Round a cue: the words were said in a place or medium of their own."""
ADDRESSEE = re.compile(r"^(?:the[ ])?(?!MPs|MEPs|Parliament|Congress)[A-Z][\w’'-]+")
GOING_ON = re.compile(
    r"\b(?:added|adds|adding|went on|goes on|continued|continues|continuing|concluded|concludes|concluding|wound up|finished)\b"
)
JOINED = frozenset(("", "and", "but", "then", "and then", "but then", "and also", "but also", "while", "whilst"))
"""What may stand between two cues of one source in a sentence."""
HEAD = re.compile(r"^[^,(–—]*")
NAME = re.compile(
    r"\b(?!(?:Mon|Tues|Wednes|Thurs|Fri|Satur|Sun)day\b|(?:January|February|March|April|May|June|July|August|September|October|November|December)\b)"
    r"[^\W\d_a-z][\w’'-]+"
)
WORD = re.compile(r"[\w’'-]+")
PRONOUN = re.compile(r"^(?:he|she|they|it)$", re.IGNORECASE)


def cue_of(report: Report, voice: Voice) -> str:
    """The words of a voice's cue."""
    return voice.cue.slice(report.text)


def source_of(report: Report, voice: Voice) -> str:
    """The words of a voice's source; empty where it has none."""
    source = voice.attribution.source
    return "" if source is None else source.slice(report.text)


def start_of(voice: Voice) -> int:
    """Where source and cue of a voice start."""
    source = voice.attribution.source
    return voice.cue.start if source is None else min(source.start, voice.cue.start)


def is_same_time(report: Report, voice: Voice) -> bool:
    """Whether a cue tells of one time in the past and does not say that it was another one; a noun ("Brok's verdict") tells of none."""
    cue, start = voice.cue, report.before_cue(voice)
    start = max(start, told_until(report, voice)) if start < cue.start else start
    own = [time for time in report.times.get(voice.sentence, ()) if time.free and start <= time.span.start < cue.start]
    if own or source_of(report, voice).endswith(("’s", "'s")):
        return False
    if NEVER_CARRIED.search(f"{report.between(start, cue.start)} {cue.slice(report.text)}"):
        return False
    opening = report.between(min(told_until(report, voice), start_of(voice)), start_of(voice)).strip(" ,")
    return ANOTHER_TIME.search(opening) is None


def is_elsewhere(report: Report, voice: Voice, since: int) -> bool:
    """Whether a voice's clause tells a medium or an addressee that the report has not named from sentence `since` on."""
    before = report.between(told_until(report, voice), start_of(voice))
    behind = report.between(voice.cue.end, voice.zone.end)
    if any(ELSEWHERE.search(words) for words in (before, cue_of(report, voice), behind)):
        return True
    addressee = ADDRESSEE.match(behind) if cue_of(report, voice) == "told" else None
    return addressee is not None and addressee.group() not in report.text[report.sentences[since].start : voice.cue.start]


def told_until(report: Report, voice: Voice) -> int:
    """Where the last cue or content before a voice's cue ends in its sentence."""
    told = (*report.cues[voice.sentence], *report.pieces.get(voice.sentence, ()))
    return max((span.end for span in told if span.end <= voice.cue.start), default=voice.zone.start)


def is_present(report: Report, voice: Voice) -> bool:
    """Whether a cue is in the present tense: "says"."""
    return PRESENT.match(cue_of(report, voice)) is not None


def is_joined(report: Report, before: Voice, voice: Voice) -> bool:
    """Whether two cues of one sentence have one source, told once."""
    if voice.attribution.source is not None:
        return voice.attribution.source == before.attribution.source
    return report.between(told_until(report, voice), voice.cue.start).strip(" ,") in JOINED


def is_same_speaker(report: Report, before: Voice, voice: Voice) -> bool:
    """Whether two voices have one speaker: as told, or by a pronoun with nobody in between, a name or a noun taken up again."""
    if voice.speaker is not None and before.speaker is not None:
        return is_same_name(voice.speaker, before.speaker)
    words, words_before = source_of(report, voice), source_of(report, before)
    if not words or not words_before:
        return False
    if PRONOUN.match(words):
        return not is_interrupted(report, before, voice)
    if not ARTICLE.match(words):
        names = NAME.findall(_head(words))
        return bool(names) and names[-1] in NAME.findall(words_before)
    if not words.lower().startswith("the "):
        return False
    noun = _head(words).split()[-1]
    return noun.lower() in WORD.findall(words_before.lower()) or (
        voice.paragraph == before.paragraph and GOING_ON.search(cue_of(report, voice)) is not None
    )


def is_same_name(name: str, other: str) -> bool:
    """Whether one name holds the other's words and both end alike: "Brok" and "Ana Brok"."""
    words, others = name.split(), other.split()
    return words[-1:] == others[-1:] and (set(words) <= set(others) or set(others) <= set(words))


def is_described_alike(report: Report, before: Voice, voice: Voice) -> bool:
    """Whether the words of one source, or its office, are among those of the next one below it, as a headline's are."""
    words, below = (WORD.findall(ARTICLE.sub("", source_of(report, one)).lower()) for one in (before, voice))
    office = words[: words.index("of")] if "of" in words else words
    return bool(office) and set(office) <= set(below)


def is_interrupted(report: Report, before: Voice, voice: Voice) -> bool:
    """Whether the report tells something else between two voices, so that a pronoun may mean somebody new."""
    place = start_of(voice)
    for number in range(before.sentence + 1, voice.sentence + 1):
        sentence = report.sentences[number]
        if NAME.search(report.between(sentence.start, min(sentence.end, place))[1:]) or (
            number < voice.sentence and report.between(sentence.start, sentence.end)
        ):
            return True
    return False


def _head(words: str) -> str:
    """The words of a source before what is set off by a comma, a bracket or a dash."""
    found = HEAD.match(words)
    return found.group() if found and found.group().strip() else words
