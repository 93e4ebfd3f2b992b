"""Text to word pieces and windows, over arbitrary texts."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from quoth.encoding import Pieces, encode, load_tokenizer, windows
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


@given(st.lists(st.integers(1, 900), min_size=1, max_size=12), st.integers(40, 320), st.integers(0, 24))
def test_every_piece_is_in_one_core(lengths: list[int], size: int, context: int) -> None:
    count = sum(lengths)
    numbers = np.repeat(np.arange(len(lengths)), lengths)
    zeros = np.zeros(count, dtype=np.int64)
    pieces = Pieces(
        ids=zeros, starts=zeros, ends=zeros, shapes=zeros, layouts=zeros, paragraphs=numbers, word_first=zeros.astype(bool), frame=(1, 2)
    )
    context = min(context, size // 4)
    cores = []
    for window in windows(pieces, size, context):
        assert 0 <= window.start <= window.core_start < window.core_end <= window.end <= count
        assert window.end - window.start <= size
        cores.extend(range(window.core_start, window.core_end))
    assert cores == list(range(count))
