"""The sets of marked reports that quality is measured on, and the measures of each that have a floor."""

import gzip
import hashlib
import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

ROOT = Path(__file__).resolve().parents[1]
SHARED = ROOT.parent / "shared"
TOOLS = SHARED / "tools"

Report = dict[str, Any]
"""One report in the schema of the corpora: `id`, `text`, perhaps `published`, `title`, `publisher`, `url`, and its marked statements."""


@dataclass(frozen=True, slots=True, kw_only=True)
class EvaluationSet:
    """A file of marked reports or a table, what scores it, and the measures to hold.

    "attributions" and "statements" are the shared scorers; "gap" and "offices" are `gap.py` and `offices.py` here.
    """

    name: str
    path: Path
    scorer: Literal["attributions", "statements", "gap", "offices"]
    held: tuple[str, ...]

    @property
    def program(self) -> Path:
        """The file of the scorer."""
        shared = self.scorer in ("attributions", "statements")
        return TOOLS / f"score_{self.scorer}.py" if shared else Path(__file__).with_name(f"{self.scorer}.py")

    @property
    def present(self) -> bool:
        """Whether the reports and the scorer are on this machine."""
        return self.path.exists() and self.program.exists()


STATEMENT_MEASURES = (
    "record.F1",
    "found.F1",
    "content.F1",
    "kind",
    "act",
    "polarity",
    "nested",
    "speaker_strict",
    "speaker_lenient",
    "said_on",
    "not_invented",
    "truly_asserted",
)
ATTRIBUTION_MEASURES = (
    "attr.soft.F",
    "attr.strict.F",
    "exact.content.F",
    "exact.cue.F",
    "exact.source.F",
    "direct.recall_J80",
    "direct.speaker_acc",
    "class.indirect.content_recall_J50",
)

SETS = (
    EvaluationSet(name="first-report", path=SHARED / "first-report" / "gold.json", scorer="statements", held=STATEMENT_MEASURES),
    EvaluationSet(name="polnear-dev", path=SHARED / "corpora" / "polnear-dev.jsonl.gz", scorer="attributions", held=ATTRIBUTION_MEASURES),
    EvaluationSet(name="challenge-dev", path=SHARED / "corpora" / "challenge-dev.jsonl", scorer="statements", held=STATEMENT_MEASURES),
    EvaluationSet(name="wikinews-dev", path=SHARED / "corpora" / "wikinews-dev.jsonl", scorer="statements", held=STATEMENT_MEASURES),
    EvaluationSet(name="gap-test", path=SHARED / "corpora" / "gap.jsonl.gz", scorer="gap", held=("gap.F1", "gap.bias")),
    EvaluationSet(
        name="offices", path=SHARED / "corpora" / "office-holders.csv.gz", scorer="offices", held=("offices.right", "offices.not_wrong")
    ),
)


def read_reports(path: Path) -> list[Report]:
    """The reports of a `.jsonl` or `.jsonl.gz` file, one a line, or of a `.json` file that holds one."""
    packed = path.read_bytes()
    text = (gzip.decompress(packed) if path.suffix == ".gz" else packed).decode("utf-8")
    if path.suffix == ".json":
        return [json.loads(text)]
    return [json.loads(line) for line in text.split("\n") if line.strip()]


def digest(path: Path) -> str:
    """The first twelve digits of a file's SHA-256."""
    return hashlib.sha256(path.read_bytes()).hexdigest()[:12]
