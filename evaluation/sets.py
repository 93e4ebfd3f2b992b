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
    """A file of marked reports, the scorer that reads it, and the measures to hold."""

    name: str
    path: Path
    scorer: Literal["attributions", "statements"]
    held: tuple[str, ...]

    @property
    def present(self) -> bool:
        """Whether the reports and the scorer are on this machine."""
        return self.path.exists() and (TOOLS / f"score_{self.scorer}.py").exists()


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
