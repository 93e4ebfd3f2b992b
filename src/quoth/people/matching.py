"""Whether two names may be the same person's: surnames agree, given names are equal, initials or nicknames, and nothing conflicts.

Likeness of letters alone is unsafe ("George H. W. Bush" and "George W. Bush" are nearly the same string), so nothing here is measured:
names are read into parts, and each part agrees or it does not. Transliterations fold to one spelling.
"""

import csv
import os
import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache
from pathlib import Path

from quoth.names.lexicon import TITLES
from quoth.names.mentions import PARTICLES

_CYRILLIC = dict(zip("абвгґдезиіїйклмнопрстуфхцыэў", "a b v g g d e z i i i i k l m n o p r s t u f kh ts y e u".split(), strict=True))
_LETTERS = {"ł": "l", "ø": "o", "ß": "ss", "æ": "ae", "œ": "oe", "đ": "d", "ð": "d", "þ": "th", "ı": "i", "ё": "e", "є": "ye"} | _CYRILLIC
_LETTERS |= {
    "ж": "zh",
    "ч": "ch",
    "ш": "sh",
    "щ": "shch",
    "ъ": "",
    "ь": "",
    "ю": "yu",
    "я": "ya",
    "’": "'",
    "‘": "'",
    "ʼ": "'",
    "‐": "-",
    "‑": "-",
}
LETTERS = str.maketrans(_LETTERS)
"""Letters that no accent can be taken from, and Cyrillic ones in the Latin spelling of newspapers."""
VARIANTS = (("ue", "u"), ("oe", "o"), ("ae", "a"), ("iou", "u"), ("ck", "k"), ("ks", "x"), ("kh", "h"), ("y", "i"), ("j", "i"), ("w", "v"))
"""Spellings that transliterations and keyboards exchange."""
LEAST_FOLDED = 5
"""Letters of a word whose variants of spelling fold; in shorter ones they make another name ("Lee", "Le")."""
SUFFIXES = {"jr": "jr", "junior": "jr", "sr": "sr", "senior": "sr", "2nd": "ii", "3rd": "iii", "4th": "iv"}
SUFFIXES |= {numeral: numeral for numeral in "ii iii iv vi vii viii ix xi xii xiii xiv xv xvi".split()}
POSTNOMINALS = frozenset("kc qc sc mp mep msp ms td mbe obe cbe kbe dbe gbe ch om fba frs phd md ma ba esq jp rn kg kt bt pc dl".split())
"""Letters behind a name that are no part of it."""
BEHIND = SUFFIXES.keys() | POSTNOMINALS
AMBIGUOUS = frozenset("dean major marshal earl prince king judge baron duke pope bishop canon abbot chase lord young saint".split())
"""Titles that are also given names: they are left where they leave one word."""
_PARTICLES = frozenset(PARTICLES.split("|")) | {"und", "of", "e"}
_NICKNAMES = """
alexander alex sandy aleksandr alexandr aleksander alejandro oleksandr | alexandra alex sandra | andrew andy drew | anthony tony antony
benjamin ben bibi benny | catherine kate cathy | katherine kate kathy katie | charles charlie chuck | christopher chris | daniel dan danny
david dave | deborah debbie | donald don donnie | edward ed eddie ted ned | elizabeth liz beth betty lizzie | eugene gene
francis frank | frederick fred freddie | gerald gerry jerry | gregory greg | henry harry hank | jacob jake jack | james jim jimmy jamie
jeffrey jeff | jennifer jen jenny | john jack johnny jon | jonathan jon | joseph joe joey | joshua josh | kenneth ken kenny
lawrence larry | leonard len lenny | margaret maggie peggy meg | matthew matt | michael mike mick | mohammed muhammad mohamed mohammad
mikhail michael | nicholas nick nicolas | patricia pat patty tricia | patrick pat paddy | peter pete | philip phil phillip | rebecca becky
richard dick rick rich | robert bob bobby rob | ronald ron ronnie | samuel sam | sarah sally | stephen steve steven | susan sue
terence terry | theodore ted teddy | theresa terry tess | thomas tom tommy | timothy tim | victoria vicky | vincent vince | walter walt
william bill billy will liam | yusuf youssef yousef | sergei serhiy serguei | ahmad ahmed
"""
Nicknames = Mapping[str, frozenset[str]]
"""Given names, folded, and what else their bearers are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Name:
    """A name in parts, each folded: given names or initials, surname, suffix ("jr", "iii"); one word alone is a surname."""

    given: tuple[str, ...]
    surname: str
    suffix: str | None = None

    @property
    def words(self) -> tuple[str, ...]:
        """Every word but the suffix."""
        return (*self.given, self.surname)


@lru_cache(maxsize=65536)
def ascii_of(text: str) -> str:
    """A text in small Latin letters without accents.

    >>> ascii_of("Łukasz Çelik"), ascii_of("Мишустин")
    ('lukasz celik', 'mishustin')
    """
    plain = text.casefold() if text.isascii() else unicodedata.normalize("NFC", text.casefold()).translate(LETTERS)
    return "".join(letter for letter in unicodedata.normalize("NFKD", plain) if not unicodedata.combining(letter))


@lru_cache(maxsize=65536)
def fold_word(word: str) -> str:
    """A word of a name in the one spelling that its transliterations share.

    >>> {fold_word(word) for word in ("Zelensky", "Zelenskyy", "Zelenskiy", "Зеленський")}
    {'zelenski'}
    >>> fold_word("Müller") == fold_word("Mueller"), fold_word("Lee") == fold_word("Le")
    (True, False)
    """
    plain = re.sub(r"[^a-z0-9]", "", ascii_of(word))
    if len(plain) < LEAST_FOLDED:
        return plain
    for written, folded in VARIANTS:
        plain = plain.replace(written, folded)
    return re.sub("i+", "i", plain)


@lru_cache(maxsize=65536)
def read_name(written: str) -> Name | None:
    """The parts of a name, without titles and letters of honour; None if nothing is left.

    >>> read_name("Sir Keir Starmer KC")
    Name(given=('keir',), surname='starmer', suffix=None)
    >>> read_name("Osei, Ama, Jr.")
    Name(given=('ama',), surname='osei', suffix='jr')
    """
    words = _ordered(written)
    suffix = None
    while len(words) > 1 and (words[-1].lower() in SUFFIXES or (words[-1].isupper() and words[-1].lower() in POSTNOMINALS)):
        suffix = SUFFIXES.get(words.pop().lower(), suffix)
    words = _untitled(words)
    parts = [part for word in words for part in _split_initials(word)]
    core = [folded for part in parts if not _is_particle(part) and (folded := fold_word(part))]
    return Name(given=tuple(core[:-1]), surname=core[-1], suffix=suffix) if core else None


def _is_particle(word: str) -> bool:
    """Whether a word only binds ("von"); one capital letter is an initial."""
    return word.lower() in _PARTICLES and (len(word) > 1 or word.islower())


def _ordered(written: str) -> list[str]:
    """The words in the order they are spoken, without nicknames in marks or brackets: "Osei, Ama, Jr." is Ama Osei Jr."""
    written = re.sub(r"[\"“(][^\"”)]*[\"”)]", " ", written)
    pieces = [piece.split() for piece in written.split(",") if piece.strip()]
    tails = [piece for piece in pieces[1:] if all(word.rstrip(".").lower() in BEHIND for word in piece)]
    heads = [piece for piece in pieces if piece not in tails]
    ordered = [word for piece in (heads[1:2] + heads[:1]) for word in piece]
    return [word if len(word) == 2 else word.rstrip(".") for word in ordered + [word for piece in tails for word in piece]]


def _untitled(words: list[str]) -> list[str]:
    """The words without the titles that lead them, as long as one is left."""
    start = 0
    while start < len(words) - 1 and words[start].lower().rstrip(".") in TITLES:
        if words[start].lower() in AMBIGUOUS and start == len(words) - 2:
            break
        start += 1
    return words[start:]


def _split_initials(word: str) -> list[str]:
    """The halves of a double name; the letters of initials written as one ("H.W.", "JD")."""
    if re.fullmatch(r"(?:[^\W\d_]\.)+[^\W\d_]?\.?", word):
        return [letter for letter in word if letter.isalpha()]
    return [part for part in re.split(r"[-‐‑]", word) if part]


def agree(one: Name, other: Name, nicknames: Nicknames) -> bool:
    """Whether two names may be one person's; a surname alone agrees with every name that has it.

    >>> both = [(read_name(one), read_name(other)) for one, other in
    ...         (("Bob Lind", "Robert A. Lind"), ("George H. W. Bush", "George W. Bush"), ("Ama Osei Jr.", "Ama Osei Sr."))]
    >>> [agree(one, other, NICKNAMES) for one, other in both]
    [True, False, False]
    """
    if one.suffix and other.suffix and one.suffix != other.suffix:
        return False
    if one.words == other.words or "".join(one.words) == "".join(other.words):
        return True
    if one.surname != other.surname:
        return False
    return not one.given or not other.given or _given_agree(one.given, other.given, nicknames)


def _given_agree(one: tuple[str, ...], other: tuple[str, ...], nicknames: Nicknames) -> bool:
    """Whether given names agree: the first with the first and the others in their order, or one with a middle name that is used."""
    if _alike(one[0], other[0], nicknames):
        return all(_alike(a, b, nicknames) for a, b in zip(one[1:], other[1:], strict=False))
    return _by_middle_name(one, other) or _by_middle_name(other, one)


def _by_middle_name(short: tuple[str, ...], full: tuple[str, ...]) -> bool:
    """Whether the one is called by the middle names of the other."""
    return len(short[0]) > 2 and any(full[start : start + len(short)] == short for start in range(1, len(full)))


def _alike(one: str, other: str, nicknames: Nicknames) -> bool:
    if len(one) == 1 or len(other) == 1:
        return one[0] == other[0]
    return one == other or other in nicknames.get(one, ()) or one in nicknames.get(other, ())


def nickname_table(pairs: Iterable[tuple[str, str]]) -> dict[str, frozenset[str]]:
    """Pairs of a given name and a nickname as a table, folded.

    >>> nickname_table([("Ama", "Amie")])
    {'ama': frozenset({'amie'})}
    """
    table: dict[str, set[str]] = {}
    for name, nickname in pairs:
        table.setdefault(fold_word(name), set()).add(fold_word(nickname))
    return {name: frozenset(called) for name, called in table.items()}


def read_nicknames(path: str | os.PathLike[str]) -> dict[str, frozenset[str]]:
    """The shipped nicknames and those of a CSV file: a given name in the first column, a nickname in the last; raises OSError."""
    with Path(path).open(encoding="utf-8-sig", errors="replace", newline="") as stream:
        pairs = [(row[0], row[-1]) for row in csv.reader(stream) if len(row) > 1 and row[0] != row[-1]]
    table = nickname_table(pairs)
    return {name: table.get(name, frozenset()) | NICKNAMES.get(name, frozenset()) for name in table.keys() | NICKNAMES.keys()}


def _common() -> dict[str, frozenset[str]]:
    rows = [row.split() for row in _NICKNAMES.replace("\n", "|").split("|") if row.strip()]
    return nickname_table((row[0], nickname) for row in rows for nickname in row[1:])


NICKNAMES: Nicknames = _common()
"""The commonest nicknames and transliterated given names."""
