"""A trained network to the ONNX file that ships: `python -m training.export RUN --out FOLDER`.

The graph is written node by node, so that every operation is one that onnxruntime runs fused on a CPU. Weights of the large matrix
products and of the word embeddings are int8 (symmetric, one scale a column); activations are quantised at run time over one window, so a
report's result never depends on another's. Seven bits are used of eight: products of older CPUs, which add pairs in 16 bits, cannot
saturate, and every CPU gives the same integers.
"""

import argparse
import json
import shutil
import sys
from dataclasses import asdict
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from quoth.confidence import FIELDS
from quoth.tagging import ACTS, PAIR_TAGS, distance_buckets
from training.card import card
from training.network import HEADS, Network, Shape, load_run, relative_buckets, tokenizer_file

LONGEST = 512
"""No window has more words than this."""


SETTINGS = {"name": "quoth-en", "threshold": 0.05, "outside": 0.8, "quoted": 0.7}
"""Chosen on PolNeAR dev: see LOG.md, "Held back"."""


class Graph:
    """Nodes and constants of the graph as they are added; every method returns the name of what it computes."""

    def __init__(self, weights: dict[str, np.ndarray[Any, Any]], quantised: bool, epsilon: float) -> None:
        self.weights, self.quantised, self.epsilon = weights, quantised, epsilon
        self.nodes: list[onnx.NodeProto] = []
        self.constants: dict[str, onnx.TensorProto] = {}

    def add(self, kind: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        return self.split(kind, *inputs, outputs=1, domain=domain, **attributes)[0]

    def split(self, kind: str, *inputs: str, outputs: int, domain: str = "", **attributes: Any) -> list[str]:
        names = [f"{kind.lower()}_{len(self.nodes)}_{index}" for index in range(outputs)]
        self.nodes.append(helper.make_node(kind, list(inputs), names, domain=domain, **attributes))
        return names

    def constant(self, name: str, value: Any) -> str:
        if name not in self.constants:
            self.constants[name] = numpy_helper.from_array(np.asarray(value), name)
        return name

    def weight(self, name: str) -> str:
        return self.constant(name, self.weights[name])

    def linear(self, value: str, name: str, *, exact: bool = False) -> str:
        """value @ weight.T + bias."""
        return self.product(value, name, self.weights[name + ".weight"].T, self.weights.get(name + ".bias"), exact=exact)

    def linears(self, value: str, *names: str, exact: bool = False) -> list[str]:
        """value @ weight.T + bias of several, by one product."""
        matrices = [self.weights[name + ".weight"].T for name in names]
        sizes = [matrix.shape[1] for matrix in matrices]
        biases = [self.weights.get(name + ".bias", np.zeros(size, dtype=np.float32)) for name, size in zip(names, sizes, strict=True)]
        together = self.product(value, "+".join(names), np.concatenate(matrices, axis=1), np.concatenate(biases), exact=exact)
        cuts = self.constant("+".join(names) + ".sizes", np.array(sizes))
        return self.split("Split", together, cuts, outputs=len(names), axis=1)

    def product(self, value: str, name: str, matrix: Any, bias: Any, *, exact: bool = False) -> str:
        """value @ matrix + bias; in whole numbers where the graph is quantised and it need not be exact."""
        if self.quantised and not exact:
            whole, scale = quantise(matrix)
            inputs = [value, self.constant(name + ".whole", whole), self.constant(name + ".scale", scale)]
            inputs += ["", "" if bias is None else self.constant(name + ".bias", bias)]
            while not inputs[-1]:
                inputs.pop()
            return self.add("DynamicQuantizeMatMul", *inputs, domain="com.microsoft")
        product = self.add("MatMul", value, self.constant(name + ".matrix", np.ascontiguousarray(matrix)))
        return product if bias is None else self.add("Add", product, self.constant(name + ".bias", bias))

    def norm(self, value: str, name: str) -> str:
        return self.add("LayerNormalization", value, self.weight(name + ".weight"), self.weight(name + ".bias"), epsilon=self.epsilon)

    def skip_norm(self, value: str, skip: str, name: str) -> str:
        """The norm of a sum: on a CPU the fused operation takes seven times as long. Sum, unlike Add, is never fused into it."""
        return self.norm(self.add("Sum", value, skip), name)


def quantise(matrix: np.ndarray[Any, Any]) -> tuple[np.ndarray[Any, Any], np.ndarray[Any, Any]]:
    """Whole numbers of seven bits and one scale a column, for a matrix (rows, columns)."""
    scale = np.maximum(np.abs(matrix).max(axis=0), 1e-8) / 63.0
    return np.clip(np.rint(matrix / scale), -63, 63).astype(np.int8), scale.astype(np.float32)


def embedding(graph: Graph) -> str:
    """Word embeddings as int8 rows with a scale each: a quarter of the size."""
    table = graph.weights["encoder.words.weight"]
    if not graph.quantised:
        return graph.add("Gather", graph.constant("embedding", table), "ids")
    scale = np.maximum(np.abs(table).max(axis=1, keepdims=True), 1e-8) / 127.0
    whole = graph.add("Gather", graph.constant("embedding", np.rint(table / scale).astype(np.int8)), "ids")
    scales = graph.add("Gather", graph.constant("embedding_scales", scale.astype(np.float32)), "ids")
    return graph.add("Mul", graph.add("Cast", whole, to=TensorProto.FLOAT), scales)


def encoder(graph: Graph, shape: Shape) -> str:
    """Pieces to hidden states of the first piece of each word (words, width); of the last layer only these are computed.

    The second product of each layer's feed-forward part stays exact in MPNet: whole numbers there turn its hidden states away (cosine .85
    to those of float32, .985 without; in MiniLM they cost nothing that can be measured).
    """
    length = graph.add("Squeeze", graph.add("Shape", "ids"))
    zero, one = graph.constant("zero", np.int64(0)), graph.constant("one", np.int64(1))
    table = graph.weights["encoder.positions.weight"] + graph.weights["encoder.domains.weight"][0]
    places = graph.add("Gather", graph.constant("places", table), graph.add("Range", zero, length, one))
    cases = graph.add("Gather", graph.weight("encoder.shapes.weight"), "shapes")
    layouts = graph.add("Gather", graph.weight("encoder.layouts.weight"), "layouts")
    total = graph.add("Sum", embedding(graph), places, cases, layouts)
    hidden = graph.norm(graph.add("Unsqueeze", total, graph.constant("axis0", np.array([0]))), "encoder.norm")
    near = nearness(graph, shape, length) if shape.relative else ""
    for number in range(shape.layers):
        name = f"encoder.layers.{number}."
        query, key, value = graph.split("Split", graph.linear(hidden, name + "query_key_value"), outputs=3, axis=2, num_outputs=3)
        if number == shape.layers - 1:
            query, hidden = (graph.add("Gather", states, "words", axis=1) for states in (query, hidden))
            near = graph.add("Gather", near, "words", axis=2) if near else ""
        inputs = (query, key, value, *(("", "", near) if near else ()))
        mixed = graph.add("MultiHeadAttention", *inputs, domain="com.microsoft", num_heads=shape.attention_heads)
        hidden = graph.skip_norm(graph.linear(mixed, name + "mix"), hidden, name + "norm1")
        inner = graph.add("Gelu", graph.linear(hidden, name + "widen"), domain="com.microsoft")
        hidden = graph.skip_norm(graph.linear(inner, name + "narrow", exact=bool(shape.relative)), hidden, name + "norm2")
    return graph.add("Squeeze", hidden, graph.constant("axis0", np.array([0])))


def nearness(graph: Graph, shape: Shape, length: str) -> str:
    """What each head of the attention adds for how far each piece stands from each (1, heads, pieces, pieces)."""
    offsets = torch.arange(-shape.positions + 1, shape.positions)
    buckets = graph.constant("relative_buckets", relative_buckets(offsets, shape.relative).numpy())
    numbers = graph.add("Range", graph.constant("zero", np.int64(0)), length, graph.constant("one", np.int64(1)))
    rows, columns = (graph.add("Unsqueeze", numbers, graph.constant(f"axis{axis}", np.array([axis]))) for axis in (1, 0))
    apart = graph.add("Add", graph.add("Sub", columns, rows), graph.constant("farthest", np.int64(shape.positions - 1)))
    near = graph.add("Gather", graph.weight("encoder.nearness.weight"), graph.add("Gather", buckets, apart))
    return graph.add("Unsqueeze", graph.add("Transpose", near, perm=[2, 0, 1]), graph.constant("axis0", np.array([0])))


def heads(graph: Graph, words: str, *, exact: bool) -> None:
    """Hidden states of the words to the outputs: `anchor_scores`, `anchors`, `tags`, `acts`, `pointers`.

    What is asked of all words is one product, in whole numbers unless it is to be `exact`.
    """
    axis0, axis1 = graph.constant("axis0", np.array([0])), graph.constant("axis1", np.array([1]))
    names = ("anchor.0", "pair.of_word", "pair.word_tags", "pointer.of_query", "pointer.of_word", "pointer.absent")
    anchor, by_word, word_tags, queries, keys, absent = graph.linears(words, *names, exact=exact)
    inner = graph.add("Relu", anchor)
    scores = graph.add("Squeeze", graph.linear(inner, "anchor.2", exact=True), axis1)
    anchors = graph.add("Squeeze", graph.add("NonZero", graph.add("Greater", scores, "threshold")), axis0)
    scale, shift = graph.split(
        "Split", graph.linear(graph.add("Gather", words, anchors), "pair.of_anchor", exact=True), outputs=2, axis=1, num_outputs=2
    )
    scale = graph.add("Unsqueeze", graph.add("Add", scale, graph.constant("one_float", np.float32(1))), axis1)
    shift = graph.add("Unsqueeze", shift, axis1)
    pair = graph.add("Mul", graph.add("Unsqueeze", by_word, axis0), scale)
    pair = graph.add("Add", graph.add("Add", pair, shift), distance_embeddings(graph, anchors))
    tags = graph.linear(graph.add("Relu", pair), "pair.tags", exact=True)
    tags = graph.add("Add", tags, word_tags)
    told = graph.linear(graph.add("Relu", graph.linear(graph.add("Gather", words, anchors), "act.0", exact=True)), "act.2", exact=True)
    outputs = {"anchor_scores": scores, "anchors": anchors, "tags": tags, "acts": told, "pointers": pointers(graph, queries, keys, absent)}
    for name, value in outputs.items():
        graph.nodes.append(helper.make_node("Identity", [value], [name]))


def pointers(graph: Graph, queries: str, keys: str, absent: str) -> str:
    """Logits (W, W + 1) of each word's being the head of another mention of what each word is a mention of; the last is none's."""
    size = np.float32(graph.weights["pointer.of_query.bias"].shape[0] ** -0.5)
    products = graph.add("MatMul", queries, graph.add("Transpose", keys, perm=[1, 0]))
    products = graph.add("Mul", products, graph.constant("pointer_scale", size))
    return graph.add("Concat", graph.add("Add", products, pointer_distances(graph)), absent, axis=1)


def pointer_distances(graph: Graph) -> str:
    """Logits (W, W) of how far each word stands from each, cut from a table of all: to gather them takes longer."""
    numbers = np.arange(LONGEST)
    table = graph.weights["pointer.distances.weight"][distance_buckets(numbers, numbers), 0]
    size, zeros = graph.add("Shape", "words"), graph.constant("zeros", np.zeros(2, dtype=np.int64))
    return graph.add("Slice", graph.constant("pointer.near", table), zeros, graph.add("Concat", size, size, axis=0))


def places(graph: Graph) -> str:
    """The numbers of the words, from 0."""
    count = graph.add("Squeeze", graph.add("Shape", "words"))
    return graph.add("Range", graph.constant("zero", np.int64(0)), count, graph.constant("one", np.int64(1)))


def bucketed_distances(graph: Graph, origins: str) -> str:
    """Bucket numbers (A, W) of how far each word stands from each of the words whose numbers are given (A)."""
    axis0, axis1 = graph.constant("axis0", np.array([0])), graph.constant("axis1", np.array([1]))
    offsets = np.arange(2 * LONGEST + 1)
    buckets = distance_buckets(offsets, np.array([LONGEST]))[0]
    apart = graph.add("Sub", graph.add("Unsqueeze", places(graph), axis0), graph.add("Unsqueeze", origins, axis1))
    apart = graph.add("Add", apart, graph.constant("longest", np.int64(LONGEST)))
    return graph.add("Gather", graph.constant("buckets", buckets), apart)


def distance_embeddings(graph: Graph, anchors: str) -> str:
    """Embeddings (A, W, pair width) of how far each word stands from each anchor, in words and in paragraphs: one row for both."""
    axis0, axis1 = graph.constant("axis0", np.array([0])), graph.constant("axis1", np.array([1]))
    distances, paragraphs = graph.weights["pair.distances.weight"], graph.weights["pair.paragraphs.weight"]
    table = (distances[:, None] + paragraphs).reshape(-1, distances.shape[1])
    lines = graph.add(
        "Sub", graph.add("Unsqueeze", "paragraphs", axis0), graph.add("Unsqueeze", graph.add("Gather", "paragraphs", anchors), axis1)
    )
    steps = graph.add("Clip", lines, graph.constant("back", np.int64(-2)), graph.constant("ahead", np.int64(2)))
    rows = graph.add("Mul", bucketed_distances(graph, anchors), graph.constant("steps", np.int64(len(paragraphs))))
    rows = graph.add("Add", graph.add("Add", rows, steps), graph.constant("two", np.int64(2)))
    return graph.add("Gather", graph.constant("pair.places", table), rows)


def build(network: Network, *, quantised: bool) -> onnx.ModelProto:
    """The whole graph: inputs `ids shapes layouts` (pieces), `words paragraphs` (words), `threshold` (a logit)."""
    graph = Graph({name: value.float().numpy() for name, value in network.state_dict().items()}, quantised, network.shape.epsilon)
    heads(graph, encoder(graph, network.shape), exact=bool(network.shape.relative))
    inputs = [helper.make_tensor_value_info(name, TensorProto.INT64, ["pieces"]) for name in ("ids", "shapes", "layouts")]
    inputs += [helper.make_tensor_value_info(name, TensorProto.INT64, ["words"]) for name in ("words", "paragraphs")]
    inputs.append(helper.make_tensor_value_info("threshold", TensorProto.FLOAT, []))
    outputs = [
        helper.make_tensor_value_info("anchor_scores", TensorProto.FLOAT, ["words"]),
        helper.make_tensor_value_info("anchors", TensorProto.INT64, ["anchors"]),
        helper.make_tensor_value_info("tags", TensorProto.FLOAT, ["anchors", "words", len(PAIR_TAGS)]),
        helper.make_tensor_value_info("acts", TensorProto.FLOAT, ["anchors", len(ACTS)]),
        helper.make_tensor_value_info("pointers", TensorProto.FLOAT, ["words", "words and none"]),
    ]
    drawn = helper.make_graph(graph.nodes, "quoth", inputs, outputs, list(graph.constants.values()))
    opsets = [helper.make_opsetid("", 18), helper.make_opsetid("com.microsoft", 1)]
    return helper.make_model(drawn, opset_imports=opsets, ir_version=9, producer_name="quoth")


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float", action="store_true", help="keep every weight in float32, for parity tests")
    parser.add_argument("--name", default=SETTINGS["name"], help="what every statement that it reads will tell")
    arguments = parser.parse_args()
    network, config = load_run(arguments.run)
    if missing := [head for head in HEADS if head not in network.heads]:
        sys.exit(f"{arguments.run} has no {', '.join(missing)} yet: train it further")
    arguments.out.mkdir(parents=True, exist_ok=True)
    onnx.save(build(network, quantised=not arguments.float), arguments.out / "model.onnx")
    shutil.copy(tokenizer_file(config), arguments.out / "tokenizer.json")
    (arguments.out / "settings.json").write_text(json.dumps(SETTINGS | {"name": arguments.name}, indent=1) + "\n", encoding="utf-8")
    uncalibrated: dict[str, Any] = {field: {} for field in FIELDS} | {"kept": []}
    (arguments.out / "calibration.json").write_text(json.dumps(uncalibrated, indent=1) + "\n", encoding="utf-8")
    run = {"shape": asdict(network.shape), "config": config, "quantised": not arguments.float}
    run |= {"parameters": sum(value.numel() for value in network.parameters())}
    (arguments.out / "run.json").write_text(json.dumps(run, indent=1) + "\n", encoding="utf-8")
    (arguments.out / "README.md").write_text(card(arguments.out), encoding="utf-8")


if __name__ == "__main__":
    main()
