"""Batches are planned from the inputs alone: crawls are cut where records begin, and every byte is in one shard."""

import gzip
import io
from pathlib import Path

import pytest
from scaling import SAID, Here, lines

from quoth.errors import QuothError
from quoth.reading import readings
from quoth.scale.batch import open_batch
from quoth.scale.places import files_below
from quoth.scale.planning import plan
from quoth.scale.ranges import pieces_of, record_starts
from quoth.scale.shards import Manifest, Piece, Shard
from quoth.scale.verifying import gaps
from quoth.scale.worker import read_piece


def record(body: str, kind: str = "conversion", length: int | None = None) -> bytes:
    block = body.encode()
    head = f"WARC/1.0\r\nWARC-Type: {kind}\r\nWARC-Target-URI: https://harl.example/{len(body)}\r\nContent-Type: text/plain\r\n"
    return f"{head}Content-Length: {len(block) if length is None else length}\r\n\r\n".encode() + block + b"\r\n\r\n"


CRAWL = [
    record("software: x", "warcinfo"),
    *(record(SAID.format(number=number) * (1 + number % 5)) for number in range(40)),
    record("GET /", "request"),
]
DAMAGED = {
    "sound": CRAWL,
    "broken off": [*CRAWL[:-2], CRAWL[-2][:150]],
    "a length too large": [*CRAWL[:20], record("short", length=900), *CRAWL[20:]],
    "no length": [*CRAWL[:20], b"WARC/1.0\r\nWARC-Type: conversion\r\n\r\n", *CRAWL[20:]],
    "junk between": [*CRAWL[:20], b"junk\r\n", *CRAWL[20:]],
    "a record within a record": [*CRAWL[:20], record((record("within") * 3).decode()), *CRAWL[20:]],
}


@pytest.mark.parametrize("packed", [False, True], ids=["plain", "packed"])
@pytest.mark.parametrize("damage", DAMAGED)
def test_ranges_of_a_crawl_hold_what_the_whole_holds(damage: str, packed: bool, tmp_path: Path) -> None:
    path = tmp_path / "crawl.warc"
    path.write_bytes(b"".join(gzip.compress(part, 1) if packed else part for part in DAMAGED[damage]))
    with path.open("rb") as stream:
        pieces = pieces_of(stream, source=str(path), size=path.stat().st_size, most=600)
    assert len(pieces) > 3
    assert not list(gaps(Manifest(extractor="", inputs=(), shards=(Shard(name="0", pieces=pieces),))))
    whole = list(readings(str(path)))
    assert [result for piece in pieces for result in read_piece(piece, {})] == whole
    assert len(whole) > 20


@pytest.mark.parametrize(
    "raw",
    [gzip.compress(b"".join(CRAWL)), b"".join(gzip.compress(one + one) for one in CRAWL), b"It rained.", b"", b"\x1f\x8b"],
    ids=["one member", "two records a member", "no crawl", "empty", "a stub"],
)
def test_what_cannot_be_cut_stays_whole(raw: bytes) -> None:
    assert pieces_of(io.BytesIO(raw), source="a", size=len(raw), most=10) == (Piece(source="a", size=len(raw)),)


def test_records_begin_where_gzip_members_do() -> None:
    members = [gzip.compress(part) for part in CRAWL]
    starts = list(record_starts(io.BytesIO(b"".join(members))))
    assert starts == [sum(map(len, members[:number])) for number in range(len(members))]


def test_a_plan_has_every_byte_once_and_small_files_together(tmp_path: Path) -> None:
    folder = tmp_path / "in"
    lines(folder, "large", [SAID] * 50)
    for number in range(9):
        (folder / f"small{number}.txt").write_text("x" * 300, "utf-8")
    (folder / "zz.warc.gz").write_bytes(b"".join(gzip.compress(part) for part in CRAWL))
    (folder / ".hidden").touch()
    shards = plan([str(folder)], Here(), most=1_000)
    assert not list(gaps(Manifest(extractor="", inputs=(), shards=shards)))
    assert [len(shard.pieces) for shard in shards[:4]] == [1, 3, 3, 3]
    assert {piece.source for shard in shards for piece in shard.pieces} == {source for source, _ in files_below(str(folder))}
    assert [shard.name for shard in shards[:2]] == ["000000", "000001"]


@pytest.mark.parametrize(
    ("inputs", "told"),
    [(["none"], "none: No such file"), (["a.txt", "a.txt"], "a.txt: is named twice"), (["empty"], "empty: the inputs hold no file")],
)
def test_inputs_that_cannot_be_planned(inputs: list[str], told: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    (tmp_path / "empty").mkdir()
    (tmp_path / "a.txt").touch()
    with pytest.raises(QuothError, match=told):
        plan(inputs, Here())


@pytest.mark.parametrize(
    ("pieces", "told"),
    [
        ([Piece(source="a", size=9, end=4), Piece(source="a", size=9, start=4, end=9, before=2), Piece(source="b", size=0)], []),
        ([Piece(source="a", size=9, end=4)], ["a: bytes 4 to 9 are in no shard"]),
        ([Piece(source="a", size=9, end=4), Piece(source="a", size=9, start=6, end=9)], ["a: bytes 4 to 6 are in no shard"]),
        ([Piece(source="a", size=9), Piece(source="a", size=9, start=6, end=9)], ["a: bytes 6 to 9 are in two shards"]),
    ],
)
def test_gaps_of_a_plan(pieces: list[Piece], told: list[str]) -> None:
    assert list(gaps(Manifest(extractor="", inputs=(), shards=(Shard(name="0", pieces=tuple(pieces)),)))) == told


@pytest.mark.parametrize("raw", [b"", b"[]", b"{}", b'{"layout": 99}', b"\xff"])
def test_what_is_no_manifest_is_told(raw: bytes, tmp_path: Path) -> None:
    (tmp_path / "manifest.json").write_bytes(raw)
    with pytest.raises(QuothError, match=f"{tmp_path}.*: (no manifest|a batch of layout 99)"):
        open_batch(str(tmp_path))


@pytest.mark.parametrize(("files", "size", "most", "shards"), [(30, 1_000, None, 1), (30, 50_000, None, 6), (30, 50_000, 100_000, 15)])
def test_small_inputs_are_shards_enough_for_all_workers(files: int, size: int, most: int | None, shards: int, tmp_path: Path) -> None:
    for number in range(files):
        (tmp_path / f"{number:02}.txt").write_bytes(b"x" * size)
    planned = plan([str(tmp_path)], Here()) if most is None else plan([str(tmp_path)], Here(), most=most)
    assert len(planned) == shards
    assert [piece.source for shard in planned for piece in shard.pieces] == sorted(str(path) for path in tmp_path.iterdir())
