"""What each reviewer stands for, and where two of them differ. Pure; no database."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

Field = Literal["statement", "words", "speaker", "said on", "said or not"]
"""What reviewers can differ about; "statement" is whether it is one."""
SETTING: dict[str, tuple[Field, str]] = {
    "speaker": ("speaker", "name"),
    "said": ("said on", "date"),
    "polarity": ("said or not", "polarity"),
}
"""The actions that set one field, and where in their value it is."""


MOST_TURNS = 2
"""Turns of a reviewer about one statement until a dispute waits for others."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Opinion:
    """Something that a reviewer said of a statement and did not take back: the action and value of its event."""

    reviewer: str
    action: str
    value: Mapping[str, Any]


@dataclass(slots=True, kw_only=True)
class Stances:
    """How a statement stands, and what each of its reviewers stands for, field by field.

    `last` is who spoke last; `turns` is how often each spoke after another one or first.
    """

    standing: dict[Field, Any]
    by_reviewer: dict[str, dict[Field, Any]] = field(default_factory=dict)
    last: str = ""
    turns: Counter[str] = field(default_factory=Counter)

    @classmethod
    def of(cls, read: Mapping[Field, Any], opinions: Iterable[Opinion]) -> "Stances":
        """What reviewers stand for after some opinions, in their order; `read` is the statement before the first of them.

        Who accepts a statement stands for all of it, as others left it; who rejects it, for nothing but that; who sets one field, for it,
        and for its being a statement.

        >>> named = Opinion(reviewer="Ama", action="speaker", value={"name": "Bo Lind"})
        >>> stances = Stances.of({"speaker": None}, [named, Opinion(reviewer="Ben", action="reject", value={})])
        >>> stances.by_reviewer, stances.differing
        ({'Ama': {'statement': True, 'speaker': 'Bo Lind'}, 'Ben': {'statement': False}}, ('statement',))
        """
        found = cls(standing=dict(read))
        for opinion in opinions:
            found._hear(opinion)
        return found

    @property
    def compared(self) -> bool:
        """Whether two reviewers or more spoke about the same field."""
        return any(len(values) > 1 for values in self._values().values())

    @property
    def unanimous(self) -> bool:
        """Whether no reviewer differs from another about anything."""
        return all(len(set(values)) == 1 for values in self._values().values())

    @property
    def differing(self) -> tuple[Field, ...]:
        """The fields about which two reviewers differ, or more of them with no majority."""
        return tuple(name for name, values in self._values().items() if 2 * Counter(values).most_common(1)[0][1] <= len(values))

    def asks(self, reviewer: str) -> bool:
        """Whether a dispute waits for a reviewer: for anybody who has not spoken, and once more for whoever was contradicted last."""
        return bool(self.differing) and self.last != reviewer and self.turns[reviewer] < MOST_TURNS

    def _hear(self, opinion: Opinion) -> None:
        stance = self.by_reviewer.setdefault(opinion.reviewer, {})
        self.turns[opinion.reviewer] += self.last != opinion.reviewer
        self.last = opinion.reviewer
        if opinion.action in ("accept", "reject"):
            stance.clear()
        stance["statement"] = opinion.action != "reject"
        if opinion.action in ("accept", "edit"):
            self.standing["words"] = tuple(anchor["exact"] for anchor in opinion.value["content"])
            stance["words"] = self.standing["words"]
        if opinion.action == "accept":
            stance |= self.standing
        if opinion.action in SETTING:
            name, key = SETTING[opinion.action]
            self.standing[name] = stance[name] = opinion.value[key]

    def _values(self) -> dict[Field, list[Any]]:
        """What is said of each field, once a reviewer."""
        values: dict[Field, list[Any]] = {}
        for stance in self.by_reviewer.values():
            for name, value in stance.items():
                values.setdefault(name, []).append(value)
        return values
