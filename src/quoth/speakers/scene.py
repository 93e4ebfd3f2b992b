"""One report as its reader sees it: who is named where, what stands within quotation marks, who has spoken so far."""

import re
from bisect import bisect_left, bisect_right
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from itertools import islice

from quoth.marks import paragraphs, quotations
from quoth.names import Named, named
from quoth.names.lexicon import COUNTRIES, PLACE_OPENINGS, THINGS, Gender, stem
from quoth.names.mentions import Mention
from quoth.sentences import sentences
from quoth.types import Attribution, Basis, Span

WINDOW = 60
"""Mentions before a place among which somebody is looked for."""
PRONOUN = re.compile(r"\b(?:(?P<he>he|his|himself)|(?P<she>she|her(?=\s[a-z])|hers|herself))\b", re.IGNORECASE)
OBLIQUE = re.compile(
    r"\b(?:of|for|to|by|with|against|from|about|and|on|in|at|near|than|like)\s(?:(?:the|a|an|his|her|its|their|[\w-]+[’']s)\s)?(?:[\w.’'-]+\s)?$"
)
PLACING = re.compile(r"\b(?:in|at|near|from|into|across|outside|around|[Tt]he|In|At|From)\s$")
WHEN = re.compile(
    r"^\s*(?:(?:On|In|By|At|During|Since|Until|Last|Late|Early|Earlier|Later)\s(?:[\w-]+\s){0,3}?)?"
    r"(?:\w+day|\d{4}s?|January|February|March|April|May|June|July|August|September|October|November|December|years?|months?|weeks?|ago|later|night|morning)"
    r"(?:,?\s\d{4})?\s"
)
SUBORDINATE = re.compile(r"[\w,] (?:who|whose|which|whom|where|as|when|while|after|before|because|whether|if)\b")
RECENT = 30
"""Speeches before a place that may still matter there."""
PART, MARK = re.compile(r"[”\"»“«]|, |; "), re.compile(r"[”\"»“«]")
MOST_LEAD = 5
"""Words before a name that still is the subject of its sentence."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Resolution:
    """Whom a source means, by what, and how sure that is; several for "both men"."""

    owners: tuple[Named, ...]
    basis: Basis
    confidence: float


@dataclass(slots=True, kw_only=True)
class Scene:
    """What the resolution of one report knows; `resolutions` grows source by source, by the index of the attribution."""

    text: str
    attributions: Sequence[Attribution]
    people: tuple[Named, ...]
    lines: list[int]
    sentences: list[int]
    quoted: list[tuple[int, int]]
    reported: list[tuple[int, int]]
    places: list[int]
    mentions: list[tuple[Mention, Named]]
    told: dict[str, list[Named]]
    order: list[tuple[int, int]]
    resolutions: dict[int, Resolution | None] = field(default_factory=dict)
    first_turn: int | None = None
    known: dict[Span, Resolution | None] = field(default_factory=dict)
    spoken: list[tuple[int, int]] = field(default_factory=list)
    voices: set[Named] = field(default_factory=set)

    def line(self, place: int) -> int:
        """The number of the paragraph that holds a place."""
        return max(0, bisect_right(self.lines, place) - 1)

    def sentence(self, place: int) -> int:
        """The number of the sentence that holds a place."""
        return max(0, bisect_right(self.sentences, place) - 1)

    def is_quoted(self, place: int) -> bool:
        """Whether a place lies within quotation marks."""
        return within(self.quoted, place)

    def is_reported(self, place: int) -> bool:
        """Whether a place lies within reported words, with or without marks."""
        return within(self.reported, place)

    def before(self, place: int) -> list[tuple[Mention, Named]]:
        """The last mentions before a place, nearest first."""
        behind = bisect_left(self.places, place)
        return self.mentions[max(0, behind - WINDOW) : behind][::-1]

    def pointed(self, attribution: Attribution | None) -> dict[Named, float]:
        """Those whom the model takes for the source of an attribution, by name or by a pronoun already resolved, with shares of one."""
        shares: dict[Named, float] = {}
        for antecedent in () if attribution is None else attribution.antecedents:
            resolution = self.known.get(antecedent.word)
            holder = next((person for mention, person in self.before(antecedent.word.end) if mention.span.end >= antecedent.word.end), None)
            owners = (holder,) if holder is not None else () if resolution is None else resolution.owners
            for owner in owners if len(owners) == 1 else ():
                shares[owner] = shares.get(owner, 0.0) + antecedent.probability
        return shares

    def between(self, start: int, end: int) -> list[tuple[Mention, Named]]:
        """The mentions that start in a range, in order."""
        return self.mentions[bisect_left(self.places, start) : bisect_left(self.places, end)]

    def speeches(self, place: int, *, nested: bool = False) -> Iterator[tuple[Attribution, Resolution]]:
        """Who has spoken before a place, the last first; outside the words of others, or there too."""
        for number in range(bisect_left(self.spoken, (place, -1)) - 1, -1, -1):
            index = self.spoken[number][1]
            resolution = self.resolutions[index]
            if resolution is not None and (nested or self.attributions[index].parent is None):
                yield self.attributions[index], resolution

    def recent(self, place: int) -> list[tuple[Attribution, Resolution]]:
        """The last of those who have spoken before a place."""
        return list(islice(self.speeches(place), RECENT))

    def after(self, place: int) -> Iterator[Attribution]:
        """The attributions made after a place, in order."""
        for number in range(bisect_right(self.order, (place, len(self.order))), len(self.order)):
            yield self.attributions[self.order[number][1]]

    def sentence_before(self, place: int) -> int | None:
        """Where the sentence before that of a place starts; None where there is none."""
        number = self.sentence(place)
        return self.sentences[number - 1] if number else None

    def is_subject(self, mention: Mention) -> bool:
        """Whether a name stands where the subject of its sentence does."""
        start = self.sentences[self.sentence(mention.span.start)] if self.sentences else 0
        lead = PART.split(self.text[max(start, mention.titled - 90) : mention.titled])[-1]
        early = WHEN.sub("", lead)
        if (
            self.text[mention.span.end : mention.span.end + 1] in ".;:!?)"
            or len(early.split()) > MOST_LEAD
            or ":" in early
            or OBLIQUE.search(early) is not None
        ):
            return False
        return not any(
            self.text[other.span.end : other.span.end + 1] not in "’',"
            for other, person in self.between(mention.titled - len(lead), mention.titled)
            if person.person
        )

    def is_subordinate(self, mention: Mention) -> bool:
        """Whether a name stands in a clause that another one of its sentence leads to."""
        start = self.sentences[self.sentence(mention.span.start)] if self.sentences else 0
        lead = MARK.split(self.text[max(start, mention.titled - 200) : mention.titled])[-1]
        return SUBORDINATE.search(lead) is not None

    def note(self, index: int, resolution: Resolution | None) -> None:
        """Keeps what a source was resolved to."""
        self.resolutions[index] = resolution
        self.voices.update(resolution.owners if resolution is not None else ())
        place = (place_of(self.attributions[index]), index)
        self.spoken.insert(bisect_left(self.spoken, place), place)


def place_of(attribution: Attribution) -> int:
    """Where an attribution counts as made: at its source, or else where its content starts."""
    return attribution.content[0].start if attribution.source is None else attribution.source.start


def within(ranges: Sequence[tuple[int, int]], place: int) -> bool:
    """Whether any of the disjoint ranges holds a place."""
    number = bisect_right(ranges, (place, 1 << 60)) - 1
    return number >= 0 and place < ranges[number][1]


def scene_of(text: str, attributions: Sequence[Attribution]) -> Scene:
    """The scene of a report before anybody has spoken."""
    people = named(text)
    mentions = sorted(((mention, person) for person in people for mention in person.mentions), key=lambda pair: pair[0].span.start)
    told: dict[str, list[Named]] = {}
    for person in people:
        for key in {stem(word) for word in person.told}:
            told.setdefault(key, []).append(person)
    scene = Scene(
        text=text,
        attributions=attributions,
        people=people,
        lines=[line.start for line in paragraphs(text)],
        sentences=[sentence.start for sentence in sentences(text)],
        quoted=merged(piece for quotation in quotations(text) if not quotation.depth for piece in quotation.pieces),
        reported=merged(piece for attribution in attributions for piece in attribution.content),
        places=[mention.span.start for mention, _ in mentions],
        mentions=mentions,
        told=told,
        order=sorted((place_of(attribution), index) for index, attribution in enumerate(attributions)),
    )
    for person in people:
        person.person = person.person or (_is_human(scene, person))
    _vote_genders(scene)
    return scene


def merged(spans: Iterable[Span]) -> list[tuple[int, int]]:
    """Ordered and disjoint ranges that cover the same characters."""
    result: list[tuple[int, int]] = []
    for span in sorted(spans):
        if result and span.start <= result[-1][1]:
            result[-1] = (result[-1][0], max(result[-1][1], span.end))
        else:
            result.append((span.start, span.end))
    return result


def _is_human(scene: Scene, person: Named) -> bool:
    """Whether a name without a title may be one of a human: two words, and not used like the name of a place or a thing."""
    if person.body or person.fullest.loose or len(person.fullest.words) < 2 or person.fullest.keys[-1] in COUNTRIES:
        return False
    if (
        person.fullest.words[-1].isdigit()
        or person.fullest.keys[0] in COUNTRIES
        or person.fullest.keys[0] in PLACE_OPENINGS
        or person.fullest.keys[-1] in THINGS
    ):
        return False
    return not any(
        PLACING.search(scene.text[max(0, mention.titled - 9) : mention.titled]) for mention in person.mentions[:4] if not mention.before
    )


def _goes_on(scene: Scene, place: int) -> bool:
    """Whether reported words go on at a pronoun behind the comma of their cue: "If she lied, Osei said, she must go" is not of Osei."""
    return scene.text[max(0, place - 2) : place] == ", " and scene.is_reported(place)


def _vote_genders(scene: Scene) -> None:
    """The gender of those without one, by the pronouns behind their names where nobody else is named in the sentence."""
    votes: dict[int, Counter[Gender]] = {}
    for number, start in enumerate(scene.sentences):
        end = scene.sentences[number + 1] if number + 1 < len(scene.sentences) else len(scene.text)
        inside = [
            (mention, person)
            for mention, person in scene.between(start, end)
            if not scene.is_quoted(mention.span.start) and not person.body
        ]
        humans = list(dict.fromkeys(person for _, person in inside if person.person or len(inside) == 1))
        if len(humans) != 1 or humans[0].gender is not None:
            continue
        after = next(mention.span.end for mention, person in inside if person is humans[0])
        found = next((one for one in PRONOUN.finditer(scene.text, after, min(end, after + 200)) if not scene.is_quoted(one.start())), None)
        if found is not None and not _goes_on(scene, found.start()):
            votes.setdefault(id(humans[0]), Counter())["he" if found["he"] else "she"] += 1
    for person in scene.people:
        ranked = votes.get(id(person), Counter[Gender]()).most_common(2)
        if ranked and (len(ranked) == 1 or ranked[0][1] > ranked[1][1]):
            person.gender = ranked[0][0]
