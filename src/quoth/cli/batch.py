"""`quoth batch`: extraction over many processes and machines into a folder of Parquet files; its verify, load and variants."""

import json
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated, Any

import typer
from typer.core import TyperGroup

from quoth.cli.batch_bar import moving
from quoth.cli.batch_making import Choices, listed, make
from quoth.cli.extracting import Device, Model, OnDevice
from quoth.cli.ingest import ARCHIVE, ArchivePath, mapping_of
from quoth.cli.terminal import BAD_INPUT, INTERRUPTED, OK, complain, guarded, write
from quoth.escapes import visible

if TYPE_CHECKING:
    from quoth.scale.engines import Engine

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
    model: Model = "fast",
    device: OnDevice = Device.CPU,
    shard_mb: Annotated[
        float, typer.Option(min=0.001, metavar="MB", help="Megabytes of a shard, about; less where the inputs are small.")
    ] = 64.0,
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
        people=people, model=model, device=device, shard_bytes=int(shard_mb * 1_000_000), patience=patience, json=as_json,
    )  # fmt: skip
    raise typer.Exit(guarded(lambda: make(choices)))


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


def _verify(folder: str, engine: "Engine", as_json: bool) -> int:
    from quoth.scale.batch import open_batch
    from quoth.scale.verifying import verify

    batch = open_batch(folder)
    wrong: dict[str, list[str]] = {}
    with moving(len(batch.manifest.shards), unit="shards") as passed:
        for name, troubles in verify(batch, engine):
            passed(None, None)
            if troubles:
                wrong[name] = list(troubles)
    for name, told in sorted(wrong.items()):
        for line in listed(told, 5):
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
        with Archive.open(path) as archive, moving(totals.documents + totals.skipped.total(), unit="documents") as passed:
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
