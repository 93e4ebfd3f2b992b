"""The account of a shard, which stands beside its table: how much is in it, what was skipped, and hashes to count it again by."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, fields
from typing import Self

from quoth.errors import QuothError
from quoth.ingestion.workers import CRASHED
from quoth.scale.extractor import BROKEN, LATE
from quoth.scale.tables import Row


def is_set_aside(reason: str) -> bool:
    """Whether a document was skipped because the extractor could not live with it.

    >>> is_set_aside(LATE), is_set_aside("not English (de)")
    (True, False)
    """
    return reason in (CRASHED, LATE) or reason.startswith(BROKEN)


@dataclass(frozen=True, slots=True, kw_only=True)
class Account:
    """What is in a shard: rows of its table, documents read, their statements, documents skipped by reason, those set aside.

    `sha256` is the hash of the Parquet file; `documents_sha256` that of what was read, without how it is written: origins, hashes of texts
    and ids of statements, or the reasons, in order.
    """

    shard: str
    rows: int
    documents: int
    statements: int
    skipped: Mapping[str, int]
    set_aside: tuple[str, ...]
    sha256: str
    documents_sha256: str

    def differences(self, other: "Account") -> list[str]:
        """What two accounts tell differently, one line each."""
        told = ((field.name, getattr(self, field.name), getattr(other, field.name)) for field in fields(self))
        return [f"{name} is {theirs!r}, and {ours!r} was written down" for name, ours, theirs in told if ours != theirs]


class Counting:
    """Counts the rows of a table as they pass."""

    def __init__(self) -> None:
        self.rows = self.documents = self.statements = 0
        self.skipped: Counter[str] = Counter()
        self.set_aside: list[str] = []
        self._digest = hashlib.sha256()

    def over(self, rows: Iterable[Row]) -> Iterator[Row]:
        """The same rows, counted."""
        for row in rows:
            self.add(row)
            yield row

    def add(self, row: Row) -> None:
        """Counts one row."""
        self.rows += 1
        reason = row.get("skipped")
        if reason is None:
            self.documents += 1
            self.statements += len(row["statements"])
            told = [row["origin"], row["sha256"], *(statement["statement"] for statement in row["statements"])]
        else:
            self.skipped[reason] += 1
            self.set_aside += [row["origin"]] * is_set_aside(reason)
            told = [row["origin"], reason]
        self._digest.update(("\t".join(told) + "\n").encode("utf-8"))

    def account(self, shard: str, sha256: str) -> Account:
        """The account of a shard whose file has this hash."""
        return Account(
            shard=shard, rows=self.rows, documents=self.documents, statements=self.statements, skipped=dict(sorted(self.skipped.items())),
            set_aside=tuple(self.set_aside), sha256=sha256, documents_sha256=self._digest.hexdigest(),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Seconds:
    """How long a shard took: by the clock, and in CPU time of the worker without the processes it had beside it."""

    clock: float
    cpu: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Sidecar:
    """The file beside a table: the account, and apart from it what differs from run to run."""

    account: Account
    seconds: Seconds

    def to_json(self) -> str:
        """The sidecar as it is written."""
        return json.dumps({"account": asdict(self.account), "seconds": asdict(self.seconds)}, ensure_ascii=False, indent=1) + "\n"

    @classmethod
    def of_json(cls, written: bytes, *, concerns: str) -> Self:
        """The sidecar that was written; raises QuothError if it is none."""
        try:
            told = json.loads(written)
            account = told["account"] | {"set_aside": tuple(told["account"]["set_aside"])}
            return cls(account=Account(**account), seconds=Seconds(**told["seconds"]))
        except (ValueError, TypeError, KeyError) as error:
            raise QuothError("no account of a shard, or a damaged one", concerns=concerns) from error
