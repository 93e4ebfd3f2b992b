"""Speakers of a report to people: by their names, by names with an office before them, by an office alone."""

from collections.abc import Sequence
from dataclasses import replace

from quoth.names.lexicon import FORMER, LESSER, NO_NAMES, OFFICES
from quoth.people.index import NOBODY, People
from quoth.types import Article, Person, Speaker

BY_OFFICE = 0.9
"""How sure it is that the words of an office mean its holder on the day."""
LEAD = 80
"""Characters before a name in which its title is looked for."""


def resolve_all(speakers: Sequence[Speaker | None], article: Article, people: People | None) -> tuple[Speaker | None, ...]:
    """The speakers of a report with the people they are, one for one; without a table they stay as they are."""
    if people is None:
        return tuple(speakers)
    known: dict[Speaker, Speaker] = {}
    for speaker in speakers:
        if speaker is not None and speaker not in known:
            known[speaker] = resolve(speaker, article, people)
    return tuple(None if speaker is None else known[speaker] for speaker in speakers)


def resolve(speaker: Speaker, article: Article, people: People) -> Speaker:
    """A speaker with the person that he is, if the table leaves one; he who is only described by his office gets its holder's name.

    Only offices held on the day of the report count, and nothing is guessed: a speaker of whom the table is not sure stays as he is.
    """
    if speaker.person is not None or ";" in speaker.name:
        return speaker
    description = _definite(speaker.name)
    if description is None:
        person = _named(speaker, article, people)
        return speaker if person is None else replace(speaker, person=person.id)
    found = people.holder(description, on=article.published) if article.published is not None else NOBODY
    if found.person is None:
        return speaker
    confidence = min(speaker.confidence, BY_OFFICE)
    return replace(speaker, name=found.person.name, person=found.person.id, basis="office", confidence=confidence)


def _named(speaker: Speaker, article: Article, people: People) -> Person | None:
    """Whom a name means, by itself or by the office before it."""
    found = people.find(speaker.name, on=article.published)
    if found.person is not None or article.published is None:
        return found.person
    lead = article.text[max(0, speaker.mention.start - LEAD) : speaker.mention.start].rpartition("\n")[2]
    return people.titled(f"{_title(lead)} {speaker.name}".strip(), on=article.published).person


def _title(lead: str) -> str:
    """The words of a title at the end of some words, whole: capitalised ones and those of offices, as far back as they go.

    >>> _title("On Monday former Norvanian Prime")
    'former Norvanian Prime'
    """
    words = lead.split() if lead[-1:].isspace() or lead[-1:].isalpha() else []
    start = len(words)
    while start and _is_of_title(words[start - 1]):
        start -= 1
    return " ".join(words[start:])


def _is_of_title(word: str) -> bool:
    low = word.lower()
    return low not in NO_NAMES and word[-1].isalpha() and (word[0].isupper() or low in OFFICES or low in LESSER | FORMER)


def _definite(name: str) -> str | None:
    """The words of a description that means one, without its article; None for a name."""
    words = name.split()
    if words[:1] and words[0].lower() == "the":
        words = words[1:]
    elif not words or not (words[-1].islower() or " of " in name):
        return None
    return None if not words or {word.lower() for word in words} & FORMER else " ".join(words)
