"""Pairs to statements: passages that are the same words gathered, fragments hung below the whole, paraphrases set beside.

Nothing but the pairs decides: take one away (it was no pair after all) and gather again.
"""

import datetime
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Literal

from quoth.variants.copies import witnesses
from quoth.variants.passages import Pair, Passage, agreement

Role = Literal["whole", "fragment", "paraphrase"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Member:
    """One passage of a statement: `whole` as most have it, a `fragment` of it, or only a likely `paraphrase`.

    `pair` is the evidence that ties it to another member, None for the earliest.
    """

    passage: Passage
    role: Role
    pair: Pair | None


@dataclass(frozen=True, slots=True, kw_only=True)
class Cluster:
    """One statement in the words of several reports, the earliest first."""

    members: tuple[Member, ...]

    @classmethod
    def of(cls, passage: Passage) -> "Cluster":
        """A statement that only one report has."""
        return cls(members=(Member(passage=passage, role="whole", pair=None),))

    @property
    def earliest(self) -> Passage:
        """The passage that appeared first; those without a day count as last."""
        return self.members[0].passage

    def witnesses(self, copied: Mapping[str, str]) -> int:
        """How many reports have the words, copies of one article counted once; `copied` names for each report the one it is a copy of."""
        return witnesses((member.passage.report for member in self.members if member.role != "paraphrase"), copied)


class _Groups:
    """Sets of passages that grow together, each with the speakers it has; those that somebody set apart never come together."""

    def __init__(self, passages: Sequence[Passage], apart: Sequence[tuple[str, str]]) -> None:
        self._apart = apart
        self._above = {passage.id: passage.id for passage in passages}
        self._speakers = {passage.id: [passage] if passage.speaker else [] for passage in passages}

    def of(self, id: str) -> str:
        while self._above[id] != id:
            self._above[id] = self._above[self._above[id]]
            id = self._above[id]
        return id

    def join(self, one: str, other: str) -> bool:
        """Whether the two are together now: they are kept apart if any of their speakers differ."""
        one, other = self.of(one), self.of(other)
        if one == other:
            return True
        if any({self.of(left), self.of(right)} == {one, other} for left, right in self._apart):
            return False
        if len(self._speakers[one]) < len(self._speakers[other]):
            one, other = other, one
        if any(agreement(left, right) == "different" for left in self._speakers[one] for right in self._speakers[other]):
            return False
        self._above[other] = one
        known = {(passage.speaker, passage.person) for passage in self._speakers[one]}
        self._speakers[one] += [passage for passage in self._speakers.pop(other) if (passage.speaker, passage.person) not in known]
        return True


def clusters(passages: Iterable[Passage], pairs: Iterable[Pair], *, apart: Iterable[tuple[str, str]] = ()) -> tuple[Cluster, ...]:
    """The statements that passages make up by their pairs, each of at least two passages; pairs of other passages are left out.

    First those with the same words are joined, the surest first, never two speakers that differ. Then each such group that is a fragment,
    or overlaps, goes to the one group it has most words in common with, so that a short fragment cannot tie two statements together.
    A paraphrase ties no groups: it is listed with the group of its pair, and stays what it is otherwise. Passages that are `apart`, two ids
    each, never come into one statement, whatever others tie them.
    """
    known = {passage.id: passage for passage in passages}
    usable = sorted(
        (pair for pair in pairs if not pair.conflict and pair.left in known and pair.right in known),
        key=lambda pair: (-pair.score, -pair.shared, pair.left, pair.right),
    )
    groups = _Groups(tuple(known.values()), tuple((one, other) for one, other in apart if one in known and other in known))
    ties = [pair for pair in usable if pair.kind == "same" and groups.join(pair.left, pair.right)]
    of_same_words = {id: groups.of(id) for id in known}
    attached = _attached(usable, groups, known)
    parts = {group for group, pair in attached if pair.kind == "fragment"}
    ties += [pair for _, pair in attached]
    roles: dict[str, Role] = {id: "fragment" if group in parts else "whole" for id, group in of_same_words.items()}
    return _gathered(known, groups, roles, ties, [pair for pair in usable if pair.kind == "paraphrase"])


def _attached(usable: Sequence[Pair], groups: _Groups, known: Mapping[str, Passage]) -> list[tuple[str, Pair]]:
    """The groups that are parts of others, now joined to them, each with the pair that joins it."""
    best: dict[str, tuple[int, Pair]] = {}
    for pair in usable:
        if pair.kind in ("fragment", "overlap"):
            left, right = known[pair.left], known[pair.right]
            part = left if len(left.words) < len(right.words) else right
            group = groups.of(part.id)
            if group not in best or pair.shared > best[group][0]:
                best[group] = (pair.shared, pair)
    parts = sorted(best.items(), key=lambda part: -part[1][0])
    return [(group, pair) for group, (_, pair) in parts if groups.join(pair.left, pair.right)]


def _gathered(
    known: Mapping[str, Passage], groups: _Groups, roles: Mapping[str, Role], ties: Sequence[Pair], loose: Sequence[Pair]
) -> tuple[Cluster, ...]:
    together: dict[str, list[str]] = {}
    for pair in (*ties, *loose):
        together.setdefault(groups.of(pair.left), [])
        together.setdefault(groups.of(pair.right), [])
    for id in known:
        if (group := groups.of(id)) in together:
            together[group].append(id)
    evidence = _evidence(ties)
    beside: dict[str, dict[str, Pair]] = {}
    for pair in loose:
        one, other = groups.of(pair.left), groups.of(pair.right)
        if one != other:
            beside.setdefault(one, {}).setdefault(pair.right, pair)
            beside.setdefault(other, {}).setdefault(pair.left, pair)
    found = [_cluster(known, ids, roles, evidence, beside.get(group, {})) for group, ids in together.items()]
    return tuple(sorted((cluster for cluster in found if len(cluster.members) > 1), key=lambda cluster: _when(cluster.earliest)))


def _evidence(ties: Sequence[Pair]) -> dict[str, list[Pair]]:
    evidence: dict[str, list[Pair]] = {}
    for pair in ties:
        evidence.setdefault(pair.left, []).append(pair)
        evidence.setdefault(pair.right, []).append(pair)
    return evidence


def _cluster(
    known: Mapping[str, Passage],
    ids: Sequence[str],
    roles: Mapping[str, Role],
    evidence: Mapping[str, Sequence[Pair]],
    loose: Mapping[str, Pair],
) -> Cluster:
    ordered = sorted((known[id] for id in ids), key=_when)
    members = [
        Member(passage=passage, role=roles[passage.id], pair=_best(evidence.get(passage.id, ())) if place else None)
        for place, passage in enumerate(ordered)
    ]
    beside = sorted((known[id] for id in loose), key=_when)
    members += [Member(passage=passage, role="paraphrase", pair=loose[passage.id]) for passage in beside]
    return Cluster(members=tuple(members))


def _best(ties: Sequence[Pair]) -> Pair | None:
    return max(ties, key=lambda pair: (pair.score, pair.shared), default=None)


def _when(passage: Passage) -> tuple[bool, datetime.date, str]:
    """Those with a day first, by day, then by id."""
    return passage.published is None, passage.published or datetime.date.max, passage.id
