"""Source to speaker: who "he" and "the Russian leader" are in one report, only if one candidate remains.

A name in the source names its bearer in the fullest form the text has; a pronoun goes to whoever is in view, a description to whom it
fits, "Q" and "A" to those whom the lines before introduce. What cannot be told stays None, or, for a description, is its own name.
"""

import re
from collections.abc import Sequence
from itertools import islice

from quoth.names import Named
from quoth.names.appositions import WORD, fold
from quoth.names.lexicon import ACCOUNTS, BODIES, WRITINGS, stem
from quoth.speakers.descriptions import GENERIC, NounPhrase, described, noun_phrase, phrase_before, plural_subject, same_head
from quoth.speakers.epithets import body_meant, one_described, one_going_on
from quoth.speakers.pronouns import (
    FIRST,
    IT,
    RELATIVE,
    THEY,
    gender_of,
    in_view,
    just_before,
    person_meant,
    several,
    several_words,
    together,
    unnamed,
)
from quoth.speakers.scene import RECENT, Resolution, Scene, place_of, scene_of
from quoth.speakers.sources import author_of, joint_parts, named_in, named_next, title_like, writer_in
from quoth.speakers.turns import is_headline, is_label, of_label, other_of_two
from quoth.types import Attribution, Span, Speaker

LOWERED = frozenset("the a an two three some many one several other both his her its their our my this".split())
"""First words of a description that lose the capital letter of their sentence."""
ANONYMOUS = frozenset("source sources official officials spokesman spokeswoman spokesperson".split())
"""Whom a possessive takes up again: "an anonymous source" … "its source"."""
MOST_CANDIDATES = 3
"""Whom an unresolved pronoun may mean: so many are told."""
WITH_PRONOUN = frozenset("both all also himself herself themselves each two".split())


def speakers(text: str, attributions: Sequence[Attribution]) -> tuple[Speaker | None, ...]:
    """The speaker of each attribution of a text, or None where the text does not tell.

    Raises nothing; the same length and order as the attributions.

    >>> text = "Ada Osei left. She said so."
    >>> attribution = Attribution(
    ...     content=(Span(start=24, end=26),), cue=Span(start=19, end=23), source=Span(start=15, end=18),
    ...     kind="indirect", confidence=1.0, source_confidence=1.0,
    ... )
    >>> [speaker.name for speaker in speakers(text, [attribution]) if speaker]
    ['Ada Osei']
    """
    return tuple(speaker for speaker, _ in speakers_or_candidates(text, attributions))


def speakers_or_candidates(text: str, attributions: Sequence[Attribution]) -> tuple[tuple[Speaker | None, tuple[Speaker, ...]], ...]:
    """For each attribution its speaker, or else None and those who may be meant, the likeliest first.

    The candidates of a pronoun are the people in view; their confidences are shares of one. Raises nothing.

    >>> text = "Ada Osei met Eva Lind. She said so."
    >>> attribution = Attribution(
    ...     content=(Span(start=32, end=34),), cue=Span(start=27, end=31), source=Span(start=23, end=26),
    ...     kind="indirect", confidence=1.0, source_confidence=1.0,
    ... )
    >>> [(speaker, candidates)] = speakers_or_candidates(text, [attribution])
    >>> speaker is None or speaker.name in ("Ada Osei", "Eva Lind")
    True
    """
    scene = scene_of(text, attributions)
    for _, index in scene.order:
        _settle(scene, index)
    found = [_speaker(scene, scene.resolutions[index]) for index in range(len(attributions))]
    return tuple(
        (speaker, _candidates(scene, attribution) if speaker is None else ())
        for speaker, attribution in zip(found, attributions, strict=True)
    )


def _candidates(scene: Scene, attribution: Attribution) -> tuple[Speaker, ...]:
    """The people whom the pronoun of an unresolved source may mean, by how much they are in view."""
    source = attribution.source
    gender = None if source is None else gender_of(fold(source.slice(scene.text)))
    if source is None or gender is None:
        return ()
    ranked = in_view(scene, source.start, gender, attribution)[:MOST_CANDIDATES]
    total = sum(score for score, _ in ranked)
    return tuple(
        Speaker(name=name_of(scene, owner), mention=name_span(owner), basis="pronoun", confidence=round(score / total, 2))
        for score, owner in ranked
    )


def _settle(scene: Scene, index: int) -> None:
    """Resolves one attribution, those around it first."""
    chain: list[int] = []
    place: int | None = index
    while place is not None and place not in scene.resolutions and place not in chain and 0 <= place < len(scene.attributions):
        chain.append(place)
        place = scene.attributions[place].parent
    for number in reversed(chain):
        attribution = scene.attributions[number]
        source = attribution.source
        resolution = scene.known[source] if source in scene.known else resolve(scene, attribution)
        scene.note(number, resolution)
        scene.known |= {} if source is None else {source: resolution}


def _speaker(scene: Scene, resolution: Resolution | None) -> Speaker | None:
    if resolution is None or not resolution.owners:
        return None
    name = "; ".join(name_of(scene, owner) for owner in resolution.owners)
    return Speaker(name=name, mention=name_span(resolution.owners[0]), basis=resolution.basis, confidence=resolution.confidence)


def name_span(owner: Named) -> Span:
    """Where the fullest name stands; with its title if one word is all that is left without."""
    mention = owner.fullest
    alone = len(mention.words) == 1 and not mention.body and not owner.unnamed
    return Span(start=mention.titled, end=mention.span.end) if alone else mention.span


def name_of(scene: Scene, owner: Named) -> str:
    """The name as the text has it; a description without the capital letter that opened its sentence."""
    words = name_span(owner).slice(scene.text)
    first = words.split(maxsplit=1)[0].lower() if words.split() else ""
    return words[0].lower() + words[1:] if owner.unnamed and first in LOWERED else words


def resolve(scene: Scene, attribution: Attribution) -> Resolution | None:
    """Whom the source of one attribution means."""
    source = attribution.source
    if source is None:
        return _unsourced(scene, attribution)
    words = [fold(word) for word in WORD.findall(source.slice(scene.text))]
    if not words or words[0] in ("you", "your", "whose"):
        return None
    if is_label(scene, attribution):
        labelled = of_label(scene, source)
        if labelled is not None or source.slice(scene.text) in ("Q", "A"):
            return labelled
    alone = len(words) == 1 or (len(words) == 2 and words[1] in WITH_PRONOUN)
    if alone and (gender_of(words[0]) or words[0] in FIRST | RELATIVE | THEY | IT):
        return of_pronoun(scene, attribution, words[0])
    return of_phrase(scene, attribution, words)


def _unsourced(scene: Scene, attribution: Attribution) -> Resolution | None:
    """A quotation that stands alone goes to whoever of two has the turn."""
    if attribution.cue is not None or attribution.parent is not None or attribution.kind != "direct":
        return None
    start = attribution.content[0].start
    alone = scene.lines and scene.lines[scene.line(start)] == start
    return other_of_two(scene, attribution) if alone else None


def of_pronoun(scene: Scene, attribution: Attribution, word: str) -> Resolution | None:
    """Whom a pronoun means."""
    assert attribution.source is not None
    place = attribution.source.start
    gender = gender_of(word)
    if gender is not None:
        last = one_going_on(scene, attribution)
        if last is not None and last.owners[0].unnamed and last.owners[0].gender == gender:
            return Resolution(owners=last.owners, basis="pronoun", confidence=last.confidence)
        return person_meant(scene, place, gender, attribution) or named_next(scene, attribution, gender)
    if word in FIRST:
        return _first_person(scene, attribution)
    if word in RELATIVE:
        owner = just_before(scene, place)
        if owner is not None and (owner.person or word != "who"):
            return Resolution(owners=(owner,), basis="pronoun", confidence=0.9)
        span = phrase_before(scene.text, place)
        return None if span is None else Resolution(owners=(_own(scene, span),), basis="pronoun", confidence=0.6)
    return _last_body(scene, place) if word in IT else _they(scene, place)


def _first_person(scene: Scene, attribution: Attribution) -> Resolution | None:
    """Within reported words "I" is their speaker; elsewhere the author, if he signs."""
    if attribution.parent is not None:
        parent = scene.resolutions.get(attribution.parent)
        return None if parent is None else Resolution(owners=parent.owners, basis="pronoun", confidence=parent.confidence)
    author = author_of(scene)
    return None if author is None else Resolution(owners=(author,), basis="rule", confidence=0.8)


def _they(scene: Scene, place: int) -> Resolution | None:
    """The last who spoke as several, or those named together."""
    for earlier, resolution in list(scene.recent(place)):
        owner = resolution.owners[0]
        many = len(resolution.owners) > 1 or (_is_several(scene, owner) if owner.unnamed else owner.body)
        if many and earlier.source is not None and scene.line(place) - scene.line(earlier.source.start) <= 3:
            return Resolution(owners=resolution.owners, basis="pronoun", confidence=0.75)
    owners = together(scene, place) or _together_next(scene, place)
    before = scene.sentence_before(place)
    if not owners and before is not None and (subject := plural_subject(scene.text, before)) is not None:
        owners = (_own(scene, subject),)
    return Resolution(owners=owners, basis="pronoun", confidence=0.6) if owners else None


def _together_next(scene: Scene, place: int) -> tuple[Named, ...]:
    """Those named together right behind a place, where nobody is before it."""
    line = scene.line(place)
    end = scene.lines[line + 2] if line + 2 < len(scene.lines) else len(scene.text)
    return together(scene, end, first=True) if line <= 2 else ()


def _is_plural(scene: Scene, owner: Named) -> bool:
    phrase = noun_phrase(scene.text, owner.fullest.span)
    return phrase is not None and (phrase.plural or phrase.bare_head in GENERIC)


def _is_several(scene: Scene, owner: Named) -> bool:
    """Whether a description means several people, or a body of them."""
    phrase = noun_phrase(scene.text, owner.fullest.span)
    return phrase is not None and (phrase.plural or phrase.bare_head in BODIES)


def _last_body(scene: Scene, place: int) -> Resolution | None:
    """What "it" means: the last body, document or place that spoke."""
    for earlier, resolution in scene.recent(place)[:4]:
        owner = resolution.owners[0]
        single = len(resolution.owners) == 1 and not (owner.unnamed and _is_plural(scene, owner))
        if single and (owner.body or not owner.person) and earlier.source is not None:
            return Resolution(owners=resolution.owners, basis="pronoun", confidence=0.75)
    return None


def of_phrase(scene: Scene, attribution: Attribution, words: list[str]) -> Resolution | None:
    """Whom a source of more than a pronoun means: names in it, writings, several people, a description."""
    assert attribution.source is not None
    source = attribution.source
    writer = writer_in(scene, source)
    if writer is not None:
        return Resolution(owners=(writer,), basis="rule", confidence=0.9)
    parts = joint_parts(scene, source)
    if parts:
        owners = tuple(dict.fromkeys(named_in(scene, part) or _own(scene, part) for part in parts))
        return Resolution(owners=owners, basis="name", confidence=0.9)
    owner = named_in(scene, source)
    if owner is not None:
        full = owner.fullest.span.slice(scene.text) in source.slice(scene.text)
        return Resolution(owners=(owner,), basis="name" if full else "rule", confidence=0.97)
    if several_words(words):
        group = several(scene, source.start, "he" if words[-1] == "men" else "she" if words[-1] == "women" else None)
        if group:
            return Resolution(owners=group, basis="rule", confidence=0.8)
    return of_description(scene, attribution, title_like(scene, source))


def _own(scene: Scene, source: Span) -> Named:
    """Someone or something that the text only describes."""
    phrase = noun_phrase(scene.text, source)
    span = source if phrase is None else _with_body(scene, phrase.span, source.end)
    human = phrase is not None and phrase.human and not phrase.plural
    return unnamed(scene.text, span, None if phrase is None else phrase.gender, body=not human)


def _with_body(scene: Scene, span: Span, end: int) -> Span:
    """A description with the body that is named behind its comma: "a spokeswoman for the builder, Osei & Lind"."""
    named = next((mention for mention, owner in scene.between(span.end, end) if owner.body), None)
    return span if named is None or scene.text[span.end : named.titled] != ", " else Span(start=span.start, end=named.span.end)


def of_description(scene: Scene, attribution: Attribution, source: Span) -> Resolution | None:
    """Whom a description means: the one person it fits, whoever has spoken under it before, or nobody but itself."""
    phrase = noun_phrase(scene.text, source)
    if phrase is None:
        return None
    if is_headline(scene, attribution):
        headline = _told_below(scene, attribution, phrase)
        if headline is not None:
            return headline
    if phrase.words == ("person",) and phrase.determiner in ("this", "that", "the"):
        last = next(scene.speeches(source.start), None)
        if last is not None:
            return last[1]
    if phrase.definite and not phrase.plural:
        found = _writing(scene, attribution, phrase)
        if found is None and source == attribution.source:
            found = one_described(scene, attribution, phrase) or body_meant(scene, source.start, phrase)
        if found is not None:
            return found
    earlier = _taken_up(scene, phrase) or _introduced(scene, phrase) if phrase.definite else None
    if earlier is not None:
        return Resolution(owners=earlier, basis="description", confidence=0.8)
    return Resolution(owners=(_own(scene, source),), basis="description", confidence=0.8)


def _told_below(scene: Scene, attribution: Attribution, phrase: NounPhrase) -> Resolution | None:
    """The source of a headline is that of the first statement below it, or who has the office it names."""
    fitting = described(scene, phrase, 0)
    if fitting:
        return Resolution(owners=(fitting[0][1],), basis="rule", confidence=0.8)
    assert attribution.source is not None
    line = scene.line(attribution.source.start)
    for other in scene.after(attribution.source.start):
        below = scene.line(place_of(other)) - line
        if below > 1:
            break
        if below == 1 and other.source is not None and other.parent is None:
            owner = named_in(scene, other.source) or _own(scene, other.source)
            return Resolution(owners=(owner,), basis="rule", confidence=0.6)
    return None


def _writing(scene: Scene, attribution: Attribution, phrase: NounPhrase) -> Resolution | None:
    """A letter, post or will speaks for whoever wrote it, if the text tells."""
    assert attribution.source is not None
    place = attribution.source.start
    if phrase.head in ACCOUNTS and phrase.possessor:
        return body_meant(scene, place, NounPhrase(span=phrase.span, determiner="the", possessor="", words=(phrase.possessor,), behind=()))
    if phrase.head not in WRITINGS:
        return None
    gender = gender_of(phrase.determiner)
    if gender is not None:
        return person_meant(scene, place, gender, attribution)
    for earlier, resolution in scene.recent(place)[:8]:
        owner = resolution.owners[0]
        start, end = scene.lines[scene.line(place_of(earlier))], max(earlier.content[-1].end, place_of(earlier)) + 120
        if (
            owner.person
            and len(resolution.owners) == 1
            and stem(phrase.head) in {stem(word) for word in WORD.findall(scene.text[start:end])}
        ):
            return Resolution(owners=resolution.owners, basis="rule", confidence=0.75)
    return None


def _introduced(scene: Scene, phrase: NounPhrase) -> tuple[Named, ...] | None:
    """The nameless one whom the text introduced by the same noun before he spoke: "an anonymous source" … "its source"."""
    if phrase.bare_head not in ANONYMOUS or phrase.possessor:
        return None
    introduction = re.compile(rf"\b[Aa]n?\s(?:[\w’-]+\s){{0,3}}{re.escape(phrase.bare_head)}\b")
    last = max(introduction.finditer(scene.text, 0, phrase.span.start), key=lambda found: found.start(), default=None)
    return None if last is None else (unnamed(scene.text, Span(start=last.start(), end=last.end()), phrase.gender),)


def _taken_up(scene: Scene, phrase: NounPhrase) -> tuple[Named, ...] | None:
    """Those who have spoken under a description that this one takes up ("two officials familiar with it" … "the officials")."""
    if phrase.possessor or (phrase.determiner in ("his", "her", "its", "their") and phrase.bare_head not in ANONYMOUS):
        return None
    for _, resolution in islice(scene.speeches(phrase.span.start, nested=True), RECENT):
        owner = resolution.owners[0]
        earlier = noun_phrase(scene.text, owner.fullest.span) if owner.unnamed else None
        if earlier is not None and earlier.words and same_head(phrase, earlier):
            return resolution.owners
    return None
