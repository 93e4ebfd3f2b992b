"""The shipped model: loads fast and alone, gives the same for the same text, and reads each report by itself."""

import json
from pathlib import Path

import pytest

from quoth.errors import ModelError
from quoth.tagger import MODEL, Tagger, load
from quoth.types import Span

TEXT = '"We leave at dawn," Ada Osei said. Bo Lind said the boat was not ready.'


@pytest.fixture(scope="module")
def tagger() -> Tagger:
    return load()


def test_each_cue_gives_its_own_content_and_source(tagger: Tagger) -> None:
    first, second = [candidate for candidate in tagger(TEXT) if candidate.score > 0.5]
    assert [piece.slice(TEXT) for piece in first.content] == ['"We leave at dawn,"']
    assert first.source is not None
    assert first.source.slice(TEXT) == "Ada Osei"
    assert second.source is not None
    assert second.source.slice(TEXT) == "Bo Lind"


def test_the_same_text_gives_the_same(tagger: Tagger) -> None:
    assert tagger(TEXT) == tagger(TEXT) == Tagger(threads=1)(TEXT)


def test_what_was_read_before_changes_nothing(tagger: Tagger) -> None:
    alone = tagger(TEXT)
    tagger("Cy Vane shouted: “Rain!” " * 200)
    assert tagger(TEXT) == alone


def test_several_texts_are_read_as_each_by_itself(tagger: Tagger) -> None:
    texts = [TEXT, "", "Rain fell.", "Cy Vane shouted: “Rain!” " * 40, TEXT]
    assert [tuple(found) for found in tagger.read(texts)] == [tagger(text) for text in texts]


def test_no_words_no_candidates(tagger: Tagger) -> None:
    assert tagger("") == tagger(" \n\t ") == ()


def test_a_paragraph_longer_than_a_window_is_read_whole(tagger: Tagger) -> None:
    text = " ".join(f"Boat {number} left the quay. Ada Osei said boat {number} was late." for number in range(150))
    found = [candidate for candidate in tagger(text) if candidate.score > 0.5]
    assert len(found) >= 145
    assert len({candidate.anchor.start for candidate in found}) == len(found)


def test_the_card_names_the_file(tagger: Tagger) -> None:
    assert tagger.sha256 in (MODEL / "README.md").read_text(encoding="utf-8")
    assert (MODEL / "model.onnx").stat().st_size < 40_000_000


def test_missing_and_damaged_files_are_one_error(tmp_path: Path) -> None:
    with pytest.raises(ModelError, match=str(tmp_path)):
        Tagger(tmp_path)
    (tmp_path / "model.onnx").write_bytes(b"no graph")
    (tmp_path / "tokenizer.json").write_bytes((MODEL / "tokenizer.json").read_bytes())
    (tmp_path / "settings.json").write_text(json.dumps({"name": "x", "threshold": 0.1, "outside": 0.0, "quoted": 0.0}), encoding="utf-8")
    with pytest.raises(ModelError):
        Tagger(tmp_path)


def test_a_cue_tells_of_speech_or_of_no_statement(tagger: Tagger) -> None:
    text = "Ada Osei said the boat was late. The council supports the plan."
    acts = {candidate.anchor.slice(text): candidate.acts for candidate in tagger(text) if candidate.score > 0.3}
    assert acts["said"].index(max(acts["said"])) == 0
    assert all(sum(shares) == pytest.approx(1, abs=1e-4) for shares in acts.values())
    if "supports" in acts:
        assert acts["supports"].index(max(acts["supports"])) == 3


def test_a_pronoun_points_to_a_name(tagger: Tagger) -> None:
    text = "Ada Osei met the press on the quay. She said the boat was late."
    place = text.index("She")
    first, *_ = tagger.antecedents(text, Span(start=place, end=place + 3))
    assert first.word.slice(text) in ("Ada", "Osei")
    assert 0 < first.probability <= 1
    [candidate] = [candidate for candidate in tagger(text) if candidate.score > 0.5]
    assert candidate.antecedents[0] == first
    assert tagger.antecedents("", Span(start=0, end=1)) == ()


def test_a_gpu_is_refused_in_one_line_where_there_is_none(monkeypatch: pytest.MonkeyPatch) -> None:
    import onnxruntime

    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CPUExecutionProvider"])
    with pytest.raises(ModelError, match="no GPU can be used"):
        load(device="cuda")
    monkeypatch.setattr(onnxruntime, "get_available_providers", lambda: ["CUDAExecutionProvider", "CPUExecutionProvider"])
    with pytest.raises(ModelError, match="int8, for CPUs"):
        load(device="cuda")


def test_a_gpu_computes_what_the_cpu_does(tmp_path: Path) -> None:
    import onnxruntime

    if "CUDAExecutionProvider" not in onnxruntime.get_available_providers():
        pytest.skip("needs a GPU and onnxruntime-gpu")
    torch = pytest.importorskip("torch", reason="needs the extra train")
    onnx = pytest.importorskip("onnx", reason="needs the extra train")
    from training.export import build
    from training.network import Network, Shape

    torch.manual_seed(3)
    onnx.save(build(Network(Shape(layers=2), dropout=0.0).eval(), quantised=False), tmp_path / "model.onnx")
    for name in ("tokenizer.json", "settings.json", "calibration.json"):
        (tmp_path / name).write_bytes((MODEL / name).read_bytes())
    text = "Ada Osei said the boat was late. The council supports the plan."
    here, there = (Tagger(tmp_path, device=device)(text) for device in ("cpu", "cuda"))
    assert [candidate.anchor for candidate in here] == [candidate.anchor for candidate in there]
    assert [candidate.score for candidate in here] == pytest.approx([candidate.score for candidate in there], abs=1e-3)
