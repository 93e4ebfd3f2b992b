"""Training, from corpus to windows; the network and its export where torch is installed."""

import random

import numpy as np
import pytest

from quoth.encoding import load_tokenizer
from quoth.tagger import MODEL
from quoth.tagging import ACTS, PAIR_TAGS, distance_buckets, runs
from training.acts import UNKNOWN, silver_act
from training.calibrate import Verdict, fit
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
            assert runs(row, "content")
            assert runs(row, "source")


def test_varied_texts_keep_their_places() -> None:
    seen = set()
    for seed in range(200):
        varied = vary(TEXT, random.Random(seed))
        assert len(varied) == len(TEXT)
        seen.add(varied)
    assert len(seen) >= 5


def test_the_exported_graph_computes_what_the_network_does() -> None:
    torch = pytest.importorskip("torch", reason="needs the extra train")
    pytest.importorskip("onnx", reason="needs the extra train")
    import onnxruntime

    from training.export import build
    from training.network import Network, Shape

    torch.manual_seed(3)
    network = Network(Shape(layers=2, vocabulary=500), dropout=0.0).eval()
    ids, words = np.arange(2, 62), np.arange(1, 58, 2)
    zeros, lines = np.zeros(60, dtype=np.int64), np.arange(len(words)) // 5
    places = {"ids": ids, "shapes": zeros, "layouts": zeros, "words": words, "paragraphs": lines, "threshold": np.array(-9, np.float32)}
    exact, whole = (
        onnxruntime.InferenceSession(build(network, quantised=quantised).SerializeToString()).run(None, places)
        for quantised in (False, True)
    )
    with torch.no_grad():
        hidden = network.encode(*(torch.from_numpy(places[name])[None] for name in ("ids", "shapes", "layouts")))[0][
            torch.from_numpy(words)
        ]
        scores = network.anchor(hidden)[:, 0].numpy()
        distances = torch.from_numpy(distance_buckets(np.arange(len(words)), np.arange(len(words))))
        keys = network.pointer.of_word(hidden).expand(len(words), -1, -1)
        pointers = network.pointer(hidden, keys, distances).numpy()
        acts = network.act(hidden).numpy()
    anchor_scores, _, tags, told, pointed = exact
    assert np.abs(anchor_scores - scores).max() < 1e-4
    assert np.abs(told - acts).max() < 1e-4
    assert np.abs(pointed - pointers).max() < 1e-3
    assert tags.shape == (len(words), len(words), len(PAIR_TAGS))
    assert np.abs(tags - whole[2]).max() < 0.3


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
