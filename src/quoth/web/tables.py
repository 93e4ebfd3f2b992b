"""Rows for spreadsheets: CSV by RFC 4180, in UTF-8; no cell of a report can be taken for a formula."""

import csv
import io
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quoth.formats import FORMULA

Cell = str | int | float | None


@dataclass(frozen=True, slots=True)
class Table:
    """Names of columns, and rows."""

    columns: Sequence[str]
    rows: Iterable[Sequence[Cell]]

    def csv(self) -> str:
        r"""The table as CSV.

        >>> Table(("words",), [("=1+1",)]).csv()
        "words\r\n'=1+1\r\n"
        """
        stream = io.StringIO(newline="")
        writer = csv.writer(stream)
        writer.writerow(self.columns)
        writer.writerows([_safe(cell) for cell in row] for row in self.rows)
        return stream.getvalue()


def _safe(cell: Cell) -> Cell:
    return f"'{cell}" if isinstance(cell, str) and cell.startswith(FORMULA) else cell
