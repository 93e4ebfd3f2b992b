"""How what a search found is printed: for a reader, as JSON, as CSV."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from quoth.cli.archives import csv_lines
from quoth.escapes import one_line

if TYPE_CHECKING:
    from rich.text import Text

    from quoth.archive import Counts, Hit, Page, ReportHit

COLUMNS = (
    "row", "id", "speaker", "person", "person_name", "words", "kind", "act", "polarity", "confidence", "said", "said_precision",
    "published", "publisher", "title", "url", "source", "cue",
)  # fmt: skip
WIDEST = 100


def hits_csv(hits: "Sequence[Hit]") -> str:
    """The statements as CSV."""
    return csv_lines(COLUMNS, ([getattr(hit, column) for column in COLUMNS] for hit in hits))


def pretty_hits(page: "Page[Hit]", *, width: int, colour: bool) -> str:
    """The statements for a reader: who, when and where, then the words."""
    lines: list[Text] = []
    for hit in page.hits:
        lines += [_who(hit), _words(hit.snippet, [(span.start, span.end) for span in hit.marked]), _where(hit), _blank()]
    return shown(lines or [_plain("nothing found")], width=width, colour=colour)


def pretty_reports(page: "Page[ReportHit]", *, width: int, colour: bool) -> str:
    """The reports for a reader: title, publisher and day, then the words in their place."""
    lines: list[Text] = []
    for hit in page.hits:
        facts = [hit.publisher, str(hit.published) if hit.published else None, f"{hit.statements} statements", hit.url]
        lines += [_plain(one_line(hit.title or hit.identity), "bold"), _words(hit.snippet, [(span.start, span.end) for span in hit.marked])]
        lines += [_plain("  " + " · ".join(one_line(fact) for fact in facts if fact), "dim"), _blank()]
    return shown(lines or [_plain("nothing found")], width=width, colour=colour)


def pretty_counts(counts: "Counts", *, width: int, colour: bool) -> str:
    """How statements are spread, for a reader."""
    found = f"{counts.total:,} statements" if counts.complete else f"{counts.total:,} statements or more; of the latest of them:"
    lines = [_plain(found, "bold")]
    for title, values in (
        ("by speaker", counts.speakers[:10]),
        ("by publisher", counts.publishers[:10]),
        ("by month", counts.months[-12:]),
    ):
        lines.append(_plain(title, "dim"))
        lines += [_plain(f"{value.count:>8,}  {one_line(value.name) or 'not known'}") for value in values]
    return shown(lines, width=width, colour=colour)


def shown(lines: "Sequence[Text]", *, width: int, colour: bool) -> str:
    """Lines as a terminal of a width shows them."""
    from io import StringIO

    from rich.console import Console

    console = Console(
        file=StringIO(), width=min(width, WIDEST), force_terminal=colour, color_system="standard" if colour else None, highlight=False,
        markup=False, emoji=False, legacy_windows=False,
    )  # fmt: skip
    with console.capture() as captured:
        for line in lines:
            console.print(line)
    return captured.get()


def _who(hit: "Hit") -> "Text":
    from rich.text import Text

    name = hit.person_name or hit.speaker
    line = Text(one_line(name) if name else f"“{one_line(hit.source)}” unresolved" if hit.source else "no source", style="bold")
    said = f"said {hit.said} ({hit.said_precision})" if hit.said else None
    facts = [one_line(hit.cue) if hit.cue else None, hit.kind, hit.act if hit.act != "speech" else None, said]
    line.append("".join(f" · {fact}" for fact in facts if fact), style="not bold dim")
    if hit.polarity == "not_said":
        line.append(" · NOT SAID", style="bold red")
    return line


def _words(snippet: str, marked: Sequence[tuple[int, int]]) -> "Text":
    """The words, with those in bold that were searched, where there are colours."""
    from rich.text import Text

    line, place = Text("  "), 0
    for start, end in marked:
        line.append(_spaced(snippet[place:start])).append(_spaced(snippet[start:end]), style="bold underline")
        place = end
    return line.append(_spaced(snippet[place:]))


def _spaced(text: str) -> str:
    r"""The visible text on one line, with a space kept at either end.

    >>> _spaced(" a\n b ")
    ' a b '
    """
    shown_text = one_line(text)
    before, behind = text[:1].isspace(), text[-1:].isspace() and bool(shown_text)
    return f"{' ' if before else ''}{shown_text}{' ' if behind else ''}"


def _where(hit: "Hit") -> "Text":
    facts = [hit.publisher, str(hit.published) if hit.published else None, hit.title, f"statement {hit.row}"]
    return _plain("  " + " · ".join(one_line(fact) for fact in facts if fact), "dim")


def _plain(line: str, style: str = "") -> "Text":
    from rich.text import Text

    return Text(line, style=style)


def _blank() -> "Text":
    return _plain("")
