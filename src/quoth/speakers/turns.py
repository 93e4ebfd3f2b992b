"""Turns: who asks and who answers in an interview, and whose turn it is where two people talk without being named."""

import re
from itertools import islice

from quoth.names import Named
from quoth.speakers.scene import Resolution, Scene
from quoth.types import Attribution, Span

ASKS_AFTER = re.compile(
    r"(?:(?:spoke|speaks|talks|talked|chats|chatted|told|answered|answers|replies|replied)\s(?:to|with)|(?:sat|sits|sit)\sdown\swith|told|answered"
    r"|(?:interviewed|asked|questioned|interview|words|questions|text)\sby|questions\s(?:from|of|put\sby)|[Bb]y)\s+(?:[a-z’'-]+\s|the\s|our\s|(?:[A-Z]\w+\s){0,3}[A-Z]\w+[’']s\s){0,4}$"
)
"""Before the name of the one who asks."""
ASKS_BEFORE = re.compile(
    r"^,?\s(?:has\s|recently\s|went\sto\s)?(?:met|meets|asks|asked|interviewed|interviews|spoke\s(?:to|with)\s(?:her|him|them)|caught\sup\swith|catches\sup\swith"
    r"|questioned|visited|visits|reached|called|rang|sat\sdown\swith\s(?:her|him|them)|talked\sto\s(?:her|him|them)|put\s)"
)
"""Behind the name of the one who asks."""
ASKER_WORDS = frozenset("reporter interviewer correspondent journalist editor host presenter moderator columnist".split())


def of_label(scene: Scene, source: Span) -> Resolution | None:
    """Who "Q", "A" or the initials before a colon stand for, as the lines before the first turn tell."""
    label = source.slice(scene.text)
    start = first_turn(scene)
    introduced = introduced_before(scene, start)
    if label not in ("Q", "A"):
        fitting = [person for person in introduced if initials(person) == label] or [
            person for person in introduced_before(scene, source.start) if initials(person) == label
        ]
        return Resolution(owners=(fitting[0],), basis="turn", confidence=0.9) if len(fitting) == 1 else None
    asking = [person for person in introduced if asks(scene, person, start)]
    answering = [person for person in introduced if person not in asking and not person.body and (person.person or person.gender)]
    chosen = asking if label == "Q" else answering
    if not chosen or (label == "Q" and len(chosen) > 1):
        return None
    return Resolution(owners=(chosen[0],), basis="turn", confidence=0.9 if len(chosen) == 1 else 0.7)


def first_turn(scene: Scene) -> int:
    """Where the first turn of an interview starts."""
    if scene.first_turn is None:
        scene.first_turn = next(
            (
                attribution.source.start
                for attribution in scene.after(-1)
                if attribution.source is not None and is_label(scene, attribution) and not is_headline(scene, attribution)
            ),
            0,
        )
    return scene.first_turn


def is_label(scene: Scene, attribution: Attribution) -> bool:
    """Whether the source is a label with a colon or a full stop behind it."""
    source, cue = attribution.source, attribution.cue
    return source is not None and cue is not None and cue.slice(scene.text) in (":", ".") and 0 <= cue.start - source.end <= 1


def is_headline(scene: Scene, attribution: Attribution) -> bool:
    """Whether a colon in a short paragraph without a full stop is all that tells whose the words are."""
    if attribution.cue is None or attribution.cue.slice(scene.text) != ":" or not scene.lines:
        return False
    number = scene.line(attribution.cue.start)
    end = scene.lines[number + 1] if number + 1 < len(scene.lines) else len(scene.text)
    line = scene.text[scene.lines[number] : end].strip()
    return len(line) < 100 and not line.endswith((".", "?", "!"))


def introduced_before(scene: Scene, place: int) -> list[Named]:
    """The people and bodies named before a place, in order."""
    return list(dict.fromkeys(person for _, person in scene.before(place)[::-1]))


def asks(scene: Scene, person: Named, end: int) -> bool:
    """Whether the words about a name say that its bearer asks the questions."""
    if person.told & ASKER_WORDS:
        return True
    for mention in person.mentions:
        if mention.span.start >= end:
            break
        if not person.body and ASKS_AFTER.search(scene.text[max(0, mention.titled - 80) : mention.titled]):
            return True
        if ASKS_BEFORE.match(scene.text[mention.span.end : mention.span.end + 60]):
            return True
    return False


def initials(person: Named) -> str:
    """The first letters of a name.

    >>> from quoth.names import named
    >>> initials(named("Ms Vigdis Thorsen came.")[0])
    'VT'
    """
    return "".join(word[0] for word in person.fullest.words if word[0].isupper())


def other_of_two(scene: Scene, attribution: Attribution, *, strict: bool = True) -> Resolution | None:
    """In a talk of two who take turns, paragraph by paragraph, the one who did not speak last; if strict, all in direct speech."""
    place = attribution.content[0].start if attribution.source is None else min(attribution.content[0].start, attribution.source.start)
    last = list(islice(((earlier, found) for earlier, found in scene.speeches(place) if len(found.owners) == 1), 2))
    if len(last) < 2 or (strict and any(earlier.kind == "indirect" for earlier, _ in last)):
        return None
    (latest, speaker), (_, other) = last
    line = scene.line(place)
    if (
        speaker.owners == other.owners
        or line - scene.line(latest.content[0].start) != 1
        or line - scene.line(last[1][0].content[0].start) > 2
    ):
        return None
    return Resolution(owners=other.owners, basis="turn", confidence=0.7)
