"""Training, from corpus to windows; the network and its export where torch is installed."""

import random

import numpy as np
import pytest

from quoth.encoding import load_tokenizer
from quoth.tagger import MODEL
from quoth.tagging import PAIR_TAGS, runs
from training.data import cue_weights, cut, prepare, vary

TEXT = '"It rains," Ada Osei said. "It pours."\n\nBo Lind said it was over.'
REPORT = {
    "text": TEXT,
    "attributions": [
        {"content": [[0, 11], [27, 38]], "cue": [[21, 25]], "source": [[12, 20]]},
        {"content": [[53, 64]], "cue": [[48, 52]], "source": [[40, 47]]},
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
    assert np.abs(exact[1] - scores).max() < 1e-4
    assert exact[3].shape == (len(words), len(words), len(PAIR_TAGS))
    assert np.abs(exact[3] - whole[3]).max() < 0.3
