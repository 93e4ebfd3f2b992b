"""A batch: its folder, its manifest, which shards are there and which are missing; begun once, gone on with as often as need be."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from typing import Any

from quoth.errors import QuothError
from quoth.scale.accounts import Sidecar
from quoth.scale.engines import Engine, Lost
from quoth.scale.places import Place
from quoth.scale.planning import SHARD_BYTES, plan
from quoth.scale.shards import Manifest, Shard
from quoth.scale.worker import Job, ShardWorker

MANIFEST = "manifest.json"


@dataclass(frozen=True, slots=True, kw_only=True)
class Batch:
    """A folder with a manifest."""

    place: Place
    manifest: Manifest

    def missing(self) -> list[Shard]:
        """The shards that are not there yet, the largest first, so that no long one is begun last."""
        there = {name for name in self.place.names("shards") if name.endswith(".json")}
        return sorted((shard for shard in self.manifest.shards if shard.file("json") not in there), key=lambda shard: -shard.length)

    def run(self, job: Job, engine: Engine) -> Iterator[tuple[Shard, Sidecar | Lost]]:
        """Makes what is missing, and tells each shard as it is done or lost. Raises QuothError if the engine does not start."""
        missing = self.missing()
        yield from engine.map(partial(ShardWorker, job), missing)
        if missing:
            self.place.sweep()

    def sidecars(self) -> Iterator[Sidecar]:
        """The accounts of all shards that are there, in the order of the manifest. Raises QuothError for a damaged one."""
        for shard in self.manifest.shards:
            written = self.place.read(shard.file("json"))
            if written is not None:
                yield Sidecar.of_json(written, concerns=f"{self.place.root}/{shard.file('json')}")


@dataclass(slots=True)
class Totals:
    """What is in a batch by its accounts."""

    shards: int = 0
    documents: int = 0
    statements: int = 0
    skipped: Counter[str] = field(default_factory=Counter)
    set_aside: list[str] = field(default_factory=list)
    clock: float = 0.0

    def add(self, sidecar: Sidecar) -> None:
        """Counts one shard."""
        account = sidecar.account
        self.shards += 1
        self.documents += account.documents
        self.statements += account.statements
        self.skipped.update(account.skipped)
        self.set_aside += account.set_aside
        self.clock += sidecar.seconds.clock

    def to_json(self) -> dict[str, Any]:
        """The totals as JSON; `worker_seconds` is the time of all workers by the clock."""
        return {
            "shards": self.shards,
            "documents": self.documents,
            "statements": self.statements,
            "skipped": self.skipped.total(),
            "reasons": dict(self.skipped.most_common()),
            "set_aside": self.set_aside,
            "worker_seconds": round(self.clock, 1),
        }


def begin(
    root: str,
    inputs: Sequence[str],
    engine: Engine,
    *,
    extractor: str,
    mapping: Mapping[str, str] | None = None,
    people: str | None = None,
    most: int = SHARD_BYTES,
) -> Batch:
    """Plans a batch and writes its manifest; `people` is the hash of the table of people.

    Raises QuothError for inputs that cannot be planned, and if the folder holds a batch already.
    """
    place = Place(root)
    if is_begun(root):
        raise QuothError("holds a batch already; go on with it by --resume, or name another folder", concerns=root)
    manifest = Manifest(
        extractor=extractor, inputs=tuple(inputs), mapping=dict(mapping or {}), people=people, shards=plan(inputs, engine, most=most)
    )
    with place.writing(MANIFEST) as path:
        path.write_text(manifest.to_json(), encoding="utf-8")
    return Batch(place=place, manifest=manifest)


def is_begun(root: str) -> bool:
    """Whether a folder holds a batch."""
    return Place(root).read(MANIFEST) is not None


def open_batch(root: str) -> Batch:
    """The batch of a folder; raises QuothError if there is none."""
    place = Place(root)
    written = place.read(MANIFEST)
    if written is None:
        raise QuothError("no batch", concerns=root)
    return Batch(place=place, manifest=Manifest.of_json(written, concerns=f"{root}/{MANIFEST}"))
