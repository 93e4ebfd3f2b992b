"""The time told of a cue: which time expressions of its sentence modify it, and not the event told or another verb.

Such an expression stands outside every content, and no other verb comes between: behind the cue, between source and cue, at the head of
their clause, with the occasion on which the same subject speaks ("she met reporters on Monday and said"), or in a source that is a letter
or a report.
"""

import re
from bisect import bisect_right
from collections.abc import Sequence

from quoth.dates.report import LABELS, Report, Time, Voice
from quoth.dates.verbs import MEETING, OTHER_VERB, PUBLISHED, SPEAKING
from quoth.spans import contains
from quoth.types import Said, Span

FUTURE = re.compile(
    r"\b(?:will|shall|won['’]t|(?:is|are|be)(?:[ ]not)?[ ](?:to|(?:due|expected|set|scheduled|going|likely|about|poised|planning)[ ]to)"
    r"|(?:plans?|intends?|hopes?|expects?)[ ]to)\b",
    re.IGNORECASE,
)
CONDITIONAL = re.compile(r"^(?:should|if|unless|once|when)\b", re.IGNORECASE)
"""Opens a sentence about what may be said."""
BEFORE_FRONTED = re.compile(
    rf"^(?:(?:and|but|then|so|meanwhile|however|also|sir|madam|just|only|even|as recently as|it was(?: only)?)\b[\s,–—-]*)?"
    r"(?:$|(?:in|at|during|over|through|by|with|on(?! \w+day)"
    r"|(?:after|following)[ ](?:a|an|the|his|her|their|its)[ ](?:\w+[ ])?"
    rf"(?:meeting|talks|summit|hearing|call|debate|speech|vote|match|game)|{SPEAKING}|asked|pressed|questioned|contacted|reached|approached|interviewed)\b)",
    re.IGNORECASE,
)
"""What may stand between the beginning of a clause and the time that opens it."""
MEANWHILE = re.compile(r"^(?:(?:and|but)[ ])?(?:as|while|when)\b", re.IGNORECASE)
"""Opens a clause that tells what else went on while the words were said."""
AFTER_FRONTED = re.compile(r"^(?:$|(?:in|at|during|on|from|outside|inside|near|before|to|via|through|after|with|under)\b)", re.IGNORECASE)
"""What may stand between the time that opens a clause and the source."""
ASIDE = re.compile(r"\s[—–-]+\s[^—–]+?\s[—–-]+(?:\s|$)")
"""What dashes set off."""
PASSIVE = re.compile(r"\b(?:was|were|is|are|has been|have been|had been)$")
NEAR_CUE = re.compile(
    r"(?:(?:also|then|later|first|again|however|reportedly|publicly|only|just|was|were|is|are|be|been|upon|when|in|by|while|to|told)\s*,?\s*){0,3}",
    re.IGNORECASE,
)
COORDINATED = re.compile(
    r"(?:(?:in|at|on|with|from|near|outside)[ ][^,;]{1,40})?,?(?:^|[ ])(?:and|then|where|when)(?:[ ](?:he|she|they|it|then|also|later))*",
    re.IGNORECASE,
)
"""Between the time of the first verb of a subject and the second one."""
ON_OCCASION = re.compile(
    r"\b(?:at|in|during|to)[ ](?:a|an|the|his|her|their|its)[ ](?:[\w-]+[ ]){0,3}"
    r"(?:conference|briefing|hearing|meeting|interview|speech|rally|debate|address|session|summit|vigil|service|ceremony|gala|podcast|show)\b"
)
SPEAKS = re.compile(
    r"^(?:,[ ])?who[ ](?:was[ ]|were[ ])?(?:spoke|speaking|addressed|addressing|testified|testifying|appeared|appearing|briefed)\b"
)
"""A clause on the source that tells of the speaking itself."""
SIGNED = re.compile(r"(?:[ ]*\(@\w+\))?,?[ ]*")
"""Between a signature and its date: "— Ana Brok (@brok) May 3, 2024"."""
LED_ON = re.compile(r"(?:to|upon|when|while|in|by)\b")
"""Leads from a first verb and its time on to the cue, at the same time."""
IS_PUBLISHED = re.compile(rf"(?:{PUBLISHED})\b")
WRITING = re.compile(
    r"^(?:(?!of\b|for\b|from\b|with\b|in\b|to\b|at\b)[\w$@&.'’-]+[ ]){0,4}(?:letter|tweet|post|statement|report|"
    r"figures|data|survey|poll|study|e-?mail|message|"
    r"memo|memorandum|article|interview|filing|ruling|judgment|document|documents|results|note|blog|release|bulletin|editorial|column|affidavit|speech|"
    r"transcript|pictures|photos|photographs|images|footage|video|emails|letters|paper|circular|notice|findings|statistics|estimates|records|review)\b",
    re.IGNORECASE,
)
"""A source that is no person: its date is that of the words."""
AFTERWARDS = re.compile(
    r"\b(?:following|after|during(?! (?:a|an|the|his|her|their|its)[ ](?:[\w-]+[ ]){0,2}(?:speech|interview|call|debate|rally|hearing)))\b"
)
NEAREST = 6
"""Time expressions to either side of a cue that may belong to it."""
SHORT = 6
"""Words that may stand between the time that opens a clause and a cue whose source comes later or not at all."""
CLAUSE = re.compile(r"[;:][ ]|,[ ](?:and|but|while)[ ]")
SWALLOWED = re.compile(r"\s*(?:,|that\b|(?!(?:was|were|is|will|would|had|has|could|may|might|and|or|to|as|in|of)\b|[,.;:!?]|$))")
"""What follows a time expression that opens a content but belongs to the cue before it."""
TO_SOMEBODY = re.compile(
    r"\b(?:described|dismissed|denounced|condemned|characteri[sz]ed|hailed|praised|urged|asked|told|ordered|called on|accused|warned|"
    r"blamed|criticised|criticized|reminded|assured|invited|advised|begged|implored|pressed|instructed|directed)$"
)
BEHIND_OBJECT = re.compile(r",?\s+(?:as|to|of|for|that)\b")
"""A cue with an object of its own, and what comes after the object: a time between them is the cue's ("described it on Monday as")."""
ARTICLE = re.compile(r"^(?:a|an|the|his|her|its|their|this|that)[ ]", re.IGNORECASE)
RELATIVE = re.compile(r"\b(?:who|whom|whose|which|that|where|when|while|(?<!such )as|after|before|because|since)\b|[;:]")
PAST = re.compile(r"ed\b|\b(?:said|told|wrote)\b")
PRESENT = re.compile(r"^(?:(?:\w+ly|also|still|now|then)[ ])*\w*[a-z]{2}[^s\W]s\b")


def own(report: Report, voice: Voice) -> Said | None:
    """What the time expressions that modify a voice's own cue tell; the nearest one counts."""
    if report.is_crowded(voice.sentence):
        return None
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
    cue = voice.cue
    if FUTURE.search(report.text[report.before_cue(voice) : cue.end]):
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
    words = voice.cue.slice(report.text)
    if words in LABELS or (PRESENT.match(words) and time.expression.basis == "relative"):
        return False
    if TO_SOMEBODY.search(words) and BEHIND_OBJECT.match(report.text, time.span.end):
        object_words = report.text[voice.cue.end : time.span.start]
        return len(object_words.split()) <= SHORT and not OTHER_VERB.search(f"{object_words} ")
    opening = any(piece.start <= time.span.start and not report.text[piece.start : time.span.start].strip() for piece in pieces)
    near = not report.text[voice.cue.end : time.span.start].strip() if time.span.start >= voice.cue.end else False
    return opening and near and SWALLOWED.match(report.text, time.span.end) is not None


def _dates_writing(report: Report, source: Span, time: Time) -> bool:
    """Whether the source is a letter, a report or the like, and this is its only date."""
    if any(contains(source, other.span) and other is not time for other in report.times[report.sentence_at(time.span.start)]):
        return False
    return is_writing(source.slice(report.text)) and not OTHER_VERB.search(report.between(source.start, time.span.start) + " ")


def is_writing(words: str) -> bool:
    """Whether the words of a source tell of a letter, a report or the like."""
    return WRITING.match(ARTICLE.sub("", words)) is not None


def _follows(report: Report, voice: Voice, time: Time) -> bool:
    """Whether no other verb comes between the cue and a time behind it; the source may."""
    source, cue = voice.attribution.source, voice.cue
    if cue.slice(report.text) in LABELS:
        return source is not None and SIGNED.fullmatch(report.text, max(cue.end, source.end), time.span.start) is not None
    if cue.slice(report.text).lower().startswith("according"):
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
    return not OTHER_VERB.search((words + report.between(start, time.span.start, voice.zone)).rstrip(" ,"))


def _stands_between(report: Report, voice: Voice, start: int, time: Time) -> bool:
    """Whether a time stands between the source and the cue, close to it: "on Monday said", "was on Monday reported"."""
    start = max([start, *(cue.end for cue in report.cues[voice.sentence] if start <= cue.start and cue.end <= time.span.start)])
    before = report.between(start, time.span.start, voice.zone).strip(" ,")
    after = report.between(time.span.end, voice.cue.start, voice.zone).strip(" ,")
    if COORDINATED.fullmatch(after):
        return _is_occasion(before)
    source = voice.attribution.source
    if source is not None and IS_PUBLISHED.match(before) and is_writing(source.slice(report.text)):
        return not OTHER_VERB.search(after)
    if NEAR_CUE.fullmatch(after) is None or (RELATIVE.search(before) and not SPEAKS.match(before)):
        return False
    led_on = LED_ON.match(after) or SPEAKS.match(before)  # "took to the stage on Monday to say"
    return led_on is not None or not OTHER_VERB.search(PASSIVE.sub("", before) + " ")


def _is_occasion(words: str) -> bool:
    """Whether words between a subject and a time tell last that he spoke, or where people speak."""
    occasions = [*MEETING.finditer(words), *ON_OCCASION.finditer(words)]
    return any(not OTHER_VERB.search(words[occasion.end() :] + " ") for occasion in occasions)


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
    start = max(
        [
            voice.zone.start,
            report.opening,
            *(found.end() for found in CLAUSE.finditer(report.text, voice.zone.start, time.span.start)),
        ]
    )
    head = report.between(start, time.span.start, voice.zone).strip(" ,“”\"'‘’—–-()")
    tail = ASIDE.sub(" ", f" {report.between(time.span.end, subject.start, voice.zone)} ").strip(" ,")
    if subject is not cue and CLAUSE.search(report.text, subject.end, cue.start):
        return False
    return _coincides(head, tail) or (heads(head) and _leads_to(report, voice, subject, head, tail))


def _coincides(head: str, tail: str) -> bool:
    """Whether a time is that of something that went on while the words were said: "As she left on Monday, she said"."""
    if MEANWHILE.match(head):
        return not tail and not CLAUSE.search(head)
    return tail == "when"


def heads(head: str) -> bool:
    """Whether the words before a time tell no more than where or how something was said."""
    opened = BEFORE_FRONTED.match(head)
    return opened is not None and not OTHER_VERB.search(f"{head} ", opened.end())


def _leads_to(report: Report, voice: Voice, subject: Span, head: str, tail: str) -> bool:
    """Whether what stands between the time that opens a clause and its subject leaves it the time of this cue."""
    if subject is voice.cue:
        tail = PASSIVE.sub("", tail).strip()
    if tail == "that":
        return head.lower().startswith("it was")
    if head == "" and tail == ":":
        return True
    if OTHER_VERB.search(tail):
        return False
    described = report.text[: subject.start].rstrip().endswith(",")  # "his wife, Jane"
    return AFTER_FRONTED.match(tail) is not None or ((subject is voice.cue or described) and len(tail.split()) <= SHORT)
