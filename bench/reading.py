"""What reading costs beside extraction, in CPU time of this process: `python -m bench.reading [--rounds N]`.

Pages are read as `quoth` reads them, trafilatura included, and the statements are extracted from what was read, in rounds that take turns,
so that a busy machine is busy for both. The crawl is the same pages as one WARC, packed record by record, as CC-NEWS packs them.
"""

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # read when numpy and its kin are loaded, so set first

import argparse
import gzip
import json
import time
from collections.abc import Callable, Sequence
from statistics import median

from bench.__main__ import ROOT, processor
from quoth.reading import readings
from quoth.types import Article, Reading

PAGES = ROOT.parent / "shared" / "corpora" / "html-news"


def read_pages() -> list[tuple[str, bytes]]:
    """The address and the bytes of each English page."""
    golds = [(path, json.loads(path.read_text("utf-8"))) for path in sorted(PAGES.glob("*.json"))]
    return [(gold["url"], gzip.decompress(path.with_suffix(".html.gz").read_bytes())) for path, gold in golds if gold["language"] == "en"]


def crawl_of(pages: Sequence[tuple[str, bytes]]) -> bytes:
    """The pages as a WARC file, one gzip member a record."""
    return b"".join(gzip.compress(_record(url, page)) for url, page in pages)


def _record(url: str, page: bytes) -> bytes:
    block = b"HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n" + page
    lines = [
        "WARC/1.0",
        "WARC-Type: response",
        f"WARC-Target-URI: {url}",
        "Content-Type: application/http",
        f"Content-Length: {len(block)}",
    ]
    return "\r\n".join(lines).encode() + b"\r\n\r\n" + block + b"\r\n\r\n"


def articles_of(raw: bytes) -> list[Article]:
    """The articles of a page or a crawl, read in this process, so that its clock counts them."""
    return [result.article for result in readings(raw, limits=None) if isinstance(result, Reading)]


def seconds(task: Callable[[], object]) -> float:
    """CPU seconds of this process that a task takes, all threads counted."""
    started = time.process_time()
    task()
    return time.process_time() - started


def main() -> None:
    """Measures pages, the crawl and the extraction in turns, and prints medians over the rounds."""
    from quoth.pipeline import extract_article
    from quoth.tagger import load

    parser = argparse.ArgumentParser(description="Measure what reading costs beside extraction.")
    parser.add_argument("--rounds", type=int, default=5)
    rounds = parser.parse_args().rounds
    pages = read_pages()
    crawl = crawl_of(pages)
    articles = [article for _, page in pages for article in articles_of(page)]
    tagger = load(threads=1)
    tasks: dict[str, Callable[[], object]] = {
        "pages": lambda: [articles_of(page) for _, page in pages],
        "crawl": lambda: articles_of(crawl),
        "extraction": lambda: [extract_article(article, tagger=tagger) for article in articles],
    }
    taken = {name: [seconds(task) for _ in range(rounds)] for name, task in tasks.items()}
    each = {name: 1000 * median(times) / len(pages) for name, times in taken.items()}
    print(f"{processor()}, {len(pages)} pages of {sum(len(page) for _, page in pages) / len(pages) / 1000:.0f} kB, {rounds} rounds")
    for name, milliseconds in each.items():
        print(f"{name:10} {milliseconds:7.1f} ms CPU a page")
    print(
        f"pages / extraction: {each['pages'] / each['extraction']:.3f}; crawl over pages: {each['crawl'] - each['pages']:+.1f} ms a page,"
    )
    print(f"which is {(each['crawl'] - each['pages']) / each['extraction']:+.1%} of extraction")


if __name__ == "__main__":
    main()
