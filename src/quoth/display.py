"""Statements for a reader at a terminal: who said what, and the report itself with the spans marked.

What a report holds is shown, never obeyed: no markup of it is read, and control characters and marks that turn the direction of writing
are shown as escapes.
"""

from collections.abc import Iterable, Iterator, Sequence
from io import StringIO

from rich.console import Console
from rich.text import Text

from quoth.escapes import one_line, visible
from quoth.types import Article, Said, Span, Statement

WIDEST = 100
"""Lines longer than this are hard to read, however wide the terminal is."""
NARROWEST = 20
INDENT = 2
ROLES = {"content": ("green underline", "⟦", "⟧"), "source": ("bold", "⟨", "⟩"), "cue": ("italic cyan", "⟪", "⟫")}
"""How each role is marked: by style where there are colours, else by brackets."""


def pretty(article: Article, statements: Sequence[Statement], *, context: bool = False, width: int = WIDEST, colour: bool = False) -> str:
    """A heading, the report itself with the spans marked if `context`, and the statements, nested ones under their parents.

    >>> print(pretty(Article.of("It rained.", id="r1"), ()))
    r1
    no statements
    <BLANKLINE>
    <BLANKLINE>
    """
    console = Console(
        file=StringIO(), width=min(width, WIDEST), force_terminal=colour, color_system="standard" if colour else None,
        highlight=False, markup=False, emoji=False, legacy_windows=False,
    )  # fmt: skip
    with console.capture() as shown:
        for line in _heading(article, statements):
            console.print(line)
        if context:
            console.print("", _legend(colour), "", in_context(article, statements, colour=colour), sep="\n", soft_wrap=True)
        for statement, depth in _tree(statements):
            for line in _lines(statement, console, indent=INDENT * (2 * depth + 1)):
                console.print(line, soft_wrap=True)
        console.print()
    return shown.get()


def in_context(article: Article, statements: Iterable[Statement], *, colour: bool) -> Text:
    """The text of the report with content, source and cue of the statements marked, in colours or else in brackets."""
    starting: dict[int, list[tuple[Span, str]]] = {}
    for span, role in sorted(set(_marks(statements)), key=lambda mark: (-mark[0].end, mark[1])):
        starting.setdefault(span.start, []).append((span, role))
    edges = sorted({*starting, len(article.text), *(span.end for marks in starting.values() for span, _ in marks)})
    shown, current, position = Text(), list[tuple[Span, str]](), 0
    for edge in edges:
        style = " ".join(ROLES[role][0] for _, role in current) if colour else ""
        shown.append(visible(article.text[position:edge]), style=style)
        closing = [mark for mark in reversed(current) if mark[0].end == edge]
        opening = starting.get(edge, [])
        current = [mark for mark in current if mark[0].end != edge] + opening
        if not colour:
            shown.append("".join(ROLES[role][2] for _, role in closing) + "".join(ROLES[role][1] for _, role in opening))
        position = edge
    return shown


def _marks(statements: Iterable[Statement]) -> Iterator[tuple[Span, str]]:
    """The spans of the statements with their roles."""
    for statement in statements:
        attribution = statement.attribution
        yield from ((piece, "content") for piece in attribution.content)
        if attribution.source:
            yield attribution.source, "source"
        if attribution.cue:
            yield attribution.cue, "cue"


def _legend(colour: bool) -> Text:
    """How each role is marked."""
    roles = [Text(role if colour else f"{opening}{role}{closing}", style=style) for role, (style, opening, closing) in ROLES.items()]
    return Text("marked: ").append_text(Text("  ").join(roles))


def _heading(article: Article, statements: Sequence[Statement]) -> Iterator[Text]:
    """The title or the id, then what else is known of the report."""
    yield Text(one_line(article.title or article.id), style="bold")
    count = {0: "no statements", 1: "1 statement"}.get(len(statements), f"{len(statements)} statements")
    published = f"published {article.published}" if article.published else None
    named = article.id if article.title else None
    yield Text(" · ".join(one_line(known) for known in (named, article.publisher, published, count) if known), style="dim")


def _tree(statements: Sequence[Statement]) -> Iterator[tuple[Statement, int]]:
    """Each statement once, parents before those nested in them, with its depth."""
    known = {statement.id for statement in statements}
    nested: dict[str | None, list[Statement]] = {}
    for statement in statements:
        nested.setdefault(statement.nested_in if statement.nested_in in known else None, []).append(statement)
    waiting = [(statement, 0) for statement in reversed(nested.get(None, []))]
    while waiting:
        statement, depth = waiting.pop()
        yield statement, depth
        waiting += [(child, depth + 1) for child in reversed(nested.pop(statement.id, []))]


def _lines(statement: Statement, console: Console, *, indent: int) -> Iterator[Text]:
    """An empty line, who spoke and how, and the words, wrapped."""
    yield Text()
    yield Text(" " * indent).append_text(_who(statement)).append_text(_facts(statement))
    margin = " " * (indent + INDENT)
    words = Text(one_line(statement.words))
    for line in words.wrap(console, max(NARROWEST, console.width - len(margin))):
        line.rstrip()
        yield Text(margin).append_text(line)


def _who(statement: Statement) -> Text:
    """The speaker's name and the source that stands for it; without a speaker the source alone."""
    source = one_line(statement.source) if statement.source else None
    if statement.speaker is None:
        return Text(f"“{source}”").append(" unresolved", style="dim") if source else Text("no source", style="dim")
    name = one_line(statement.speaker.name)
    return Text(name, style="bold").append("" if source in (name, None) else f" “{source}”", style="not bold")


def _facts(statement: Statement) -> Text:
    """Cue, kind, act, day and what is out of the ordinary."""
    facts = Text()
    for fact, style in (
        (one_line(statement.cue) if statement.cue else "no cue", "italic cyan" if statement.cue else "dim"),
        (statement.kind, ""),
        ("no statement" if statement.act is None else statement.act if statement.act != "speech" else None, ""),
        (_day(statement.said_on) if statement.said_on else None, ""),
        ("NOT SAID" if statement.polarity == "not_said" else None, "bold red"),
        (f"marks: {', '.join(statement.attribution.repairs)}" if statement.attribution.repairs else None, "yellow"),
    ):
        if fact:
            facts.append(" · ", style="dim").append(fact, style=style)
    return facts


def _day(said: Said) -> str:
    """When it was said, no finer than it is known."""
    day = said.date.isoformat()
    match said.precision:
        case "day":
            return f"said on {day}"
        case "week":
            return f"said in the week of {day}"
        case "month":
            return f"said in {day[:7]}"
        case "year":
            return f"said in {day[:4]}"
