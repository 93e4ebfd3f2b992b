"""The network: a BERT or MPNet encoder that also sees letter case and quotation marks, and the heads on top of it.

One pass gives, for every word, role tags and the score of being the anchor of a cue; and for every anchor, a tag for every word: which
words are the content, the cue and the source of that one attribution. Reading each attribution from its own cue makes spans and links one
decision, lets a content have several pieces, and lets attributions nest (semantic role labelling in the manner of Shi and Lin 2019,
"Simple BERT Models for Relation Extraction and Semantic Role Labeling", with the encoder shared by all anchors).
"""

import json
import math
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn import functional

from quoth.tagger import model_folder
from quoth.tagging import ACTS, DISTANCES, PAIR_TAGS, PARAGRAPH_STEPS, ROLE_TAGS


@dataclass(frozen=True, kw_only=True)
class Shape:
    """The size of a network; the defaults are those of the six-layer encoder that ships.

    `relative` is the number of buckets of relative positions that bias the attention, as in MPNet (Song et al. 2020, "MPNet: Masked and
    Permuted Pre-training for Language Understanding"); none in BERT.
    """

    vocabulary: int = 30522
    layers: int = 6
    width: int = 384
    attention_heads: int = 12
    inner: int = 1536
    positions: int = 512
    shapes: int = 6
    layouts: int = 10
    domains: int = 8
    pair_width: int = 192
    pointer_width: int = 128
    relative: int = 0
    epsilon: float = 1e-12


class Dropout(nn.Module):
    """Drops the same features at every place of a sequence (Gal and Ghahramani 2016); on a CPU it costs next to nothing."""

    def __init__(self, share: float) -> None:
        super().__init__()
        self.share = share

    def forward(self, hidden: Tensor) -> Tensor:
        if not self.training or not self.share:
            return hidden
        kept = torch.rand(hidden.shape[0], 1, hidden.shape[-1], device=hidden.device) >= self.share
        return hidden * (kept / (1 - self.share)).to(hidden.dtype)


class Layer(nn.Module):
    """One post-norm transformer layer, as in BERT; no dropout on attention, which takes a third of the time of a step on a CPU."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.count = shape.attention_heads
        self.query_key_value = nn.Linear(shape.width, 3 * shape.width)
        self.mix = nn.Linear(shape.width, shape.width)
        self.norm1 = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.widen = nn.Linear(shape.width, shape.inner)
        self.narrow = nn.Linear(shape.inner, shape.width)
        self.norm2 = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.dropout = Dropout(dropout)

    def forward(self, hidden: Tensor, mask: Tensor | None) -> Tensor:
        batch, length, width = hidden.shape
        query, key, value = (
            part.view(batch, length, self.count, width // self.count).transpose(1, 2)
            for part in self.query_key_value(hidden).split(width, dim=-1)
        )
        if not has_tiles(hidden.device):
            query, key, value = query.float(), key.float(), value.float()
        with torch.autocast(hidden.device.type, enabled=False):
            mixed = functional.scaled_dot_product_attention(query, key, value, attn_mask=None if mask is None else mask.to(query.dtype))
        mixed = self.mix(mixed.transpose(1, 2).reshape(batch, length, width))
        hidden = self.norm1(hidden + self.dropout(mixed))
        return self.norm2(hidden + self.dropout(self.narrow(functional.gelu(self.widen(hidden)))))


class Encoder(nn.Module):
    """BERT with two more embeddings a piece, letter case and quotation marks with paragraph starts, and one a window: its corpus.

    Corpora differ in what they count as an attribution and where its edges lie; what they share is learned once.
    """

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.words = nn.Embedding(shape.vocabulary, shape.width)
        self.positions = nn.Embedding(shape.positions, shape.width)
        self.shapes = nn.Embedding(shape.shapes, shape.width)
        self.layouts = nn.Embedding(shape.layouts, shape.width)
        self.domains = nn.Embedding(shape.domains, shape.width)
        self.norm = nn.LayerNorm(shape.width, eps=shape.epsilon)
        self.dropout = Dropout(dropout)
        self.layers = nn.ModuleList(Layer(shape, dropout) for _ in range(shape.layers))
        self.nearness = nn.Embedding(shape.relative, shape.attention_heads) if shape.relative else None

    def forward(self, ids: Tensor, shapes: Tensor, layouts: Tensor, mask: Tensor | None = None, domains: Tensor | None = None) -> Tensor:
        """Pieces (B, N) and the corpus each window is from (B; the first, if not told) -> hidden states (B, N, width)."""
        places = torch.arange(ids.shape[1], device=ids.device)
        hidden = self.words(ids) + self.positions(places) + self.shapes(shapes) + self.layouts(layouts)
        domains = torch.zeros(len(ids), dtype=torch.long, device=ids.device) if domains is None else domains
        hidden = hidden + self.domains(domains)[:, None]
        hidden = self.dropout(self.norm(hidden))
        attention = None
        if mask is not None:
            attention = torch.zeros(mask.shape, device=mask.device).masked_fill(~mask, -1e4)[:, None, None, :]
        if self.nearness is not None:
            apart = relative_buckets(places[None, :] - places[:, None], self.nearness.num_embeddings)
            near = self.nearness(apart).permute(2, 0, 1)[None].float()
            attention = near if attention is None else attention + near
        for layer in self.layers:
            hidden = layer(hidden, attention)
        return hidden


def has_tiles(device: torch.device) -> bool:
    """Whether attention is faster in bfloat16: on a GPU, and on a CPU with matrix tiles."""
    return device.type != "cpu" or bool(torch.cpu._is_amx_tile_supported())


def relative_buckets(apart: Tensor, count: int, farthest: int = 128) -> Tensor:
    """Bucket numbers of how far (in pieces) one place lies after another: half of them for each side, exact near, by logarithm far off.

    As in T5 and MPNet (Raffel et al. 2020), so that their weights mean the same here.
    """
    half, exact = count // 2, count // 4
    sizes = apart.abs()
    far = exact + (torch.log(sizes.clamp(min=1) / exact) / math.log(farthest / exact) * (half - exact)).long()
    return (apart > 0).long() * half + torch.where(sizes < exact, sizes, far.clamp(max=half - 1))


class PairHead(nn.Module):
    """For an anchor and a word of its window: is the word content, cue or source of the anchor's attribution, and which edge of it."""

    def __init__(self, shape: Shape, dropout: float) -> None:
        super().__init__()
        self.of_word = nn.Linear(shape.width, shape.pair_width)
        self.of_anchor = nn.Linear(shape.width, 2 * shape.pair_width)
        self.distances = nn.Embedding(DISTANCES, shape.pair_width)
        self.paragraphs = nn.Embedding(PARAGRAPH_STEPS, shape.pair_width)
        self.tags = nn.Linear(shape.pair_width, len(PAIR_TAGS))
        self.word_tags = nn.Linear(shape.width, len(PAIR_TAGS), bias=False)
        self.dropout = Dropout(dropout)
        nn.init.zeros_(self.distances.weight)
        nn.init.zeros_(self.paragraphs.weight)
        nn.init.zeros_(self.word_tags.weight)
        with torch.no_grad():
            self.tags.bias[0] += 5.0

    def project(self, words: Tensor) -> tuple[Tensor, Tensor]:
        """The share of a word by itself (..., pair width) and (..., tags), computed once whatever the number of anchors."""
        return self.of_word(words), self.word_tags(words)

    def forward(self, projected: tuple[Tensor, Tensor], anchors: Tensor, distances: Tensor, paragraphs: Tensor) -> Tensor:
        """projected words (A, W, ...), anchors (A, width), distances and paragraphs (A, W) as bucket numbers -> (A, W, tags)."""
        scale, shift = self.of_anchor(anchors)[:, None].chunk(2, dim=-1)
        pair = projected[0] * (1 + scale) + shift + self.distances(distances) + self.paragraphs(paragraphs)
        return self.tags(self.dropout(functional.relu(pair))) + projected[1]


class PointerHead(nn.Module):
    """For a word that names somebody: which other words of its window are heads of mentions of the same one.

    Word-level coreference (Dobrovolskii 2021, "Word-Level Coreference Resolution"), both ways, as one softmax over the words of the
    window and "none".
    """

    def __init__(self, shape: Shape) -> None:
        super().__init__()
        self.of_query = nn.Linear(shape.width, shape.pointer_width)
        self.of_word = nn.Linear(shape.width, shape.pointer_width)
        self.distances = nn.Embedding(DISTANCES, 1)
        self.absent = nn.Linear(shape.width, 1)
        nn.init.zeros_(self.distances.weight)

    def forward(self, queries: Tensor, keys: Tensor, distances: Tensor) -> Tensor:
        """queries (Q, width), projected words of the window of each (Q, W, pointer width), distances (Q, W) -> logits (Q, W + 1).

        The last logit is that of none.
        """
        scores = torch.einsum("qd,qwd->qw", self.of_query(queries), keys) / self.of_query.out_features**0.5
        return torch.cat((scores + self.distances(distances).squeeze(-1), self.absent(queries)), dim=1)


HEADS = ("anchor", "roles", "pair", "act", "pointer")


class Network(nn.Module):
    """Encoder and heads. `dropout` is for training only; `heads` are those that were trained, once a run is loaded."""

    def __init__(self, shape: Shape, dropout: float = 0.1) -> None:
        super().__init__()
        self.shape = shape
        self.heads = set(HEADS)
        self.encoder = Encoder(shape, dropout)
        self.dropout = Dropout(dropout)
        self.anchor = nn.Sequential(nn.Linear(shape.width, shape.pair_width), nn.ReLU(), nn.Linear(shape.pair_width, 1))
        self.roles = nn.Linear(shape.width, len(ROLE_TAGS))
        self.pair = PairHead(shape, dropout)
        self.act = nn.Sequential(nn.Linear(shape.width, shape.pair_width), nn.ReLU(), nn.Linear(shape.pair_width, len(ACTS)))
        self.pointer = PointerHead(shape)

    @property
    def device(self) -> torch.device:
        """Where the weights are."""
        return self.anchor[0].weight.device

    def encode(self, ids: Tensor, shapes: Tensor, layouts: Tensor, mask: Tensor | None = None, domains: Tensor | None = None) -> Tensor:
        return self.dropout(self.encoder(ids, shapes, layouts, mask, domains))


def encoder_shape(folder: Path, **changed: Any) -> Shape:
    """The shape of the encoder in a folder, as its `config.json` tells it, with what is changed."""
    told = json.loads((folder / "config.json").read_text(encoding="utf-8"))
    relative = told["relative_attention_num_buckets"] if told["model_type"] == "mpnet" else 0
    names = {"vocabulary": "vocab_size", "layers": "num_hidden_layers", "width": "hidden_size", "inner": "intermediate_size"}
    names |= {"attention_heads": "num_attention_heads", "epsilon": "layer_norm_eps"}
    positions = told["max_position_embeddings"] - (told["pad_token_id"] + 1 if relative else 0)
    return Shape(**{name: told[other] for name, other in names.items()} | {"positions": positions, "relative": relative} | changed)


BERT = {"query": "self.query", "key": "self.key", "value": "self.value", "mix": "output.dense", "norm1": "output.LayerNorm"}
MPNET = {"query": "attn.q", "key": "attn.k", "value": "attn.v", "mix": "attn.o", "norm1": "LayerNorm"}
"""What both call the parts of a layer's attention."""


def load_encoder(network: Network, folder: Path) -> None:
    """Fills the encoder from a BERT or MPNet checkpoint (`model.safetensors`); the added embeddings start at zero."""
    from safetensors.torch import load_file

    weights = {name.removeprefix("bert.").removeprefix("mpnet."): value for name, value in load_file(folder / "model.safetensors").items()}
    encoder, names = network.encoder, MPNET if network.shape.relative else BERT

    def put(target: Any, source: str) -> None:
        for kind in ("weight", "bias"):
            getattr(target, kind).data.copy_(weights[f"{source}.{kind}"])

    encoder.words.weight.data.copy_(weights["embeddings.word_embeddings.weight"])
    encoder.positions.weight.data.copy_(weights["embeddings.position_embeddings.weight"][-network.shape.positions :])
    if (types := weights.get("embeddings.token_type_embeddings.weight")) is not None:
        encoder.words.weight.data += types[0]
    if encoder.nearness is not None:
        encoder.nearness.weight.data.copy_(weights["encoder.relative_attention_bias.weight"])
    for added in (encoder.shapes, encoder.layouts, encoder.domains):
        nn.init.zeros_(added.weight)
    put(encoder.norm, "embeddings.LayerNorm")
    for number, layer in enumerate(encoder.layers):
        name = f"encoder.layer.{number}."
        for kind in ("weight", "bias"):
            parts = [weights[f"{name}attention.{names[part]}.{kind}"] for part in ("query", "key", "value")]
            getattr(layer.query_key_value, kind).data.copy_(torch.cat(parts))  # type: ignore[union-attr]
        put(layer.mix, f"{name}attention.{names['mix']}")
        put(layer.norm1, f"{name}attention.{names['norm1']}")
        put(layer.widen, name + "intermediate.dense")
        put(layer.narrow, name + "output.dense")
        put(layer.norm2, name + "output.LayerNorm")


def load_run(folder: Path) -> tuple[Network, dict[str, Any]]:
    """The network of a training run, ready to use, and its configuration; heads that the run did not have are left out of `heads`."""
    state = torch.load(folder / "checkpoint.pt", weights_only=False, map_location="cpu")
    network = Network(Shape(**state["shape"]), dropout=0.0)
    missing = network.load_state_dict(state["network"], strict=False).missing_keys
    network.heads -= {name.split(".")[0] for name in missing}
    return network.eval().requires_grad_(False), state["config"]


def tokenizer_file(config: dict[str, Any]) -> Path:
    """The tokenizer that a run reads with: its encoder's, or that of the model it began with."""
    folder = model_folder(config["begin"]) if config["encoder"] is None else Path(config["encoder"])
    return folder / "tokenizer.json"
