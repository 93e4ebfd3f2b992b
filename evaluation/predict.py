"""Extracts the statements of marked reports: `python -m evaluation.predict REPORTS.jsonl[.gz] OUT.jsonl`.

The marks are not read. The output is that of `quoth extract --format jsonl`, ids kept.
"""

import argparse
import datetime
import json
from collections.abc import Iterable, Iterator
from pathlib import Path

from evaluation.sets import Report, read_reports
from quoth.formats import report_json
from quoth.pipeline import extract_article
from quoth.types import Article


def article_of(report: Report) -> Article:
    """The article of a report in the corpora's schema; its text is taken as it is."""
    published = report.get("published")
    return Article.of(
        report["text"],
        id=report["id"],
        url=report.get("url"),
        publisher=report.get("publisher"),
        title=report.get("title"),
        published=datetime.date.fromisoformat(published) if published else None,
    )


def predictions(reports: Iterable[Report]) -> Iterator[Report]:
    """For each report what quoth extracts from it, in the shape of `--format json`."""
    for report in reports:
        article = article_of(report)
        yield report_json(article, extract_article(article))


def write_lines(path: Path, reports: Iterable[Report]) -> None:
    """Writes one JSON object a line."""
    with path.open("w", encoding="utf-8") as lines:
        for report in reports:
            lines.write(json.dumps(report, ensure_ascii=False) + "\n")


def main() -> None:
    """Reads the reports named on the command line and writes their statements."""
    parser = argparse.ArgumentParser(description="Extract the statements of marked reports.")
    parser.add_argument("reports", type=Path)
    parser.add_argument("out", type=Path)
    arguments = parser.parse_args()
    write_lines(arguments.out, predictions(read_reports(arguments.reports)))


if __name__ == "__main__":
    main()
