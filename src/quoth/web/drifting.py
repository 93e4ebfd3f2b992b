"""Two wordings of one statement, with what changed marked word by word."""

from dataclasses import dataclass
from itertools import pairwise

from markupsafe import Markup, escape

from quoth.types import Span
from quoth.variants import Drift, Edit, drift
from quoth.web.marking import plain

TOLD = {
    "number": "a number changed",
    "negation": "a negation changed",
    "modal": "“will”, “may”, “must” changed",
    "aside": "words in brackets",
    "spelling": "spelling",
    "function": "small words",
    "word": "other words",
}
"""What the classes of changes are called."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Wording:
    """The later wording as HTML, with what was dropped of the earlier one struck out; `flags` tell what may turn the meaning."""

    html: Markup
    changes: int
    flags: tuple[str, ...]
    alike: bool


def wording(earlier: str, later: str) -> Wording:
    """What changed from one wording to another.

    >>> str(wording("It will rain.", "It may rain.").html)
    'It <del class="grave">will</del> <ins class="grave" title="“will”, “may”, “must” changed">may</ins> rain.'
    """
    changes = drift(earlier, later)
    return Wording(
        html=_marked(later, changes),
        changes=len(changes.edits),
        flags=tuple(TOLD[flag] for flag in changes.flags),
        alike=changes.right_span is not None,
    )


def edits_json(earlier: str, later: str) -> list[dict[str, object]]:
    """The changes as JSON."""
    return [
        {"kind": edit.kind, "left": edit.left, "right": edit.right, "classes": list(edit.classes)} for edit in drift(earlier, later).edits
    ]


def _marked(later: str, changes: Drift) -> Markup:
    if changes.right_span is None:
        return plain(later)
    shown, position = [Markup("")], 0
    for place, edit in _placed(changes):
        shown.append(_stretch(later, Span(start=position, end=place), changes.right_span) if position < place else Markup(""))
        position = max(position, place)
        shown.append(_edit(edit, later, position))
        if edit.right_span is not None:
            position = edit.right_span.end
    if position < len(later):
        shown.append(_stretch(later, Span(start=position, end=len(later)), changes.right_span))
    return Markup("").join(shown)


def _placed(changes: Drift) -> list[tuple[int, Edit]]:
    """Each change with where it stands in the later wording; what was dropped stands where the change before it ends, or at the start."""
    assert changes.left_span is not None
    assert changes.right_span is not None
    placed: list[tuple[int, Edit]] = []
    shift = changes.right_span.start - changes.left_span.start
    for edit in changes.edits:
        if edit.right_span is not None:
            place = edit.right_span.start
            shift = edit.right_span.end - (edit.left_span.end if edit.left_span else edit.right_span.start - shift)
        else:
            assert edit.left_span is not None
            place = min(max(edit.left_span.start + shift, changes.right_span.start), changes.right_span.end)
            shift -= len(edit.left_span) + 1
        placed.append((place, edit))
    return placed


def _edit(edit: Edit, later: str, position: int) -> Markup:
    told = "; ".join(TOLD[name] for name in edit.classes)
    grave = ' class="grave"' if edit.flagged else ""
    dropped = Markup(f"<del{grave}>{plain(edit.left)}</del>") if edit.left else Markup("")
    added = Markup(f'<ins{grave} title="{escape(told)}">{plain(edit.right)}</ins>') if edit.right else Markup("")
    if dropped and added:
        return dropped + " " + added
    before = " " if dropped and later[max(0, position - 1) : position].strip() else ""
    behind = " " if dropped and later[position : position + 1].isalnum() else ""
    return before + dropped + behind + added


def _stretch(later: str, span: Span, shared: Span) -> Markup:
    """Words that both have, and words beyond what both have."""
    cuts = sorted({span.start, span.end, *(edge for edge in (shared.start, shared.end) if span.start < edge < span.end)})
    pieces = []
    for start, end in pairwise(cuts):
        words = plain(later[start:end])
        outside = (end <= shared.start or shared.end <= start) and any(letter.isalnum() for letter in later[start:end])
        pieces.append(Markup('<span class="beyond">{}</span>').format(words) if outside else words)
    return Markup("").join(pieces)
