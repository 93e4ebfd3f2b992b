"""The network, its losses and teachers, and the way out to a model and back; needs torch, and is skipped without it."""

import json
import random
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
import pytest

torch = pytest.importorskip("torch", reason="needs the extra train")
pytest.importorskip("onnx", reason="needs the extra train")

import onnxruntime  # noqa: E402

from quoth.encoding import load_tokenizer  # noqa: E402
from quoth.tagger import MODEL  # noqa: E402
from quoth.tagging import PAIR_TAGS, distance_buckets  # noqa: E402
from training.average import average, read, union  # noqa: E402
from training.data import cue_weights, cut, prepare  # noqa: E402
from training.export import build  # noqa: E402
from training.imported import weights_of  # noqa: E402
from training.losses import attribution_loss, collate, mention_loss  # noqa: E402
from training.mentions import mention_windows  # noqa: E402
from training.network import Network, Shape, relative_buckets  # noqa: E402
from training.teachers import Echo, Teachers, divergence, mean_of, translation  # noqa: E402
from training.train import DEFAULTS, Trainer, read_unlabelled  # noqa: E402

BERT = Shape(layers=2, vocabulary=500)
MPNET = replace(BERT, relative=32, epsilon=1e-5)
SMALL = Shape(layers=1, width=48, inner=64, pair_width=16, pointer_width=16)
TEXT = '"It rains," Ada Osei said. "It pours."\n\nBo Lind said it was over.'
REPORT: dict[str, Any] = {
    "corpus": "own",
    "text": TEXT,
    "attributions": [
        {"content": [[0, 11], [27, 38]], "cue": [[21, 25]], "source": [[12, 20]], "kind": "direct"},
        {"content": [[53, 64]], "cue": [[48, 52]], "source": [[40, 47]], "kind": "indirect"},
    ],
}
MENTIONS = {"text": TEXT, "mentions": [{"span": [12, 20], "entity": "a", "head": None}, {"span": [40, 47], "entity": "b", "head": None}]}


def inputs(words: int = 29) -> dict[str, Any]:
    zeros, places = np.zeros(60, dtype=np.int64), np.arange(1, 58, 2)[:words]
    return {
        "ids": np.arange(2, 62), "shapes": zeros, "layouts": zeros, "words": places, "paragraphs": np.arange(len(places)) // 5,
        "threshold": np.array(-9, np.float32),
    }  # fmt: skip


def session(network: Network, *, quantised: bool) -> Any:
    return onnxruntime.InferenceSession(build(network, quantised=quantised).SerializeToString())


@pytest.fixture(scope="module", params=[BERT, MPNET], ids=["bert", "mpnet"])
def network(request: pytest.FixtureRequest) -> Network:
    torch.manual_seed(3)
    return Network(request.param, dropout=0.0).eval()


def test_the_exported_graph_computes_what_the_network_does(network: Network) -> None:
    places = inputs()
    exact, whole = (session(network, quantised=quantised).run(None, places) for quantised in (False, True))
    words = torch.from_numpy(places["words"])
    with torch.no_grad():
        hidden = network.encode(*(torch.from_numpy(places[name])[None] for name in ("ids", "shapes", "layouts")))[0][words]
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


def test_a_window_is_read_alike_whatever_was_read_before_it(network: Network) -> None:
    run = session(network, quantised=True).run
    alone = run(None, inputs())
    other = inputs(words=7) | {"ids": np.full(60, 499)}
    run(None, other)
    assert all(np.array_equal(left, right) for left, right in zip(alone, run(None, inputs()), strict=True))


def test_an_exported_model_comes_back_as_the_network_it_was(network: Network) -> None:
    from onnx import numpy_helper

    places = inputs()
    first = build(network, quantised=True)
    state = weights_of({one.name: numpy_helper.to_array(one) for one in first.graph.initializer}, set(network.state_dict()))
    back = Network(network.shape, dropout=0.0).eval()
    told = back.load_state_dict({name: torch.from_numpy(np.array(value, np.float32)) for name, value in state.items()}, strict=False)
    assert {name.split(".")[0] for name in told.missing_keys} == {"encoder", "roles"}
    torch.nn.init.zeros_(back.encoder.domains.weight)
    before, after = (session(one, quantised=True).run(None, places)[2] for one in (network, back))
    assert np.abs(before - after).max() < 0.02


def test_relative_places_fall_into_the_buckets_of_the_paper() -> None:
    apart = torch.tensor([0, -1, -7, -8, -16, -127, -1000, 1, 8, 1000])
    assert relative_buckets(apart, 32).tolist() == [0, 1, 7, 8, 10, 15, 15, 17, 24, 31]


def windows_of(report: dict[str, Any]) -> list[Any]:
    return cut(prepare(report, load_tokenizer(MODEL / "tokenizer.json"), cue_weights([REPORT])), 320, random.Random(1))


def test_teachers_are_followed_where_nothing_is_marked(tmp_path: Path) -> None:
    torch.manual_seed(1)
    encoder = tmp_path / "encoder"
    encoder.mkdir()
    (encoder / "tokenizer.json").write_bytes((MODEL / "tokenizer.json").read_bytes())
    teacher, student = Network(SMALL).eval(), Network(SMALL, dropout=0.0)
    with torch.no_grad():
        teacher.anchor[2].bias += 5
    state = {name: value for name, value in teacher.state_dict().items() if not name.startswith("act.")}
    shape = {name: getattr(SMALL, name) for name in ("layers", "width", "inner", "pair_width", "pointer_width")}
    torch.save({"network": state, "shape": shape, "config": {"encoder": str(encoder), "begin": None}}, tmp_path / "checkpoint.pt")
    teachers = Teachers([tmp_path], load_tokenizer(MODEL / "tokenizer.json"), torch.device("cpu"))
    assert teachers.networks[0].heads == {"anchor", "roles", "pair", "pointer"}
    bare = windows_of(REPORT | {"attributions": [], "complete": False})
    named = mention_windows(MENTIONS, load_tokenizer(MODEL / "tokenizer.json"), 320, random.Random(1))
    config, losses, echoes = DEFAULTS | {"soft": 1.0, "echo": 0.25}, [], []
    optimizer = torch.optim.Adam(student.parameters(), lr=3e-3)
    seen, pointed = teachers.read(collate(bare, student.device)), teachers.read(collate(named, student.device))
    echo = Echo(student.shape.width, teachers)
    optimizer.add_param_group({"params": echo.parameters()})
    for _ in range(8):
        loss, parts = attribution_loss(student, bare, config, seen, echo)
        pointing, told = mention_loss(student, named, config, pointed)
        assert [parts[name] for name in ("anchor", "pair", "role", "soft act")] == pytest.approx([0, 0, 0, 0], abs=1e-6)
        losses.append(parts["soft anchor"] + parts["soft pair"] + told["soft mention"])
        echoes.append(parts["soft echo"])
        optimizer.zero_grad()
        (loss + pointing).backward()
        optimizer.step()
    assert losses[-1] < losses[0] / 2
    assert echoes[-1] < echoes[0] * 0.7


def test_teachers_read_a_batch_once_for_all_its_passes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.train.load_encoder", lambda network, folder: None)
    teacher = tiny_run(tmp_path, epochs=1)
    Trainer(teacher, tmp_path).train()
    config = teacher | {"teachers": [str(tmp_path)], "epochs": 4, "passes": 2, "seed": 3}
    student = Trainer(config, tmp_path / "student")
    (tmp_path / "student").mkdir()
    read, asked = student.teachers.read, []
    monkeypatch.setattr(student.teachers, "read", lambda batch: asked.append(batch["ids"]) or read(batch))
    student.train()
    assert len(asked) == 2 * len(student.batches(0))
    shapes = [[len(one) for one in student.batches(epoch)] for epoch in range(4)]
    assert shapes[0] == shapes[1] and shapes[2] == shapes[3]
    assert sorted(student.order(1, 9)) == student.order(0, 9) == list(range(9)) != student.order(1, 9)


def test_a_teacher_that_is_followed_to_the_letter_costs_nothing() -> None:
    logits = torch.randn(4, 5)
    assert divergence(logits, mean_of([logits, logits], 2.0), 2.0).item() == pytest.approx(0, abs=1e-5)


class Vocabulary:
    """As much of a tokenizer as its pieces."""

    def __init__(self, *pieces: str, frame: tuple[str, str]) -> None:
        self.pieces = {piece: number for number, piece in enumerate(pieces)}
        self.ids = [self.pieces[piece] for piece in frame]

    def get_vocab(self) -> dict[str, int]:
        return self.pieces

    def encode(self, text: str) -> "Vocabulary":
        return self


def test_pieces_are_told_in_the_numbers_of_the_teacher() -> None:
    mine = Vocabulary("[CLS]", "[SEP]", "rain", "##s", frame=("[CLS]", "[SEP]"))
    theirs = Vocabulary("<s>", "<pad>", "</s>", "##s", "rain", frame=("<s>", "</s>"))
    assert translation(mine, theirs).tolist() == [0, 2, 4, 3]
    with pytest.raises(ValueError, match="'rain'"):
        translation(mine, Vocabulary("<s>", "</s>", "##s", frame=("<s>", "</s>")))


def tiny_run(folder: Path, **changed: Any) -> dict[str, Any]:
    """A configuration of seconds: an encoder of random weights, and five reports."""
    torch.manual_seed(0)
    folder.mkdir(exist_ok=True)
    (folder / "tokenizer.json").write_bytes((MODEL / "tokenizer.json").read_bytes())
    told = {"vocab_size": 30522, "num_hidden_layers": 1, "hidden_size": 48, "intermediate_size": 64, "num_attention_heads": 12}
    told |= {"model_type": "bert", "max_position_embeddings": 512, "pad_token_id": 0, "layer_norm_eps": 1e-12}
    (folder / "config.json").write_text(json.dumps(told), "utf-8")
    (folder / "train.jsonl").write_text(5 * (json.dumps(REPORT) + "\n"), "utf-8")
    return DEFAULTS | {"encoder": str(folder), "corpora": str(folder), "train": ["train.jsonl"], "batch": 1, **changed}


class StoppedError(Exception):
    """What a power cut is to a run."""


@pytest.mark.parametrize("length", [{"steps": 5, "epochs": 9}, {"epochs": 1}], ids=["steps", "epochs"])
def test_a_run_goes_on_from_its_checkpoint_to_its_last_step(
    length: dict[str, int], tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("training.train.load_encoder", lambda network, folder: None)
    config = tiny_run(tmp_path, **length, saved=3)
    steps = iter((False, False, False, True, False, False))
    train_step = Trainer.train_step

    def step(trainer: Trainer, batch: list[Any], share: float, seen: Any) -> dict[str, float]:
        if next(steps):
            raise StoppedError
        return train_step(trainer, batch, share, seen)

    monkeypatch.setattr(Trainer, "train_step", step)
    with pytest.raises(StoppedError):
        Trainer(config, tmp_path).train()
    for expected in (3, 5):
        trainer = Trainer(config, tmp_path)
        trainer.resume()
        assert trainer.taken == expected
        trainer.train()
        assert trainer.taken == 5
    assert next(steps, None) is None


def test_an_unlabelled_report_without_a_text_is_left_out(tmp_path: Path) -> None:
    texts = ["", " \n", "The quay is ready."]
    (tmp_path / "bare.jsonl").write_text("".join(json.dumps({"id": text, "text": text}) + "\n" for text in texts), "utf-8")
    assert [report["text"] for report in read_unlabelled({"corpora": str(tmp_path), "unlabelled": ["bare.jsonl"]})] == texts[2:]


def test_the_mean_of_runs_keeps_what_only_one_has() -> None:
    states = [{"a": torch.tensor([1.0])}, {"a": torch.tensor([3.0]), "b": torch.tensor([5.0])}]
    assert {name: value.item() for name, value in average(states).items()} == {"a": 2.0, "b": 5.0}


def test_an_exported_model_counts_in_a_mean_without_the_head_it_lacks() -> None:
    given = read(MODEL)["network"]
    assert union([read(MODEL)["config"]["train"], ["own.jsonl"]])[-1] == "own.jsonl"
    assert "anchor.0.weight" in given
    assert not [name for name in given if name.startswith("roles.")]


def test_frozen_parts_stay_as_they_are(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("training.train.load_encoder", lambda network, folder: None)
    trainer = Trainer(tiny_run(tmp_path, frozen=["encoder.words"], steps=2), tmp_path)
    before = {name: value.clone() for name, value in trainer.network.state_dict().items()}
    trainer.train()
    after = trainer.network.state_dict()
    assert torch.equal(before["encoder.words.weight"], after["encoder.words.weight"])
    assert not torch.equal(before["encoder.norm.weight"], after["encoder.norm.weight"])
