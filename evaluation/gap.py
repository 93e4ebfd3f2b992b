"""Who "he" and "she" are, on GAP (Webster et al. 2018, "Mind the GAP"): snippets of encyclopaedia pages, one pronoun and two names each.

The measures are those of the paper: F1 over the pairs of the pronoun and a name, for masculine and feminine pronouns, and the ratio of the
two (bias). quoth resolves the pronoun as it does the source of a statement: the model's antecedents and the rules of `speakers/`; a name is
found if it is one of those the person meant has in the text.
"""

from collections import Counter
from collections.abc import Iterable

from evaluation.sets import Report
from quoth.names import Named
from quoth.speakers.pronouns import gender_of, person_meant
from quoth.speakers.scene import Resolution, scene_of
from quoth.tagger import Tagger, load
from quoth.types import Attribution, Span


def measure_gap(reports: Iterable[Report]) -> dict[str, float]:
    """Precision, recall and F1 over all snippets, F1 by gender, and bias: feminine by masculine F1."""
    counted = {"he": Counter[str](), "she": Counter[str]()}
    for report in reports:
        gender = gender_of(report["pronoun_text"].lower())
        assert gender is not None
        resolution = meant(report, load())
        for name in ("a", "b"):
            found, right = resolution is not None and is_named(resolution.owners[0], report[name]), bool(report[f"{name}_coref"])
            counted[gender]["found"] += found
            counted[gender]["right"] += right
            counted[gender]["both"] += found and right
    by_gender = {gender: f1(counts) for gender, counts in counted.items()}
    every = counted["he"] + counted["she"]
    return {
        "gap.P": every["both"] / max(1, every["found"]),
        "gap.R": every["both"] / max(1, every["right"]),
        "gap.F1": f1(every),
        "gap.masculine.F1": by_gender["he"],
        "gap.feminine.F1": by_gender["she"],
        "gap.bias": by_gender["she"] / by_gender["he"] if by_gender["he"] else 0.0,
    }


def f1(counts: Counter[str]) -> float:
    """Twice what was found rightly by all that was found and all that is right.

    >>> f1(Counter(found=2, right=2, both=1))
    0.5
    """
    return 2 * counts["both"] / max(1, counts["found"] + counts["right"])


def meant(report: Report, model: Tagger) -> Resolution | None:
    """Whom the pronoun of a snippet means, by a model's antecedents and the rules."""
    text, pronoun = report["text"], Span(start=report["pronoun"][0], end=report["pronoun"][1])
    asked = Attribution(
        content=(pronoun,), cue=None, source=pronoun, kind="indirect", confidence=1.0, source_confidence=1.0,
        antecedents=model.antecedents(text, pronoun),
    )  # fmt: skip
    gender = gender_of(report["pronoun_text"].lower())
    assert gender is not None
    return person_meant(scene_of(text, []), pronoun.start, gender, asked)


def is_named(person: Named, place: list[int]) -> bool:
    """Whether a name at a place is one of a person's."""
    return any(mention.span.start < place[1] and place[0] < mention.span.end for mention in person.mentions)
