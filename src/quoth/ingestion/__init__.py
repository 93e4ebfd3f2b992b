"""Reports from anywhere into the archive: read, extracted, stored, one transaction each, and nothing lost or done twice.

There is no state but the archive. A run that was broken off, whatever broke it, is begun again from the start: what is stored is seen and
passed over without being extracted again.
"""

import datetime
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from typing import Literal

from quoth.archive import Archive
from quoth.archive.columns import identity_of
from quoth.errors import ArticleError
from quoth.ingestion.workers import Extract, Outcome, Workers, attempt
from quoth.types import Article, Reading, Skipped

__all__ = ["Extract", "Ingested", "Ingestion", "Outcome"]

Ending = Literal["stored", "updated", "already", "skipped"]
"""What became of a report: it is new; it is there, and its text or what is known of it is new; nothing is new; it could not be read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Ingested:
    """What became of one report: `statements` is how many were extracted, `reason` why it was skipped."""

    origin: str
    ending: Ending
    statements: int = 0
    reason: str | None = None


class Ingestion:
    """Takes reports into an archive: `extract` reads their statements, `extractor` is its name and version.

    `published` is the day of reports that do not tell theirs; `now` is the clock. Where `again` is set, what is still skipped counts as
    tried once more.
    """

    def __init__(
        self,
        archive: Archive,
        extract: Extract,
        *,
        extractor: str,
        published: datetime.date | None = None,
        again: bool = False,
        now: Callable[[], datetime.datetime] = lambda: datetime.datetime.now(datetime.UTC),
    ) -> None:
        self.archive = archive
        self.now = now
        self._extract = extract
        self._extractor = extractor
        self._published = published
        self._again = again
        self._skipped = {row.skipped.origin: row.skipped.reason for row in archive.skipped()}
        self._told: set[str] = set()

    def run(self, found: Iterable[Reading | Skipped], *, workers: int = 1) -> Iterator[Ingested]:
        """Takes in what was read: one result a report, in order, each told when it is in the archive. Raises ArchiveError, ModelError.

        With several `workers` as many processes extract; the archive is the same whatever their number.
        """
        for result, outcome in Workers[Reading | Skipped](self._extract, workers).run(map(self._looked_up, found)):
            if isinstance(result, Skipped):
                yield self.skip(result)
            else:
                yield self.keep(result, outcome)

    def extracted(self, reading: Reading) -> tuple[Reading, Outcome | None]:
        """A reading as it is stored, and the outcome of its extraction in this process; None if the archive holds it."""
        reading = self._dated(reading)
        return reading, None if self._holds(reading) else attempt(self._extract, reading.article)

    def keep(self, reading: Reading, outcome: Outcome | None) -> Ingested:
        """Stores a reading with the statements that were extracted from it, None where the archive held it when it was looked up.

        What the archive holds is asked again: while a report was extracted, one that was read before it may have been stored, its twin, or
        another version of its text.
        """
        if self._holds(reading):
            if self._skipped.pop(reading.origin, None) is not None:
                self.archive.forget_skipped(reading.origin)
            return Ingested(origin=reading.origin, ending="already")
        outcome = attempt(self._extract, reading.article) if outcome is None else outcome
        if isinstance(outcome, ArticleError):
            return self.skip(Skipped(origin=reading.origin, reason=outcome.reason))
        ending = self.archive.store(reading, outcome, extractor=self._extractor, at=self.now())
        self._skipped.pop(reading.origin, None)
        return Ingested(origin=reading.origin, ending=ending, statements=len(outcome))

    def skip(self, skipped: Skipped) -> Ingested:
        """Keeps what could not be read. One that is kept for the same reason stays as it is; of two reasons in one run the first counts."""
        told = skipped.origin in self._told
        if not told and (self._again or self._skipped.get(skipped.origin) != skipped.reason):
            self.archive.skip(skipped, at=self.now())
            self._skipped[skipped.origin] = skipped.reason
        self._told.add(skipped.origin)
        return Ingested(origin=skipped.origin, ending="skipped", reason=skipped.reason)

    def _looked_up(self, result: Reading | Skipped) -> tuple[Reading | Skipped, Article | None]:
        """A result with the article to extract; with None if there is none, or the archive holds it."""
        if isinstance(result, Skipped):
            return result, None
        reading = self._dated(result)
        return reading, None if self._holds(reading) else reading.article

    def _dated(self, reading: Reading) -> Reading:
        if reading.article.published is not None or self._published is None:
            return reading
        return replace(reading, article=replace(reading.article, published=self._published))

    def _holds(self, reading: Reading) -> bool:
        """Whether the archive has this report with this very article, read by this extractor. Two outlets' equal texts are two reports."""
        identity = identity_of(reading)
        report = self.archive.report(identity)
        return (
            report is not None and report.identity == identity and report.extractor == self._extractor and report.article == reading.article
        )
