"""What follows when something new is in an archive: the same words in other reports are looked for, and the saved searches are run.

Both go on from where they were left, so that a run that was broken off before is made up for by the next.
"""

import datetime
from dataclasses import dataclass
from typing import TYPE_CHECKING, Annotated, Any

import typer

from quoth.cli.alerts import tell_alert
from quoth.cli.gauge import waiting

if TYPE_CHECKING:
    from quoth.alerts import Alert
    from quoth.archive import Archive
    from quoth.archive.variants import VariantsFound

WithVariants = Annotated[bool, typer.Option("--variants/--no-variants", help="Look for the same words in other reports at the end.")]
WithAlerts = Annotated[bool, typer.Option("--alerts/--no-alerts", help="Tell at the end what is new for saved searches.")]
PRINTED = 100
"""How many new statements are printed for each saved search, as `quoth alerts run` does."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Afterwards:
    """What was found: the variants, None if they were not looked for; and an alert for each saved search that was run."""

    variants: "VariantsFound | None" = None
    alerts: "tuple[Alert, ...]" = ()

    @property
    def line(self) -> str | None:
        """What was found, for a reader; None if there was nothing to look at."""
        found = []
        if self.variants is not None and self.variants.statements:
            links, conflicts = self.variants.same + self.variants.paraphrases, self.variants.conflicts
            found.append(f"variants: {_counted(links, 'link')}, {_counted(conflicts, 'conflict')}")
        if new := [f"{alert.search.name} {len(alert.rows):,} new" for alert in self.alerts if alert.rows]:
            found.append(f"alerts: {', '.join(new)}")
        return "; ".join(found) or None

    def to_json(self) -> dict[str, Any]:
        """The same for a program."""
        named = ("statements", "same", "paraphrases", "conflicts")
        variants = None if self.variants is None else {name: getattr(self.variants, name) for name in named}
        return {"variants": variants, "alerts": {alert.search.name: len(alert.rows) for alert in self.alerts}}


def follow_up(archive: "Archive", *, variants: bool, alerts: bool, at: datetime.datetime, as_json: bool = False) -> Afterwards:
    """Looks for variants of what is new, and tells what is new for saved searches, as far as either is wanted. Raises ArchiveError."""
    from quoth.alerts import run_alerts
    from quoth.archive.variants import find_variants

    with waiting("looking for the same words in other reports"):
        found = find_variants(archive) if variants else None
    told = run_alerts(archive, at=at, tell=lambda alert: tell_alert(archive, alert, PRINTED, as_json)) if alerts else ()
    return Afterwards(variants=found, alerts=told)


def _counted(count: int, noun: str) -> str:
    return f"{count:,} {noun}" + "s" * (count != 1)
