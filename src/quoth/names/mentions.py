"""Where names stand in a text: runs of capitalised words, without the titles before them, and what is told around each.

Headlines, where capital letters tell nothing, words that open a sentence, and adjectives of places are told apart from names.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import NamedTuple

from quoth.marks import paragraphs
from quoth.names.appositions import WORD, Told, fold, told_of
from quoth.names.lexicon import (
    BODIES,
    COMMERCIAL,
    COMPANY_ENDINGS,
    COUNTERPARTS,
    COUNTRIES,
    DEMONYMS,
    GIVEN_NAMES,
    HONORIFICS,
    NO_NAMES,
    OF_BODIES,
    OFFICES,
    PEOPLE,
    PREFIXES,
    THINGS,
    TITLES,
)
from quoth.types import Span

PARTICLES = "de|van|von|der|den|la|le|di|da|dos|del|el|al|bin|ben|ibn|du|af|zu|ter|y"
_CAPITAL = "[" + "".join(chr(code) for code in (*range(0x590), *range(0x1E00, 0x2000)) if chr(code).isupper()) + "]"
_SHORT = (
    "Mr|Mrs|Ms|Mx|Messrs|Dr|Prof|Sen|Rep|Gov|Gen|Col|Lt|Sgt|Capt|Maj|Cmdr|Adm|Cpl|Pvt|Brig|Supt|Insp|Det|Rev|Fr|Hon|Cllr|St"
    "|Thos|Saml|Wm|Chas|Jos|Geo|Jas|Benj|Robt|Edw|Alex"
)
_WORD = (
    rf"(?:(?:{_SHORT})\.(?=[ \xa0]{_CAPITAL})|{_CAPITAL}[\w’'-]*\w(?:&{_CAPITAL}\w*)?|{_CAPITAL}(?:\.{_CAPITAL})+\.?"
    rf"|{_CAPITAL}\.(?=\s?(?:(?:{PARTICLES}) )*{_CAPITAL})|{_CAPITAL}&{_CAPITAL}|{_CAPITAL})"
)
_NICKNAME = rf"[“\"‘](?:[Tt]he )?{_WORD}(?: {_WORD})?[”\"’]"
NAME = re.compile(
    rf"(?<![\w’'@&])(?:(?:al|el|de|van|von|di|da|du|bin)[- ])?{_WORD}(?:\.(?:com|org|net|info|io|co|uk|de|fr|ru|eu|tv)\b)*"
    rf"(?:(?:[ \xa0]|(?<=\.)|[–])(?:(?:{PARTICLES})[- ])*(?:{_NICKNAME} |& )?{_WORD})*(?: \d{{1,3}}(?![\d,.:%]|(?:st|nd|rd|th)\b))?"
)
"""A run of capitalised words with particles, initials and nicknames between them."""
SENTENCE_START = re.compile(r"(?:^|[.!?:;][”\"’'»“)]*\s+|\n\s*)[\"“‘«„'`(\[—–-]*\s?$")
ENDING = re.compile(rf"(?<![\w’'-])([\w’'-]+)(?=(\W{{1,4}})({_CAPITAL}[\w’'-]+)(?![\w’'-]|[ -]{_CAPITAL}))")
"""A word, what parts it from the next, and that one, which has a capital letter and is not the first of several."""
BRACKETED = re.compile(r" \(([A-Z][\w&.-]{1,11})\)")
"""An acronym in brackets behind what it stands for."""
OF_MORE = re.compile(rf" (?:of|for) (?:the )?(?={_CAPITAL})")
OF_MEMBERS = re.compile(rf"(?<=s)[’'] (?={_CAPITAL})")
OF_MANY = frozenset("union association guild federation confederation society league council institute fund alliance club network".split())
"""Bodies that are named by their members: "the Rail Drivers’ Guild"."""
DEMONYM_ENDINGS = ("ian", "ese", "ish", "an", "ic")
LANDS = frozenset(word[:4] for word in COUNTRIES if not word.endswith(DEMONYM_ENDINGS))
BINDING = re.compile(
    r"(?<=\w) (?:And|Or|Of|Are|Is|Was|Were|Says?|Said|Have|Has|Will Be|To|With|For|From|On|In|At|By|As|But|The|After|Over|About|Against) "
)
WEEKDAYS = frozenset("monday tuesday wednesday thursday friday saturday sunday yesterday today".split())
LONGEST_HEADLINE = 160
UNMARKED, LETTER, SPACE = re.compile(r"[^\s\xa0“”\"‘]+"), re.compile(r"\w"), re.compile(r"[\s\xa0]")
NO_NAME = re.compile(r"(?:[^s]s|ing|ly|ed|men|people|Police)$")
"""How a capitalised word that opens a sentence ends if it seldom is a name."""
POSTNOMINALS = frozenset("KC QC SC MP MEP MSP MLA TD MD PhD OBE MBE CBE DBE KBE RN Esq".split())
"""Letters behind a full name."""
KINDS = COMMERCIAL | COUNTERPARTS
"""Nouns that lead to a name and are no part of it: "Chipmaker Osei & Lind", "Rival Ada Osei"."""
GIVEN_TOO = GIVEN_NAMES & NO_NAMES
"""Given names that are other words too: "Will", "Per", "Jan", "May", "June"."""
BEFORE_MONTH = re.compile(
    r"\b(?:in|last|since|until|till|by|of|next|early|late|mid|from|to|on|this|that|each|every|between|during|before|after|for|through|the|a)[\s-]$"
    r"|\b(?:January|February|March|April|May|June|July|August|September|October|November|December)(?: and| or| to|,)\s$",
    re.IGNORECASE,
)
"""Before a month, or a preposition."""
BEHIND_NAME = re.compile(r"(?:, |[’']s |\s(?:said|says|told|tells|has|had|was|is|who|of|and|at|from|in|[a-z]{2,}(?:ed|s))\b)")
"""Behind the name of someone with which a sentence opens, where "will" or "may" would be followed by a bare verb."""
BEHIND_PLACE = re.compile(r"\b(?:to|for|of|in|at)\s$")
MOST_WORDS = 9
"""Spaces in a run of capitals that may still be one name."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Mention:
    """One place where a name stands: the span of the name without titles, its words as they stand and as they are compared, what is told.

    `titled` begins at the title right before the name, if there is one; `loose` is one capitalised word that opens a sentence;
    `headline` marks one in a line where nearly every word has a capital letter.
    """

    span: Span
    words: tuple[str, ...]
    keys: tuple[str, ...]
    before: tuple[str, ...]
    titled: int
    told: Told
    body: bool
    loose: bool = False
    headline: bool = False

    @property
    def last(self) -> str:
        """The surname, as far as shape tells."""
        return self.words[-1]


def mentions(text: str) -> tuple[Mention, ...]:
    """Every run of capitalised words that may be a name, without the titles before it, in order.

    >>> [mention.words for mention in mentions("On Monday Prime Minister Ada Lovell met Mr. Osei.")]
    [('Ada', 'Lovell'), ('Osei',)]
    """
    seen = _seen(text)
    lands = LANDS.union([word[:4] for word in seen.alone if not word.endswith(DEMONYM_ENDINGS)])
    found: list[Mention] = []
    headlines = list(headline_lines(text))
    for start, end in _runs(text, headlines):
        found.extend(mention for mention in _mentions_in(text, start, end, seen) if not _is_demonym(text, mention, lands))
    return tuple(replace(mention, headline=True) if _inside(headlines, mention.span.start) else mention for mention in found)


class _Seen(NamedTuple):
    """Words of a text: those with a capital letter that stand alone, those in small letters, and what stands before each name's last."""

    alone: frozenset[str]
    plain: frozenset[str]
    before: Mapping[str, set[str]]


def _seen(text: str) -> _Seen:
    alone, before = set[str](), dict[str, set[str]]()
    for word, between, name in ENDING.findall(text):
        before.setdefault(fold(name), set()).add(word)
        if between in (" ", ", ") and word[0].islower():
            alone.add(fold(name))
    plain = frozenset(re.findall(r"(?<![\w’'-])[a-z][a-z’'-]+", text))
    return _Seen(frozenset(alone), plain, before)


def headline_lines(text: str) -> Iterator[Span]:
    r"""The paragraphs, but for the last, in which capital letters tell nothing: nearly every word has one, and no full stop ends them.

    >>> [line.slice(text) for text in ["Owner Sees No Fault\nThe owner left."] for line in headline_lines(text)]
    ['Owner Sees No Fault']
    """
    lines = paragraphs(text)
    for line in lines[:-1]:
        if len(line) > LONGEST_HEADLINE or text[line.end - 1] in "”\"’'" or re.search(r"[.?!]\s", line.slice(text)):
            continue
        words = re.findall(r"[^\W\d_][\w’'-]*", line.slice(text))
        capital = sum(word[0].isupper() for word in words)
        if (
            len(words) > 3
            and capital >= (0.85 if text[line.end - 1] in ".?!" else 0.7) * len(words)
            and "," not in line.slice(text).partition(" ")[2][:24]
        ):
            yield line


def _inside(lines: Sequence[Span], place: int) -> bool:
    number = bisect_right(lines, place, key=_start) - 1
    return number >= 0 and place < lines[number].end


def _start(span: Span) -> int:
    return span.start


def _is_demonym(text: str, mention: Mention, lands: frozenset[str]) -> bool:
    """Whether a single word is only the adjective of a place that is known, or that the text names: "Norvanian"."""
    word = mention.keys[0]
    if (
        len(mention.words) > 1
        or mention.before
        or word in GIVEN_NAMES
        or re.match(r" [a-z]", text[mention.span.end : mention.span.end + 2]) is None
    ):
        return False
    return (word in DEMONYMS and len(word) > 2) or (word.endswith(DEMONYM_ENDINGS) and len(word) > 5 and word[:4] in lands)


def _runs(text: str, headlines: Sequence[Span]) -> Iterator[tuple[int, int]]:
    """Runs of capitalised words, those of bodies joined over "of" and over what an acronym in brackets spells."""
    spelled = {span.start: span.end for span, _ in acronyms(text)}
    reached = 0
    for found in NAME.finditer(text):
        start, end = found.span()
        if start < reached:
            continue
        inner = next((place for place in range(start, end) if place in spelled), None) if spelled else None
        if inner is not None and spelled[inner] > end:
            if inner > start and text[start:inner].strip():
                yield start, start + len(text[start:inner].rstrip())
            start, end = inner, spelled[inner]
        while fold(SPACE.split(text[start:end])[-1]) in OF_BODIES and (more := OF_MORE.match(text, end)):
            further = NAME.match(text, more.end())
            if further is None:
                break
            end = further.end()
        if (owned := OF_MEMBERS.match(text, end)) and (further := NAME.match(text, owned.end())) and fold(further.group()) in OF_MANY:
            end = further.end()
        reached = end
        if _inside(headlines, start) or text.count(" ", start, end) > MOST_WORDS:
            yield from _headline_runs(text, start, end)
        else:
            yield from _without_binding(text, start, end)


def _without_binding(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """A run cut at words that bind names and have a capital letter by accident: "Osei And Lind"."""
    low = start
    for found in BINDING.finditer(text, start + 1, end):
        yield low, found.start()
        low = found.end()
    if low < end:
        yield low, end


def _headline_runs(text: str, start: int, end: int) -> Iterator[tuple[int, int]]:
    """Every word of a headline by itself, and together with the next: no more than that is sure to be one name."""
    for low, high in _without_binding(text, start, end):
        words = list(re.finditer(r"\S+", text[low:high]))
        if len(words) <= 2:
            yield low, high
        else:
            yield from ((low + word.start(), low + word.end()) for word in words)


def acronyms(text: str) -> list[tuple[Span, Span]]:
    """The full forms and their acronyms, where one stands in brackets behind the other (Schwartz and Hearst 2003).

    >>> [(full.slice(text), short.slice(text)) for text in ["the Bank of Norvania (BON)"] for full, short in acronyms(text)]
    [('Bank of Norvania', 'BON')]
    """
    result = []
    for found in BRACKETED.finditer(text):
        letters = [letter.lower() for letter in found[1] if letter.isalnum()]
        words = list(re.finditer(r"[\w’'-]+", text[max(0, found.start() - 120) : found.start()]))[-2 * len(letters) - 2 :]
        origin = max(0, found.start() - 120)
        matched = _spelled(letters, [word.group() for word in words])
        if matched is None:
            matched = next(
                (
                    index
                    for index in range(len(words))
                    if all(word.group()[0].isupper() for word in words[index:]) and index < len(words) - 1
                ),
                None,
            )
        if matched is not None:
            result.append((Span(start=origin + words[matched].start(), end=found.start()), Span(start=found.start(1), end=found.end(1))))
    return result


def _spelled(letters: Sequence[str], words: Sequence[str]) -> int | None:
    """The index of the word with which the words begin to spell the letters by their initials, the last ones first."""
    left = len(letters) - 1
    last = len(words) - 1
    while last > 0 and words[last][0].lower() != letters[left] and fold(words[last]) in COMPANY_ENDINGS:
        last -= 1
    for index in range(last, -1, -1):
        word = words[index]
        if word[0].lower() == letters[left] and (word[0].isupper() or left > 0):
            left -= 1
        elif word[0].isupper():
            return None
        if left < 0:
            return index if word[0].isupper() else None
    return None


def _mentions_in(text: str, start: int, end: int, seen: _Seen) -> Iterator[Mention]:
    """A run of capitalised words without leading titles and words that are no names; possessives end a name."""
    places = [found.span() for found in UNMARKED.finditer(text, start, end) if LETTER.search(text, *found.span())]
    words = [text[low:high].strip("’'") if text[low:high][:1] in "’'" else text[low:high] for low, high in places]
    opens = SENTENCE_START.search(text, max(0, start - 8), start) is not None
    given = _given_too(text, words, places, opens)
    first, titles = _after_titles(words, given, start=0)
    if first == 0 and len(words) > 1 and fold(words[0]) not in GIVEN_NAMES and _only_leads(words, seen, opens):
        first, titles = _after_titles(words, given, start=1)
    first, titles = _after_place(text, words, places, first, titles, seen.alone)
    for low, high in _pieces(words, first, _end_of_name(words, first)):
        last = places[high - 1][1]
        span = _without_possessive(text, Span(start=places[low][0], end=max(last, places[low][0] + 1)))
        name = tuple(WORD.findall(span.slice(text)))
        if not name or name[0][0].isdigit():
            continue
        loose = opens and low == 0 and high == len(words) == 1 and fold(words[0]) not in seen.alone
        if loose and (words[0].lower() in seen.plain or NO_NAME.search(words[0])):
            titles = ()
            if fold(words[0]) in seen.plain or words[0].endswith(("ing", "ly", "ed")):
                continue
        at = places[_title_before(words, low)][0] if low == first and titles else span.start
        yield _mention(text, span, name, titles if low == first else (), at, loose)


def _only_leads(words: Sequence[str], seen: _Seen, opens: bool) -> bool:
    """Whether the first word of a run is no part of the name: one in small letters elsewhere that opens a sentence, or a kind."""
    low, known = words[0].lower(), any(word != words[0] for word in seen.before.get(fold(words[-1]), ()))
    return (opens and low in seen.plain and (known or len(words) > 2)) or (low in KINDS and known)


def _title_before(words: Sequence[str], first: int) -> int:
    """The word with which the title right before a name begins, or the name's own first; a prime minister's title is two words."""
    if not first or _plain(words[first - 1]) not in TITLES:
        return first
    return first - 2 if first > 1 and [_plain(word) for word in words[first - 2 : first]] == ["prime", "minister"] else first - 1


def _given_too(text: str, words: Sequence[str], places: Sequence[tuple[int, int]], opens: bool) -> int | None:
    """The word of a run that is a given name though it may be another word: "Will Adair said", not "In May Adair said"."""
    index = next((number for number, word in enumerate(words[:-1]) if word.lower() in GIVEN_TOO), None)
    if index is None:
        return None
    following = _plain(words[index + 1])
    if (
        following in NO_NAMES
        or (following in TITLES and index + 2 < len(words))
        or not words[index + 1][0].isupper()
        or {following, fold(words[-1])} & (BODIES | THINGS)
    ):
        return None
    if BEFORE_MONTH.search(text[max(0, places[index][0] - 12) : places[index][0]]):
        return None
    certain = index > 0 or not opens or words[index] == "Per"
    return index if certain or BEHIND_NAME.match(text, places[-1][1]) else None


def _after_titles(words: Sequence[str], given: int | None, *, start: int) -> tuple[int, tuple[str, ...]]:
    """Where the name begins behind titles, possessives and words that are no names, at the given name if that is told; and those titles."""
    first, titles = start, list[str]()
    if len(words) > 1 and fold(words[-1]) in BODIES and fold(words[0]) not in HONORIFICS:
        while first < len(words) and _plain(words[first]) in NO_NAMES:
            first += 1
        return first, ()
    while first < len(words) and first != given and (kind := _kind(words, first)):
        if kind == "title":
            titles.append(_plain(words[first]))
        else:
            titles.clear()
        first += 1
    later = [
        index
        for index in range(first, _end_of_name(words, first) - 1)
        if _kind(words, index) == "title" and len(words[index].rstrip(".")) > 1
    ]
    if later and _plain(words[-1]) not in BODIES and later[-1] + 1 < len(words):
        return later[-1] + 1, tuple(_plain(word) for word in words[first : later[-1] + 1])
    initials = next(
        (index for index in range(first + 2, len(words) - 2) if words[index].endswith(".") and words[index + 1].endswith(".")), None
    )
    return (initials, tuple(titles)) if initials is not None else (first, tuple(titles))


def _kind(words: Sequence[str], index: int) -> str:
    """What a word before a name is: a title, or no part of a name; empty if it may be the name."""
    plain = _plain(words[index])
    if (
        plain in TITLES
        or (plain.removesuffix("s") in OFFICES and index + 2 < len(words))
        or ((plain in PEOPLE or plain.endswith("ist")) and plain not in GIVEN_NAMES and index + 2 < len(words))
        or (plain.startswith(PREFIXES) and index + 1 < len(words))
    ):
        return "title" if index + 1 < len(words) else "no name"
    if plain in NO_NAMES and not words[index].endswith("."):
        return "no name"
    return "no name" if index + 1 < len(words) and words[index].endswith(("’s", "'s", "s’", "s'")) else ""


def _plain(word: str) -> str:
    """A word as the tables have it; scans that read "rn" for "m" are forgiven."""
    low = word.lower().rstrip(".").partition("’")[0].partition("'")[0]
    return low.replace("rn", "m") if low not in TITLES and low.replace("rn", "m") in TITLES else low


def _after_place(
    text: str, words: Sequence[str], places: Sequence[tuple[int, int]], first: int, titles: tuple[str, ...], alone: frozenset[str]
) -> tuple[int, tuple[str, ...]]:
    """Without the place of an office before a name: "Envoy to Norvania Ama Osei"."""
    if first != 0 or len(words) < 3 or fold(words[-1]) in BODIES or not BEHIND_PLACE.search(text[max(0, places[0][0] - 6) : places[0][0]]):
        return first, titles
    if fold(words[0]) in COUNTRIES or fold(words[0]) in alone:
        return 1, titles
    return first, titles


def _end_of_name(words: Sequence[str], first: int) -> int:
    """Where a run ends as a name: before letters of an office, and an office that nobody is named behind ("Norvanian Ambassador")."""
    end = len(words)
    while end - first > 2 and words[end - 1] in POSTNOMINALS:
        end -= 1
    while end - first > 1 and fold(words[end - 1]) in WEEKDAYS:
        end -= 1
    given = any(fold(word) in GIVEN_NAMES for word in words[first : first + 2])
    while end - first > 1 and not given and fold(words[end - 1]) in OFFICES and fold(words[end - 1]) not in BODIES:
        end -= 1
    return end


def _pieces(words: Sequence[str], first: int, end: int) -> Iterator[tuple[int, int]]:
    """A run in names: a possessive ends one ("Estad’s Norvania")."""
    low = first
    for index in range(first, end):
        if words[index].endswith(("’s", "'s")) or index == end - 1:
            if low <= index:
                yield low, index + 1
            low = index + 1


def _without_possessive(text: str, span: Span) -> Span:
    words = span.slice(text)
    for ending in ("’s", "'s", "’", "'"):
        if words.endswith(ending) and len(words) > len(ending):
            return replace(span, end=span.end - len(ending))
    return span


def _mention(text: str, span: Span, name: tuple[str, ...], titles: tuple[str, ...], titled: int, loose: bool) -> Mention:
    words = [fold(word) for word in name]
    body = (
        any(word in BODIES for word in words[1:])
        or words[-1] in BODIES
        or (words[0] in OF_BODIES and "of" in words)
        or (len(name) == 1 and name[0].isupper() and len(name[0]) > 1)
        or "&" in span.slice(text)
    )
    body = body or ("." in span.slice(text) and span.slice(text)[-1].islower() and len(name) > 1 and " " not in span.slice(text))
    body = body and not any(title in HONORIFICS for title in titles)
    told = told_of(text, titled, span.end, titles)
    body = body or (told.body and not titles and told.age is None and words[0] not in GIVEN_NAMES)
    return Mention(span=span, words=name, keys=tuple(words), before=titles, titled=titled, told=told, body=body, loose=loose)
