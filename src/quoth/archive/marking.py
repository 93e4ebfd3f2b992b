"""The words of a query in what it found: which to mark, and what to show of a long text."""

import re
import unicodedata
from collections.abc import Iterator
from functools import lru_cache

from quoth.archive.query import All, Any, Node, Term
from quoth.types import Span

MOST_WORDS = 48
"""Words that are shown of a text."""
LEAD = 12
"""Words that are shown before the first one that is marked."""
_TOKEN = re.compile(r"[^\W_]+")


def marked(text: str, query: Node | None, *, most: int = MOST_WORDS) -> tuple[str, tuple[Span, ...]]:
    """So many words of a text round the first that the query asks for, and where in them its words and phrases stand.

    >>> from quoth.archive.query import parsed
    >>> shown, spans = marked("The harbour strike goes on.", parsed('"harbour strike" OR go*'))
    >>> [span.slice(shown) for span in spans]
    ['harbour strike', 'goes']
    """
    tokens = [found.span() for found in _TOKEN.finditer(text)]
    folded = [plain_word(text[start:end]) for start, end in tokens]
    wanted = [(words, term.prefix) for term in _terms(query) if (words := [plain_word(word) for word in _TOKEN.findall(term.words)])]
    places = list(_places(folded, wanted))
    start, end = _window(tokens, places[0][0] if places else 0, most, len(text))
    spans = [Span(start=tokens[first][0], end=tokens[last][1]) for first, last in places if tokens[last][1] <= end]
    before, behind = "…" if start else "", "…" if end < len(text) else ""
    moved = tuple(Span(start=span.start - start + len(before), end=span.end - start + len(before)) for span in spans)
    return f"{before}{text[start:end]}{behind}", moved


@lru_cache(maxsize=65536)
def plain_word(word: str) -> str:
    """A word in small letters without accents, as the index has it.

    >>> plain_word("Noé")
    'noe'
    """
    letters = word.lower() if word.isascii() else unicodedata.normalize("NFKD", word.lower())
    return letters if word.isascii() else "".join(letter for letter in letters if not unicodedata.combining(letter))


def _terms(node: Node | None) -> Iterator[Term]:
    """The words and phrases that a query asks for, without those that it does not want."""
    if isinstance(node, Term):
        yield node
    elif isinstance(node, All | Any):
        for part in node.parts:
            yield from _terms(part)


def _places(folded: list[str], wanted: list[tuple[list[str], bool]]) -> Iterator[tuple[int, int]]:
    """The first and last word of each stretch that is asked for, in order, none within another."""
    behind = 0
    for first in range(len(folded)):
        lengths = [len(words) for words, prefix in wanted if _stands(folded, first, words, prefix=prefix)]
        if lengths and first >= behind:
            behind = first + max(lengths)
            yield first, behind - 1


def _stands(folded: list[str], first: int, words: list[str], *, prefix: bool) -> bool:
    if not folded[first].startswith(words[0]) or len(folded) < first + len(words):
        return False
    *whole, last = words
    end = folded[first + len(whole)]
    return folded[first : first + len(whole)] == whole and (end.startswith(last) if prefix else end == last)


def _window(tokens: list[tuple[int, int]], first: int, most: int, length: int) -> tuple[int, int]:
    """Where in the text the words to show start and end."""
    if len(tokens) <= most:
        return 0, length
    start = max(0, min(first - LEAD, len(tokens) - most))
    end = start + most
    return (tokens[start][0] if start else 0), (tokens[end - 1][1] if end < len(tokens) else length)
