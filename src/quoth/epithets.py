"""Who or what a report means by a description: the people it fits, or whoever it calls by a new word.

"The premier" is who is told to be one; "the witness" or "the Vermont senator" someone in view, "his rival" the other of two who speak,
"the company" the body that the report is about.
"""

import re

from quoth.descriptions import NounPhrase, described
from quoth.lexicon import BODIES, CHALLENGERS, COMMERCIAL, COUNTERPARTS, EPITHETS, INCUMBENTS, OFFICES, SOFT, kin
from quoth.names import Named
from quoth.pronouns import in_view
from quoth.scene import Resolution, Scene
from quoth.sources import named_next
from quoth.turns import other_of_two
from quoth.types import Attribution

KIND_AND_OFFICE = re.compile(r"[Tt]he (?:[\w-]+ )?[A-Z][\w-]+ (?:[a-z][\w-]+ )?[a-z][\w-]+$")
GOING_ON = frozenset("added adds adding continued continues concluded concludes went goes wound further recalled commented".split())
"""Cues of one who goes on speaking."""


def one_described(scene: Scene, attribution: Attribution, phrase: NounPhrase) -> Resolution | None:
    """The one person named in the report whom a description fits, or who alone can be meant by it."""
    assert attribution.source is not None
    place = attribution.source.start
    if phrase.head in COMMERCIAL or phrase.head in BODIES:
        return None
    if (
        phrase.human
        and phrase.possessor in ("", *_places(scene, phrase))
        and phrase.determiner not in ("his", "her", "their", "my", "our", "its")
    ):
        fitting = described(scene, phrase, place)
        if fitting and (len(fitting) == 1 or fitting[0][0] - fitting[1][0] >= 0.15):
            return Resolution(owners=(fitting[0][1],), basis="rule", confidence=0.85 if len(fitting) == 1 else 0.7)
        if fitting:
            return None
    if not phrase.human:
        return None
    return _of_counterpart(scene, attribution, phrase) or _left_over(scene, attribution, phrase) or _of_epithet(scene, attribution, phrase)


def _left_over(scene: Scene, attribution: Attribution, phrase: NounPhrase) -> Resolution | None:
    """The only person so far who can be meant: the one from Norvania, the one who is not the premier, the only mother."""
    if phrase.determiner != "the" or phrase.possessor or attribution.source is None:
        return None
    people = [
        person
        for person in dict.fromkeys(person for _, person in scene.before(attribution.source.start))
        if person.person and not person.fullest.loose
    ]
    if set(phrase.words) & CHALLENGERS:
        holding = [person for person in people if person.told & INCUMBENTS]
        fitting = [person for person in people if holding and person not in holding]
    elif phrase.gender is not None and len(phrase.words) == 1:
        fitting = [person for person in people if person.gender == phrase.gender and not person.told & OFFICES]
    else:
        lands = [word for word in phrase.words[:-1] if word not in SOFT]
        fitting = [
            person for person in people if phrase.head in OFFICES and any(kin(word, other) for word in lands for other in person.told)
        ]
    return Resolution(owners=(fitting[0],), basis="rule", confidence=0.65) if len(fitting) == 1 else None


def _places(scene: Scene, phrase: NounPhrase) -> tuple[str, ...]:
    """The possessor, if it may be a place: "Chelyabinsk's governor", not "Lisle's manager"."""
    person = next(
        (person for mention, person in scene.between(phrase.span.start, phrase.span.end) if mention.keys[-1] == phrase.possessor), None
    )
    return () if person is None or person.person else (phrase.possessor,)


def _of_counterpart(scene: Scene, attribution: Attribution, phrase: NounPhrase) -> Resolution | None:
    """Of two who speak the other, where one is "his rival"."""
    if phrase.head not in COUNTERPARTS or phrase.determiner not in ("his", "her") or len(phrase.words) > 1 or attribution.source is None:
        return None
    speaking = [resolution.owners[0] for _, resolution in scene.recent(attribution.source.start) if resolution.owners[0].person]
    people = list(dict.fromkeys(owner for owner in speaking if not owner.unnamed))
    whose = in_view(scene, attribution.source.start, "he" if phrase.determiner == "his" else "she", attribution)
    others = [person for person in people if not whose or person is not whose[0][1]]
    return Resolution(owners=(max(others, key=speaking.count),), basis="rule", confidence=0.7) if others else None


def _of_epithet(scene: Scene, attribution: Attribution, phrase: NounPhrase) -> Resolution | None:
    """Someone named before under a word that is new for him: he goes on speaking, has the turn, or is alone in view."""
    assert attribution.source is not None
    place = attribution.source.start
    cue = attribution.cue.slice(scene.text).lower().split() if attribution.cue is not None else []
    last = next(scene.speeches(place), None)
    if (
        cue
        and cue[0] in GOING_ON
        and last is not None
        and attribution.parent is None
        and not phrase.possessor
        and phrase.determiner == "the"
    ):
        earlier, resolution = last
        same = earlier.source is not None and scene.line(earlier.source.start) == scene.line(place)
        if same and len(resolution.owners) == 1 and resolution.owners[0].person and not resolution.owners[0].unnamed:
            return Resolution(owners=resolution.owners, basis="rule", confidence=0.75)
    if phrase.age is None and phrase.head not in EPITHETS and not _is_new_word(scene, phrase):
        return _opens_with(scene, attribution, phrase)
    turn = other_of_two(scene, attribution, strict=False) if attribution.kind == "direct" else None
    if turn is not None and phrase.age is None:
        return turn
    ranked = in_view(scene, place, phrase.gender, attribution)
    ranked = [(score, person) for score, person in ranked if person.person and not (phrase.age is not None and person.ages)]
    if not ranked or (len(ranked) > 1 and ranked[0][0] - ranked[1][0] < 0.3):
        return None
    return Resolution(owners=(ranked[0][1],), basis="rule", confidence=0.65)


def _is_new_word(scene: Scene, phrase: NounPhrase) -> bool:
    """Whether a place or a party says which one is meant: "the Vermont senator", "the Labour chairman", not "the Osei spokesman"."""
    if phrase.determiner != "the" or phrase.behind or KIND_AND_OFFICE.match(phrase.span.slice(scene.text)) is None:
        return False
    return not any(person.person or person.body for _, person in scene.between(phrase.span.start, phrase.span.end))


def _opens_with(scene: Scene, attribution: Attribution, phrase: NounPhrase) -> Resolution | None:
    """A description that opens a report is of whom it names next."""
    if phrase.determiner != "the" or not (phrase.behind or len(phrase.words) > 1):
        return None
    return named_next(scene, attribution)


def body_meant(scene: Scene, place: int, phrase: NounPhrase) -> Resolution | None:
    """The body that "the company" means: one told to be one, the last that spoke nearby, or the one that the report is about."""
    if phrase.head not in COMMERCIAL or phrase.possessor or phrase.determiner not in ("the", "this"):
        return None
    told = [
        person for _, person in scene.before(place) if not person.gender and (phrase.head in person.told or _ends_like(phrase.head, person))
    ]
    near = [
        resolution.owners[0]
        for earlier, resolution in scene.recent(place)[:4]
        if earlier.source is not None and scene.line(place) - scene.line(earlier.source.start) <= 1 and not resolution.owners[0].unnamed
    ]
    candidates = [*told, *(owner for owner in near if owner.body or not owner.person), *_main_body(scene, place)]
    return Resolution(owners=(candidates[0],), basis="rule", confidence=0.7) if candidates else None


def _ends_like(head: str, person: Named) -> bool:
    """Whether "the website" may be what was told to be a site, or has the noun in its name."""
    return head in person.fullest.keys or any(len(word) > 3 and head.endswith(word) for word in person.told)


def _main_body(scene: Scene, place: int) -> list[Named]:
    """What the report's first sentence is about, if that is a body."""
    end = scene.lines[1] if len(scene.lines) > 1 else len(scene.text)
    first = [(mention, person) for mention, person in scene.between(0, min(end, place)) if not person.gender and not person.told & OFFICES]
    return [person for mention, person in first if scene.is_subject(mention) and (person.body or len(mention.words) > 1)][:1]
