"""A trained network to the ONNX file that ships: `python -m training.export RUN --out FOLDER`.

The graph is written node by node, so that every operation is one that onnxruntime runs fused on a CPU. Weights of the large matrix
products and of the word embeddings are int8 (symmetric, one scale a column); activations are quantised at run time over one window, so a
report's result never depends on another's. Seven bits are used of eight: products of older CPUs, which add pairs in 16 bits, cannot
saturate, and every CPU gives the same integers.
"""

import argparse
import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import onnx
import torch
from onnx import TensorProto, helper, numpy_helper

from quoth.confidence import FIELDS
from quoth.tagging import ACTS, PAIR_TAGS, distance_buckets
from training.card import card
from training.network import Network, Shape

LONGEST = 1024
"""No window has more words than this."""


SETTINGS = {"name": "quoth-en", "threshold": 0.05, "outside": 1.0, "quoted": 0.7}
"""Chosen on PolNeAR dev: see LOG.md, "Held back"."""


class Graph:
    """Nodes and constants of the graph as they are added; every method returns the name of what it computes."""

    def __init__(self, weights: dict[str, np.ndarray[Any, Any]], quantised: bool) -> None:
        self.weights, self.quantised = weights, quantised
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
        matrix = self.weights[name + ".weight"].T
        bias = self.weights.get(name + ".bias")
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
        return self.add("LayerNormalization", value, self.weight(name + ".weight"), self.weight(name + ".bias"), epsilon=1e-12)

    def skip_norm(self, value: str, skip: str, name: str) -> str:
        inputs = (value, skip, self.weight(name + ".weight"), self.weight(name + ".bias"))
        return self.add("SkipLayerNormalization", *inputs, domain="com.microsoft", epsilon=1e-12)


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
    """Pieces to hidden states (1, pieces, width)."""
    length = graph.add("Squeeze", graph.add("Shape", "ids"))
    zero, one = graph.constant("zero", np.int64(0)), graph.constant("one", np.int64(1))
    table = graph.weights["encoder.positions.weight"] + graph.weights["encoder.domains.weight"][0]
    places = graph.add("Gather", graph.constant("places", table), graph.add("Range", zero, length, one))
    cases = graph.add("Gather", graph.weight("encoder.shapes.weight"), "shapes")
    layouts = graph.add("Gather", graph.weight("encoder.layouts.weight"), "layouts")
    total = graph.add("Sum", embedding(graph), places, cases, layouts)
    hidden = graph.norm(graph.add("Unsqueeze", total, graph.constant("axis0", np.array([0]))), "encoder.norm")
    for number in range(shape.layers):
        name = f"encoder.layers.{number}."
        query, key, value = graph.split("Split", graph.linear(hidden, name + "query_key_value"), outputs=3, axis=2, num_outputs=3)
        mixed = graph.add("MultiHeadAttention", query, key, value, domain="com.microsoft", num_heads=shape.attention_heads)
        hidden = graph.skip_norm(graph.linear(mixed, name + "mix"), hidden, name + "norm1")
        inner = graph.add("Gelu", graph.linear(hidden, name + "widen"), domain="com.microsoft")
        hidden = graph.skip_norm(graph.linear(inner, name + "narrow"), hidden, name + "norm2")
    return hidden


def heads(graph: Graph, hidden: str) -> None:
    """Hidden states to the outputs: `anchor_scores`, `anchors`, `tags`, `acts`, `pointers`."""
    axis0, axis1 = graph.constant("axis0", np.array([0])), graph.constant("axis1", np.array([1]))
    words = graph.add("Gather", graph.add("Squeeze", hidden, axis0), "words")
    inner = graph.add("Relu", graph.linear(words, "anchor.0", exact=True))
    scores = graph.add("Squeeze", graph.linear(inner, "anchor.2", exact=True), axis1)
    anchors = graph.add("Squeeze", graph.add("NonZero", graph.add("Greater", scores, "threshold")), axis0)
    scale, shift = graph.split(
        "Split", graph.linear(graph.add("Gather", words, anchors), "pair.of_anchor", exact=True), outputs=2, axis=1, num_outputs=2
    )
    scale = graph.add("Unsqueeze", graph.add("Add", scale, graph.constant("one_float", np.float32(1))), axis1)
    shift = graph.add("Unsqueeze", shift, axis1)
    by_word = graph.add("Unsqueeze", graph.linear(words, "pair.of_word", exact=True), axis0)
    pair = graph.add("Add", graph.add("Mul", by_word, scale), shift)
    pair = graph.add("Sum", pair, *distance_embeddings(graph, anchors))
    tags = graph.linear(graph.add("Relu", pair), "pair.tags", exact=True)
    tags = graph.add("Add", tags, graph.linear(words, "pair.word_tags", exact=True))
    told = graph.linear(graph.add("Relu", graph.linear(graph.add("Gather", words, anchors), "act.0", exact=True)), "act.2", exact=True)
    outputs = {"anchor_scores": scores, "anchors": anchors, "tags": tags, "acts": told, "pointers": pointers(graph, words)}
    for name, value in outputs.items():
        graph.nodes.append(helper.make_node("Identity", [value], [name]))


def pointers(graph: Graph, words: str) -> str:
    """Logits (W, W + 1) of each word's being the head of another mention of what each word is a mention of; the last is none's."""
    queries = graph.linear(words, "pointer.of_query", exact=True)
    keys = graph.add("Transpose", graph.linear(words, "pointer.of_word", exact=True), perm=[1, 0])
    size = np.float32(graph.weights["pointer.of_query.bias"].shape[0] ** -0.5)
    products = graph.add("Mul", graph.add("MatMul", queries, keys), graph.constant("pointer_scale", size))
    apart = bucketed_distances(graph, places(graph))
    near = graph.add(
        "Squeeze", graph.add("Gather", graph.weight("pointer.distances.weight"), apart), graph.constant("axis2", np.array([2]))
    )
    return graph.add("Concat", graph.add("Add", products, near), graph.linear(words, "pointer.absent", exact=True), axis=1)


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


def distance_embeddings(graph: Graph, anchors: str) -> tuple[str, str]:
    """Embeddings (A, W, pair width) of how far each word stands from each anchor, in words and in paragraphs."""
    axis0, axis1 = graph.constant("axis0", np.array([0])), graph.constant("axis1", np.array([1]))
    distances = graph.add("Gather", graph.weight("pair.distances.weight"), bucketed_distances(graph, anchors))
    lines = graph.add(
        "Sub", graph.add("Unsqueeze", "paragraphs", axis0), graph.add("Unsqueeze", graph.add("Gather", "paragraphs", anchors), axis1)
    )
    steps = graph.add("Clip", lines, graph.constant("back", np.int64(-2)), graph.constant("ahead", np.int64(2)))
    steps = graph.add("Add", steps, graph.constant("two", np.int64(2)))
    return distances, graph.add("Gather", graph.weight("pair.paragraphs.weight"), steps)


def build(network: Network, *, quantised: bool) -> onnx.ModelProto:
    """The whole graph: inputs `ids shapes layouts` (pieces), `words paragraphs` (words), `threshold` (a logit)."""
    graph = Graph({name: value.float().numpy() for name, value in network.state_dict().items()}, quantised)
    heads(graph, encoder(graph, network.shape))
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


def load_run(folder: Path) -> tuple[Network, dict[str, Any]]:
    """The network of a training run, ready to use, and its configuration."""
    state = torch.load(folder / "checkpoint.pt", weights_only=False, map_location="cpu")
    network = Network(Shape(**state["shape"]), dropout=0.0)
    network.load_state_dict(state["network"])
    return network.eval(), state["config"]


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("run", type=Path)
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--float", action="store_true", help="keep every weight in float32, for parity tests")
    arguments = parser.parse_args()
    network, config = load_run(arguments.run)
    arguments.out.mkdir(parents=True, exist_ok=True)
    onnx.save(build(network, quantised=not arguments.float), arguments.out / "model.onnx")
    shutil.copy(Path(config["encoder"]) / "tokenizer.json", arguments.out / "tokenizer.json")
    (arguments.out / "settings.json").write_text(json.dumps(SETTINGS, indent=1) + "\n", encoding="utf-8")
    uncalibrated: dict[str, Any] = {field: {} for field in FIELDS} | {"kept": []}
    (arguments.out / "calibration.json").write_text(json.dumps(uncalibrated, indent=1) + "\n", encoding="utf-8")
    (arguments.out / "README.md").write_text(card(arguments.out / "model.onnx", network, config), encoding="utf-8")


if __name__ == "__main__":
    main()
