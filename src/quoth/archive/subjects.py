"""Whom and what a statement is about: the names in its content, by their capitals. One pass, because every row that is stored needs it."""

import re

from quoth.names.lexicon import NO_NAMES, TITLES
from quoth.names.mentions import PARTICLES

MOST = 20
"""Names kept of one content."""
_CAPITAL = re.compile(r"(?<!\w)(?<!\w[&’'.-])[^\W_a-zß-öø-ÿ](?:[\w&-]|[’'.](?=\w))*")
"""A word that does not open with a small letter; only these are looked at, as most words do."""
_LINKS = frozenset(("of", "for", *PARTICLES.split("|")))
"""Small words that stand within names ("Ministry of Transport", "Ursula von der Leyen")."""
_OPENING = re.compile(r"(?:^|[.!?:…\n\]]|[“„«\"‘(])\s*[“„«\"‘(]*$")
"""What stands before the first word of a sentence."""


def subjects(words: str) -> tuple[str, ...]:
    """The names in some words, in order, each once, as they are written, without titles; a capital at the start of a sentence is no name.

    >>> subjects("The ferry to Harl is late. Ask Ms Osei or the Ministry of Transport")
    ('Harl', 'Osei', 'Ministry of Transport')
    """
    if words[1:] == words[1:].lower():
        return ()
    found: list[str] = []
    for start, end, opens in _runs(words):
        name = _name(words[start:end], opens=opens)
        if name is not None:
            found.append(name)
    return tuple(dict.fromkeys(found))[:MOST]


def _runs(words: str) -> list[tuple[int, int, bool]]:
    """Stretches of words with capitals, one space apart, small words between them left in; whether a sentence starts with each."""
    runs: list[tuple[int, int, bool]] = []
    for word in _CAPITAL.finditer(words):
        start, end = word.span()
        if not words[start].isupper():
            continue
        if runs and words[runs[-1][1] : start].replace(" ", "").lower() in _BETWEEN:
            runs[-1] = (runs[-1][0], end, runs[-1][2])
        else:
            runs.append((start, end, _OPENING.search(words, max(0, start - 4), start) is not None))
    return runs


_BETWEEN = frozenset(("", "of", "for", *PARTICLES.split("|"), "vonder", "dela", "delos", "vander", "vanden"))
"""What may stand between two words of one name, without spaces."""


def _name(run: str, *, opens: bool) -> str | None:
    """The name in a stretch of words with capitals, if there is one."""
    words = run.split()
    titled = max((index for index, word in enumerate(words[:-1], start=1) if word.lower().rstrip(".") in TITLES), default=0)
    words, opens = words[titled:], opens and not titled
    while words and re.split("[’']", words[0].lower())[0] in NO_NAMES:
        words, opens = words[1:], False
    while words and words[-1].lower() in NO_NAMES | _LINKS:
        words = words[:-1]
    if not words or (opens and len(words) == 1 and not (words[0].isupper() and len(words[0]) > 1)):
        return None
    name = re.sub(r"[’']s$", "", " ".join(words))
    return name if len(name) > 1 else None
