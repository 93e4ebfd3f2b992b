"""What is typed into a search box, compiled to full-text search. Every string is a query; none is an error.

    harbour strike          both words, anywhere
    "harbour strike"        the phrase; so are “…”, «…» and words joined by marks (co-operate, 10:30)
    harb*                   words that begin so
    strike -harbour         the one without the other; also NOT
    strike OR lockout       either; also |
    (strike OR lockout) pay parentheses group

Operators are written in capitals; one that stands where it can mean nothing, a parenthesis without its other half or a mark without its
other half is passed over, and words are found whatever their accents and capitals.
"""

import re
import unicodedata
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from quoth.errors import QueryError

LONGEST = 2000
"""Characters of a query."""
DEEPEST = 20
"""Parentheses within parentheses; those further in are passed over."""
KEY = "\ue001"
"""What the words open with that stand for speakers, publishers and "all" in the index."""
ALL = f"{KEY}a"
"""The word that every row has."""
_LEXEME = re.compile(
    r"""(?P<minus>-+(?=[^\s\-)]))|(?P<open>\()|(?P<close>\))|(?P<or>\|+)|["“”„«»](?P<phrase>[^"“”„«»]*)(?:["“”„«»]|$)(?P<begun>\*?)"""
    r"""|(?P<word>[^\s"“”„«»()|]+)"""
)


@dataclass(frozen=True, slots=True)
class Term:
    """A word or phrase; `prefix` if its last word may go on."""

    words: str
    prefix: bool = False


@dataclass(frozen=True, slots=True)
class Not:
    """What a part does not say."""

    part: "Node"


@dataclass(frozen=True, slots=True)
class All:
    """Every part."""

    parts: tuple["Node", ...]


@dataclass(frozen=True, slots=True)
class Any:
    """One part at least."""

    parts: tuple["Node", ...]


Node = Term | Not | All | Any


def parsed(query: str) -> Node | None:
    """The query as a tree; None if it holds no word. Raises QueryError only if it is longer than 2,000 characters.

    >>> parsed('strike -"harbour pay"')
    All(parts=(Term(words='strike', prefix=False), Not(part=Term(words='harbour pay', prefix=False))))
    """
    if len(query) > LONGEST:
        raise QueryError(f"longer than {LONGEST:,} characters: {len(query):,}", concerns="the query")
    lexemes = list(_lexemes(query))
    node = _Parser(lexemes).whole()
    if node is None and lexemes:  # nothing but operators: they are words, then
        words = [Term(words=written) for kind, written in lexemes if kind in ("OR", "AND", "NOT") and written.isalpha()]
        return _joined(All, words)
    return node


def compiled(node: Node) -> str:
    """The tree as an FTS5 expression that is never an error.

    >>> compiled(parsed('strike -harb*'))
    '(("strike") NOT ("harb"*))'
    """
    match node:
        case Term(words, prefix):
            return f'"{words}"{"*" if prefix else ""}'
        case Not(part):
            return f'("{ALL}" NOT {compiled(part)})'
        case All(parts):
            wanted = " AND ".join(compiled(part) for part in parts if not isinstance(part, Not)) or f'"{ALL}"'
            unwanted = " OR ".join(compiled(part.part) for part in parts if isinstance(part, Not))
            return f"(({wanted}) NOT ({unwanted}))" if unwanted else f"({wanted})"
        case Any(parts):
            return f"({' OR '.join(map(compiled, parts))})"


def is_begun(node: Node | None) -> bool:
    """Whether a word of the tree may go on: the index then puts the rows of all such words together each time that it is asked.

    >>> is_begun(parsed('strike -"the harb"*')), is_begun(parsed("strike"))
    (True, False)
    """
    match node:
        case None:
            return False
        case Term():
            return node.prefix
        case Not(part):
            return is_begun(part)
        case All(parts) | Any(parts):
            return any(map(is_begun, parts))


def phrase(words: str) -> str | None:
    """Words as one phrase of an FTS5 expression; None if there is no word among them.

    >>> phrase('the "old" harbour')
    '"the  old  harbour"'
    """
    term = _term(words, prefix=False)
    return None if term is None else compiled(term)


class _Parser:
    """Reads lexemes by recursive descent; what does not fit is passed over."""

    def __init__(self, lexemes: list[tuple[str, str]]) -> None:
        self._lexemes = lexemes
        self._place = 0
        self._depth = 0

    def whole(self) -> Node | None:
        """The tree of all lexemes; a closing parenthesis without its other half ends nothing."""
        parts: list[Node] = []
        while self._place < len(self._lexemes):
            part = self._either()
            parts += [] if part is None else [part]
            self._place += 1  # a closing parenthesis, or the end
        return _joined(All, parts)

    def _either(self) -> Node | None:
        parts: list[Node] = []
        while True:
            part = self._both()
            parts += [] if part is None else [part]
            if self._next() != "OR":
                return _joined(Any, parts)
            self._place += 1

    def _both(self) -> Node | None:
        parts: list[Node] = []
        while self._next() not in ("OR", "close", ""):
            part = self._one()
            parts += [] if part is None else [part]
        return _joined(All, parts)

    def _one(self) -> Node | None:
        """A word, a group, or the negation of one."""
        negated = False
        while self._next() in ("NOT", "AND"):
            negated ^= self._next() == "NOT"
            self._place += 1
        kind = self._next()
        if kind in ("OR", "close", ""):
            return None
        words = self._lexemes[self._place][1]
        self._place += 1
        part = self._group() if kind == "open" else _term(words, prefix=kind == "prefix")
        if part is None or not negated:
            return part
        return part.part if isinstance(part, Not) else Not(part)

    def _group(self) -> Node | None:
        if self._depth >= DEEPEST:
            return None
        self._depth += 1
        part = self._either()
        self._depth -= 1
        self._place += self._next() == "close"
        return part

    def _next(self) -> str:
        return self._lexemes[self._place][0] if self._place < len(self._lexemes) else ""


def _joined(kind: type[All] | type[Any], parts: Sequence[Node]) -> Node | None:
    """The parts as one node; those of the same kind are put together, so that the tree is no deeper than need be."""
    flat = [one for part in parts for one in (part.parts if isinstance(part, kind) else (part,))]
    return None if not flat else flat[0] if len(flat) == 1 else kind(tuple(flat))


def _lexemes(query: str) -> Iterator[tuple[str, str]]:
    """What stands in a query: kind and words of each."""
    for found in _LEXEME.finditer(query):
        word = found["word"]
        if found["minus"]:
            yield "NOT", "-"
        elif found["open"] or found["close"]:
            yield "open" if found["open"] else "close", found[0]
        elif found["or"] or word == "OR":
            yield "OR", found[0]
        elif word in ("AND", "NOT"):
            yield word, word
        elif word is not None:
            yield "prefix" if word.endswith("*") else "term", word
        else:
            yield "prefix" if found["begun"] else "term", found["phrase"]


def _term(words: str, *, prefix: bool) -> Term | None:
    """A term of what was typed; None if there is no letter or digit in it."""
    clean = "".join(letter if unicodedata.category(letter)[0] in "LNM" else " " for letter in words)
    return Term(words=clean.strip(), prefix=prefix) if any(unicodedata.category(letter)[0] in "LN" for letter in clean) else None
