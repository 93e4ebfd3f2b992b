"""A cue in its sentence: the words before it, its main word, the words after it.

Polarity and act are both read from this, so what a source, a content and a main word look like to them is settled here once.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache
from operator import attrgetter

from quoth.sentences import sentences
from quoth.types import Attribution, Span

WORD = re.compile(r"\w+n['’]t\b|['’](?:ll|d|ve|re|s|m)\b|\w+(?:[.@-]\w+)*|[^\w\s]")
"""Words with their hyphens, what is left of an auxiliary after an apostrophe ("'ll", "n't" stays with its verb), and single marks."""
REACH = 400
"""Characters on either side of a cue that are read at most: the work for one attribution does not grow with the text."""
KEPT = 64
"""Clauses that are kept, since act, polarity and denial are asked for one after the other."""
SOURCE = "<source>"
CONTENT = "<content>"


def words(line: str) -> frozenset[str]:
    """The words of a table."""
    return frozenset(line.split())


def forms(lemmas: str) -> frozenset[str]:
    """The regular forms of verbs; both spellings where a consonant may double, so a few are no words at all.

    >>> sorted(forms("deny"))
    ['denied', 'denies', 'deny', 'denying']
    """
    return frozenset(form for lemma in lemmas.split() for form in _forms(lemma))


def _forms(lemma: str) -> Iterator[str]:
    """The forms of one verb."""
    yield lemma
    if lemma.endswith("e"):
        yield from (lemma + "s", lemma + "d", lemma[:-1] + "ing")
    elif re.search(r"[^aeiou]y$", lemma):
        yield from (lemma[:-1] + "ies", lemma[:-1] + "ied", lemma + "ing")
    else:
        yield from (lemma + ("es" if lemma.endswith(("s", "sh", "ch", "x", "z")) else "s"), lemma + "ed", lemma + "ing")
        if re.search(r"[^aeiou][aeiou][bdglmnprt]$", lemma):
            yield from (lemma + lemma[-1] + "ed", lemma + lemma[-1] + "ing")


PARTICLES = words(
    "about across against ahead around as at away back by concerning down for forth from in into it of off on only out over regarding "
    "that to up upon with him her them us me you whether if how"
)
"""What may end a cue after its main word; adverbs may, too."""
ADVERBS = words(
    "again ago ahead all also altogether always both earlier either else even ever far first further hence however indeed instead just "
    "last later long longer meanwhile moreover much next now nevertheless nonetheless often once only perhaps quite rather right second "
    "since so sometimes soon still then there thereafter therefore third though thus today tomorrow tonight too twice very well "
    "yesterday yet"
)
NO_ADVERBS = words("rely reply apply imply comply supply ally family")
MOMENTS = words(
    "on this monday tuesday wednesday thursday friday saturday sunday mon tue wed thu fri sat sun morning afternoon evening night week "
    "weekend month year spring summer autumn winter january february march april june july august september october november december"
)
"""The words of a time phrase between an auxiliary and its verb: "declined on Thursday to say"."""


def is_adverb(word: str) -> bool:
    """Whether a word may stand within a group of verbs without being one.

    >>> is_adverb("flatly"), is_adverb("later"), is_adverb("rely")
    (True, True, False)
    """
    return word in ADVERBS or (word.endswith("ly") and word not in NO_ADVERBS)


@dataclass(frozen=True, slots=True, kw_only=True)
class Clause:
    """A cue in its sentence, in lower case, apostrophes straight.

    `before` ends where the main word of the cue starts, and `own` counts the words at its end that belong to the cue; `after` starts
    behind the main word. The source is one word in both, whatever it consists of, and so is each piece of the content; `follows` is
    `after` with all words as they stand.
    """

    before: tuple[str, ...]
    own: int
    main: str
    after: tuple[str, ...]
    follows: tuple[str, ...]
    source: tuple[str, ...]
    cue: tuple[str, ...]


@lru_cache(maxsize=KEPT)
def clause_of(text: str, attribution: Attribution) -> Clause | None:
    """The cue of an attribution in its sentence; None without a cue, or if it holds no word.

    >>> cue, source, content = Span(start=3, end=14), Span(start=0, end=2), Span(start=15, end=21)
    >>> found = Attribution(content=(content,), cue=cue, source=source, kind="indirect", confidence=1.0, source_confidence=1.0)
    >>> clause = clause_of("He did not say how it broke.", found)
    >>> clause.before, clause.main, clause.after
    (('<source>', 'did', 'not'), 'say', ('<content>', 'broke', '.'))
    """
    cue = attribution.cue
    own = [] if cue is None else [found for found in _found(text, cue.start, min(cue.end, cue.start + REACH)) if found[0].isalnum()]
    if cue is None or not own:
        return None
    place = next((index for index in reversed(range(len(own))) if not _trails(own[index])), len(own) - 1)
    main, sentence, source = own[place], sentence_of(text, cue), attribution.source
    end = max(main.end(), sentence.end)
    named = [] if source is None else _found(text, source.start, min(source.end, source.start + REACH))
    return Clause(
        before=tuple(_collapsed(text, sentence.start, main.start(), attribution)),
        own=place,
        main=_plain(main),
        after=tuple(_collapsed(text, main.end(), end, attribution)),
        follows=tuple(_plain(found) for found in _found(text, main.end(), end)),
        source=tuple(_plain(found) for found in named),
        cue=tuple(_plain(found) for found in own),
    )


def sentence_of(text: str, span: Span) -> Span:
    """The sentence in which a span starts, as far as it lies within reach of the span; the span itself where there is none."""
    all_sentences = sentences(text)
    place = bisect_right(all_sentences, span.start, key=attrgetter("end"))
    if place == len(all_sentences) or all_sentences[place].start >= span.start + REACH:
        return span
    start, end = all_sentences[place].start, all_sentences[place].end
    return Span(start=min(max(start, span.start - REACH), span.start), end=min(end, span.start + REACH))


def _found(text: str, start: int, end: int) -> list[re.Match[str]]:
    """The words and marks between two places."""
    return list(WORD.finditer(text, start, end))


def _plain(found: re.Match[str]) -> str:
    """A word as the tables have it."""
    return found.group().lower().replace("’", "'")


def _trails(found: re.Match[str]) -> bool:
    """Whether a word of the cue stands after its main word."""
    word = _plain(found)
    return word in PARTICLES or is_adverb(word)


def _collapsed(text: str, start: int, end: int, attribution: Attribution) -> Iterator[str]:
    """The words between two places, source and content each as one word; the cue's own words always stay."""
    last = ""
    for found in _found(text, start, end):
        role = _role(found.start(), attribution)
        if not role or role != last:
            yield role or _plain(found)
        last = role


def _role(place: int, attribution: Attribution) -> str:
    """Whether a word at a place belongs to the source or to the content; neither, if it is the cue's."""
    cue, source = attribution.cue, attribution.source
    if cue is not None and cue.start <= place < cue.end:
        return ""
    if source is not None and source.start <= place < source.end:
        return SOURCE
    return CONTENT if any(piece.start <= place < piece.end for piece in attribution.content) else ""
