"""Corrections to a corpus: `python -m training.corrections REVIEWED.jsonl --out FOLDER`.

Reads what `quoth reviews export` wrote, or any marked reports that `quoth evaluate` reads, and writes `train.jsonl` and `held-out.jsonl`.
Which report is held out is told by its text alone: it stays so when more corrections come, and whatever their order.

Of a report that somebody went through (`complete`) every statement counts, and every other word is known to belong to none. Of another one
only what was confirmed or corrected counts, and nothing is known of the rest.
"""

import argparse
import hashlib
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from quoth.errors import ArticleError
from quoth.marked import parse_marked
from quoth.marks import kind_of, quotations
from quoth.scoring import ROLES, Marked

Report = dict[str, Any]


@dataclass(slots=True)
class Corpus:
    """Reports to train on and reports that are held out, and the lines that hold nothing to learn from."""

    train: list[Report] = field(default_factory=list)
    held_out: list[Report] = field(default_factory=list)
    empty: list[str] = field(default_factory=list)


def corpus_of(lines: Iterable[str], share: float) -> Corpus:
    """The corpus of marked reports, one a line, of which about a share is held out; raises ArticleError, with the number of the line."""
    corpus = Corpus()
    for number, line in enumerate(lines, start=1):
        if not line.strip():
            continue
        try:
            marked = parse_marked(line).marked
        except ArticleError as error:
            raise ArticleError(error.reason, concerns=f"line {number}") from error
        report = learned(json.loads(line), marked)
        if not report["attributions"] and not report["complete"]:
            corpus.empty.append(f"line {number}: nothing in it was confirmed or corrected")
            continue
        (corpus.held_out if is_held_out(report["text"], share) else corpus.train).append(report)
    return corpus


def learned(record: Report, marked: Sequence[Marked]) -> Report:
    """A report of the corpus: what is known of a marked one, in the schema of the training corpora."""
    entries = record.get("attributions", record.get("statements")) or []
    complete, found = bool(record.get("complete", True)), quotations(record["text"])
    kept = [one for entry, one in zip(entries, marked, strict=True) if complete or entry.get("reviewed", True)]
    return {
        "id": record.get("id"),
        "corpus": "corrections",
        "split": "train",
        "published": record.get("published"),
        "text": record["text"],
        "complete": complete,
        "attributions": [
            {role: [[span.start, span.end] for span in getattr(one, role)] for role in ROLES}
            | {"kind": kind_of(one.content, found, record["text"], cue=next(iter(one.cue), None))}
            for one in kept
        ],
    }


def is_held_out(text: str, share: float) -> bool:
    """Whether a report of this text is kept for measuring: the same for the same text, for about a share of all texts.

    >>> sum(is_held_out(f"report {number}", 0.2) for number in range(1000))
    221
    """
    digest = hashlib.sha256(text.encode("utf-8")).digest()
    return int.from_bytes(digest[:8], "big") < share * 2**64


def written(path: Path, reports: Iterable[Report]) -> None:
    path.write_text("".join(json.dumps(report, ensure_ascii=False) + "\n" for report in reports), encoding="utf-8")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("reviewed", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--held-out", type=float, default=0.2, metavar="SHARE", help="of the reports; 0.2 by default")
    arguments = parser.parse_args()
    try:
        corpus = corpus_of(arguments.reviewed.read_text(encoding="utf-8").split("\n"), arguments.held_out)
    except (ArticleError, OSError, UnicodeDecodeError) as error:
        sys.exit(f"{arguments.reviewed}: {error}")
    arguments.out.mkdir(parents=True, exist_ok=True)
    written(arguments.out / "train.jsonl", corpus.train)
    written(arguments.out / "held-out.jsonl", corpus.held_out)
    for line in corpus.empty:
        print(f"{arguments.reviewed}: {line}", file=sys.stderr)
    statements = sum(len(report["attributions"]) for report in corpus.train)
    print(f"{len(corpus.train)} reports with {statements} statements to train on, {len(corpus.held_out)} reports held out")


if __name__ == "__main__":
    main()
