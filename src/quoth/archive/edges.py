"""Variants as the archive keeps them: one row a pair of statements, with the evidence."""

import json
from collections.abc import Iterable
from typing import Any

from quoth.archive.database import Database
from quoth.archive.rows import Variant
from quoth.types import Span
from quoth.variants.passages import Pair

CONFLICT, APART = "conflict", "apart"
"""Kinds of links besides those of pairs: the same words of different speakers; two statements that somebody said are not one."""


class Edges(Database):
    """Which statements are the same in other words. A pair goes with either statement; taking a link back deletes one row."""

    def link(self, variants: Iterable[Variant]) -> int:
        """Stores pairs, in place of those that are there, all or none; gives their number. Raises ArchiveError if a statement is gone."""
        rows = [(one.a, one.b, one.kind, one.score, json.dumps(one.alignment, ensure_ascii=False)) for one in variants]
        with self.transaction():
            self.connection.executemany(
                """INSERT INTO variants (a, b, kind, score, alignment) VALUES (?, ?, ?, ?, ?)
                ON CONFLICT DO UPDATE SET kind = excluded.kind, score = excluded.score, alignment = excluded.alignment""",
                rows,
            )
        return len(rows)

    def unlink(self, a: int, b: int) -> None:
        """Takes the link between two rows back."""
        with self.transaction():
            self.execute("DELETE FROM variants WHERE a = ? AND b = ?", (min(a, b), max(a, b)))

    def unlink_all(self) -> None:
        """Takes all links back, to look for them anew."""
        with self.transaction():
            self.execute("DELETE FROM variants")

    def variants(self, row: int | None = None) -> tuple[Variant, ...]:
        """The pairs of one statement's row, or all pairs, in the order of their rows."""
        where = "" if row is None else "WHERE a = :row OR b = :row"
        rows = self.rows(f"SELECT a, b, kind, score, alignment FROM variants {where} ORDER BY a, b", {} if row is None else {"row": row})
        return tuple(Variant(a=a, b=b, kind=kind, score=score, alignment=json.loads(written)) for a, b, kind, score, written in rows)


def variant_of(pair: Pair) -> Variant:
    """The row that keeps a pair of passages whose ids are rows of statements; `alignment` tells which one came first, and where."""
    left, right = int(pair.left), int(pair.right)
    evidence = {
        "first": left,
        "kind": pair.kind,
        "speakers": pair.speakers,
        "shared": pair.shared,
        "spans": [[pair.left_span.start, pair.left_span.end], [pair.right_span.start, pair.right_span.end]],
        "flags": list(pair.flags),
    }
    kind = CONFLICT if pair.conflict else pair.kind
    return Variant(a=min(left, right), b=max(left, right), kind=kind, score=pair.score, alignment=evidence)


def pair_of(link: Variant) -> Pair:
    """The pair that a row keeps."""
    evidence: dict[str, Any] = link.alignment
    first = evidence["first"]
    left_span, right_span = (Span(start=start, end=end) for start, end in evidence["spans"])
    return Pair(
        left=str(first),
        right=str(link.b if first == link.a else link.a),
        kind=evidence["kind"],
        speakers=evidence["speakers"],
        score=link.score,
        shared=evidence["shared"],
        left_span=left_span,
        right_span=right_span,
        flags=tuple(evidence["flags"]),
    )
