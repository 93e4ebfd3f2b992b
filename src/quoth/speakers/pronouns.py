"""Pronouns: whom "she", "they", "I" or "who" means at a place, by who is in view there.

Those who spoke last, or stand as a subject outside quoted words, come before those who are only spoken of (centering: Grosz, Joshi and
Weinstein 1995). Whoever is of another gender, or speaks of himself as "I" in the same quotation, is out.
"""

import re
from dataclasses import replace
from itertools import islice

from quoth.names import Named
from quoth.names.appositions import Told
from quoth.names.lexicon import COUNTRIES, HE_NOUNS, PEOPLE, PLURAL_PEOPLE, SHE_NOUNS, THINGS, Gender
from quoth.names.mentions import Mention
from quoth.speakers.scene import OBLIQUE, PLACING, Resolution, Scene
from quoth.types import Attribution, Basis, Span

HE = frozenset("he him his himself".split())
SHE = frozenset("she her hers herself".split())
THEY = frozenset("they them their theirs themselves".split())
IT = frozenset("it its itself".split())
FIRST = frozenset("i me my we us our myself ourselves".split())
RELATIVE = frozenset("who whom which that".split())
ASKED = re.compile(r"(?:when |if )?(?:asked|pressed|questioned|challenged|prompted|urged|told)\b", re.IGNORECASE)
LEAST_LEAD = 0.1
"""How much better than the next the best must be to be named."""
FARTHEST = 5
"""Paragraphs back to which a pronoun may reach."""
PLACED = re.compile(r",? (?:of|from|in|at|for) (?:the )?")
"""Between a name and where its bearer is from."""
MOST_SPEECHES = 6
POINTED = 6.0
"""What it counts for that the model takes somebody's mentions, and no other, for those of the pronoun."""
GOES_ON = 1.0
"""What it counts for that somebody had the sentence before to himself: "Ada Osei called it a shame. She said"."""
JOINT = re.compile(r"(?:, | and |, and | & )(?:(?:(?:his|her|their|the) )?[a-z-]+ ){0,3}$")
"""What stands between two names that are named together."""
NOUN_PHRASE = re.compile(
    r"\b(?:a|an|the|one of (?:his|her|their|its|the)|his|her|my|another)\s(?:[a-z][\w’-]*\s){0,3}?"
    r"(?P<head>[a-z][\w-]+)\b(?=[\s,.;:!?’'”\"])",
    re.IGNORECASE,
)


def gender_of(word: str) -> Gender | None:
    """The gender of a pronoun."""
    return "he" if word in HE else "she" if word in SHE else None


def person_meant(scene: Scene, place: int, gender: Gender, attribution: Attribution | None) -> Resolution | None:
    """The one person whom "he" or "she" at a place means; None if two are as good."""
    ranked = in_view(scene, place, gender, attribution)
    if not ranked or ranked[0][0] < 1.0 or not _could_speak(scene, ranked[0][1]):
        unnamed = described_near(scene, place, gender)
        if unnamed is not None:
            return Resolution(owners=(unnamed,), basis="pronoun", confidence=0.5)
    lead = ranked[0][0] - ranked[1][0] if len(ranked) > 1 else 2.0
    if not ranked or lead < LEAST_LEAD or not _could_speak(scene, ranked[0][1]):
        return None
    basis: Basis = "pronoun" if _is_first_by_rules(scene, place, gender, attribution, ranked[0][1]) else "model"
    return Resolution(owners=(ranked[0][1],), basis=basis, confidence=round(min(0.97, 0.62 + 0.17 * lead), 2))


def _is_first_by_rules(scene: Scene, place: int, gender: Gender, attribution: Attribution | None, person: Named) -> bool:
    """Whether the rules alone put a person first, without what the model takes the pronoun for."""
    if attribution is None or not attribution.antecedents:
        return True
    return person in [other for _, other in in_view(scene, place, gender, replace(attribution, antecedents=()))[:1]]


def _could_speak(scene: Scene, person: Named) -> bool:
    """Whether anything tells that a name is a person's: a title, a gender, words of his own, or that he does something."""
    return (
        person.person
        or person.gender is not None
        or person in scene.voices
        or any(scene.is_subject(mention) for mention in person.mentions[:8])
    )


def in_view(scene: Scene, place: int, gender: Gender | None, attribution: Attribution | None) -> list[tuple[float, Named]]:
    """The people whom a singular pronoun at a place could mean, best first, with how much each is in view."""
    excluded = _speaking_here(scene, attribution)
    best: dict[Named, float] = {}
    nearer: dict[Named, None] = {}
    line = scene.line(place)
    for mention, person in scene.before(place):
        if person in excluded or not may_be(person, gender):
            continue
        distance = line - scene.line(mention.span.start)
        if distance > FARTHEST:
            break
        quoted = scene.is_quoted(mention.span.start)
        rank = len(nearer) - (person in nearer)
        best[person] = max(best.get(person, -9.0), _weight(scene, mention, person, gender, rank, distance, quoted))
        if not quoted and not scene.is_reported(mention.span.start):
            nearer[person] = None
    for person, bonus in _speech_bonus(scene, place, attribution).items():
        if person not in excluded and may_be(person, gender) and not person.body:
            best[person] = best.get(person, 3.0 if person.unnamed else 1.2) + bonus
    for person, share in scene.pointed(attribution).items():
        if person not in excluded and may_be(person, gender):
            best[person] = best.get(person, 0.0) + POINTED * share
    return sorted(((score, person) for person, score in best.items() if score > 0), key=lambda pair: -pair[0])


def may_be(person: Named, gender: Gender | None) -> bool:
    """Whether a person may be meant by a pronoun of that gender."""
    return not person.body and (gender is None or person.gender in (None, gender))


def _speaking_here(scene: Scene, attribution: Attribution | None) -> set[Named]:
    """Who says "I" of himself where the source stands: the speaker of the quotation around it."""
    if attribution is None or attribution.parent is None or attribution.source is None:
        return set()
    parent = scene.resolutions.get(attribution.parent)
    return set(parent.owners) if parent is not None and scene.is_quoted(attribution.source.start) else set()


def _weight(scene: Scene, mention: Mention, person: Named, gender: Gender | None, rank: int, distance: int, quoted: bool) -> float:
    """How much one mention brings its person into view: near, in the open, the subject of its sentence."""
    weight = 3.0 - 0.8 * min(rank, 4) - 0.45 * distance
    behind = scene.text[mention.span.end : mention.span.end + 2]
    if quoted:
        weight -= 1.6
    elif scene.is_reported(mention.span.start):
        weight -= 0.8
    elif scene.is_subordinate(mention):
        weight -= 0.9
    elif scene.is_subject(mention) and behind not in ("’s", "'s"):
        weight += 2.4 if distance == 0 else 1.0
    elif OBLIQUE.search(scene.text[max(0, mention.titled - 30) : mention.titled]):
        weight -= 0.3
    if behind in ("’s", "'s", "’ ", "' "):
        weight -= 0.6
    if not person.person and person not in scene.voices:
        weight -= (
            2.0
            if person.fullest.keys[-1] in THINGS
            or person.fullest.keys[-1] in COUNTRIES
            or PLACING.search(scene.text[max(0, mention.titled - 9) : mention.titled])
            else 0.8
        )
    if gender is not None and person.gender == gender:
        weight += 0.6
    elif gender is not None and person.lean is not None:
        weight += 0.3 if person.lean == gender else -0.5
    return weight


def _speech_bonus(scene: Scene, place: int, attribution: Attribution | None) -> dict[Named, float]:
    """How much those who have just spoken are in view; within a report of someone's words, he himself is too."""
    result: dict[Named, float] = {}
    line = scene.line(place)
    for rank, (earlier, resolution) in enumerate(
        islice(scene.speeches(place, nested=attribution is not None and attribution.parent is not None), MOST_SPEECHES)
    ):
        if len(resolution.owners) != 1 or earlier.source is None or _has_asked(scene, earlier, place):
            continue
        distance = line - scene.line(earlier.source.start)
        bonus = max(0.0, (1.9 if distance == 0 else 1.1) - 0.45 * max(0, distance - 1) - 0.7 * rank)
        if rank == 0 and distance == 0 and scene.sentence(place) - scene.sentence(earlier.source.start) == 1:
            bonus += GOES_ON
        result[resolution.owners[0]] = max(result.get(resolution.owners[0], 0.0), bonus)
    parent = scene.resolutions.get(attribution.parent) if attribution is not None and attribution.parent is not None else None
    if parent is not None and len(parent.owners) == 1:
        result[parent.owners[0]] = result.get(parent.owners[0], 0.0) + 0.8
    return result


def _has_asked(scene: Scene, earlier: Attribution, place: int) -> bool:
    """Whether it is an answer that follows in the same sentence: "Asked by one caller whether it would, she said"."""
    if earlier.cue is None or earlier.source is None or scene.sentence(earlier.cue.start) != scene.sentence(place):
        return False
    return ASKED.match(earlier.cue.slice(scene.text)) is not None


def described_near(scene: Scene, place: int, gender: Gender) -> Named | None:
    """The last person who is only described in the two sentences before a place: "the purser", "one of their daughters"."""
    number = scene.sentence(place)
    start = scene.sentences[max(0, number - 2)] if scene.sentences else 0
    for found in reversed(list(NOUN_PHRASE.finditer(scene.text, start, place))):
        head = found["head"].lower()
        single = head.removesuffix("s") if found.group().lower().startswith("one of") else head
        other = HE_NOUNS if gender == "she" else SHE_NOUNS
        if single in PEOPLE and single not in other and (found.start() == 0 or scene.text[found.start() - 1] != "’"):
            return unnamed(scene.text, Span(start=found.start(), end=found.end()), gender)
    return None


def unnamed(text: str, span: Span, gender: Gender | None, *, body: bool = False) -> Named:
    """Someone whom the text only describes, as one who can be spoken of again."""
    words = tuple(span.slice(text).split())
    mention = Mention(
        span=span,
        words=words,
        keys=tuple(word.lower() for word in words),
        before=(),
        titled=span.start,
        told=Told(words=frozenset(), age=None, gender=gender),
        body=body,
    )
    return Named(fullest=mention, mentions=[mention], starts=[span.start], gender=gender, body=body, person=not body, unnamed=True)


def just_before(scene: Scene, place: int) -> Named | None:
    """Whose name ends right before a relative pronoun."""
    near = scene.before(place)[:3]
    for number, (mention, person) in enumerate(near):
        if number == 0 and not place - 3 <= mention.span.end < place:
            return None
        later = near[number - 1][0].titled if number else place
        if number and not PLACED.fullmatch(scene.text[mention.span.end : later]):
            return near[0][1]
        if person.person:
            return person
    return near[0][1] if near else None


def several(scene: Scene, place: int, gender: Gender | None = None) -> tuple[Named, ...]:
    """The people meant by "both men" or "the defendants": those last named together, or the only two there are."""
    found = together(scene, place, gender)
    if found:
        return found
    earlier = [person for _, person in scene.before(place) if person.person and may_be(person, gender)]
    people = sorted(dict.fromkeys(earlier), key=lambda person: person.first)
    return tuple(people) if len(people) == 2 else ()


def together(scene: Scene, place: int, gender: Gender | None = None, *, first: bool = False) -> tuple[Named, ...]:
    """The people last named side by side before a place, or the first: "Odile, Mirabel and Josette", with surname or without."""
    near = [(mention, person) for mention, person in scene.before(place)[::-1] if not person.body]
    last: tuple[Named, ...] = ()
    run: list[tuple[Mention, Named]] = []
    for mention, person in near:
        if scene.line(place) - scene.line(mention.span.start) > FARTHEST:
            continue
        between = scene.text[run[-1][0].span.end : mention.titled] if run else ""
        if run and JOINT.fullmatch(between):
            run.append((mention, person))
        else:
            run = [(mention, person)]
        if len(run) > 1 and " and " in scene.text[run[-2][0].span.end : mention.span.start] and _are_people(run, gender):
            last = last if first and last else tuple(dict.fromkeys(person for _, person in run))
    return last if len(last) > 1 else ()


def _are_people(run: list[tuple[Mention, Named]], gender: Gender | None) -> bool:
    """Whether names side by side are all of people, of that gender if there is one."""
    return all((person.person or person.gender is not None) and may_be(person, gender) for _, person in run)


def several_words(words: list[str]) -> bool:
    """Whether a source says in so many words that it means several people who were named: "both men", "the pair"."""
    return bool(words) and words[-1] in PLURAL_PEOPLE and words[0] in ("both", "the", "all") and len(words) <= 3
