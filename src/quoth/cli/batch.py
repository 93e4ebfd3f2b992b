"""`quoth batch`: extraction over many processes and machines into a folder of Parquet files; its verify, load and variants."""

import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from quoth.cli.extracting import extractor_of, people_of
from quoth.cli.ingest import ARCHIVE, ArchivePath, mapping_of
from quoth.cli.terminal import BAD_INPUT, INTERRUPTED, OK, complain, guarded, write
from quoth.escapes import visible

if TYPE_CHECKING:
    from rich.progress import Progress

    from quoth.scale.batch import Batch, Totals
    from quoth.scale.engines import Engine
    from quoth.scale.shards import Shard

EXAMPLES = """\b
Examples:
  quoth batch news/ --out batch                  as many workers as cores
  quoth batch CC-NEWS/*.warc.gz --out batch --workers 8
  quoth batch --out batch --resume               go on where it was broken off
  quoth batch s3://news/2024/ --out s3://results/batch --engine ray --address auto
  quoth batch verify batch                       read and count all of it again
  quoth batch variants batch                     the same words across shards
  quoth batch load batch --archive quoth.db

\b
"quoth batch INPUT..." is short for "quoth batch run INPUT...", and "quoth
batch run --help" lists its options. An INPUT is a file or folder, or the URI
of one: text, HTML, feeds, WARC, JSON Lines, tables, and archives of these."""

RUN_EXAMPLES = """\b
Examples:
  quoth batch news/ --out batch
  quoth batch news/ --out batch --resume         the same line begins and resumes
  quoth batch --out batch --resume               INPUT and --map stay as they were
  quoth batch news/ --out batch --people offices.csv --json

\b
The inputs are cut into shards: small files together, crawls (WARC) by ranges
of records. One shard becomes one Parquet file, a row a document with its
statements, and one account (JSON) beside it. A shard is there when its account
is; --resume makes the others. A document that the extractor dies of, or does
not end with, is tried again and then set aside, and the shard goes on.

\b
Exit code: 0 every shard is there; 1 some could not be made, or an INPUT or the
folder cannot be read or written; 2 wrong usage; 130 interrupted."""

VERIFY_EXAMPLES = """\b
Examples:
  quoth batch verify batch
  quoth batch verify batch --workers 4 --json

\b
Exit code: 0 everything is there and as its account tells; 1 something is not."""

LOAD_EXAMPLES = """\b
Examples:
  quoth batch load batch --archive quoth.db

\b
The archive is then the one that "quoth ingest" makes of the same sources. What
it holds already is passed over, so a load is simply begun again.

\b
Exit code: 0 loaded; 1 shards are missing or damaged, or the archive cannot be
written; 130 interrupted."""

VARIANTS_EXAMPLES = """\b
Examples:
  quoth batch variants batch                     pairs go to batch/variants/

\b
Speakers of one surname are compared, within a month and with the two weeks
before it. In an archive "quoth variants" compares all with all.

\b
Exit code: 0 written; 1 shards are missing, or nothing could be written."""


class _Implicit(TyperGroup):
    """Commands of which `run` need not be named."""

    def parse_args(self, ctx: Any, args: list[str]) -> list[str]:
        """Puts `run` before what names no command."""
        if args and args[0] not in self.commands and args[0] != "--help":
            args = ["run", *args]
        return super().parse_args(ctx, args)


app = typer.Typer(cls=_Implicit, rich_markup_mode=None, no_args_is_help=True, help="Extract over many processes or machines, into Parquet.")


class EngineName(StrEnum):
    """What runs the workers."""

    LOCAL = "local"
    RAY = "ray"


@dataclass(frozen=True, slots=True, kw_only=True)
class Choices:
    """What was asked for on the command line."""

    inputs: tuple[str, ...]
    out: str
    engine: "Engine"
    resume: bool
    mapping: dict[str, str]
    people: str | None
    shard_bytes: int
    patience: float
    json: bool


Folder = Annotated[str, typer.Argument(metavar="DIR", help="The folder of the batch, or its URI.")]
EngineOption = Annotated[EngineName, typer.Option(help="What runs the workers: this machine, or Ray.")]
WorkersOption = Annotated[
    int | None, typer.Option(min=1, max=100_000, metavar="N", help="How many shards are worked on at once; by default one a core.")
]
AddressOption = Annotated[
    str | None, typer.Option(metavar="ADDRESS", help='A Ray cluster, such as "auto"; else one of this machine\'s own.')
]
JsonOption = Annotated[bool, typer.Option("--json", help="Print the closing account as JSON.")]


@app.command(epilog=RUN_EXAMPLES)
def run(
    out: Annotated[str, typer.Option(metavar="DIR", help="The folder of the batch, or its URI.")],
    inputs: Annotated[list[str] | None, typer.Argument(metavar="INPUT", help="What to read.")] = None,
    engine: EngineOption = EngineName.LOCAL,
    workers: WorkersOption = None,
    address: AddressOption = None,
    resume: Annotated[bool, typer.Option("--resume", help="Go on with the batch in DIR, if there is one.")] = False,
    columns: Annotated[
        list[str] | None, typer.Option("--map", metavar="FIELD=COLUMN", help="Which column of a table holds a field, such as text=body.")
    ] = None,
    people: Annotated[str | None, typer.Option(metavar="TABLE", help="A table of people and their offices: who they are.")] = None,
    shard_mb: Annotated[float, typer.Option(min=0.001, metavar="MB", help="Megabytes of a shard, about.")] = 64.0,
    patience: Annotated[
        float, typer.Option(min=0.1, metavar="SECONDS", help="What one document may take, and a second more each 1,000 characters.")
    ] = 60.0,
    as_json: JsonOption = False,
) -> None:
    """Make a batch, or what is missing of it."""
    if not inputs and not resume:
        raise typer.BadParameter("name an INPUT, or go on with a batch by --resume")
    choices = Choices(
        inputs=tuple(inputs or ()), out=out, engine=_engine(engine, workers, address), resume=resume, mapping=mapping_of(columns or ()),
        people=people, shard_bytes=int(shard_mb * 1_000_000), patience=patience, json=as_json,
    )  # fmt: skip
    raise typer.Exit(guarded(lambda: _run(choices)))


@app.command(epilog=VERIFY_EXAMPLES)
def verify(
    folder: Folder,
    engine: EngineOption = EngineName.LOCAL,
    workers: WorkersOption = None,
    address: AddressOption = None,
    as_json: JsonOption = False,
) -> None:
    """Read a batch again, and count: rows, documents, statements, hashes, and every statement at its place."""
    raise typer.Exit(guarded(lambda: _verify(folder, _engine(engine, workers, address), as_json)))


@app.command(epilog=LOAD_EXAMPLES)
def load(folder: Folder, archive: ArchivePath = ARCHIVE, as_json: JsonOption = False) -> None:
    """Put a finished batch into an archive."""
    raise typer.Exit(guarded(lambda: _load(folder, archive, as_json)))


@app.command(epilog=VARIANTS_EXAMPLES)
def variants(
    folder: Folder,
    engine: EngineOption = EngineName.LOCAL,
    workers: WorkersOption = None,
    address: AddressOption = None,
    as_json: JsonOption = False,
) -> None:
    """Find the same words across the shards of a finished batch, by speaker and month."""
    raise typer.Exit(guarded(lambda: _variants(folder, _engine(engine, workers, address), as_json)))


def _engine(name: EngineName, workers: int | None, address: str | None) -> "Engine":
    import os

    from quoth.scale.local import Local
    from quoth.scale.ray import Ray

    if address is not None and name is not EngineName.RAY:
        raise typer.BadParameter("goes with --engine ray", param_hint="--address")
    count = workers or os.cpu_count() or 1
    return Local(count) if name is EngineName.LOCAL else Ray(count, address)


def _run(choices: Choices) -> int:
    from quoth.scale.batch import Totals
    from quoth.scale.engines import Lost
    from quoth.scale.extractor import Patience
    from quoth.scale.worker import Job

    extract, extractor = extractor_of(people_of(choices.people), workers=2)  # more than one process, whatever the number of workers
    batch = _batch(choices, extractor)
    job = Job(
        place=batch.place, extract=extract, extractor=extractor, mapping=batch.manifest.mapping, patience=Patience(seconds=choices.patience)
    )
    lost: dict[str, str] = {}
    missing = batch.missing()
    try:
        with _bar(sum(shard.length for shard in missing)) as passed:
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
        *_listed((f"{n:,} {reason}" for reason, n in totals.skipped.most_common()), 12),
    ]
    lines += _listed((f"set aside: {origin}" for origin in totals.set_aside), 5)
    write("".join(f"{visible(line)}\n" for line in lines), None)


def _listed(lines: Iterable[str], most: int) -> list[str]:
    """The first lines, indented, and how many more there are."""
    every = list(lines)
    return [*(f"  {line}" for line in every[:most]), *([f"  and {len(every) - most:,} more"] if len(every) > most else [])]


def _verify(folder: str, engine: "Engine", as_json: bool) -> int:
    from quoth.scale.batch import open_batch
    from quoth.scale.verifying import verify

    batch = open_batch(folder)
    wrong: dict[str, list[str]] = {}
    with _bar(len(batch.manifest.shards), unit="shards") as passed:
        for name, troubles in verify(batch, engine):
            passed(None, None)
            if troubles:
                wrong[name] = list(troubles)
    for name, told in sorted(wrong.items()):
        for line in _listed(told, 5):
            complain(f"{name}: {line.strip()}", None)
    if as_json:
        write(json.dumps({"batch": folder, "shards": len(batch.manifest.shards), "wrong": wrong}, ensure_ascii=False) + "\n", None)
    else:
        write(f"{len(batch.manifest.shards):,} shards: {f'{len(wrong):,} not sound' if wrong else 'all sound'}\n", None)
    return BAD_INPUT if wrong else OK


def _load(folder: str, path: str, as_json: bool) -> int:
    from quoth.archive import Archive
    from quoth.ingestion.tally import Tally
    from quoth.scale.batch import Totals, open_batch
    from quoth.scale.loading import load

    batch, tally, totals = open_batch(folder), Tally(), Totals()
    for sidecar in batch.sidecars():
        totals.add(sidecar)
    try:
        with Archive.open(path) as archive, _bar(totals.documents + totals.skipped.total(), unit="documents") as passed:
            for ingested in load(batch, archive):
                tally.add(ingested)
                passed(None, None)
    except KeyboardInterrupt:
        complain("interrupted; what was stored stays, and the same command goes on from there", None)
        return INTERRUPTED
    if as_json:
        write(json.dumps({"archive": path, **tally.to_json()}, ensure_ascii=False) + "\n", None)
    else:
        write("".join(f"{visible(line)}\n" for line in tally.lines()), None)
    return OK


def _variants(folder: str, engine: "Engine", as_json: bool) -> int:
    from quoth.scale.batch import open_batch
    from quoth.scale.variants import find_variants

    found = find_variants(open_batch(folder), engine)
    if as_json:
        write(json.dumps({"batch": folder, "parts": found.parts, "statements": found.statements, "pairs": dict(found.pairs)}) + "\n", None)
    else:
        kinds = ", ".join(f"{count:,} {kind}" for kind, count in found.pairs.items()) or "no pairs"
        write(f"{found.statements:,} statements in {found.parts:,} parts: {kinds}\n", None)
    return OK


@contextmanager
def _bar(total: int, *, unit: str = "bytes") -> "Iterator[Callable[[Shard | None, object], None]]":
    """What is to be told each thing that is done: on a terminal it moves a bar on stderr, by the bytes of a shard or by one."""
    if not sys.stderr.isatty():
        yield lambda shard, result: None
        return
    from rich.console import Console
    from rich.progress import BarColumn, Progress, TaskProgressColumn, TextColumn, TimeElapsedColumn, TimeRemainingColumn

    columns = (BarColumn(), TaskProgressColumn(), TextColumn("{task.fields[told]}"), TimeElapsedColumn(), TextColumn("left"))
    console = Console(stderr=True)
    with Progress(
        *columns, TimeRemainingColumn(), console=console, transient=True, redirect_stdout=False, redirect_stderr=False
    ) as progress:
        yield _Told(progress, total, unit).passed


class _Told:
    """Moves a bar, and counts beside it."""

    def __init__(self, progress: "Progress", total: int, unit: str) -> None:
        self._progress = progress
        self._unit = unit
        self._task = progress.add_task(unit, total=total, told="")
        self._count = self._documents = self._lost = 0

    def passed(self, shard: "Shard | None", result: object) -> None:
        """One thing was done; a shard may have been lost."""
        from quoth.scale.accounts import Sidecar

        self._count += 1
        if shard is None:
            self._progress.update(self._task, advance=1, told=f"{self._count:,} {self._unit}")
            return
        if isinstance(result, Sidecar):
            self._documents += result.account.documents
        else:
            self._lost += 1
        lost = f", {self._lost:,} lost" if self._lost else ""
        self._progress.update(self._task, advance=shard.length, told=f"{self._count:,} shards{lost}, {self._documents:,} documents")
