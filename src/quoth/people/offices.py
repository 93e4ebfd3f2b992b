"""Which office some words mean: "Russia's foreign minister" and "Minister of Foreign Affairs of the Russian Federation" are one.

An office is its words without those that only bind, the ways of saying "minister" taken together. A minister of several things is the
minister of each ("Foreign and Commonwealth Affairs"). A deputy, a former one and one for a province are others.
"""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from quoth.people.countries import country_key, is_country
from quoth.people.matching import ascii_of

Words = frozenset[str]
PHRASES = (
    (r"\([^)]*\)", " "),
    (r"&", " and "),
    (r"'s\b|'", ""),
    (r"\bspokes(?:man|woman)\b", "spokesperson"),
    (r"\bchair(?:man|woman)?\b", "chairperson"),
    (r"\b(?:governor|lieutenant|solicitor|attorney|secretary|director|auditor)[ -]general\b", lambda found: found[0].replace(" ", "-")),
    (r"\bvice[ -](?=president|premier|prime|chancellor)", "vice "),
    (r"\bprime minister\b|\bpm\b", "premier"),
    (r"\bfederal (?=chancellor|president|minister)", ""),
    (r"\b(?:first )?secretary of state (?:for|of)\b(?! state)", "minister of"),
    (r"\bsecretary of state\b", "secretary-of-state"),
    (r"\bsecretary\b(?!-)", "minister"),
    (r"\b(?:foreign|external) (?:affairs|relations)\b", "foreign"),
    (r"\b(?:home|internal) affairs\b|\bthe interior\b|\binterior affairs\b", "interior"),
    (r"\bhome (?=minister\b)|\bhome department\b", "interior "),
    (r"\bdefense\b", "defence"),
    (r"\blabor\b", "labour"),
    (r"\beconomic affairs\b|\beconomics\b", "economy"),
    (r"\btransportation\b", "transport"),
    (r"\bfinances\b", "finance"),
    (r"\bnational defence\b", "defence"),
    (r"\bpublic health\b", "health"),
    (r"\bsens?\.?(?= |$)", "senator"),
    (r"\brep\.?(?= |$)|\bcongress(?:man|woman)\b", "representative"),
    (r"\bgov\.?(?= |$)", "governor"),
)
"""Ways of writing an office that mean the same, in the order they are taken together."""
_RULES: list[tuple[re.Pattern[str], str | Callable[[re.Match[str]], str]]] = [(re.compile(form), one) for form, one in PHRASES]
BINDING = frozenset("of the for and to at in on a an his her its affairs".split())
STYLES = frozenset("republic kingdom federation state states federal union commonwealth".split())
"""Words that a country's full name has beside its adjective: "the French Republic"."""
SHORT = {("united kingdom", frozenset(("chancellor",))): frozenset(("chancellor", "exchequer"))}
"""Offices that one country calls by a word that means another elsewhere."""
PART = re.compile(r"(?:^minister (?:of|for) (?:the )?(?P<behind>.+)|^(?P<before>.+) minister)$")


@dataclass(frozen=True, slots=True, kw_only=True)
class OfficeKey:
    """What two ways of writing an office share: its words and its country, "" if none is told; `parts` are a minister's several."""

    words: Words
    country: str
    parts: frozenset[Words] = frozenset()


@lru_cache(maxsize=65536)
def office_key(position: str, country: str | None = None) -> OfficeKey:
    """The key of an office as a table or a question names it.

    >>> office_key("President of the Russian Federation") == office_key("President", "Russia")
    True
    >>> office_key("British foreign secretary").words in office_key("Secretary of State for Foreign and Commonwealth Affairs", "UK").parts
    True
    """
    position, found = _without_country(position, country)
    key = "" if not country and not found else country_key(country or found)
    text = simplified(position)
    words = _words(text)
    return OfficeKey(words=SHORT.get((key, words), words), country=key, parts=_parts(text))


def simplified(position: str) -> str:
    """A position in small letters, the ways of saying the same taken together.

    >>> simplified("Secretary of State for Defense"), simplified("Prime Minister")
    ('minister of defence', 'premier')
    """
    text = ascii_of(position)
    for form, one in _RULES:
        text = form.sub(one, text)
    return " ".join(text.replace(".", "").split())


def _words(text: str) -> Words:
    return frozenset(word for word in re.findall(r"[a-z0-9]+(?:-[a-z]+)*", text) if word not in BINDING)


def _parts(text: str) -> frozenset[Words]:
    """The offices of a minister of several things; a single one is no part."""
    found = PART.match(text)
    if found is None or re.search(r"\b(?:deputy|vice|junior|assistant|under|shadow|permanent|state|former|acting)\b", text):
        return frozenset()
    things = re.split(r",|\band\b", found["behind"] or found["before"])
    parts = frozenset(_words(thing) | {"minister"} for thing in things if _words(thing))
    return parts if len(parts) > 1 else frozenset()


def _without_country(position: str, country: str | None) -> tuple[str, str]:
    """A position without its own country's name before or behind it, and that name; the country is any that is known if none is given."""
    for rest, place in splits(position):
        if is_country(place) if country is None else _same(place, country):
            return rest, place
    return position, ""


def _same(place: str, country: str) -> bool:
    """Whether a place is the country, by its name, its adjective, or an adjective in its full name ("the French Republic")."""
    words = [word for word in place.split() if word.lower() not in STYLES | {"the"}]
    return country_key(place) == country_key(country) or (bool(words) and country_key(" ".join(words)) == country_key(country))


def splits(description: str) -> Iterator[tuple[str, str]]:
    """Every way to read an office and a place in a description: "PLACE's OFFICE", "PLACE OFFICE", "OFFICE of PLACE".

    >>> list(splits("Norvania’s premier"))
    [('premier', 'Norvania')]
    """
    words = description.split()
    for length in range(1, min(len(words), 5)):
        place, rest = re.sub(r"[’']s?$", "", " ".join(words[:length])), " ".join(words[length:])
        if not rest.lower().startswith(("of ", "for ")):
            yield rest, place
    for found in re.finditer(r" of (?:the )?", description):
        yield description[: found.start()], description[found.end() :]
