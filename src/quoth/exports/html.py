"""One HTML page that needs nothing else: each report with its statements marked, and a list of who said what.

No script, no address that is loaded; a content security policy says so to the browser. All that a report holds is text: it is escaped,
control characters and marks that turn the direction of writing are shown by their number, and each field is isolated from its neighbours.
Content is underlined on a tint, once for each statement it belongs to; a source is boxed, a cue is dotted and slanted: forms first,
so that it can be told without colours, in print, and in the dark.
"""

import base64
import hashlib
import os
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from html import escape
from typing import Literal

from quoth.exports.files import text_aside
from quoth.exports.links import safe_url, text_fragment
from quoth.exports.rows import Reports
from quoth.types import Article, Said, Span, Statement

Role = Literal["content", "source", "cue"]
UNSAFE = re.compile("[\x00-\x08\x0b\x0c\x0e-\x1f\x7f-\x84\x86-\x9f\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]")
LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")
DEEPEST = 3
"""Contents one within another that are told apart by their lines; deeper ones look like the third."""
STYLE = """
.quoth{--ink:#1b1b1f;--paper:#fff;--dim:#5c5f66;--line:#c9ccd3;--said:#0b6b3a;--tint:#e3f4ea;--who:#7a3e00;--how:#1f4fa3;
color:var(--ink);background:var(--paper);font:1rem/1.65 Georgia,"Times New Roman",serif;max-width:46rem;margin:0 auto;padding:1rem}
@media (prefers-color-scheme:dark){.quoth{--ink:#e6e6ea;--paper:#17181c;--dim:#a3a7b0;--line:#454952;--said:#6fd6a0;--tint:#16372a;
--who:#f0b070;--how:#9cc0ff}}
.quoth h1,.quoth h2{font-size:1.35rem;line-height:1.3;margin:0 0 .25rem}
.quoth article{border-top:1px solid var(--line);padding:1.5rem 0}
.quoth .dim{color:var(--dim);font-size:.875rem}
.quoth a{color:var(--how)}
.quoth .text{white-space:pre-wrap;overflow-wrap:anywhere;margin:1rem 0;unicode-bidi:plaintext}
.quoth .text span{-webkit-box-decoration-break:clone;box-decoration-break:clone}
.quoth .c{background:var(--tint);text-decoration:underline solid var(--said) .1em;text-underline-offset:.2em}
.quoth .c2{text-decoration-style:double}
.quoth .c3{text-decoration-style:wavy}
.quoth .s{border:.1em solid var(--who);border-radius:.2em;padding:0 .1em;font-weight:bold}
.quoth .q{border-bottom:.15em dotted var(--how);font-style:italic}
.quoth .n{font:bold .7rem/1 sans-serif;vertical-align:super;color:var(--said);text-decoration:none;margin-right:.1em;user-select:none}
.quoth .x{font:.75em monospace;border:1px dashed var(--dim);color:var(--dim)}
.quoth ol{list-style:none;margin:0;padding:0}
.quoth li{margin:.75rem 0;padding-left:.75rem;border-left:.2rem solid var(--line)}
.quoth li:target{border-left-color:var(--said)}
.quoth blockquote{margin:.25rem 0;unicode-bidi:plaintext;white-space:pre-wrap;overflow-wrap:anywhere}
.quoth .no{font-weight:bold;text-transform:uppercase;border:.1em solid;padding:0 .2em}
@media print{.quoth{max-width:none;padding:0;--ink:#000;--paper:#fff;--tint:#fff;--dim:#333;font-size:10.5pt}
.quoth article{break-inside:auto}.quoth li,.quoth h2{break-inside:avoid;break-after:auto}.quoth h2{break-after:avoid}}
"""
PAGE_STYLE = "html{color-scheme:light dark}body{margin:0}@media (prefers-color-scheme:dark){body{background:#17181c}}" + STYLE
POLICY = "default-src 'none'; style-src 'sha256-{}'; base-uri 'none'; form-action 'none'"
LEGEND = (
    '<p class="dim">Marked: <span class="c">content</span>, <span class="c c2">content within another</span>, '
    '<span class="s">source</span>, <span class="q">cue</span>. The numbers lead to the list under each report.</p>\n'
)


def write(reports: Reports, path: str | os.PathLike[str]) -> None:
    """Writes the page, a report at a time. Raises QuothError."""
    with text_aside(path) as stream:
        stream.write(_head())
        for number, (article, statements) in enumerate(reports, 1):
            stream.write(section(article, statements, number=number))
        stream.write("</main>\n</body>\n</html>\n")


@dataclass(frozen=True, slots=True)
class ReportView:
    """A report and its statements as a notebook shows them.

    >>> "<h2>" in ReportView(Article.of("It rained.", title="Rain"), ())._repr_html_()
    True
    """

    article: Article
    statements: Sequence[Statement]

    def _repr_html_(self) -> str:
        """What IPython and Jupyter show."""
        return f'<style>{STYLE}</style><div class="quoth">{LEGEND}{section(self.article, self.statements)}</div>'


def section(article: Article, statements: Sequence[Statement], *, number: int = 1) -> str:
    """One report as HTML: its heading, its text with the spans marked, its statements. By its `number` the ids on a page differ."""
    named = f"r{number}"
    return (
        f'<article id="{named}">\n<h2>{_text(article.title or article.id)}</h2>\n{_facts(article)}'
        f'<div class="text">{_marked(article, statements, named)}</div>\n{_list(article, statements, named)}</article>\n'
    )


def _head() -> str:
    digest = base64.b64encode(hashlib.sha256(PAGE_STYLE.encode("utf-8")).digest()).decode("ascii")
    return (
        '<!DOCTYPE html>\n<html lang="en">\n<head>\n<meta charset="utf-8">\n'
        f'<meta http-equiv="Content-Security-Policy" content="{POLICY.format(digest)}">\n'
        '<meta name="viewport" content="width=device-width">\n<meta name="referrer" content="no-referrer">\n'
        f"<title>Who said what</title>\n<style>{PAGE_STYLE}</style>\n</head>\n<body>\n"
        f'<main class="quoth">\n<h1>Who said what</h1>\n{LEGEND}'
    )


def _facts(article: Article) -> str:
    """What else is known of the report, in one line."""
    url = safe_url(article.url)
    link = f'<a href="{escape(url)}" rel="noopener noreferrer">the page</a>' if url else None
    published = f'<time datetime="{article.published}">{article.published}</time>' if article.published else None
    known = [_text(article.publisher) if article.publisher else None, _text(article.author) if article.author else None, published, link]
    return f'<p class="dim">{" · ".join(fact for fact in known if fact)}</p>\n' if any(known) else ""


def _marked(article: Article, statements: Sequence[Statement], named: str) -> str:
    """The text in stretches of equal marks, each with the classes of all that cover it; a number where a content begins."""
    marks = list(_marks(statements))
    starting: dict[int, list[tuple[Span, Role]]] = {}
    for span, role in marks:
        starting.setdefault(span.start, []).append((span, role))
    numbers: dict[int, list[int]] = {}
    for place, statement in enumerate(statements, 1):
        numbers.setdefault(statement.attribution.content[0].start, []).append(place)
    edges = sorted({len(article.text), *starting, *(span.end for span, _ in marks)})
    shown, current, position = [], list[tuple[Span, Role]](), 0
    for edge in edges:
        shown.append(_stretch(article.text[position:edge], [role for _, role in current]))
        shown += [f'<a class="n" id="{named}t{place}" href="#{named}s{place}">{place}</a>' for place in numbers.get(edge, ())]
        current = [mark for mark in current if mark[0].end != edge] + starting.get(edge, [])
        position = edge
    return "".join(shown)


def _marks(statements: Iterable[Statement]) -> Iterator[tuple[Span, Role]]:
    """The spans of the statements with their roles; a source or cue that several share once."""
    seen: set[tuple[Span, Role]] = set()
    for statement in statements:
        attribution = statement.attribution
        yield from ((piece, "content") for piece in attribution.content)
        others: tuple[tuple[Span | None, Role], ...] = ((attribution.source, "source"), (attribution.cue, "cue"))
        for span, role in others:
            if span is not None and (span, role) not in seen:
                seen.add((span, role))
                yield span, role


def _stretch(text: str, roles: Sequence[Role]) -> str:
    if not text:
        return ""
    depth = min(roles.count("content"), DEEPEST)
    classes = ["c"] * bool(depth) + [f"c{depth}"] * (depth > 1) + ["s"] * ("source" in roles) + ["q"] * ("cue" in roles)
    return f'<span class="{" ".join(classes)}">{_escaped(text)}</span>' if classes else _escaped(text)


def _list(article: Article, statements: Sequence[Statement], named: str) -> str:
    """The statements in order, each with who said it, how, and a link to its words on the publisher's page."""
    places = {statement.id: place for place, statement in enumerate(statements, 1)}
    lines = [_line(article, statement, place, places, named) for place, statement in enumerate(statements, 1)]
    return f"<ol>\n{''.join(lines)}</ol>\n" if lines else '<p class="dim">no statements</p>\n'


def _line(article: Article, statement: Statement, place: int, places: Mapping[str, int], named: str) -> str:
    within = places.get(statement.nested_in) if statement.nested_in else None
    url = text_fragment(article.url, statement.attribution.content[0], article.text)
    facts = [
        _text(statement.cue, "q") if statement.cue else "no cue",
        statement.kind,
        statement.act if statement.act != "speech" else None,
        _day(statement.said_on) if statement.said_on else None,
        '<span class="no">not said</span>' if statement.polarity == "not_said" else None,
        "a denial" if statement.denies else None,
        f'within <a href="#{named}s{within}">{within}</a>' if within else None,
        f'<a href="{escape(url)}" rel="noopener noreferrer">on the page</a>' if url else None,
    ]
    return (
        f'<li id="{named}s{place}"><a class="n" href="#{named}t{place}">{place}</a> {_who(statement)} '
        f'<span class="dim">{" · ".join(fact for fact in facts if fact)}</span>\n'
        f"<blockquote>{_escaped(statement.words)}</blockquote></li>\n"
    )


def _who(statement: Statement) -> str:
    """The speaker's name and the source that stands for it."""
    source = _text(statement.source, "s") if statement.source else None
    if statement.speaker is None:
        return f'{source} <span class="dim">unresolved</span>' if source else '<span class="dim">no source</span>'
    name = f"<strong>{_text(statement.speaker.name)}</strong>"
    return name if source is None or statement.source == statement.speaker.name else f"{name} {source}"


def _day(said: Said) -> str:
    day = said.date.isoformat()
    return {"day": f"said on {day}", "week": f"said in the week of {day}", "month": f"said in {day[:7]}", "year": f"said in {day[:4]}"}[
        said.precision
    ]


def _text(text: str, role: str = "") -> str:
    """A field on one line, set apart from the direction of writing around it."""
    opening = f'<bdi class="{role}">' if role else "<bdi>"
    return f"{opening}{_escaped(' '.join(text.split()))}</bdi>"


def _escaped(text: str) -> str:
    """Text that is nothing but text: no markup, one kind of line end, what cannot be seen shown by its number."""
    plain = LINE_ENDS.sub("\n", text)
    return UNSAFE.sub(lambda found: f'<span class="x">U+{ord(found[0]):04X}</span>', escape(plain))
