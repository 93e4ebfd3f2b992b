"""Text to word pieces and windows, over arbitrary texts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quoth.encoding import GOES_ON, LED_TO, LOOSE, QUOTED, UNCLOSED, Pieces, encode, load_tokenizer, windows
from quoth.tagger import MODEL


@pytest.fixture(scope="module")
def tokenizer() -> object:
    return load_tokenizer(MODEL / "tokenizer.json")


def test_pieces_stand_where_they_say(tokenizer: object) -> None:
    text = "“Ça va?” she asked.\r\n\n  NATO’s 2nd chief 🌧 left "
    pieces = encode(text, tokenizer)
    words = [text[start:end] for start, end in zip(pieces.starts, pieces.ends, strict=True)]
    assert words[:4] == ["“", "Ça", "va", "?"]
    assert pieces.paragraphs[0] == 0 and pieces.paragraphs[-1] == 1


@given(st.text(max_size=200))
@settings(deadline=None)
def test_any_text_is_covered_in_order(text: str) -> None:
    pieces = encode(text, load_tokenizer(MODEL / "tokenizer.json")) if "\ud800" not in text else None
    if pieces is None or not len(pieces):
        return
    assert (pieces.starts < pieces.ends).all() and pieces.ends.max() <= len(text)
    assert (np.diff(pieces.starts) >= 0).all()
    assert pieces.word_first[0]


@pytest.mark.parametrize(
    ("before", "line", "tie"),
    [
        ("Ada Osei left.", "The quay was empty.", 0),
        ("Ada Osei left.", "She took the ferry.", LOOSE),
        ("Quay empty", "The ferry left at noon.", LOOSE),
        ("Ada Osei left.", "“We leave,” she had said.", QUOTED),
        ("Ada Osei said:", "“We leave.”", LED_TO),
        ("Ada Osei left", "and came back.", LED_TO),
        ("“We leave.", "The quay was empty.", UNCLOSED),
        ("“We leave.", "“And we come back,” Ada Osei said.", GOES_ON),
    ],
)
def test_what_speaks_against_a_cut(tokenizer: object, before: str, line: str, tie: int) -> None:
    assert encode(f"{before}\n\n{line}", tokenizer).ties.tolist() == [0, tie]


def test_what_belongs_together_is_read_together(tokenizer: object) -> None:
    text = "\n".join([*("The quay was empty at noon, and nobody knew why." for _ in range(9)), "Ada Osei said:", "“We leave.”"])
    pieces = encode(text, tokenizer)
    cuts = {int(pieces.paragraphs[window.core_start]) for window in windows(pieces, 60)}
    assert len(cuts) > 1 and 10 not in cuts


@given(st.lists(st.integers(1, 900), min_size=1, max_size=12), st.integers(40, 320), st.integers(0, 24))
def test_every_piece_is_in_one_core(lengths: list[int], size: int, context: int) -> None:
    count = sum(lengths)
    numbers = np.repeat(np.arange(len(lengths)), lengths)
    zeros = np.zeros(count, dtype=np.int64)
    pieces = Pieces(
        ids=zeros,
        starts=zeros,
        ends=zeros,
        shapes=zeros,
        layouts=zeros,
        paragraphs=numbers,
        word_first=zeros.astype(bool),
        ties=np.zeros(len(lengths), dtype=np.int64),
        frame=(1, 2),
    )
    context = min(context, size // 4)
    cores = []
    for window in windows(pieces, size, context):
        assert 0 <= window.start <= window.core_start < window.core_end <= window.end <= count
        assert window.end - window.start <= size
        cores.extend(range(window.core_start, window.core_end))
    assert cores == list(range(count))
