"""A text's sentences by rule: paragraph by paragraph, with abbreviations, initials and closing marks in mind."""

import re
from collections.abc import Iterator
from functools import lru_cache

from quoth.marks import paragraphs
from quoth.types import Span

FULL_STOP = re.compile(
    r"(?P<stop>[.!?…‥。！？]+)"
    r"(?P<closing>[\"”’'»›“‘」』)\]}]*(?:[ \u00a0\u202f]»(?=\s|$))?)"
    r"(?P<gap>\s*)"
    r"(?P<opening>[\"“‘'«„‚‹「『(\[{—–\-\s]*)"
)
"""Full stops with the marks and brackets that close after them, the space between sentences, and what opens the next one."""
WIDE = frozenset("。！？")
"""Full stops that no space follows."""
LAST_WORD = re.compile(r"[^\s“”\"‘’'«»„(\[{—–\-/]*$")
NEXT_WORD = re.compile(r"\w+(?![\w.])")
LONGEST = 24
"""Characters before a full stop that may hold an abbreviation."""


def _words(words: str) -> frozenset[str]:
    return frozenset(words.split())


TITLES = _words(
    "Mr Mrs Ms Mx Messrs Mme Mlle Dr Prof Sen Sens Rep Reps Gov Govs Gen Col Lt Sgt Capt Maj Cmdr Adm Cpl Pvt Pte Pfc Brig Supt Insp "
    "Det Rev Fr Msgr Hon Pres Amb Atty Mt Ft"
)
"""No sentence ends with these: a name follows."""
NEVER_LAST = _words("v vs cf e.g i.e eg viz approx")
"""Nor with these."""
BEFORE_NUMBER = _words("no nos nr art sec fig figs p pp vol ch para jan feb mar apr jun jul aug sep sept oct nov dec")
"""After these a sentence goes on if a number follows."""
SELDOM_LAST = _words(
    "St Ave Blvd Rd Jr Sr Inc Corp Co Cos Ltd Llc Bros Plc Dept Dist Univ Ala Ariz Ark Calif Colo Conn Del Fla Ga Ill Ind Kan Ky La Md "
    "Mass Mich Minn Miss Mo Mont Neb Nev Okla Ore Pa Penn Tenn Tex Va Vt Wash Wis Wyo Ph.d"
)
"""These end a sentence only if the next word is one that begins sentences; so do U.S., a.m. and a person's initials."""
DOTTED = re.compile(r"(?:\w\.)*[^\W\d]$")
BEGINNINGS = _words(
    "The This That These Those There Then Here He She It They We You I His Her Its Their Our My Your But And Or So Yet For Nor In On At "
    "By To From With Without Under Over Of As If When While Where What Who Why How Which After Before Since Until During Although Though "
    "Because However Meanwhile Still Also Instead Later Now Once An All Both Each Some Most Many Several Few No Not None Nobody Neither "
    "Either Another Other Others One Two Three Asked According Despite Even Only Just Last"
)


@lru_cache(maxsize=4)  # the speakers and the dates ask for those of the same text
def sentences(text: str) -> tuple[Span, ...]:
    """The sentences of a text in order; none runs over two paragraphs, and every character but white space lies in exactly one.

    A full stop, with the marks and brackets that close after it, ends a sentence if white space follows and the next word is not in lower
    case. After an abbreviation that seldom ends sentences the next word must be one that begins them. Linear in the length of the text.

    >>> text = '“Why?” she asked Sen. Ardo of the U.S. Senate. He left at 5 p.m. It rained.'
    >>> [sentence.slice(text) for sentence in sentences(text)]
    ['“Why?” she asked Sen. Ardo of the U.S. Senate.', 'He left at 5 p.m.', 'It rained.']
    """
    return tuple(sentence for line in paragraphs(text) for sentence in _sentences_of(text, line))


def _sentences_of(text: str, line: Span) -> Iterator[Span]:
    """The sentences of one paragraph."""
    start = line.start
    for stop in FULL_STOP.finditer(text, line.start, line.end):
        if stop.end() < line.end and _ends(text, start, stop):
            yield Span(start=start, end=stop.start("gap"))
            start = stop.end("gap")
    yield Span(start=start, end=line.end)


def _ends(text: str, start: int, stop: re.Match[str]) -> bool:
    """Whether a full stop ends the sentence that began at `start`."""
    if not stop["gap"]:
        return stop["stop"][-1] in WIDE
    following = text[stop.end()]
    if following.islower() or following in ".!?…‥,;:":
        return False
    if stop["stop"] != ".":
        return True
    found = LAST_WORD.search(text[max(start, stop.start() - LONGEST) : stop.start()])
    word = found.group() if found else ""
    numbered = stop.start() - len(word) == start and (word.isdigit() or len(word) == 1)
    return not numbered and _may_be_last(word, following, NEXT_WORD.match(text, stop.end()))


def _may_be_last(word: str, following: str, next_word: re.Match[str] | None) -> bool:
    """Whether a word with a full stop after it may be the last of its sentence, by what follows."""
    name = word.capitalize() if word[:1].isupper() else ""
    if name in TITLES or word.lower() in NEVER_LAST:
        return False
    if word.lower() in BEFORE_NUMBER:
        return not following.isdigit()
    if name in SELDOM_LAST or word == "etc" or DOTTED.match(word) is not None:
        return next_word is not None and next_word.group() in BEGINNINGS
    return True
