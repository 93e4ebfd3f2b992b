"""`quoth batch run`: begins a batch or goes on with one, and prints its closing account."""

import hashlib
import json
from collections.abc import Iterable
from dataclasses import dataclass, replace
from pathlib import Path
from typing import TYPE_CHECKING

from quoth.cli.batch_bar import moving
from quoth.cli.extracting import Device, extractor_of, people_of
from quoth.cli.terminal import BAD_INPUT, INTERRUPTED, OK, complain, write
from quoth.escapes import visible

if TYPE_CHECKING:
    from quoth.scale.batch import Batch, Totals
    from quoth.scale.engines import Engine
    from quoth.scale.extractor import Patience


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What was asked for on the command line."""

    inputs: tuple[str, ...]
    out: str
    engine: "Engine"
    resume: bool
    mapping: dict[str, str]
    people: str | None
    model: str
    device: Device
    shard_bytes: int
    patience: float
    json: bool


def make(choices: Choices) -> int:
    """Makes what is missing of a batch, prints its account, and gives the exit code. Raises QuothError."""
    from quoth.scale.batch import Totals
    from quoth.scale.engines import Lost
    from quoth.scale.worker import Job

    many = 2  # more than one process, whatever the number of workers
    extract, extractor = extractor_of(people_of(choices.people), many, choices.model, choices.device)
    batch = _batch(choices, extractor)
    job = Job(place=batch.place, extract=extract, extractor=extractor, mapping=batch.manifest.mapping, patience=_patience(choices))
    lost: dict[str, str] = {}
    missing = batch.missing()
    try:
        with moving(sum(shard.length for shard in missing)) as passed:
            for shard, result in batch.run(job, choices.engine):
                passed(shard, result)
                if isinstance(result, Lost):
                    lost[shard.name] = result.reason
    except KeyboardInterrupt:
        complain("interrupted; the shards that are there stay, and --resume makes the others", None)
        return INTERRUPTED
    totals = Totals()
    for sidecar in batch.sidecars():
        totals.add(sidecar)
    _tell(choices, totals, lost, len(batch.manifest.shards))
    return BAD_INPUT if lost else OK


def _patience(choices: Choices) -> "Patience":
    """What one document may take; CUDA reserves more address space than a machine has memory, so there its size is no limit."""
    from quoth.scale.extractor import Patience

    patience = Patience(seconds=choices.patience)
    return replace(patience, megabytes=None) if choices.device is Device.CUDA else patience


def _batch(choices: Choices, extractor: str) -> "Batch":
    """The batch to go on with, or a new one. Raises QuothError, also if it was begun with something else."""
    from quoth.errors import QuothError
    from quoth.scale.batch import begin, is_begun, open_batch
    from quoth.scale.shards import Manifest

    people = _hash_of(choices.people)
    if not (choices.resume and is_begun(choices.out)):
        if not choices.inputs:
            raise QuothError("no batch to go on with", concerns=choices.out)
        return begin(
            choices.out, choices.inputs, choices.engine, extractor=extractor, mapping=choices.mapping, people=people,
            most=choices.shard_bytes,
        )  # fmt: skip
    batch = open_batch(choices.out)
    known = batch.manifest
    inputs = choices.inputs or known.inputs
    mapping = choices.mapping or (known.mapping if not choices.inputs else {})
    asked = Manifest(extractor=extractor, inputs=inputs, mapping=mapping, people=people, shards=())
    if differing := known.differences(asked):
        raise QuothError(f"the batch was begun with another state of {' and '.join(differing)}", concerns=choices.out)
    return batch


def _hash_of(table: str | None) -> str | None:
    return None if table is None else hashlib.sha256(Path(table).read_bytes()).hexdigest()


def _tell(choices: Choices, totals: "Totals", lost: dict[str, str], shards: int) -> None:
    """Prints the account; each shard that could not be made is one line on stderr."""
    for name, reason in lost.items():
        complain(f"shard {name}: {reason}", None)
    if choices.json:
        told = {"batch": choices.out, **totals.to_json(), "missing": shards - totals.shards, "lost": lost}
        write(json.dumps(told, ensure_ascii=False) + "\n", None)
        return
    count = f"{totals.shards:,} of {shards:,} shards: {totals.documents:,} documents, {totals.statements:,} statements"
    lines = [
        f"{count}, {totals.skipped.total():,} skipped",
        *listed((f"{n:,} {reason}" for reason, n in totals.skipped.most_common()), 12),
    ]
    lines += listed((f"set aside: {origin}" for origin in totals.set_aside), 5)
    write("".join(f"{visible(line)}\n" for line in lines), None)


def listed(lines: Iterable[str], most: int) -> list[str]:
    """The first lines, indented, and how many more there are."""
    every = list(lines)
    return [*(f"  {line}" for line in every[:most]), *([f"  and {len(every) - most:,} more"] if len(every) > most else [])]
