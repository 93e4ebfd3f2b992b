"""A cue in its sentence: the words before it, its main word, the words after it.

Polarity and act are both read from this, so what a source, a content and a main word look like to them is settled here once.
"""

import re
from bisect import bisect_right
from collections.abc import Iterator, Sequence
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

_Word = tuple[int, int, str]
"""Where a word or mark starts and ends, and how the tables have it."""


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


def clause_of(text: str, attribution: Attribution) -> Clause | None:
    """The cue of an attribution in its sentence; None without a cue, or if it holds no word.

    >>> cue, source, content = Span(start=3, end=14), Span(start=0, end=2), Span(start=15, end=21)
    >>> found = Attribution(content=(content,), cue=cue, source=source, kind="indirect", confidence=1.0, source_confidence=1.0)
    >>> clause = clause_of("He did not say how it broke.", found)
    >>> clause.before, clause.main, clause.after
    (('<source>', 'did', 'not'), 'say', ('<content>', 'broke', '.'))
    """
    return None if attribution.cue is None else _clause_of(text, attribution.cue, attribution.source, attribution.content)


@lru_cache(maxsize=KEPT)
def _clause_of(text: str, cue: Span, source: Span | None, content: tuple[Span, ...]) -> Clause | None:
    """The clause by what it is read from, which is hashed faster than the attribution with all that the model saw."""
    own = _own(text, cue)
    if not own:
        return None
    place, sentence = _main(own), sentence_of(text, cue)
    start, end, main = own[place]
    behind = _words(text, end, max(end, sentence.end))
    roles = [(cue.start, cue.end, ""), *[(piece.start, piece.end, CONTENT) for piece in content]]
    named: list[_Word] = []
    if source is not None:
        roles.insert(1, (source.start, source.end, SOURCE))
        named = _words(text, source.start, min(source.end, source.start + REACH))
    return Clause(
        before=_collapsed(_words(text, sentence.start, start), roles),
        own=place,
        main=main,
        after=_collapsed(behind, roles),
        follows=tuple([word for _, _, word in behind]),
        source=tuple([word for _, _, word in named]),
        cue=tuple([word for _, _, word in own]),
    )


def main_word(text: str, cue: Span) -> str | None:
    """The main word of a cue, as in its clause, for those who ask for no more; None if the cue holds no word."""
    own = _own(text, cue)
    return own[_main(own)][2] if own else None


def sentence_of(text: str, span: Span) -> Span:
    """The sentence in which a span starts, as far as it lies within reach of the span; the span itself where there is none."""
    all_sentences = sentences(text)
    place = bisect_right(all_sentences, span.start, key=attrgetter("end"))
    if place == len(all_sentences) or all_sentences[place].start >= span.start + REACH:
        return span
    start, end = all_sentences[place].start, all_sentences[place].end
    return Span(start=min(max(start, span.start - REACH), span.start), end=min(end, span.start + REACH))


def _words(text: str, start: int, end: int) -> list[_Word]:
    """The words and marks between two places."""
    return [(*found.span(), found.group().lower().replace("’", "'")) for found in WORD.finditer(text, start, end)]


def _own(text: str, cue: Span) -> list[_Word]:
    """The words of a cue."""
    return [word for word in _words(text, cue.start, min(cue.end, cue.start + REACH)) if text[word[0] : word[1]].isalnum()]


def _main(own: Sequence[_Word]) -> int:
    """Which of the words of a cue is the main one: the last that is neither particle, adverb nor day ("declined on Monday")."""
    for place in reversed(range(len(own))):
        word = own[place][2]
        if word not in PARTICLES and word not in MOMENTS and not is_adverb(word):
            return place
    return len(own) - 1


def _collapsed(line: Sequence[_Word], roles: Sequence[tuple[int, int, str]]) -> tuple[str, ...]:
    """The words of a line, source and content each as one word; the cue's own words, whose role is empty, always stay."""
    collapsed: list[str] = []
    last = ""
    for place, _, word in line:
        role = ""
        for start, end, name in roles:
            if start <= place < end:
                role = name
                break
        if not role or role != last:
            collapsed.append(role or word)
        last = role
    return tuple(collapsed)
