"""Descriptions: which of the people named in a report "the Norvanian minister" or "the 34-year-old" is.

A noun phrase is read into determiner, modifiers, head and what stands behind it, and compared with what the report tells of each name.
"""

import re
from dataclasses import dataclass

from quoth.names import Named
from quoth.names.appositions import DETERMINERS, WORD, fold, is_role, joined
from quoth.names.lexicon import (
    BODIES,
    CHALLENGERS,
    COUNTRIES,
    DEMONYMS,
    FORMER,
    HE_NOUNS,
    INCUMBENTS,
    OFFICES,
    PEOPLE,
    PLURAL_PEOPLE,
    SAME_OFFICE,
    SHE_NOUNS,
    SOFT,
    Gender,
    kin,
    stem,
)
from quoth.speakers.scene import Scene
from quoth.types import Span

CLAUSE = re.compile(
    r",(?!\d)|[;(—]| [–-] |: "
    r"| (?:which|whose|where|when|while|(?<!many )(?<!much )as|speaking|adding|including|such as|whom|himself|herself|themselves)\b"
)
POSSESSIVE_WORD = re.compile(r"[^\W_](?:[\w&]|[’'-](?=\w))*[’']?")
LEADING = DETERMINERS | frozenset(("this", "that", "these", "those", "both", "some", "two", "three"))
"""What leads a noun phrase and is no part of what it says."""
BINDING = re.compile(r"(?:But|And|So|Yet|Or|Still|Meanwhile|Among|However),?\s")
WHO = re.compile(r" who\b")
GENERIC = frozenset("those one people person anyone someone somebody others many some man woman men women few they".split())
"""Heads that say nothing without the clause behind them."""
PREPOSITION = re.compile(
    r"\s(?:of|for|from|in|at|on|with|to|by|near|under|about|against|behind|between|within|who|that|called|named|known|seen|briefed|released|involving"
    r"|familiar|close|dated|representing|presiding|published|issued|leading|running|there|here|upstream|outside|inside)\b"
)
AGED = re.compile(r"^(\d{1,3})-year-old$")
OPENING = re.compile(
    r"(?<![\w’'])(?:an?|the|another|some|many|those|every|any|one|two|three|four|five|several|his|her|their|its)\s", re.IGNORECASE
)
"""What a noun phrase starts with."""
PLURAL_SUBJECT = re.compile(
    r"(?:(?:The|These|Some|Many|Most|Several|Two|Three|Four|Five|Six|A (?:group|team|number) of) )?(?:[A-Z]?[a-z-]+ )?"
    r"(?P<head>[A-Z]?[a-z]+s|[Pp]eople|[Pp]olice|[Mm]en|[Ww]omen)\b"
    r"(?: (?:at|from|of|in|for) (?:the )?[A-Z][\w’'-]*(?: (?:(?:of|for|and|the) )*[A-Z][\w’'-]*)*)?"
)
LEAST_FIT = 1.0
"""What a person must at least score to be the one described."""
BY_KIN = 1.3
"""How well a head fits that only may name the same office."""
NEAREST = 40
"""People told of the same office that are compared."""


@dataclass(frozen=True, slots=True, kw_only=True)
class NounPhrase:
    """A description without its clauses: `words` lead to the `head`, `behind` are those after its first preposition."""

    span: Span
    determiner: str
    possessor: str
    words: tuple[str, ...]
    behind: tuple[str, ...]

    @property
    def head(self) -> str:
        """The noun that says what is described; "deputy-governor" where a lesser one is."""
        return self.words[-1] if self.words else ""

    @property
    def bare_head(self) -> str:
        """The last word of the head."""
        aged = AGED.match(self.head)
        return "year-old" if aged else self.head.split("-")[-1]

    @property
    def age(self) -> int | None:
        """The age, in "the 34-year-old"."""
        return next((int(found[1]) for word in self.words if (found := AGED.match(word))), None)

    @property
    def definite(self) -> bool:
        """Whether it means someone in particular: the, this, a possessive."""
        return bool(self.possessor) or self.determiner in ("the", "this", "that", "these", "those", "both", "his", "her", "their", "its")

    @property
    def gender(self) -> Gender | None:
        """The gender that the head tells."""
        return "she" if self.bare_head in SHE_NOUNS else "he" if self.bare_head in HE_NOUNS else None

    @property
    def plural(self) -> bool:
        """Whether it means several."""
        word = self.bare_head
        return (
            word.endswith(("s", "men", "women", "people", "children"))
            and not word.endswith(("ss", "boss", "us"))
            and (word not in PEOPLE or word == "people")
        )

    @property
    def human(self) -> bool:
        """Whether it means a single human being."""
        return (
            self.bare_head in PEOPLE
            or self.bare_head in OFFICES
            or self.age is not None
            or (is_role(self.bare_head) and self.bare_head not in BODIES)
        )


def noun_phrase(text: str, source: Span) -> NounPhrase | None:
    """The noun phrase of a source, up to the first clause that narrates; None if it has no words.

    >>> text = "The former chair of the union, who left"
    >>> phrase = noun_phrase(text, Span(start=0, end=len(text)))
    >>> phrase.span.slice(text), phrase.words, phrase.behind
    ('The former chair of the union', ('former', 'chair'), ('union',))
    """
    core = core_of(text, _without_binding(text, source))
    cut = PREPOSITION.search(text, core.start, core.end)
    tokens = POSSESSIVE_WORD.findall(text, core.start, core.end if cut is None else cut.start())
    if not tokens:
        return None
    determiner = tokens[0].lower() if tokens[0].lower() in LEADING else ""
    owned = next((index for index in range(len(tokens) - 2, -1, -1) if tokens[index].endswith(("’s", "'s", "s’", "s'"))), None)
    own = tokens[owned + 1 :] if owned is not None else tokens[1:] if determiner else tokens
    return NounPhrase(
        span=core,
        determiner=determiner,
        possessor="" if owned is None else fold(tokens[owned]),
        words=tuple(joined(own)) or (fold(tokens[-1]),),
        behind=() if cut is None else tuple(joined(WORD.findall(text, cut.start(), core.end))),
    )


def _without_binding(text: str, source: Span) -> Span:
    """A source without the word that binds its sentence to the last."""
    found = BINDING.match(text, source.start, source.end)
    return Span(start=found.end(), end=source.end) if found is not None and found.end() < source.end else source


def core_of(text: str, source: Span) -> Span:
    """A description without what follows its first clause, a closing possessive, or loose edges."""
    end = source.end
    found = CLAUSE.search(text, source.start + 1, source.end)
    if found is not None and text[source.start : found.start()].strip():
        end = found.start()
    who = WHO.search(text, source.start, end)
    if (
        who is not None
        and fold(text[source.start : who.start()].split()[-1] if text[source.start : who.start()].split() else "") not in GENERIC
    ):
        end = who.start() if who.start() > source.start else end
    for ending in ("’s", "'s"):
        if text[source.start : end].endswith(ending) and end - len(ending) > source.start:
            end -= len(ending)
    while end > source.start + 1 and text[end - 1].isspace():
        end -= 1
    return Span(start=source.start, end=end)


def described(scene: Scene, phrase: NounPhrase, place: int, *, later: bool = True) -> list[tuple[float, Named]]:
    """The people whom a definite description fits, best first."""
    keys = {stem(phrase.head), stem(phrase.bare_head)}
    keys |= {stem(word) for group in SAME_OFFICE if phrase.bare_head in group for word in group}
    keys |= {stem(word) for word in (INCUMBENTS if phrase.head == "incumbent" else CHALLENGERS if phrase.head == "challenger" else ())}
    near: dict[Named, None] = {}
    for key in sorted(keys):
        people = scene.told.get(key, [])
        for person in sorted(people, key=lambda person: abs(person.first - place))[:NEAREST] if len(people) > NEAREST else people:
            near[person] = None
    if phrase.age is not None:
        near |= {person: None for _, person in scene.before(place) if phrase.age in person.ages}
    lands = [word for word in phrase.words[:-1] if _is_adjective_of_place(word)]
    somebody = [person for person in near if _is_somebody(person) and (person.first < place or _is_from(person, lands))]
    scored = [(fit(phrase, person) - _distance(scene, person, place, later), person) for person in somebody]
    return sorted(((score, person) for score, person in scored if score >= LEAST_FIT), key=lambda pair: -pair[0])


def _is_somebody(person: Named) -> bool:
    return not person.body and not person.fullest.loose and (person.person or person.gender is not None)


def _is_from(person: Named, lands: list[str]) -> bool:
    """Whether what is told of someone says that he is of these lands or parties; who is named only later must be told to be."""
    return all(any(kin(word, other) for other in person.told) for word in lands)


def _distance(scene: Scene, person: Named, place: int, later: bool) -> float:
    """What it costs that a person was named long ago, or is named only later."""
    if person.first >= place:
        return 0.4 if later else 9.0
    near = next(
        (scene.line(place) - scene.line(mention.span.start) for mention in reversed(person.mentions) if mention.span.start < place), 0
    )
    return min(0.3, 0.06 * near)


def fit(phrase: NounPhrase, person: Named) -> float:
    """How well a description fits what is told of a person; 0 or less where something speaks against it."""
    if phrase.gender and person.gender and phrase.gender != person.gender:
        return 0.0
    if phrase.age is not None:
        return 3.0 if phrase.age in person.ages else 0.0
    score = _head_fit(phrase, person)
    if score <= 0:
        return 0.0
    told = {stem(word) for word in person.told}
    for word in (*phrase.words[:-1], *phrase.behind, *([phrase.possessor] if phrase.possessor else [])):
        if stem(word) in told or any(kin(word, other) for other in person.told):
            score += 1.0
        elif word in CHALLENGERS and any(other in INCUMBENTS for other in person.told):
            return 0.0
        elif _is_adjective_of_place(word):
            if any(_is_adjective_of_place(other) for other in person.told):
                return 0.0
        elif word not in SOFT:
            if score < BY_KIN + 0.1 and word in phrase.words:
                return 0.0
            score -= 0.5 if word in phrase.behind or word == phrase.possessor else 1.2
    if phrase.words[0] in ("former", "late", "retired") and not person.told & FORMER:
        score -= 1.2
    return score


def _is_adjective_of_place(word: str) -> bool:
    return word in DEMONYMS or word in COUNTRIES or word.endswith(("ian", "ese", "ish"))


def _head_fit(phrase: NounPhrase, person: Named) -> float:
    """How well the head alone fits: the same office, one of its kin, or, for "incumbent", any that one holds."""
    head = phrase.head.removeprefix("ex-")
    told = {word.removeprefix("ex-") for word in person.told}
    if head in told:
        return 2.0
    if stem(head) in {stem(word) for word in told}:
        return 1.8
    if "-" in head and head.split("-")[0] in ("deputy", "vice", "co", "assistant"):
        return 0.0
    if head == "incumbent" and told & INCUMBENTS:
        return 1.5
    if head == "challenger" and told & CHALLENGERS:
        return 1.5
    return BY_KIN if any(head in group and told & group for group in SAME_OFFICE) else 0.0


def same_head(phrase: NounPhrase, other: NounPhrase) -> bool:
    """Whether a definite description may take up an earlier one: the same head, and nothing that the earlier one lacks.

    >>> text = "two officials familiar with it; the officials"
    >>> same_head(noun_phrase(text, Span(start=32, end=45)), noun_phrase(text, Span(start=0, end=30)))
    True
    """
    if stem(phrase.bare_head) != stem(other.bare_head) and not any(
        phrase.bare_head in group and other.bare_head in group for group in SAME_OFFICE[5:6]
    ):
        return False
    known = {stem(word) for word in (*other.words, *other.behind)}
    return all(stem(word) in known or word in SOFT for word in (*phrase.words[:-1], *phrase.behind))


def phrase_before(text: str, place: int) -> Span | None:
    """The noun phrase that ends right before a relative pronoun, as far as its determiner tells where it starts: that of a human being
    before "who", if there is one.

    >>> text = "It was won by a delegate from Delmar, who wept."
    >>> phrase_before(text, text.index("who")).slice(text)
    'a delegate from Delmar'
    >>> text = "It was told by two people close to the talks, who wept."
    >>> phrase_before(text, text.index("who")).slice(text)
    'two people close to the talks'
    """
    end = place
    while end > 0 and text[end - 1] in " ,(–—\xa0":
        end -= 1
    lead = text[max(0, end - 90) : end]
    clause = re.split(r"[.;:!?()\n“”\"]|,\s|\band\b", lead)[-1]
    first = end - len(clause)
    opened = [first + found.start() for found in OPENING.finditer(clause)]
    human = [start for start in opened if _is_human(noun_phrase(text, Span(start=start, end=end)))] if text.startswith("who", place) else []
    start = human[-1] if human else opened[-1] if opened else end - len(clause.rsplit(" ", 1)[-1])
    return Span(start=start, end=end) if start < end and text[end - 1].isalnum() else None


def plural_subject(text: str, place: int) -> Span | None:
    """The people with whom a sentence begins, several of them.

    >>> text = "Researchers at the University of Delmar followed pupils. They found nothing."
    >>> plural_subject(text, 0).slice(text)
    'Researchers at the University of Delmar'
    """
    found = PLURAL_SUBJECT.match(text, place)
    head = "" if found is None else found["head"].lower()
    known = head in PLURAL_PEOPLE or head.removesuffix("s") in PEOPLE
    return Span(start=place, end=found.end()) if found is not None and known else None


def _is_human(phrase: NounPhrase | None) -> bool:
    """Whether a noun phrase is of one human being or several."""
    return phrase is not None and any(word in PEOPLE or word in PLURAL_PEOPLE or word.removesuffix("s") in PEOPLE for word in phrase.words)
