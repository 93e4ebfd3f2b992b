"""Training, from corpus to windows, and what is written about a model; nothing here needs torch."""

import doctest
import importlib
import json
import random

import pytest

from quoth.encoding import load_tokenizer
from quoth.errors import ArticleError
from quoth.tagger import MODEL
from quoth.tagging import ACTS, PAIR_TAGS, ROLES, runs
from training.acts import UNKNOWN, silver_act
from training.calibrate import Verdict, fit
from training.card import card
from training.corrections import corpus_of
from training.data import cue_weights, cut, prepare, vary
from training.mentions import mention_windows
from training.nesting import wrapped

TEXT = '"It rains," Ada Osei said. "It pours."\n\nBo Lind said it was over.'
REPORT = {
    "corpus": "own",
    "text": TEXT,
    "attributions": [
        {"content": [[0, 11], [27, 38]], "cue": [[21, 25]], "source": [[12, 20]], "kind": "direct"},
        {"content": [[53, 64]], "cue": [[48, 52]], "source": [[40, 47]], "kind": "indirect"},
    ],
}


def test_a_window_has_every_attribution_at_its_anchor() -> None:
    example = prepare(REPORT, load_tokenizer(MODEL / "tokenizer.json"), cue_weights([REPORT]))
    windows = cut(example, 320, random.Random(1))
    assert sum(len(window.anchors) for window in windows) == 2
    for window in windows:
        for row, anchor in zip(window.pair_tags, window.anchors, strict=True):
            assert PAIR_TAGS[row[anchor]] == "S-cue"
            [found] = runs(row[None])
            assert found["content"]
            assert found["source"]


def test_varied_texts_keep_their_places() -> None:
    seen = set()
    for seed in range(200):
        varied = vary(TEXT, random.Random(seed))
        assert len(varied) == len(TEXT)
        seen.add(varied)
    assert len(seen) >= 5


def test_what_nobody_went_through_teaches_only_what_was_confirmed() -> None:
    report = REPORT | {"attributions": REPORT["attributions"][:1], "complete": False}
    [window] = cut(prepare(report, load_tokenizer(MODEL / "tokenizer.json"), cue_weights([REPORT])), 320, random.Random(1))
    assert window.settled.nonzero()[0].tolist() == window.anchors.tolist()
    assert set(window.role_tags[-6:]) == {UNKNOWN}
    assert window.labelled


def reviewed(**changed: object) -> str:
    attributions = [attribution | {"reviewed": number == 0} for number, attribution in enumerate(REPORT["attributions"])]  # type: ignore[operator, arg-type]
    return json.dumps(REPORT | {"id": "r1", "attributions": attributions, "complete": False} | changed)


def test_corrections_become_a_corpus() -> None:
    corpus = corpus_of([reviewed(), "", reviewed(complete=True), reviewed(attributions=[])], share=0.0)
    partly, wholly = corpus.train
    assert [len(report["attributions"]) for report in (partly, wholly)] == [1, 2]
    assert (partly["complete"], wholly["complete"]) == (False, True)
    assert [attribution["kind"] for attribution in wholly["attributions"]] == ["direct", "indirect"]
    assert {role: wholly["attributions"][0][role] for role in ROLES} == {role: REPORT["attributions"][0][role] for role in ROLES}  # type: ignore[index]
    assert corpus.empty == ["line 4: nothing in it was confirmed or corrected"]
    assert corpus_of([reviewed()], share=1.0).train == []
    with pytest.raises(ArticleError, match="line 2"):
        corpus_of([reviewed(), '{"text": 3}'], share=0.2)


def test_marks_by_hand_are_corrections_too() -> None:
    [report] = corpus_of(['{"text": "It rains, she said.", "attributions": [{"content": [[0, 8]], "cue": [[14, 18]]}]}'], share=0.0).train
    assert report["complete"]
    assert report["attributions"] == [{"content": [[0, 8]], "cue": [[14, 18]], "source": [], "kind": "indirect"}]


@pytest.mark.parametrize("name", ["training.corrections", "training.figures", "training.reliability", "training.calibrate"])
def test_doctests(name: str) -> None:
    assert doctest.testmod(importlib.import_module(name)).failed == 0


def test_the_card_is_what_the_files_tell() -> None:
    assert (MODEL / "README.md").read_text("utf-8") == card(MODEL)


@pytest.mark.parametrize(
    ("cue", "kind", "act"),
    [("said", "indirect", "speech"), ("supports", "indirect", "none"), ("hopes", "indirect", "thought"), ("wrote", "indirect", "writing")],
)
def test_silver_acts(cue: str, kind: str, act: str) -> None:
    text = f"Ada Osei {cue} the boat is late."
    end = 9 + len(cue)
    spans = {"content": [[end + 1, len(text) - 1]], "cue": [[9, end]], "source": [[0, 8]], "kind": kind}
    assert ACTS[silver_act(text, spans, cue)] == act
    assert silver_act(text, spans | {"kind": "direct"}, "supports") == UNKNOWN


def test_a_sentence_in_anothers_mouth_keeps_every_span() -> None:
    text = "Ada Osei said it rained all day long. Nobody came. Bo Lind left."
    spans = {"content": [[14, 36]], "cue": [[9, 13]], "source": [[0, 8]], "kind": "indirect"}
    report = {"corpus": "own", "text": text, "attributions": [spans]}
    for seed in range(30):
        nested = wrapped(report, random.Random(seed))
        inner, outer = nested["attributions"]
        for role in ("content", "cue", "source"):
            assert [nested["text"][low:high].lower() for low, high in inner[role]] == [text[low:high].lower() for low, high in spans[role]]
        [[low, high]] = outer["content"]
        assert nested["text"][low:high].lower() == text[:36].lower()


def test_mentions_point_to_each_other_and_to_nothing_else() -> None:
    text = "Ada Osei met Bo Lind. She left him."
    places = {"a": [[0, 8], [22, 25]], "b": [[13, 20], [31, 34]]}
    mentions = [{"span": span, "entity": entity, "head": None} for entity, spans in places.items() for span in spans]
    tokenizer = load_tokenizer(MODEL / "tokenizer.json")
    [window] = mention_windows({"text": text, "mentions": mentions}, tokenizer, 320, random.Random(1))
    pairs = {(query, *right.tolist()) for query, right in zip(window.queries.tolist(), window.right, strict=True)}
    assert pairs == {(1, 6), (6, 1), (4, 8), (8, 4)}
    gap = {"text": text, "pronoun": [22, 25], "a": [0, 8], "b": [13, 20], "a_coref": True, "b_coref": False}
    [window] = mention_windows(gap, tokenizer, 320, random.Random(1))
    assert (window.queries.tolist(), window.right[0].tolist(), window.asked[0].tolist()) == ([6], [1], [1, 4])  # type: ignore[union-attr]


def test_a_fitted_curve_tells_how_often_it_is_right() -> None:
    verdicts = [Verdict(field="content", case="direct", rating=0.9, right=number % 4 != 0, fold=0) for number in range(400)]
    assert fit(verdicts)(0.9) == pytest.approx(0.75, abs=0.01)
    lone = [Verdict(field="content", case="direct", rating=1.0, right=True, fold=0)] * 3
    assert 0.9 < fit(lone)(1.0) <= 1
