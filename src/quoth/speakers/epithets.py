"""Who or what a report means by a description: the people it fits, or whoever it calls by a new word.

"The premier" is who is told to be one; "the witness" or "the Vermont senator" someone in view, "his rival" the other of two who speak,
"the company" the body that the report is about.
"""

import re

from quoth.names import Named
from quoth.names.lexicon import BODIES, CHALLENGERS, COMMERCIAL, COUNTERPARTS, COUNTRIES, EPITHETS, INCUMBENTS, OFFICES, SOFT, kin
from quoth.speakers.descriptions import NounPhrase, described
from quoth.speakers.pronouns import in_view
from quoth.speakers.scene import PLACING, Resolution, Scene, place_of
from quoth.speakers.sources import named_next
from quoth.speakers.turns import other_of_two
from quoth.types import Attribution

CLEAR_LEAD = 0.3
"""How much more in view than the next the one must be who is called by a new word."""
ANYBODY = frozenset("man woman boy girl lady gentleman lad".split())
"""Nouns that as often mean a bystander as somebody named."""
LEAST_LEAD = 0.15
"""How much better than the next the one must be whom a description fits."""
KIND_AND_OFFICE = re.compile(r"[Tt]he (?:[\w-]+ )?[A-Z][\w-]+ (?:[a-z][\w-]+ )?[a-z][\w-]+$")
GOING_ON = frozenset("added adds adding continued continues concluded concludes went goes wound further recalled commented".split())
"""Cues of one who goes on speaking."""


def one_described(scene: Scene, attribution: Attribution, phrase: NounPhrase) -> Resolution | None:
    """The one person named in the report whom a description fits, or who alone can be meant by it."""
    assert attribution.source is not None
    place = attribution.source.start
    if not phrase.human or phrase.head in COMMERCIAL or phrase.head in BODIES:
        return None
    if phrase.determiner in ("his", "her", "their"):
        return _of_kin(scene, phrase, place) or _of_counterpart(scene, attribution, phrase)
    if phrase.possessor in ("", *_places(scene, phrase)) and phrase.determiner not in ("my", "our", "its"):
        fitting = described(scene, phrase, place)
        if fitting and (len(fitting) == 1 or fitting[0][0] - fitting[1][0] >= LEAST_LEAD):
            return Resolution(owners=(fitting[0][1],), basis="rule", confidence=0.85 if len(fitting) == 1 else 0.7)
        if fitting:
            return None
    return _left_over(scene, attribution, phrase) or _of_epithet(scene, attribution, phrase)


def _of_kin(scene: Scene, phrase: NounPhrase, place: int) -> Resolution | None:
    """Who was told to be a husband, mother or spokeswoman before, where "her husband" is."""
    fitting = described(scene, phrase, place, later=False) if phrase.gender is not None else []
    return Resolution(owners=(fitting[0][1],), basis="rule", confidence=0.75) if len(fitting) == 1 else None


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
    elif phrase.gender is not None and len(phrase.words) == 1 and phrase.head not in ANYBODY:
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
    going_on = one_going_on(scene, attribution) if phrase.determiner == "the" and not phrase.possessor else None
    if going_on is not None and _is_named_person(going_on.owners[0]):
        return going_on
    if phrase.age is None and phrase.head not in EPITHETS and not _is_new_word(scene, phrase):
        return _opens_with(scene, attribution, phrase)
    turn = other_of_two(scene, attribution, strict=False) if attribution.kind == "direct" and phrase.age is None else None
    if turn is not None and _is_named_person(turn.owners[0]):
        return turn
    place = place_of(attribution)
    fitting = [
        (score, person)
        for score, person in in_view(scene, place, phrase.gender, attribution)
        if _is_named_person(person) and person.first < place and not (phrase.age is not None and person.ages)
    ]
    if not fitting or (len(fitting) > 1 and fitting[0][0] - fitting[1][0] < CLEAR_LEAD):
        return None
    return Resolution(owners=(fitting[0][1],), basis="rule", confidence=0.65)


def one_going_on(scene: Scene, attribution: Attribution) -> Resolution | None:
    """Who spoke last in the same paragraph, if the cue says that he goes on: "added the head teacher"."""
    cue = attribution.cue.slice(scene.text).lower().split() if attribution.cue is not None else []
    last = next(scene.speeches(place_of(attribution)), None)
    if not cue or cue[0] not in GOING_ON or last is None or attribution.parent is not None:
        return None
    earlier, resolution = last
    same_line = scene.line(place_of(earlier)) == scene.line(place_of(attribution))
    if not same_line or len(resolution.owners) != 1:
        return None
    return Resolution(owners=resolution.owners, basis="rule", confidence=0.75)


def _is_named_person(person: Named) -> bool:
    return person.person and not person.unnamed


def _is_new_word(scene: Scene, phrase: NounPhrase) -> bool:
    """Whether a place or a party says which one is meant: "the Vermont senator", "the Labour chairman", not "the Osei spokesman"."""
    if phrase.determiner != "the" or phrase.behind or KIND_AND_OFFICE.match(phrase.span.slice(scene.text)) is None:
        return False
    return not any(person.person or person.body for _, person in scene.between(phrase.span.start, phrase.span.end))


def _opens_with(scene: Scene, attribution: Attribution, phrase: NounPhrase) -> Resolution | None:
    """A description that opens a report is of whom it names next."""
    if phrase.determiner != "the" or not (phrase.behind or len(phrase.words) > 1):
        return None
    return named_next(scene, attribution, phrase.gender)


def body_meant(scene: Scene, place: int, phrase: NounPhrase) -> Resolution | None:
    """The body that "the company" means: one told to be one, the last that spoke nearby, or the one that the report is about."""
    if phrase.possessor or phrase.determiner not in ("the", "this"):
        return None
    if phrase.head not in COMMERCIAL:
        return _body_named_so(scene, place, phrase)
    told = [person for _, person in scene.before(place) if not person.gender and _is_told(phrase.head, person)]
    speaking = [
        resolution.owners[0]
        for earlier, resolution in scene.recent(place)[:4]
        if earlier.source is not None and scene.line(place) - scene.line(earlier.source.start) <= 1
    ]
    near = [owner for owner in speaking if not owner.unnamed and (owner.body or not owner.person)]
    fitting = [owner for owner in (*told, *near, *_main_body(scene, place)) if owner.body or not _is_place(scene, owner)]
    return Resolution(owners=(fitting[0],), basis="rule", confidence=0.7) if fitting else None


def _is_place(scene: Scene, person: Named) -> bool:
    """Whether a name is one of a country, or stands where the name of a place does."""
    if person.fullest.keys[-1] in COUNTRIES:
        return True
    return any(
        PLACING.search(scene.text[max(0, start - 9) : start]) or scene.text[max(0, start - 4) : start] == " to "
        for start in person.starts[:8]
    )


def _body_named_so(scene: Scene, place: int, phrase: NounPhrase) -> Resolution | None:
    """The body that has "the commission" in its name."""
    if phrase.head not in BODIES or len(phrase.words) > 1 or phrase.behind:
        return None
    fitting = [
        person for _, person in scene.before(place) if person.body and len(person.fullest.keys) > 1 and phrase.head in person.fullest.keys
    ]
    return Resolution(owners=(fitting[0],), basis="rule", confidence=0.8) if fitting else None


def _is_told(head: str, person: Named) -> bool:
    """Whether "the website" may be what was told to be a site, or has the noun in its name."""
    return head in person.told or head in person.fullest.keys or any(len(word) > 3 and head.endswith(word) for word in person.told)


def _main_body(scene: Scene, place: int) -> list[Named]:
    """What the report's first sentence is about, if that is a body."""
    end = scene.lines[1] if len(scene.lines) > 1 else len(scene.text)
    first = [(mention, person) for mention, person in scene.between(0, min(end, place)) if not person.gender and not person.told & OFFICES]
    return [person for mention, person in first if scene.is_subject(mention) and (person.body or len(mention.words) > 1)][:1]
