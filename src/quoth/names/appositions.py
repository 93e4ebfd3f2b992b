"""What the words around a name tell of its bearer: office, age, gender.

"Regional governor Erlan T", "the chair, Isidora Q", "Signe A, who chairs the union", "Beatriz C, 61, is a former inspector": the words
are kept as they stand, cut to stems only when a description is compared with them.
"""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from quoth.names.lexicon import (
    BODIES,
    COMMERCIAL,
    FUNCTION_WORDS,
    HE_NOUNS,
    HE_TITLES,
    LESSER,
    OFFICES,
    PEOPLE,
    SHE_NOUNS,
    SHE_TITLES,
    Gender,
)

WORD = re.compile(r"[^\W_](?:[\w&]|[’'-](?=\w))*")
TOKEN = re.compile(r"[^\W_](?:[\w&]|[’'-](?=\w))*[’']?|[.,;:!?()\"“”‘«»„—–\n]")
NEAR = 110
"""Characters on either side of a name that may tell of it."""
CLOSERS = frozenset('.;:!?()"“”‘«»„—–\n')
ROLE = re.compile(r"(?!\w*ment)\w{3,}(?:er|or|ist|ian|man|woman|ant|ent|eur|ess|ic|chief|head)s?$")
"""How most nouns end that mean somebody by what he does."""
BEING = frozenset(("is", "was", "became", "becomes", "remains", "has been"))
PREDICATE = re.compile(r" (?:now |also |then |still )?(?:the|a|an|its|his|her|their)\b")
DETERMINERS = frozenset("the a an his her its their our my one another".split())
AGE_BEHIND = re.compile(r"(?:, | \()(?:aged? )?(\d{1,3})(?=[,.;)]|$)")
AGE_BEFORE = re.compile(r"\b(\d{1,3})-year-old\b")
CLAUSE_END = re.compile(r",\s|\b(?:said|says|told|added|wrote|has|had|will|would)\b")
VERB_NEXT = re.compile(r"[ \xa0](?:said|says|told|tells|wrote|has|had|is|was|will|would|did|does|can|could|may|might|should|[a-z]+ed)\b")
"""Behind a name that no apposition ends with: "asked about the firm, Ada Osei told them"."""
POSSESSIVES = ("’s", "'s", "’", "'")
AGES_ALIVE = range(1, 120)
TOLD_BEHIND = re.compile(
    r"(?:, \d{1,3},?| \(\d{1,3}\),?)?"
    r"(?:,? (?P<verb>who|whose|is|was|became|becomes|remains|has been|serves as|served as)|,? (?:of|from|at|for)"
    r"|, (?P<noun>[\w’'-]+))\b(?P<told>[^.;:!?()\n“”\"«»„—]{0,100})"
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Told:
    """The words that tell of one mention, its bearer's age and gender, and whether it is told to be a body ("the news agency").

    Empty or None where the text is silent.
    """

    words: frozenset[str]
    age: int | None
    gender: Gender | None
    body: bool = False


def told_of(text: str, start: int, end: int, titles: Iterable[str]) -> Told:
    """What stands about the name from `start` to `end`, titles and all.

    >>> text = "The chair, Ama Osei, 61, said so."
    >>> told = told_of(text, 11, 19, ())
    >>> sorted(told.words), told.age
    (['chair'], 61)
    """
    before = _before(text[max(0, start - NEAR) : start])
    behind, apposed = _behind(text, end)
    words = frozenset((*joined(titles), *joined(before), *joined(behind)))
    closed = text[max(0, start - 2) : start - 1] != "," or VERB_NEXT.match(text, end) is None
    heads = [*(before[-1:] if closed else ()), *(_head_words(behind)[-1:] if apposed else [])]
    body = any(head.lower() in BODIES | COMMERCIAL and head.lower() not in PEOPLE for head in heads)
    return Told(words=words, age=_age(text, start, end), gender=_gender(titles, [*before, *_head_words(behind)]), body=body)


def joined(words: Iterable[str]) -> list[str]:
    """Words in lower case, without those that only bind; a deputy governor is one word, as no governor, and a prime minister a premier.

    >>> joined(["Deputy", "Governor", "of", "Lirria"]), joined(["Prime", "Minister"])
    (['deputy-governor', 'lirria'], ['premier'])
    """
    result: list[str] = []
    lesser = ""
    for word in words:
        low = fold(word)
        if low in LESSER and low not in ("former", "outgoing", "late"):
            lesser = low
        elif low == "minister" and result[-1:] == ["prime"]:
            result[-1] = "premier"
        elif low not in FUNCTION_WORDS:
            result.append(f"{lesser}-{low}" if lesser else low)
            lesser = ""
    return [*result, lesser] if lesser else result


def fold(word: str) -> str:
    """A word for comparison: lower case, without a full stop or a possessive ending.

    >>> fold("Lisle’s"), fold("Mr.")
    ('lisle', 'mr')
    """
    low = word.lower().rstrip(".")
    if low.endswith(POSSESSIVES):
        for ending in POSSESSIVES:
            if low.endswith(ending) and len(low) > len(ending):
                return low[: -len(ending)]
    return low


def _before(lead: str) -> list[str]:
    """The words of the noun phrase that leads to a name, with or without a comma between."""
    last = lead.split()[-1:]
    if lead[-1:] not in (" ", "\xa0") or (last and last[0].isalpha() and last[0].islower() and not is_role(last[0])):
        return []  # as of most names: a verb or a preposition leads to them
    tokens = TOKEN.findall(lead)
    if not tokens:
        return []
    apart = tokens[-1] == ","
    if not apart and tokens[-1].islower() and not is_role(tokens[-1]):
        return []
    taken: list[str] = []
    tokens = tokens[:-1] if apart else tokens
    for index in range(len(tokens) - 1, -1, -1):
        token, low = tokens[index], tokens[index].lower()
        if low in ("to", "of", "for") and index and is_role(tokens[index - 1].lower()):
            continue
        if token == "," and not apart:
            return [*_short_phrase(tokens[:index]), *taken[::-1]]
        if token in CLOSERS or token == "," or (not apart and low in FUNCTION_WORDS):
            return taken[::-1] if not apart or token in CLOSERS else []
        if apart and low in DETERMINERS:
            return taken[::-1]
        taken.append(token)
        if len(taken) > 12:
            return []
    return taken[::-1]


def _short_phrase(tokens: list[str]) -> list[str]:
    """The words of a noun phrase of up to three that opens a sentence: "The kid, catcher Ama Osei"."""
    for length in range(2, 5):
        if len(tokens) >= length and tokens[-length].lower() in DETERMINERS and (len(tokens) == length or tokens[-length - 1] in CLOSERS):
            return tokens[1 - length :]
    return []


def is_role(word: str) -> bool:
    """Whether a noun may mean somebody, or some body, by what he or it does."""
    return word in PEOPLE or word in OFFICES or word in COMMERCIAL or word in BODIES or ROLE.match(word) is not None


def _behind(text: str, end: int) -> tuple[list[str], bool]:
    """The words of the apposition, relative clause or predicate behind a name, and whether it is an apposition."""
    found = TOLD_BEHIND.match(text, end, min(len(text), end + NEAR))
    if found is None:
        return [], False
    told, opening = found["told"], found["noun"] or ""
    if found["verb"] in BEING and PREDICATE.match(told) is None:
        return [], False
    words = [*([opening] if opening else []), *WORD.findall(_first_clause(told))]
    if opening and opening.lower() not in DETERMINERS and not any(is_role(word.lower()) for word in _head_words(words)):
        return [], False
    return words, bool(opening)


def _age(text: str, start: int, end: int) -> int | None:
    """The age behind a name ("Ama Osei, 61,") or before it ("the 61-year-old Ama Osei")."""
    behind = AGE_BEHIND.match(text, end)
    if behind is not None and int(behind[1]) in AGES_ALIVE:
        return int(behind[1])
    before = AGE_BEFORE.search(text, max(0, start - 40), start)
    return int(before[1]) if before is not None and re.search(r"[.,;:]", text[before.end() : start]) is None else None


def _first_clause(told: str) -> str:
    """An apposition up to the comma that closes it, or the verb that goes on with the sentence."""
    return CLAUSE_END.split(told, maxsplit=1)[0]


def _head_words(behind: list[str]) -> list[str]:
    """The words of an apposition before its first preposition: "the mother of two boys" tells of a mother."""
    taken: list[str] = []
    for word in behind:
        if word.lower() in FUNCTION_WORDS and taken:
            break
        if word.lower() not in FUNCTION_WORDS:
            taken.append(word)
    return taken


def _gender(titles: Iterable[str], words: Iterable[str]) -> Gender | None:
    """The gender that a title or a noun tells."""
    for title in titles:
        if title in SHE_TITLES:
            return "she"
        if title in HE_TITLES:
            return "he"
    for word in reversed(list(words)):
        low = word.lower()
        if low in SHE_NOUNS:
            return "she"
        if low in HE_NOUNS:
            return "he"
    return None
