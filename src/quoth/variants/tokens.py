"""Text to words as variants are compared by: small letters, contractions written out, numbers in figures, each with its place."""

import re
import unicodedata
from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from operator import itemgetter
from sys import intern

from quoth.types import Span

WORD = re.compile(r"\[(?P<letter>\w)\](?P<rest>\w+)|per cents?\b|\d+(?:[.,:]\d+)+|\w+(?:['’‘ʼ]\w+)*|%", re.IGNORECASE)
"""A word, a number or a per cent sign; "[w]ords" is a word whose first letter an editor changed."""
ASIDE = re.compile(r"\[[^\[\]]{3,200}\]")
"""What an editor put in: "[the minister]"; a letter in brackets is none."""
TAILS = {"ll": "will", "re": "are", "ve": "have", "m": "am"}
STEMS = {"ca": "can", "wo": "will", "sha": "shall"}
"""What is left of can't, won't and shan't."""
SMALL = "zero one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen nineteen"
FIGURES = {word: str(number) for number, word in enumerate(SMALL.split())}
FIGURES |= {word: str(10 * number) for number, word in enumerate("twenty thirty forty fifty sixty seventy eighty ninety".split(), 2)}
FUNCTION = frozenset(
    """a about above after again against all also am an and any are as at be because been before being below between both but by can
    could did do does doing down during each few for from further get go going got had has have having he her here hers herself him
    himself his how i if in into is it its itself just like made make may me might more most must my myself no nor not now of off on
    once only or other our ours out over own percent s said same say says she should so some such than that the their theirs them
    themselves then there these they thing things this those through to too under until up us very was we were what when where which
    while who whom why will with would you your yours know think want well really one two new year years time people way""".split()
)
"""Words that tell nothing of what a statement is about: function words, and the commonest others of speech."""
MOST_CHARACTERS = 20_000
"""Characters of a passage that are compared; laying two side by side takes room by the product of their lengths."""
STEM = 6
"""Letters by which words count as one in a paraphrase: cutting off is the plainest stemmer there is."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Token:
    """A word as it is compared, and where it stands; `aside` if an editor put it in square brackets."""

    word: str
    span: Span
    aside: bool = False


def tokens(text: str) -> tuple[Token, ...]:
    """The words of a text in order.

    >>> [token.word for token in tokens("We can’t pay [the lenders] 1,200, 5% or twelve …")]
    ['we', 'can', 'not', 'pay', 'the', 'lenders', '1200', '5', 'percent', 'or', '12']
    """
    asides = [found.span() for found in ASIDE.finditer(text)] if "[" in text else []
    return tuple(
        Token(word=word, span=Span(start=start, end=end), aside=_is_within(start, asides))
        for found in WORD.finditer(text)
        for word, start, end in _parts(found)
    )


@lru_cache(maxsize=1024)
def passage_tokens(words: str) -> tuple[Token, ...]:
    """The words of a passage, of its beginning if it is very long; kept for a while, since a passage is laid beside several others."""
    return tokens(words[:MOST_CHARACTERS])


def spoken(found: tuple[Token, ...]) -> tuple[Token, ...]:
    """The words without what an editor put in, unless there are no others.

    >>> [token.word for token in spoken(tokens("He [the minister] left"))]
    ['he', 'left']
    """
    return tuple(token for token in found if not token.aside) or found


def spoken_words(text: str) -> tuple[str, ...]:
    """The words of `spoken`, without their places: for the many texts of which no more is wanted.

    >>> spoken_words("He [the minister] won’t")
    ('he', 'will', 'not')
    """
    if "[" in text:
        return tuple(token.word for token in spoken(tokens(text)))
    return tuple(intern(word) for found in WORD.finditer(text) for word, _, _ in _parts(found))


def telling(words: tuple[str, ...]) -> frozenset[str]:
    """The stems of the words that tell what is spoken of.

    >>> sorted(telling(("we", "will", "raise", "the", "taxes", "of", "millionaires")))
    ['millio', 'raise', 'taxes']
    """
    return frozenset(word[:STEM] for word in words if word not in FUNCTION and (len(word) > 2 or word.isdigit()))


def _is_within(place: int, spans: Sequence[tuple[int, int]]) -> bool:
    """Whether a place lies within one of some spans, which are in order."""
    before = bisect_right(spans, place, key=itemgetter(0)) - 1
    return before >= 0 and place < spans[before][1]


def _parts(found: re.Match[str]) -> Iterator[tuple[str, int, int]]:
    """The words that one match is read as; a contraction is two."""
    start, end = found.span()
    word = _folded(found[0] if found["letter"] is None else found["letter"] + found["rest"])
    if word.isalpha() and word != "cannot":
        yield FIGURES.get(word, word), start, end
        return
    head, mark, tail = word.rpartition("'")
    if mark and tail == "t" and head.endswith("n") and len(word) == end - start:
        yield STEMS.get(head[:-1], head[:-1]), start, end - 3
        yield "not", end - 3, end
    elif mark and tail in TAILS and len(word) == end - start:
        yield head, start, end - len(tail) - 1
        yield TAILS[tail], end - len(tail) - 1, end
    elif word == "cannot":
        yield "can", start, start + 3
        yield "not", start + 3, end
    else:
        yield _figure(word), start, end


def _folded(word: str) -> str:
    if word.isascii():
        return word.lower()
    plain = unicodedata.normalize("NFKC", word).casefold()
    return plain.replace("’", "'").replace("‘", "'").replace("ʼ", "'")


def _figure(word: str) -> str:
    """Numbers in figures, without commas between thousands; "%" and "per cent" in letters."""
    if word[0].isdigit():
        return re.sub(r",(?=\d{3}(?!\d))", "", word)
    if word == "%" or word.startswith("per cent"):
        return "percent"
    return FIGURES.get(word, word)
