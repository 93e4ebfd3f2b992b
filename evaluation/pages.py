"""How well pages are read: body, title and date of real news pages against gold, `python -m evaluation.pages [--json]`.

The body is compared by its word 4-grams as a multiset (precision, recall and F1 a page, then the mean over pages); the title counts if its
words are the same, case and marks aside; the date if it is the same day. The canonical text is taken as it is, subheadings and all.
Pages in other languages count as read well if they are told apart.
"""

import argparse
import gzip
import json
import re
from collections import Counter
from collections.abc import Iterator, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from statistics import mean

from evaluation.sets import SHARED
from quoth.reading import Known, readings
from quoth.types import Reading, Skipped

FOLDER = SHARED / "corpora" / "html-news"
SIZE = 4
"""Words of a gram."""


@dataclass(frozen=True, slots=True, kw_only=True)
class PageScore:
    """How one page was read: shares of grams, and whether title and date are those of the gold."""

    name: str
    precision: float
    recall: float
    f1: float
    title: bool
    date: bool


def words(text: str) -> list[str]:
    """The words of a text in lower case, without marks."""
    return re.findall(r"\w+", text.casefold())


def grams(text: str) -> Counter[tuple[str, ...]]:
    """The runs of four words in a text, with how often each stands there."""
    found = words(text)
    return Counter(tuple(found[place : place + SIZE]) for place in range(len(found) - SIZE + 1))


def overlap(read: str, gold: str) -> tuple[float, float, float]:
    """Precision, recall and F1 of the 4-grams of a text.

    >>> overlap("it rained all day in Ostby", "all day in Ostby it rained")
    (0.3333333333333333, 0.3333333333333333, 0.3333333333333333)
    """
    ours, theirs = grams(read), grams(gold)
    shared = (ours & theirs).total()
    precision, recall = shared / max(1, ours.total()), shared / max(1, theirs.total())
    return precision, recall, 2 * shared / max(1, ours.total() + theirs.total())


def scored(name: str, result: Reading | Skipped, gold: dict[str, str]) -> PageScore:
    """The score of what was read from one page; a page that was skipped has none of it."""
    if isinstance(result, Skipped):
        return PageScore(name=name, precision=0, recall=0, f1=0, title=False, date=False)
    precision, recall, f1 = overlap(result.article.text, gold["body"])
    title = words(result.article.title or "") == words(gold["title"])
    return PageScore(
        name=name, precision=precision, recall=recall, f1=f1, title=title, date=str(result.article.published) == gold["published"]
    )


def measure_pages(folder: Path = FOLDER) -> tuple[list[PageScore], list[bool]]:
    """The scores of the English pages of a folder, and for each other page whether it was skipped as not English."""
    scores: list[PageScore] = []
    told_apart: list[bool] = []
    for name, gold, result in _read(folder):
        if gold["language"] == "en":
            scores.append(scored(name, result, gold))
        else:
            told_apart.append(isinstance(result, Skipped) and result.reason.startswith("not English"))
    return scores, told_apart


def _read(folder: Path) -> Iterator[tuple[str, dict[str, str], Reading | Skipped]]:
    for path in sorted(folder.glob("*.json")):
        gold = json.loads(path.read_text("utf-8"))
        raw = gzip.decompress(path.with_suffix(".html.gz").read_bytes())
        [result] = readings(raw, origin=f"{path.stem}.html", known=Known(url=gold["url"]), limits=None)
        yield path.stem, gold, result


def means(scores: Sequence[PageScore]) -> dict[str, float]:
    """The mean of each measure over the pages."""
    return {name: mean(float(getattr(score, name)) for score in scores) for name in ("precision", "recall", "f1", "title", "date")}


def main() -> None:
    """Prints a line a page and the means."""
    parser = argparse.ArgumentParser(description="Measure how well pages are read.")
    parser.add_argument("--json", action="store_true", help="print one JSON object")
    arguments = parser.parse_args()
    scores, told_apart = measure_pages()
    if arguments.json:
        print(json.dumps({"means": means(scores), "told_apart": sum(told_apart), "pages": [asdict(score) for score in scores]}, indent=1))
        return
    for score in scores:
        wrong = ("" if score.title else "  title differs") + ("" if score.date else "  date differs")
        print(f"{score.name:36} P {score.precision:.3f} R {score.recall:.3f} F1 {score.f1:.3f}{wrong}")
    print(f"{len(scores)} pages: " + ", ".join(f"{name} {value:.3f}" for name, value in means(scores).items()))
    print(f"{sum(told_apart)} of {len(told_apart)} pages in other languages told apart")


if __name__ == "__main__":
    main()
