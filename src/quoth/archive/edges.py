"""Variants as the archive keeps them: one row a pair of statements, with the evidence."""

import json
from collections.abc import Iterable

from quoth.archive.database import Database
from quoth.archive.rows import Variant


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

    def cluster(self, row: int, *, most: int = 1000) -> tuple[int, ...]:
        """The rows of all statements that pairs connect with one, itself included, in order; at most so many."""
        found, waiting = {row}, [row]
        while waiting and len(found) < most:
            one = waiting.pop()
            near = self.rows("SELECT b FROM variants WHERE a = ? UNION SELECT a FROM variants WHERE b = ?", (one, one))
            new = [other for (other,) in near if other not in found][: most - len(found)]
            found.update(new)
            waiting += new
        return tuple(sorted(found))
