"""`quoth evaluate`: how well the statements that quoth finds agree with those that people marked."""

import json
from collections.abc import Iterator
from enum import StrEnum
from pathlib import Path
from typing import Annotated, Any

import typer

from quoth.cli.extracting import Model, extractor_of
from quoth.cli.terminal import BAD_INPUT, OK, complain, guarded, progress_bar, write
from quoth.errors import ArticleError
from quoth.types import Skipped

EXAMPLES = """\b
Examples:
  quoth evaluate marked.jsonl                 a table of precision, recall and F1
  quoth evaluate --format json marked.jsonl   the same for a program
  quoth reviews export > mine.jsonl && quoth evaluate mine.jsonl
  quoth evaluate marked.jsonl --model mine    of a model that you trained

\b
GOLD holds one report a line: {"id", "text", "published", "attributions":
[{"content": [[start, end]], "cue": [[start, end]], "source": [[start, end]]}]}.

\b
soft: half of the words of the content shared, and the source right;
strict: nine tenths; content: half, whatever the source; exact: the very
words. Punctuation at the edges and an opening "that" do not count.

\b
Exit code: 0 all read; 1 some line could not be (the others are measured)."""


class Format(StrEnum):
    """How the measures are printed."""

    TABLE = "table"
    JSON = "json"


def evaluate(
    gold: Annotated[Path, typer.Argument(metavar="GOLD", help="Marked reports, JSON Lines, plain or gzipped.")],
    format: Annotated[Format, typer.Option(help="How to print the measures.")] = Format.TABLE,
    model: Model = "fast",
) -> None:
    """Extract the statements of marked reports and print how well they agree with the marks."""
    raise typer.Exit(guarded(lambda: _run(gold, format, model)))


def _run(gold: Path, format: Format, model: str) -> int:
    from quoth.marked import read_marked
    from quoth.scoring import Marked, Score

    extract, extractor = extractor_of(None, model=model)
    score, code = Score(), OK
    results = list(read_marked(gold))
    with progress_bar(len(results)) as progress:
        for result in results:
            if isinstance(result, Skipped):
                code = BAD_INPUT
                complain(f"{result.origin}: {result.reason}", progress)
                continue
            statements = extract(result.article)
            found = [
                Marked(content=one.attribution.content, cue=_one(one.attribution.cue), source=_one(one.attribution.source))
                for one in statements
            ]
            score.add(result.article.text, result.marked, found)
            if progress is not None:
                progress.advance(progress.task_ids[0])
    if not score.reports:
        raise ArticleError("no marked report in it", concerns=str(gold))
    rows = list(_rows(score))
    signature = {"gold": str(gold), "reports": score.reports, "marked": score.counts["gold"], "found": score.counts["found"]}
    if format is Format.JSON:
        write(
            json.dumps({"extractor": extractor, **signature, "measures": {row["measure"]: row for row in rows}}, indent=2) + "\n",
            None,
        )
    else:
        write(_table(rows) + "{reports} reports, {marked} marked, {found} found\n".format(**signature), None)
    return code


def _one(span: Any) -> tuple[Any, ...]:
    return () if span is None else (span,)


def _rows(score: Any) -> Iterator[dict[str, Any]]:
    for name, measure in score.measures().items():
        yield {"measure": name, "precision": round(measure.precision, 4), "recall": round(measure.recall, 4), "f1": round(measure.f1, 4)}


def _table(rows: list[dict[str, Any]]) -> str:
    lines = [f"{'':14} {'precision':>9} {'recall':>9} {'F1':>9}"]
    lines += [f"{row['measure']:14} {row['precision']:9.3f} {row['recall']:9.3f} {row['f1']:9.3f}" for row in rows]
    return "\n".join(lines) + "\n"
