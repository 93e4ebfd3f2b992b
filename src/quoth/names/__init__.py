"""Which names of a text are one person or body, and what is told about each.

Rules over words, initials, titles and brackets; no list of people. Linear in the length of the text: a mention is compared only with
names that share its first or last word, and the nearest of those.
"""

from bisect import bisect_left, insort
from collections.abc import Sequence
from dataclasses import dataclass, field

from quoth.names.appositions import fold
from quoth.names.lexicon import COMPANY_ENDINGS, GIVEN_NAMES, HE_NAMES, HE_TITLES, SHE_TITLES, Gender
from quoth.names.mentions import Mention, acronyms, mentions
from quoth.types import Span

SKIPPED = frozenset(("of", "the", "and", "for"))
"""Words that acronyms pass over."""
SHE_ENDINGS = ("ova", "eva", "dóttir", "dottir", "skaya", "ská", "owska")
"""How the surnames of women end where those of men do not."""
MOST_NEAR = 12
"""Names with the same word that are compared with a mention, on either side of it."""


@dataclass(slots=True, kw_only=True, eq=False)
class Named:
    """A person or a body of the text: its fullest mention, all mentions in order, and what is told about it.

    `unnamed` marks one whom the text only describes ("a spokesman for the ministry"); `lean` is a gender that is only likely.
    """

    fullest: Mention
    mentions: list[Mention] = field(default_factory=list)
    starts: list[int] = field(default_factory=list)
    told: set[str] = field(default_factory=set)
    ages: set[int] = field(default_factory=set)
    acronyms: frozenset[str] = frozenset()
    gender: Gender | None = None
    lean: Gender | None = None
    body: bool = False
    person: bool = False
    unnamed: bool = False

    def add(self, mention: Mention) -> None:
        """Takes in one more mention."""
        self.mentions.append(mention)
        insort(self.starts, mention.span.start)
        self.told |= mention.told.words
        self.ages |= {mention.told.age} if mention.told.age is not None else set()
        self.gender = self.gender or mention.told.gender
        self.person = self.person or (not self.body and bool(mention.before or mention.told.age or mention.told.gender))
        if self.fullest.headline > mention.headline or (
            self.fullest.headline == mention.headline and _fullness(mention) > _fullness(self.fullest)
        ):
            self.fullest = mention

    @property
    def first(self) -> int:
        """Where it is named first."""
        return self.starts[0]


def _fullness(mention: Mention) -> tuple[int, bool, int]:
    """How full a name is: by its words that are no initials, then by a title where one word is all."""
    long = sum(len(word.rstrip(".")) > 1 for word in mention.words)
    return long, len(mention.words) == 1 and mention.titled < mention.span.start, len(mention.words)


class _Groups:
    """The people and bodies so far, by the words of their fullest names, each word's in the order of the text."""

    def __init__(self) -> None:
        self.groups: list[Named] = []
        self.places: dict[str, list[tuple[int, int]]] = {}

    def put(self, group: Named, keys: Sequence[str]) -> None:
        self.groups.append(group)
        for key in dict.fromkeys(keys):
            places = self.places.setdefault(key, [])
            place = (group.fullest.span.start, len(self.groups) - 1)
            places.insert(bisect_left(places, place), place)

    def sharing(self, key: str, place: int) -> list[Named]:
        """The groups with a word, those nearest to a place."""
        places = self.places.get(key, [])
        middle = bisect_left(places, (place, 0))
        return [self.groups[number] for _, number in places[max(0, middle - MOST_NEAR) : middle + MOST_NEAR]]


def named(text: str) -> tuple[Named, ...]:
    """The people and bodies of a text, each with all its mentions, in the order of their first.

    A surname alone joins the full name that it ends.

    >>> [person.fullest.words for person in named("Ms Osei left. Ama Osei said so.")]
    [('Ama', 'Osei')]
    """
    groups = _Groups()
    short = {short.start: full for full, short in acronyms(text)}
    aliases = {full.start: fold(text[start : text.index(")", start)]) for start, full in short.items()}
    for mention in sorted(mentions(text), key=lambda mention: (mention.headline, -len(mention.words), mention.span.start)):
        group = _group_of(mention, groups, short)
        if group is None:
            alias = aliases.get(mention.span.start)
            group = Named(fullest=mention, body=mention.body or alias is not None, acronyms=frozenset({alias} if alias else ()))
            groups.put(group, _index_keys(mention, group))
            _settle_gender(group)
        group.add(mention)
    for group in groups.groups:
        group.mentions.sort(key=lambda mention: mention.span.start)
        _settle_gender(group)
    return tuple(sorted(groups.groups, key=lambda group: group.first))


def _index_keys(mention: Mention, group: Named) -> list[str]:
    """The words by which a name is found again: its own, a surname's second half, its acronyms."""
    initials = "".join(word[0] for word in mention.keys if word not in SKIPPED)
    return [*mention.keys, *mention.keys[-1].split("-")[1:], *group.acronyms, *([initials] if len(initials) > 1 else [])]


def _settle_gender(group: Named) -> None:
    """The gender that a title or noun told, else that of the given name; a last letter only leans."""
    given = list(group.fullest.keys[:-1]) or ([group.fullest.keys[0]] if len(group.fullest.keys) == 1 else [])
    if group.body:
        return
    for word in given[:2]:
        one = word.split("-")[0] if word not in GIVEN_NAMES else word
        if one in GIVEN_NAMES:
            group.person = group.person or len(group.fullest.words) > 1 or not group.fullest.loose
            group.gender = group.gender or ("he" if one in HE_NAMES else "she")
            return
    if group.fullest.keys[-1].endswith(SHE_ENDINGS) or (len(group.fullest.keys) > 1 and given and given[0].endswith("a")):
        group.lean = "she"


def _group_of(mention: Mention, groups: _Groups, short: dict[int, Span]) -> Named | None:
    """The group whose fullest name agrees with the mention: one that was named before it if there are several."""
    near = [*groups.sharing(mention.keys[-1], mention.span.start), *groups.sharing(mention.keys[0], mention.span.start)]
    joined = "".join(mention.keys)
    near.extend(groups.sharing(joined, mention.span.start) if len(mention.words) > 1 and mention.body else [])
    if mention.span.start in short:
        spelled = [group for group in near if any(other.span.start == short[mention.span.start].start for other in group.mentions)]
        if spelled:
            return spelled[0]
    agreeing = [group for group in dict.fromkeys(near) if agrees(mention, group)]
    if len(agreeing) < 2:
        return agreeing[0] if agreeing else None
    surnamed = [group for group in agreeing if group.fullest.keys[-1] == mention.keys[-1]] or agreeing
    title = _gender_of_title(mention)
    alike = [group for group in surnamed if title is not None and group.gender == title]
    return max(alike or surnamed, key=lambda group: _nearness(group, mention.span.start))


def _gender_of_title(mention: Mention) -> Gender | None:
    return "she" if not SHE_TITLES.isdisjoint(mention.before) else "he" if not HE_TITLES.isdisjoint(mention.before) else None


def _nearness(group: Named, place: int) -> float:
    """How likely a bare surname is that of a group: it was named often, and not long ago."""
    before = bisect_left(group.starts, place)
    if not before:
        return -1e9 + -group.first
    return 0.5 * min(before, 8) - min(place - group.starts[before - 1], 2400) / 300


def agrees(mention: Mention, group: Named) -> bool:
    """Whether a mention may name the group: the same surname, and given names equal or initials; a given name alone may do for a person."""
    full, part = group.fullest.keys, mention.keys
    title = _gender_of_title(mention)
    if title is not None and group.gender not in (None, title):
        return False
    if full == part or "".join(part) in group.acronyms:
        return True
    if group.body or mention.body:
        return _is_acronym(part, full) or _shortens(part, full)
    if len(part) == 1:
        inner = len(full) > 2 and part[0] in full[1:-1] and len(part[0]) > 2
        return part[0] in (full[-1], full[0]) or inner or full[-1].split("-")[-1] == part[0]
    if part[-1] != full[-1]:
        return len(full) > len(part) and full[: len(part)] == part
    return all(any(word == other or (len(word) == 1 and other.startswith(word)) for other in full[:-1]) for word in part[:-1])


def _shortens(part: Sequence[str], full: Sequence[str]) -> bool:
    """Whether the name of a body is cut short: by its last words, to two or more, or by what only says that it is a company."""
    if len(part) >= len(full) or tuple(full[: len(part)]) != tuple(part):
        return False
    return len(part) > 1 or all(word in COMPANY_ENDINGS for word in full[1:])


def _is_acronym(part: Sequence[str], full: Sequence[str]) -> bool:
    letters = "".join(part).replace("&", "").replace(".", "")
    return len(full) > 1 and 1 < len(letters) < 8 and letters == "".join(word[0] for word in full if word not in SKIPPED)
