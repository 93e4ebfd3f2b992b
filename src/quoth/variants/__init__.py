"""One statement in several reports: the same words found again, laid side by side, gathered with the evidence of each pair."""

from quoth.variants.clusters import Cluster, Member, clusters
from quoth.variants.copies import copies, same_article, sketch
from quoth.variants.drift import Drift, Edit, drift
from quoth.variants.pairing import DAYS, pairs
from quoth.variants.passages import Pair, Passage

__all__ = [
    "DAYS",
    "Cluster",
    "Drift",
    "Edit",
    "Member",
    "Pair",
    "Passage",
    "clusters",
    "copies",
    "drift",
    "pairs",
    "same_article",
    "sketch",
]
