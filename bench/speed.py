"""Words per CPU-second of several readers over the same texts, in rounds that take turns, so that a busy machine is busy for all."""

import time
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from statistics import median

Reader = Callable[[str], object]
Timed = Callable[[], float]
"""Reads all texts once and gives words per CPU-second."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Spread:
    """The median of some measurements, the least and the greatest."""

    median: float
    least: float
    greatest: float

    @classmethod
    def of(cls, values: Sequence[float]) -> "Spread":
        """The spread of at least one value.

        >>> Spread.of([3.0, 1.0, 2.0])
        Spread(median=2.0, least=1.0, greatest=3.0)
        """
        return cls(median=median(values), least=min(values), greatest=max(values))

    def told(self, form: str) -> str:
        """The three in words.

        >>> Spread.of([3.0, 1.0, 2.0]).told(".1f")
        '2.0 (1.0 to 3.0)'
        """
        return f"{self.median:{form}} ({self.least:{form}} to {self.greatest:{form}})"


def count_words(texts: Sequence[str]) -> int:
    """Words as white space parts them."""
    return sum(len(text.split()) for text in texts)


def words_per_second(reader: Reader, texts: Sequence[str]) -> float:
    """Words a second of this process's CPU time, all threads counted."""
    started = time.process_time()
    for text in texts:
        reader(text)
    return count_words(texts) / (time.process_time() - started)


def timed(reader: Reader, texts: Sequence[str]) -> Timed:
    """What measures a reader over the texts once, after one text to warm up."""
    reader(texts[0])
    return lambda: words_per_second(reader, texts)


def rounds(readers: Mapping[str, Timed], *, count: int) -> dict[str, list[float]]:
    """The speed of each reader in each round; every other round runs in reverse order."""
    speeds: dict[str, list[float]] = {name: [] for name in readers}
    for number in range(count):
        for name in list(readers) if number % 2 == 0 else reversed(list(readers)):
            speeds[name].append(readers[name]())
    return speeds
