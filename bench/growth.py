"""How the cost grows: with the length of a report, and with their number."""

import random
import time
from collections.abc import Sequence
from statistics import median

from bench.speed import Reader

LENGTHS = (1, 4, 16, 64)
"""Kilobytes of a report."""
REPEATED = 64
"""Kilobytes that are read at each length, so that short reports are timed as long as long ones."""
NAMES = "Osei Lind Ardo Varga Byrne Castell Dorn Eklund Faro Grieve Holt Imber".split()
SUBJECTS = "bridge ferry harbour school budget clinic library tunnel festival mill".split()
CUES = "said warned told reporters added claimed insisted announced".split()
ENDS = ("would open in May", "had cost too much", "was late again", "needs a second look", "will be closed by winter")


def lengths(reader: Reader, texts: Sequence[str], *, count: int) -> dict[int, float]:
    """Median CPU seconds of a report of each length in kilobytes, cut from the texts one after the other; rounds take turns.

    Texts of less than REPEATED kilobytes are read again.
    """
    once = "".join(f"{text}\n\n" for text in texts)
    whole = (once * (REPEATED * 1000 // len(once) + 1))[: REPEATED * 1000]
    spent: dict[int, list[float]] = {length: [] for length in LENGTHS}
    for _ in range(count):
        for length in LENGTHS:
            reports = [whole[start : start + length * 1000] for start in range(0, REPEATED * 1000, length * 1000)]
            started = time.process_time()
            for report in reports:
                reader(report)
            spent[length].append((time.process_time() - started) / len(reports))
    return {length: median(seconds) for length, seconds in spent.items()}


def invented(number: int) -> str:
    """A short report of a number, the same for the same number."""
    chance = random.Random(number)
    lines = (
        f"{chance.choice(NAMES)} {chance.choice(CUES[:2])} on {chance.choice(('Monday', 'Friday'))} that the {chance.choice(SUBJECTS)}"
        f" {chance.choice(ENDS)}. “The {chance.choice(SUBJECTS)} {chance.choice(ENDS)},” {chance.choice(NAMES)} {chance.choice(CUES)}."
        for _ in range(2)
    )
    return f"Report {number}\n\n" + "\n\n".join(lines)


def numbers(reader: Reader, most: int) -> dict[int, float]:
    """CPU seconds a report after 10, 100, 1,000 … invented short reports, read in one go by one process, up to `most` of them.

    The cost after so many is that of the last nine tenths of them, which shows whether anything piles up.
    """
    reader(invented(0))
    found: dict[int, float] = {}
    done, mark = 0, 10
    while mark <= most:
        started = time.process_time()
        for number in range(done, mark):
            reader(invented(number))
        found[mark] = (time.process_time() - started) / (mark - done)
        done, mark = mark, mark * 10
    return found
