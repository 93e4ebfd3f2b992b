"""Statements within statements, made by rule: a sentence that holds an attribution is put into the mouth of another source.

PolNeAR marks every word for one attribution at most, so that claims relayed from others are hardly ever seen in training. Here a whole
sentence becomes what somebody else of the same report says, and both attributions are marked.
"""

import random
from collections.abc import Iterator
from typing import Any

from quoth.sentences import sentences
from quoth.tagging import ROLES
from training.data import Report

CUES = (
    "said", "said", "said that", "says", "said on Monday that", "told reporters", "told reporters that", "added that", "reported",
    "reported that", "claimed", "claimed that", "announced that", "confirmed that", "wrote that", "recalled that", "explained that",
    "noted that", "also said", "acknowledged that", "alleged that", "insisted",
)  # fmt: skip
FIRST = {
    "The",
    "A",
    "An",
    "In",
    "On",
    "At",
    "He",
    "She",
    "They",
    "It",
    "His",
    "Her",
    "Their",
    "But",
    "After",
    "When",
    "While",
    "Some",
    "Many",
}
"""First words of a sentence that lose their capital when the sentence no longer begins with them."""
MOST = 3
"""Sentences of a report that are put into another's mouth."""


def wrapped(report: Report, rng: random.Random) -> Report:
    """The report with up to three of its sentences made the content of a further attribution; the same where none is fit."""
    sources = [spans for attribution in report["attributions"] if len(spans := attribution["source"]) == 1]
    names = sorted({name for ((start, end),) in sources if 3 < len(name := report["text"][start:end]) < 60 and "\n" not in name})
    fit = list(_fit(report))
    if not names or not fit:
        return report
    for start, end in sorted(rng.sample(fit, min(len(fit), MOST)), reverse=True):
        report = _wrap(report, start, end, rng.choice(names), rng)
    return report


def _fit(report: Report) -> Iterator[tuple[int, int]]:
    """The sentences that hold an attribution whole, cut none, and have no quotation marks."""
    text = report["text"]
    extents = [
        (min(start for start, _ in spans), max(end for _, end in spans))
        for attribution in report["attributions"]
        if (spans := [span for role in ROLES for span in attribution[role]])
    ]
    for sentence in sentences(text):
        start, end = sentence.start, sentence.end
        plain = text[start:end]
        if not plain.endswith(".") or not plain[0].isupper() or any(mark in plain for mark in '"“”‘«\n') or len(plain) < 30:
            continue
        meeting = [extent for extent in extents if extent[0] < end and start < extent[1]]
        if meeting and all(start <= low and high <= end for low, high in meeting):
            yield start, end


def _wrap(report: Report, start: int, end: int, name: str, rng: random.Random) -> Report:
    """One sentence said by somebody: with the cue before it, behind it, or as "according to"."""
    text = report["text"]
    sentence = text[start : end - 1]
    inner = sentence[0].lower() + sentence[1:] if sentence.split(" ")[0] in FIRST else sentence
    dice = rng.random()
    if dice < 0.65:
        cue = rng.choice(CUES)
        source = name[0].upper() + name[1:]
        before, after = f"{source} {cue} ", "."
        places = {
            "source": (start, start + len(source)),
            "cue": (start + len(source) + 1, start + len(source) + 1 + len(cue.removesuffix(" that"))),
        }
    elif dice < 0.8:
        before, after = f"According to {name}, ", "."
        places = {"cue": (start, start + 12), "source": (start + 13, start + 13 + len(name))}
    else:
        before, after, inner = "", f", {name} said.", sentence
        edge = start + len(sentence) + 2
        places = {"source": (edge, edge + len(name)), "cue": (edge + len(name) + 1, edge + len(name) + 5)}
    low = start + len(before)
    outer: dict[str, Any] = {role: [list(span)] for role, span in places.items()}
    outer |= {"content": [[low, low + len(inner)]], "kind": "indirect"}
    grown = len(before) + len(after) - 1

    def moved(place: int, *, closing: bool) -> int:
        if place > end - 1 or (place == end - 1 and not closing):
            return place + grown
        return place + (len(before) if place > start or (not closing and place == start) else 0)

    def shifted(spans: list[list[int]]) -> list[list[int]]:
        return [[moved(low, closing=False), moved(high, closing=True)] for low, high in spans]

    kept = [attribution | {role: shifted(attribution[role]) for role in ROLES} for attribution in report["attributions"]]
    return report | {"text": text[:start] + before + inner + after + text[end:], "attributions": [*kept, outer]}
