"""A finished batch: counted again, loaded into an archive, and compared across its shards."""

import datetime
import json
from collections import Counter
from collections.abc import Callable, Iterable
from pathlib import Path
from typing import Any

import pytest
import toy
from hypothesis import given, settings
from hypothesis import strategies as st
from scaling import Here, batch_of, lines, make, mixed

from quoth.archive import Archive
from quoth.errors import QuothError
from quoth.ingestion import Ingestion
from quoth.reading import readings
from quoth.scale.loading import load
from quoth.scale.tables import read_table, write_table
from quoth.scale.variants import find_variants, pairs_of, part_of
from quoth.scale.verifying import verify
from quoth.variants import Passage, pairs
from quoth.variants.passages import speaker_key


@pytest.fixture
def news(tmp_path: Path) -> Path:
    return mixed(tmp_path / "news")


# --- counting again


def _edit_account(shard: Path) -> None:
    told = json.loads(shard.with_suffix(".json").read_bytes())
    told["account"]["documents"] += 1
    shard.with_suffix(".json").write_text(json.dumps(told), "utf-8")


def _rewrite(change: Callable[[dict[str, Any]], None]) -> Callable[[Path], None]:
    def rewrite(shard: Path) -> None:
        rows = list(read_table(str(shard)))
        change(rows[0])
        write_table(rows, shard)

    return rewrite


@pytest.mark.parametrize(
    ("damage", "told"),
    [
        (lambda shard: shard.with_suffix(".json").unlink(), "is missing"),
        (lambda shard: shard.unlink(), "No such file"),
        (lambda shard: shard.write_bytes(shard.read_bytes()[:-60]), "damaged Parquet file"),
        (lambda shard: shard.with_suffix(".json").write_bytes(b"{}"), "no account of a shard"),
        (_edit_account, "documents is"),
        (_rewrite(lambda row: row.update(origin="elsewhere")), "documents_sha256 is"),
        (_rewrite(lambda row: row.update(text="Other words.")), "not the hash of the text"),
        (_rewrite(lambda row: row["statements"][0].update(content="words")), "is not what stands at its place"),
        (_rewrite(lambda row: row["statements"][0]["content_spans"][0].update(start=1)), "is not what stands at its place"),
        (_rewrite(lambda row: row.update(statements=row["statements"][:1])), "statements is"),
    ],
    ids=range(10),
)
def test_every_damage_is_found(damage: Callable[[Path], object], told: str, news: Path, tmp_path: Path) -> None:
    batch = batch_of(news, tmp_path / "out")
    make(batch)
    damage(tmp_path / "out/shards/000/000000.parquet")
    troubles = dict(verify(batch, Here()))
    assert [name for name, wrong in troubles.items() if wrong] == ["000000"]
    assert any(told in trouble for trouble in troubles["000000"]), troubles["000000"]


# --- loading


def rows(path: Path) -> dict[str, list[dict[str, object]]]:
    """Every row of an archive, without the times at which it was written."""
    with Archive.open(path, read_only=True) as opened:
        found = {
            table: opened.columns(f"SELECT * FROM {table}")
            for table in "publishers extractors reports texts speakers statements skipped".split()
        }
    return {table: [{name: row[name] for name in row if name not in ("added", "at")} for row in listed] for table, listed in found.items()}


def test_a_loaded_batch_is_the_archive_of_an_ingestion(news: Path, tmp_path: Path) -> None:
    batch = batch_of(news, tmp_path / "out")
    with pytest.raises(QuothError, match=r"is not finished: \d of \d shards are missing"), Archive.open(tmp_path / "none.db") as archive:
        list(load(batch, archive))
    make(batch)
    with Archive.open(tmp_path / "ingested.db") as archive:
        expected = Counter(one.ending for one in Ingestion(archive, toy.extract_article, extractor="toy 1").run(readings(str(news))))
    with Archive.open(tmp_path / "loaded.db") as archive:
        assert next(load(batch, archive)).ending == "stored"  # broken off
        assert Counter(one.ending for one in load(batch, archive)) == expected - Counter(stored=1) + Counter(already=1)
        assert set(Counter(one.ending for one in load(batch, archive))) == {"already", "skipped"}
    assert rows(tmp_path / "loaded.db") == rows(tmp_path / "ingested.db")


# --- variants

SPEAKERS = ("Mara Lind", "Lind", "Bo Lind", "Ama Osei", "A. Osei", "the airline", None)
WORDS = "the ferry of harl will not sail before the ice is gone from the bridge and the council has voted on it twice".split()
FIRST = datetime.date(988, 12, 1)
passages_of = st.lists(
    st.builds(
        lambda number, start, length, day, speaker: Passage(
            id=f"s{number}",
            report=f"r{number}",
            words=" ".join(WORDS[start : start + length]),
            published=None if day is None else FIRST + datetime.timedelta(days=day),
            speaker=speaker,
        ),
        st.integers(0, 40),
        st.integers(0, 6),
        st.integers(5, 15),
        st.none() | st.integers(0, 100),
        st.sampled_from(SPEAKERS),
    ),
    max_size=30,
    unique_by=lambda passage: passage.id,
)


@settings(max_examples=40, deadline=None)
@given(passages=passages_of)
def test_the_parts_together_find_what_one_pass_finds(passages: list[Passage]) -> None:
    def told(found: Iterable[Any]) -> list[tuple[object, ...]]:
        return sorted((pair.left, pair.right, pair.kind, pair.score, pair.speakers) for pair in found)

    parted = [pair for part in {part_of(passage) for passage in passages} for pair in pairs_of(part, passages)]
    whole = []
    for key in {speaker_key(passage) for passage in passages}:
        group = [passage for passage in passages if speaker_key(passage) == key]
        whole += pairs(sorted(group, key=lambda one: (one.published is not None, one.published or datetime.date.min, one.id)))
    assert told(parted) == told(whole)


def test_variants_of_a_batch_are_written_by_month(tmp_path: Path) -> None:
    words = "“The ferry will not sail before all the ice is gone,” said Mara Lind."
    lines(tmp_path / "news", "a", [words])
    lines(tmp_path / "news", "b", ["It rains.", words + " It rained."])
    (tmp_path / "news" / "c.txt").write_text("Date: 2024-04-09\n\n" + words + " It snowed.", "utf-8")
    batch = batch_of(tmp_path / "news", tmp_path / "out", most=100)
    with pytest.raises(QuothError, match="is not finished"):
        find_variants(batch, Here())
    make(batch)
    found = find_variants(batch, Here())
    assert (found.statements, dict(found.pairs)) == (3, {"same": 1})
    assert {path.parent.name for path in (tmp_path / "out/variants").rglob("*.parquet")} == {"2024-03", "2024-04"}
    assert not list((tmp_path / "out").rglob("*.passages"))
    assert not make(batch) and dict(verify(batch, Here())) == {shard.name: () for shard in batch.manifest.shards}
