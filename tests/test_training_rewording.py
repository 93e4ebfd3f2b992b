"""Reports in other words keep their attributions."""

import random
from typing import Any

import pytest

from quoth.tagging import ROLES
from training.rewording import SPOKEN, TOLD, replaced, reworded

TEXT = "“It rains,” Emma Osei said. “It pours.”\n\nJohn Lind said it was over, and Osei agreed with Lind."
REPORT: dict[str, Any] = {
    "corpus": "own",
    "text": TEXT,
    "attributions": [
        {"content": [[0, 11], [28, 39]], "cue": [[22, 26]], "source": [[12, 21]], "kind": "direct"},
        {"content": [[56, 67]], "cue": [[51, 55]], "source": [[41, 50]], "kind": "indirect"},
    ],
}


def words(report: dict[str, Any], number: int, role: str) -> list[str]:
    return [report["text"][start:end] for start, end in report["attributions"][number][role]]


def test_spans_go_along_with_replaced_words() -> None:
    changed = replaced(REPORT, [(12, 21, "Bo"), (22, 26, "shot back"), (41, 50, "A third person")])
    assert words(changed, 0, "content") == ["“It rains,”", "“It pours.”"]
    assert words(changed, 0, "cue") == ["shot back"]
    assert words(changed, 0, "source") == ["Bo"]
    assert words(changed, 1, "source") == ["A third person"]
    assert words(changed, 1, "content") == ["it was over"]


@pytest.mark.parametrize("seed", range(40))
def test_what_is_said_stays_and_a_person_has_one_name(seed: int) -> None:
    changed = reworded(REPORT, random.Random(seed))
    assert words(changed, 0, "content") in (["“It rains,”", "“It pours.”"], ["“It rains.”", "“It pours.”"])
    assert words(changed, 1, "content") == ["it was over"]
    assert words(changed, 0, "cue")[0] in ("said", *SPOKEN)
    assert words(changed, 1, "cue")[0] in ("said", *TOLD)
    for number in (0, 1):
        for role in ROLES:
            assert all(piece and piece == piece.strip() for piece in words(changed, number, role))
    osei, lind = (words(changed, number, "source")[0].split(" ", 1)[1] for number in (0, 1))
    assert changed["text"].endswith(f", and {osei} agreed with {lind}.")


def test_variants_differ() -> None:
    texts = {reworded(REPORT, random.Random(seed))["text"] for seed in range(40)}
    assert len(texts) > 30
    assert any(": “It rains.”" in text for text in texts)
