"""Tags and their decoding: every row is legal and as good as any legal row."""

from itertools import pairwise, product

import numpy as np
from hypothesis import given
from hypothesis import strategies as st

from quoth.tagging import DISTANCES, PAIR_TAGS, ROLES, best_tags, distance_buckets, paragraph_buckets, runs


def is_legal(row: tuple[int, ...]) -> bool:
    """Whether every piece begins with B, goes on with I and ends with E of its role, or is a single S."""
    tags = ["O", *(PAIR_TAGS[tag] for tag in row), "O"]
    return all(after[0] in "IE" and after[2:] == left[2:] if left[0] in "BI" else after[0] in "OBS" for left, after in pairwise(tags))


@given(st.integers(0, 2**32 - 1), st.integers(1, 3))
def test_the_best_of_all_legal_rows(seed: int, words: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(1, words, len(PAIR_TAGS))).astype(np.float32)
    best = best_tags(scores)[0]
    legal = [row for row in product(range(len(PAIR_TAGS)), repeat=words) if is_legal(row)]
    totals = [sum(scores[0, word, tag] for word, tag in enumerate(row)) for row in legal]
    assert tuple(best) in legal
    assert np.isclose(max(totals), sum(scores[0, word, tag] for word, tag in enumerate(best)), atol=1e-4)


@given(st.integers(0, 2**32 - 1))
def test_runs_cover_the_tagged_words(seed: int) -> None:
    scores = np.random.default_rng(seed).normal(size=(2, 12, len(PAIR_TAGS))).astype(np.float32)
    tags = best_tags(scores)
    for row, found in zip(tags, runs(tags), strict=True):
        for role in ROLES:
            inside = [word for first, last in found[role] for word in range(first, last)]
            assert inside == [word for word, tag in enumerate(row) if PAIR_TAGS[tag].endswith(role)]


def test_buckets_grow_with_distance() -> None:
    places = np.arange(401)
    row = distance_buckets(places, np.array([200]))[0]
    assert row.min() == 0 and row.max() == DISTANCES - 1
    assert (np.diff(row) >= 0).all() and row[200] == DISTANCES // 2
    assert paragraph_buckets(np.array([0, 1, 2, 9]), np.array([1])).tolist() == [[1, 2, 3, 4]]
