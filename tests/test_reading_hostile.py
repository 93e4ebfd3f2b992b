"""Inputs that are made to do harm: each ends in one clear reason, within bounds of memory and time."""

import gzip
import io
import json
import os
import tarfile
import tracemalloc
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest

import quoth.reading.containers as containers
import quoth.reading.records as records
import quoth.reading.tables as tables
from quoth.reading import readings
from quoth.types import Reading, Skipped

WORDS = "The bridge at Ostby will stay closed until the spring, said Mara Lind, who has run the harbour for nine years. "


def results(raw: bytes, origin: str) -> list[Reading | Skipped]:
    return list(readings(raw, origin=origin, limits=None))


def reasons(raw: bytes, origin: str) -> list[str]:
    return [result.reason if isinstance(result, Skipped) else "read" for result in results(raw, origin)]


@contextmanager
def within(megabytes: int) -> Iterator[None]:
    """Fails if the block holds more memory at any time."""
    tracemalloc.start()
    try:
        yield
        assert tracemalloc.get_traced_memory()[1] < megabytes * 1_000_000
    finally:
        tracemalloc.stop()


# --- JSON and tables, which are read in this process: what bounds them is counted before they grow


@pytest.mark.parametrize("piece", [b"[],", b"{},", b'{"a":1},', b"1,", b'"ab",'])
@pytest.mark.parametrize("name", ["a.json", "a.jsonl", "a.jsonl, ninjs"])
def test_json_of_too_many_values_is_refused_before_it_is_parsed(name: str, piece: bytes, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(records, "MOST_VALUES", 30_000)
    opening = b'{"uri": "n1", "versioncreated": "x", "body_text": "It rained.", "x": [' if "ninjs" in name else b'{"text": "a", "x": ['
    raw = opening + piece * 100_000 + b"1]}\n"
    with within(megabytes=5):
        assert reasons(raw, name.partition(",")[0]) == ["too large: JSON of more than 30,000 values"]


def test_a_report_may_have_as_many_commas_as_it_likes() -> None:
    text = "It rained, hailed, and snowed. " * 100_000
    assert reasons(json.dumps({"text": text}).encode(), "a.json") == ["read"]


def test_json_that_is_nested_without_end() -> None:
    for opening in (b"[", b'{"a":'):
        assert reasons(opening * 100_000, "a.json")[0].startswith("broken JSON")
        assert "nested too deep" in reasons(b'{"text": ' + opening * 100_000, "a.jsonl")[0]


@pytest.mark.parametrize(
    ("rows", "reason"),
    [
        (b'1,"' + (b"\n" * 90_000 + b'","') * 5, "too large: a row of more than 300,000 characters, not read on"),
        (b'1,"ab"' + b',"rain rain rain rain rain rain\n"' * 12_000, "too large: a row of more than 300,000 characters, not read on"),
        (b"1,It rained" + b"," * 20_000, "too large: a row of more than 20,000 cells, not read on"),
        (b'1,"' + b"rain " * 40_000 + b'"', "broken CSV near line 2, not read on: field larger than field limit (100001)"),
    ],
)  # fmt: skip
def test_a_row_of_a_table_that_does_not_end(rows: bytes, reason: str, monkeypatch: pytest.MonkeyPatch) -> None:
    for name, most in {"LONGEST_ROW": 300_000, "MOST_CELLS": 20_000, "MAX_CHARACTERS": 100_000}.items():
        monkeypatch.setattr(tables, name, most)
    with within(megabytes=30):
        assert reasons(b"id,text\n" + rows + b"\n2,It hailed.\n", "a.csv")[-1] == reason


def test_a_line_of_many_megabytes_costs_one_report() -> None:
    line = b'{"text": "' + b"x" * 60_000_000 + b'"}\n'
    stream = b'{"text": "It rained."}\n' + line + b'{"text": "It hailed."}\n'
    assert reasons(stream, "a.jsonl") == ["read", "too large: a line of more than 30,000,000 bytes", "read"]


# --- text that is none


@pytest.mark.parametrize("name", ["a.txt", "a.csv", "a.json", "a.html", "a.xml"])
@pytest.mark.parametrize("charset", ["utf-16-le", "utf-16-be"])
def test_utf_16_without_a_mark_is_no_text(charset: str, name: str) -> None:
    text = {
        "a.txt": WORDS, "a.csv": f"id,text\n1,{WORDS}", "a.json": json.dumps({"text": WORDS}), "a.html": f"<html><p>{WORDS * 3}",
        "a.xml": f"<rss><channel><item><description>{WORDS}",
    }[name]  # fmt: skip
    assert reasons(text.encode(charset), name) == ["not text: it holds NUL bytes (UTF-16 needs a byte order mark)"]


# --- archives


def zipped(members: dict[str, bytes]) -> bytes:
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, raw in members.items():
            archive.writestr(name, raw)
    return stream.getvalue()


def test_archives_that_swell_with_each_level_are_measured_as_a_whole(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "FREE", 20_000)
    raw = WORDS.encode() * 20
    for level in range(3):
        raw = zipped({f"{number}.{'zip' if level else 'txt'}": raw for number in range(10)})
    found = results(raw, "a.zip")
    assert len(found) < 1_000
    assert {result.reason for result in found if isinstance(result, Skipped)} == {"unpacks to more than 200 times its size: not read on"}


def test_a_zip_archive_of_too_many_members(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(containers, "LARGEST_DIRECTORY", 10_000)
    raw = zipped({f"{number}.txt": b"" for number in range(300)})
    [reason] = reasons(raw, "a.zip")
    assert reason.startswith("too large: a ZIP archive with a directory of ")


LINKS = [
    ("link", tarfile.SYMTYPE, "/etc/passwd"), ("hard", tarfile.LNKTYPE, "/etc/passwd"), ("pipe", tarfile.FIFOTYPE, ""),
    ("device", tarfile.CHRTYPE, ""), ("folder", tarfile.DIRTYPE, ""),
]  # fmt: skip


def test_a_tar_archive_of_links_and_devices(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    stream = io.BytesIO()
    with tarfile.open(fileobj=stream, mode="w") as archive:
        for name, kind, target in LINKS:
            member = tarfile.TarInfo(name)
            member.type, member.linkname = kind, target
            archive.addfile(member)
        report = tarfile.TarInfo("/etc/../evil.txt")
        report.size = len(WORDS)
        archive.addfile(report, io.BytesIO(WORDS.encode()))
    [reading] = results(stream.getvalue(), "a.tar")
    assert isinstance(reading, Reading) and reading.article.text == WORDS
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("kind", [tarfile.GNUTYPE_LONGNAME, tarfile.GNUTYPE_LONGLINK, tarfile.XHDTYPE, tarfile.XGLTYPE])
def test_a_header_in_a_tar_archive_that_does_not_end(kind: bytes) -> None:
    header = tarfile.TarInfo("a")
    header.type, header.size = kind, 50_000_000
    raw = gzip.compress(header.tobuf(tarfile.GNU_FORMAT) + bytes(50_000_000), 1)
    with within(megabytes=5):
        assert reasons(raw, "a.tar.gz") == ["damaged tar archive: a header of 50,000,000 bytes"]


# --- files and folders


def test_a_folder_that_changes_while_it_is_read(tmp_path: Path) -> None:
    for name in ("a.txt", "b.txt", "c.txt"):
        (tmp_path / name).write_text(WORDS)
    found = readings(tmp_path, limits=None)
    assert isinstance(next(found), Reading)
    (tmp_path / "b.txt").unlink()
    (tmp_path / "c.txt").unlink()
    (tmp_path / "c.txt").mkdir()
    assert [result.reason for result in found if isinstance(result, Skipped)] == [
        "No such file or directory",
        "a link to a folder, which is not followed",
    ]


def test_links_that_lead_in_circles_or_nowhere(tmp_path: Path) -> None:
    for name, target in {"a": "b", "b": "a", "c": ".", "d": "none", "e": "/dev/null"}.items():
        (tmp_path / name).symlink_to(target)
    assert [result.reason for result in readings(tmp_path, limits=None) if isinstance(result, Skipped)] == [
        "Too many levels of symbolic links",
        "Too many levels of symbolic links",
        "a link to a folder, which is not followed",
        "No such file or directory",
        "not a file",
    ]
    assert [result.reason for result in readings(tmp_path / "a") if isinstance(result, Skipped)] == ["Too many levels of symbolic links"]


@pytest.mark.skipif(not Path("/dev/zero").exists(), reason="no devices here")
def test_a_device_that_does_not_end() -> None:
    assert ["too large" in result.reason for result in readings("/dev/zero") if isinstance(result, Skipped)] == [True]


def test_folders_and_files_that_may_not_be_opened(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("closed/a.txt", "open/a.txt", "b.txt"):
        (tmp_path / name).parent.mkdir(exist_ok=True)
        (tmp_path / name).write_text(WORDS)
    scandir, opened = os.scandir, Path.open

    def scandir_or_refuse(path: str) -> object:
        if path.endswith("closed"):
            raise PermissionError(13, "Permission denied", path)
        return scandir(path)

    def open_or_refuse(path: Path, *arguments: object) -> object:
        if path.name == "b.txt":
            raise PermissionError(13, "Permission denied", str(path))
        return opened(path, *arguments)  # type: ignore[call-overload]

    monkeypatch.setattr(os, "scandir", scandir_or_refuse)
    monkeypatch.setattr(Path, "open", open_or_refuse)
    found = list(readings(tmp_path, limits=None))
    assert [(Path(result.origin).name, type(result).__name__) for result in found] == [
        ("b.txt", "Skipped"),
        ("closed", "Skipped"),
        ("a.txt", "Reading"),
    ]


@pytest.fixture
def folders_without_end(tmp_path: Path) -> Iterator[Path]:
    """Folders in folders, too deep to be walked by recursion; taken away again, since pytest's own clean-up recurses."""
    depth = 1_500
    folder = os.open(tmp_path, os.O_RDONLY)

    def step(to: str) -> None:
        nonlocal folder
        next_one = os.open(to, os.O_RDONLY, dir_fd=folder)
        os.close(folder)
        folder = next_one

    for _ in range(depth):
        os.mkdir("a", dir_fd=folder)
        step("a")
    yield tmp_path
    for _ in range(depth):
        step("..")
        os.rmdir("a", dir_fd=folder)
    os.close(folder)


def test_folders_without_end(folders_without_end: Path) -> None:
    read = readings(folders_without_end, limits=None)
    assert [result.reason for result in read if isinstance(result, Skipped)] == ["the folder holds no file"]


# --- pages and feeds, which another process reads


HTML = [
    b"<div>" * 1_000_000, b"<b><i>" * 500_000, b"<table><tr><td>" * 300_000, b"<p " + b"a=1 " * 1_000_000 + b">", b"<!--" * 300_000,
    b"<script>" * 100_000, b"&" * 1_000_000, b"<a href='" * 100_000,
]  # fmt: skip


@pytest.mark.nightly
@pytest.mark.parametrize("opening", HTML, ids=lambda opening: opening[:12].decode())
def test_a_page_of_a_million_tags_ends(opening: bytes) -> None:
    [result] = readings(b"<html><body>" + opening + WORDS.encode() * 5, origin="a.html")
    assert isinstance(result, Reading) or "\n" not in result.reason
