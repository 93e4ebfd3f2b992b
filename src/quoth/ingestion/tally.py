"""The closing account of a run: how many reports were read, and what became of them."""

import re
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

from quoth.ingestion import Ending, Ingested

PARTICULARS = re.compile(r"; its page is at .*|\S+://\S+|\b(?<=line )\d+|\b(?<=column )\d+|\b(?<=character )\d+|[\d,]+ of [\d,]+(?= bytes)")
"""What is different in each reason of one kind, so that those of a whole crawl are counted together."""


@dataclass(slots=True)
class Tally:
    """Counts what became of each report: the endings, the statements of what is new, and why reports were skipped, particulars aside."""

    endings: Counter[Ending] = field(default_factory=Counter)
    reasons: Counter[str] = field(default_factory=Counter)
    statements: int = 0

    def add(self, ingested: Ingested) -> None:
        """Counts one report."""
        self.endings[ingested.ending] += 1
        self.statements += ingested.statements
        if ingested.reason is not None:
            self.reasons[PARTICULARS.sub("…", ingested.reason)] += 1

    @property
    def read(self) -> int:
        """How many reports were seen, those that could not be read included."""
        return self.endings.total()

    def to_json(self) -> dict[str, Any]:
        """The account as JSON."""
        return {
            "read": self.read,
            "stored": self.endings["stored"],
            "updated": self.endings["updated"],
            "already": self.endings["already"],
            "skipped": self.endings["skipped"],
            "statements": self.statements,
            "reasons": dict(self.reasons.most_common()),
        }

    def lines(self, *, most: int = 12) -> list[str]:
        """The account for a reader: one line, and one for each of the commonest reasons.

        >>> tally = Tally()
        >>> tally.add(Ingested(origin="a.txt", ending="stored", statements=2))
        >>> tally.add(Ingested(origin="b.txt", ending="skipped", reason="the report is empty"))
        >>> print(*tally.lines(), sep="; ")
        2 read: 1 stored (2 statements), 0 already there, 1 skipped;   1 the report is empty
        """
        updated = f", {self.endings['updated']:,} updated" if self.endings["updated"] else ""
        endings = f"{self.endings['already']:,} already there, {self.endings['skipped']:,} skipped"
        plural = "" if self.statements == 1 else "s"
        first = f"{self.read:,} read: {self.endings['stored']:,} stored{updated} ({self.statements:,} statement{plural}), {endings}"
        listed = [f"  {count:,} {reason}" for reason, count in self.reasons.most_common(most)]
        others = len(self.reasons) - most
        return [first, *listed, *([f"  and {others:,} other reasons"] if others > 0 else [])]
