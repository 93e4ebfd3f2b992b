"""How fast variants are found, and in how much memory: `python -m bench.variants [--statements N …]`.

Statements are made of words in the frequencies of a real corpus (PolNeAR dev, or the examples where it is absent), 5,000 a day, by 2,000
speakers; one in five repeats an earlier one of the last days, whole, cut or with a word changed. Each size has a process of its own.
"""

import argparse
import datetime
import multiprocessing
import random
import resource
import time
from collections import Counter
from collections.abc import Iterator

from bench.__main__ import read_texts
from quoth.variants import Passage, pairs

A_DAY = 5_000
SPEAKERS = 2_000
REPEATED = 0.2
REMEMBERED = 20_000
FIRST = datetime.date(2024, 1, 1)


def passages(count: int) -> Iterator[Passage]:
    """So many statements, by the day, the same in every run."""
    chance = random.Random(1)
    counted = Counter(word for text in read_texts()[1] for word in text.split())
    words, weights = list(counted), list(counted.values())
    earlier: list[Passage] = []
    for number in range(count):
        day = FIRST + datetime.timedelta(days=number // A_DAY)
        if earlier and chance.random() < REPEATED:
            before = chance.choice(earlier)
            said, speaker = _changed(before.words.split(), chance, words), before.speaker
        else:
            said, speaker = chance.choices(words, weights, k=chance.randint(8, 40)), f"Ama Speaker{chance.randrange(SPEAKERS)}"
        passage = Passage(id=str(number), report=str(number // 5), words=" ".join(said), published=day, speaker=speaker)
        if len(earlier) < REMEMBERED:
            earlier.append(passage)
        else:
            earlier[chance.randrange(REMEMBERED)] = passage
        yield passage


def _changed(words: list[str], chance: random.Random, vocabulary: list[str]) -> list[str]:
    match chance.randrange(3):
        case 0:
            return words
        case 1:
            return words[: max(5, len(words) // 2)]
        case _:
            place = chance.randrange(len(words))
            return [*words[:place], chance.choice(vocabulary), *words[place + 1 :]]


def measure(count: int) -> tuple[float, float, int, int]:
    """CPU seconds to make the statements, and to find the pairs besides; pairs; peak memory in MB."""
    started = time.process_time()
    for _ in passages(count):
        pass
    made = time.process_time() - started
    found = sum(1 for _ in pairs(passages(count)))
    spent = time.process_time() - started - 2 * made
    return made, spent, found, resource.getrusage(resource.RUSAGE_SELF).ru_maxrss // 1024


def main() -> None:
    """Prints a row for each size."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--statements", type=int, nargs="+", default=[50_000, 100_000, 200_000])
    options = parser.parse_args()
    print("| statements | pairs | CPU seconds | statements a second | peak MB |\n|---:|---:|---:|---:|---:|")
    for count in options.statements:
        with multiprocessing.get_context("spawn").Pool(1) as pool:
            _, spent, found, peak = pool.apply(measure, (count,))
        print(f"| {count:,} | {found:,} | {spent:.1f} | {count / spent:,.0f} | {peak:,} |", flush=True)


if __name__ == "__main__":
    main()
