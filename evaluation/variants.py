"""How well variants are found: contents of PolNeAR dev, changed in six ways, among distractors; `python -m evaluation.variants`.

A change is made by a generator seeded with the content, so every run has the same. Recall is the share of changed contents that are paired
with the content they were made from. Precision is the share of the changed contents' pairs that are with the one they were made from.
Contents that have six words in a row in common by themselves (a phrase repeated, a report of the same speech) are neither right nor wrong:
pairs between them are left out.
"""

import argparse
import datetime
import random
import re
import time
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, replace

from evaluation.sets import SHARED, Report, read_reports
from quoth.variants import Pair, Passage, pairs
from quoth.variants.tokens import tokens

CORPORA = SHARED / "corpora"
LEAST_WORDS = 8
REPEATED = 6
"""Words in a row by which two contents are repetitions of each other on their own."""
Change = Callable[[list[str], random.Random, Sequence[str]], list[str]]


def punctuation(words: list[str], chance: random.Random, _: Sequence[str]) -> list[str]:
    """Marks are dropped, put in and turned; capitals change."""
    marked = [re.sub(r"[,.;:“”\"]", "", word) or word for word in words]
    marked = [word + chance.choice(["", "", "", ",", " –", ";"]) for word in marked]
    marked = [word.replace("'", "’") for word in marked]
    return [marked[0].capitalize(), *marked[1:-1], marked[-1] + "."]


def substitution(words: list[str], chance: random.Random, vocabulary: Sequence[str]) -> list[str]:
    """12 % of the words, at least one, are other words of the corpus."""
    places = set(chance.sample(range(len(words)), max(1, round(0.12 * len(words)))))
    return [chance.choice(vocabulary) if place in places else word for place, word in enumerate(words)]


def cut(words: list[str], chance: random.Random, _: Sequence[str]) -> list[str]:
    """60 % is cut off; the beginning or the end stays, five words at least."""
    kept = max(5, round(0.4 * len(words)))
    return words[:kept] if chance.random() < 0.5 else words[-kept:]


def fragment(words: list[str], chance: random.Random, _: Sequence[str]) -> list[str]:
    """30 % from anywhere, five words at least."""
    kept = max(5, round(0.3 * len(words)))
    start = chance.randrange(len(words) - kept + 1)
    return words[start : start + kept]


def bracket(words: list[str], chance: random.Random, _: Sequence[str]) -> list[str]:
    """An editor explains a word, or puts another one in its place."""
    place = chance.randrange(1, len(words) - 1)
    kept = place if chance.random() < 0.5 else place + 1
    return [*words[:place], chance.choice(["[the minister]", "[his party]", "[of the bank]"]), *words[kept:]]


def ellipsis(words: list[str], chance: random.Random, _: Sequence[str]) -> list[str]:
    """A quarter is left out of the middle."""
    left_out = max(1, len(words) // 4)
    start = chance.randrange(2, max(3, len(words) - left_out - 2))
    return [*words[:start], chance.choice(["…", "...", "[…]", ". . ."]), *words[start + left_out :]]


CHANGES: tuple[Change, ...] = (punctuation, substitution, cut, fragment, bracket, ellipsis)


@dataclass(frozen=True, slots=True, kw_only=True)
class Score:
    """What one change came to: contents, those found again, and pairs right and wrong."""

    name: str
    contents: int
    found: int
    right: int
    wrong: tuple[Pair, ...]

    @property
    def recall(self) -> float:
        """Share of contents found again."""
        return self.found / self.contents

    @property
    def precision(self) -> float:
        """Share of pairs that are right."""
        return self.right / max(self.right + len(self.wrong), 1)


def contents(reports: Sequence[Report]) -> Iterator[Passage]:
    """Every content of at least eight words, one a wording, with its source as the speaker's name."""
    seen: set[str] = set()
    for report in reports:
        published = datetime.date.fromisoformat(report["published"])
        for number, attribution in enumerate(report["attributions"]):
            words = " […] ".join(report["text"][start:end] for start, end in attribution["content"])
            source = " ".join(report["text"][start:end] for start, end in attribution["source"])
            wording = " ".join(token.word for token in tokens(words))
            if len(words.split()) >= LEAST_WORDS and wording not in seen:
                seen.add(wording)
                yield Passage(id=f"{report['id']}#{number}", report=report["id"], words=words, published=published, speaker=source or None)


def score(change: Change, originals: Sequence[Passage], distractors: Sequence[Passage], *, resolved: bool) -> Score:
    """The pairs among originals, their changed forms and distractors, judged."""
    vocabulary = sorted({word for passage in originals for word in passage.words.split()})
    changed = [
        replace(
            passage,
            id=f"{passage.id}/changed",
            report=f"{passage.report}/changed",
            words=" ".join(
                change(passage.words.replace(" […] ", " ").split(), random.Random(f"{change.__name__} {passage.words}"), vocabulary)
            ),
        )
        for passage in originals
    ]
    everything = [passage if resolved else replace(passage, speaker=None) for passage in (*originals, *changed, *distractors)]
    everything.sort(key=lambda passage: passage.published or datetime.date.min)
    paired = [pair for pair in pairs(everything) if pair.kind != "paraphrase" and not pair.conflict]
    found = {pair.left.removesuffix("/changed") for pair in paired if _origin(pair.left) == _origin(pair.right)}
    repeated = _repeated((*originals, *distractors))
    wrong = [pair for pair in paired if _origin(pair.left) != _origin(pair.right) and "/changed" in pair.left + pair.right]
    wrong = [pair for pair in wrong if frozenset((_origin(pair.left), _origin(pair.right))) not in repeated]
    return Score(name=change.__name__, contents=len(originals), found=len(found), right=len(found), wrong=tuple(wrong))


def _origin(id: str) -> str:
    return id.removesuffix("/changed")


def _repeated(passages: Sequence[Passage]) -> set[frozenset[str]]:
    """Pairs of passages that share six words in a row as they are, by a plain table of all such runs."""
    having: dict[tuple[str, ...], list[str]] = {}
    for passage in passages:
        words = [token.word for token in tokens(passage.words)]
        for run in {tuple(words[start : start + REPEATED]) for start in range(len(words) - REPEATED + 1)}:
            having.setdefault(run, []).append(passage.id)
    return {frozenset((one, other)) for ids in having.values() if len(ids) < 200 for one in ids for other in ids if one != other}


def main() -> None:
    """Prints a table for speakers that are resolved, and one for speakers that are not."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--wrong", action="store_true", help="print the wrong pairs, to be read by eye; never to be committed")
    parser.add_argument(
        "--one-day", action="store_true", help="put all reports on one day, as if they came in at once: harder than they are"
    )
    options = parser.parse_args()
    originals = tuple(contents(read_reports(CORPORA / "polnear-dev.jsonl.gz")))
    distractors = tuple(contents(read_reports(CORPORA / "polnear-train.jsonl.gz")))
    if options.one_day:
        day = datetime.date(2016, 9, 1)
        originals, distractors = (tuple(replace(one, published=day) for one in passages) for passages in (originals, distractors))
    words = {passage.id: passage.words for passage in (*originals, *distractors)}
    days = "all on one day" if options.one_day else "each on its day"
    print(f"{len(originals)} contents of PolNeAR dev, {len(distractors)} of PolNeAR train as distractors, {days}")
    for resolved in (True, False):
        print(f"\nspeakers {'as the sources name them' if resolved else 'all unresolved'}")
        print("| change | recall | precision | wrong pairs | seconds |\n|---|---:|---:|---:|---:|")
        for change in CHANGES:
            started = time.process_time()
            result = score(change, originals, distractors, resolved=resolved)
            spent = time.process_time() - started
            print(f"| {result.name} | {result.recall:.3f} | {result.precision:.3f} | {len(result.wrong)} | {spent:.1f} |")
            if options.wrong:
                for pair in result.wrong:
                    print(f"    {pair.kind} {pair.score}: {words[_origin(pair.left)]!r} / {words[_origin(pair.right)]!r}")


if __name__ == "__main__":
    main()
