"""Quotation marks of every style, paired without a model.

`quotations` reads a text once, paragraph by paragraph, and returns the runs within marks. It never fails and never drops a text:
what cannot be paired is kept as an uncertain quotation that says what is wrong with it (`Repair`).

Four steps for each paragraph: find the marks and say of each whether it may open and may close; drop apostrophes and inches; pair what
is left on a stack; carry what is still open into the next paragraph, if that one opens with the same mark again.
"""

import re
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache
from itertools import pairwise

from quoth.types import Kind, Quotation, Repair, Span

CLOSED_BY: dict[str, tuple[str, ...]] = {
    "“": ("”", '"', "“", "’’"),  # keyboards mix curly with straight; “so“ is a slip, and closes only where it cannot open
    "”": ("”", '"'),  # ”so” in Swedish and Finnish
    "„": ("“", "”", '"'),  # „so“ in German, „so” in Polish
    "‟": ("”", '"'),
    '"': ('"', "”", "“"),
    "``": ("''", '"', "”", "’’"),  # as typed in TeX and sent by old wires
    "''": ("''", '"'),
    "‘‘": ("’’", "”", '"'),
    "«": ("»",),
    "»": ("«", "»"),  # »so« in German books, »so» in Swedish ones
    "「": ("」",),
    "『": ("』",),
    "‘": ("’", "'", "‘"),
    "'": ("'", "’"),
    "‚": ("‘", "’"),
    "‹": ("›",),
    "›": ("‹", "›"),
}
"""What closes a run that the key opened; its own partner first."""
OPENING = frozenset(("“", "„", "‟", "``", "‘‘", "«", "「", "『", "‘", "‚", "‹"))
"""Marks whose shape says that they open, unless a word ends before them and none begins after."""
CLOSING = frozenset(("”", "’’", "»", "」", "』", "’", "›"))
"""Marks whose shape says that they close; some also open, where a word begins after them and none ends before."""
SINGLE = frozenset(("‘", "’", "'", "‚", "‹", "›"))
"""Marks that are dropped without a word when they do not pair, as they may be apostrophes."""
APOSTROPHES = frozenset(("‘", "’", "'"))
DEEPEST = 8
"""Runs open at once in one paragraph; no report nests deeper, and the bound keeps the work linear."""

MARK = re.compile(r"(?<=\S)['’](?=(?:''|’’)(?!['’]))|``|‘‘|’’|''|[“”\"«»„‟「」『』‘’'‚‹›]")
"""One mark; of three that close, the first is a single one."""
AND = re.compile(r"(?<!\w)['‘’]n['’](?=[ -]\w)", re.IGNORECASE)
ELISION = re.compile(
    r"['‘’](?:\d0s|\d\d|em|tis|twas|til|cause|bout|n|round|tween|neath|ere|nuff|cuz|s|re|ll|ve|d|m|t)\b(?!['’])", re.IGNORECASE
)
INCH = frozenset(('"', "''", "”", "’’"))
"""Marks that also stand for inches, after a number."""
INCHES = re.compile(r"(?<![\d,.])\d{1,3}(?:\.\d)?$")
BEFORE_OPENING = frozenset("([{<—–-/:;,…*_>‘“\"'«„|")
"""Besides white space, what may stand right before a straight mark that opens."""
WORD = re.compile(r"\w+")


@dataclass(slots=True)
class _Mark:
    """One mark of a paragraph. A doubtful one is an apostrophe or an inch if a sure one follows that can close in its stead.

    A single one is sure to be no apostrophe where speech begins: ‘ at the start of a paragraph or after a colon or a comma.
    """

    style: str
    start: int
    end: int
    opens: bool
    closes: bool
    doubtful: bool
    measure: bool
    sure: bool
    single: bool


@dataclass(slots=True)
class _Open:
    """A run that waits for its partner: the mark that opened it in this paragraph, and its pieces in those before."""

    mark: _Mark
    style: str
    pieces: list[Span] = field(default_factory=list)
    inner: int | None = None
    """Where the first run within it starts that holds double marks or its own: an unclosed run goes no further."""
    repeated: bool = False
    """Whether its own mark opens again within its paragraph: then it was not closed by mistake, and does not go on in the next one."""


@lru_cache(maxsize=4)  # nearly every room asks for those of the same text
def paragraphs(text: str) -> tuple[Span, ...]:
    r"""The lines of a text that hold more than white space, trimmed.

    >>> text = "One.\n\n  Two. \n"
    >>> [paragraph.slice(text) for paragraph in paragraphs(text)]
    ['One.', 'Two.']
    """
    start, lines = 0, []
    for line in text.splitlines(keepends=True):
        stripped = line.strip()
        if stripped:
            indent = len(line) - len(line.lstrip())
            lines.append(Span(start=start + indent, end=start + indent + len(stripped)))
        start += len(line)
    return tuple(lines)


@lru_cache(maxsize=4)  # the tagger, the flow and the speakers ask for those of the same text
def quotations(text: str) -> tuple[Quotation, ...]:
    """The runs within quotation marks, marks included, in the order in which they open; nested ones have a depth above 0.

    A quotation that runs over several paragraphs, each opened again, is one `Quotation` with a piece a paragraph. Runs whose marks do
    not pair carry the repair that was needed and are not `certain`. Linear in the length of the text.

    >>> text = '“I’m off,” he said. “She told me ‘go’.”'
    >>> [(text[q.start:q.end], q.depth) for q in quotations(text)]
    [('“I’m off,”', 0), ('“She told me ‘go’.”', 0), ('‘go’', 1)]
    """
    reader = _Reader(text)
    lines = [*paragraphs(text), None]
    marks = _marks(text, lines[0])
    for line, following in pairwise(lines):
        following_marks = _marks(text, following)
        if line is not None:
            reader.read(line, marks, [] if following is None else _leading(following, following_marks))
        marks = following_marks
    return _nested(reader.found)


def kind_of(content: tuple[Span, ...], found: Sequence[Quotation], text: str, *, cue: Span | None = None) -> Kind:
    """Direct, indirect or mixed: all, none or some words of the content stand within quotation marks (Pareti 2015).

    `found` is what `quotations` gives for the text. Marks that stand round the cue as well are those of an outer speaker and do not
    count, nor do marks round a nickname within a name.

    >>> text = 'She called it “a fantasy” and “I told him ‘no’,” she said.'
    >>> found = quotations(text)
    >>> kind_of((Span(start=11, end=25),), found, text), kind_of((Span(start=42, end=46),), found, text, cue=Span(start=33, end=37))
    ('mixed', 'direct')
    """
    inside = outside = False
    for piece in content:
        words = [word.start() for word in WORD.finditer(text, piece.start, piece.end)]
        bare = words
        for quotation in quotations_near(found, piece):
            if _counts(quotation, piece, cue, text):
                start, end = quotation.start, quotation.end
                bare = [place for place in bare if not start <= place < end]
        inside, outside = inside or len(bare) < len(words), outside or bool(bare)
    if not inside:
        return "indirect"
    return "mixed" if outside else "direct"


def quotations_near(found: Sequence[Quotation], piece: Span) -> Sequence[Quotation]:
    """The quotations that may overlap a piece: those of depth 0 are disjoint, so one that starts before it is enough to begin with."""
    low = max(bisect_right(found, piece.start, key=_start) - 1, 0)
    while low and found[low].depth:
        low -= 1
    return found[low : bisect_left(found, piece.end, key=_start)]


def _start(quotation: Quotation) -> int:
    return quotation.start


def _counts(quotation: Quotation, piece: Span, cue: Span | None, text: str) -> bool:
    """Whether the marks tell the kind: those of an outer speaker and those of a nickname do not."""
    if cue is not None and quotation.certain and quotation.start <= cue.start < quotation.end:
        return False
    return not (piece.start < quotation.start and quotation.end < piece.end and _is_nickname(quotation, text))


def _is_nickname(quotation: Quotation, text: str) -> bool:
    """Whether a run is one or two capitalised words between names: Thandeka “Spider” Mokwape. Single marks are those of headlines."""
    if quotation.style in SINGLE:
        return False
    words = WORD.findall(text, quotation.start, min(quotation.end, quotation.start + 40))
    before = text[max(quotation.start - 40, 0) : quotation.start].split(" ")[-2:]
    behind = text[quotation.end : quotation.end + 2]
    between_names = len(before) == 2 and not before[1] and before[0][:1].isupper() and before[0].isalpha() and behind[1:].isupper()
    return between_names and behind[0] == " " and 1 <= len(words) <= 2 and all(word[0].isupper() for word in words)


def _marks(text: str, line: Span | None) -> list[_Mark]:
    """The marks of a paragraph without its apostrophes and inches, as far as the marks themselves can tell."""
    if line is None:
        return []
    skipped = {place for found in AND.finditer(text, line.start, line.end) for place in (found.start(), found.end() - 1)}
    marks = [
        mark
        for found in MARK.finditer(text, line.start, line.end)
        if found.start() not in skipped and (mark := _mark(text, line, found.start(), found.end())) is not None
    ]
    return _without_doubtful(marks)


def _mark(text: str, line: Span, start: int, end: int) -> _Mark | None:
    """What a mark may do by its shape and by what stands around it; None for an apostrophe."""
    style = text[start:end]
    before = text[start - 1] if start > line.start else " "
    behind = text[end] if end < line.end else " "
    if style in APOSTROPHES and _is_apostrophe(text, start, before, behind):
        return None
    opens, closes = _directions(style, before, behind, last=end == line.end)
    measure = before.isdigit() and style in INCH and INCHES.search(text[max(start - 8, line.start) : start]) is not None
    goes_on = behind == " " and text[end + 1 : end + 2].isalnum()
    doubtful = (measure and goes_on) or (style in APOSTROPHES and style != "‘" and _ends_word(text, start, goes_on))
    return _Mark(
        style=style,
        start=start,
        end=end,
        opens=opens,
        closes=closes,
        doubtful=doubtful,
        measure=measure,
        sure=style == "‘" and (start == line.start or text.endswith((": ", ", "), line.start, start)),
        single=style in SINGLE,
    )


def _is_apostrophe(text: str, at: int, before: str, behind: str) -> bool:
    """Whether a single mark stands within a word, or before one that lost its beginning (’tis, ’90s)."""
    if before.isalnum():
        return behind.isalnum()
    if not (before.isspace() or before in BEFORE_OPENING):
        return False
    if text[at] == "’" and behind.isalnum() and before != ",":  # but a run ends in ‘Yes,’he said
        return True
    return ELISION.match(text, at) is not None and not (text[at] == "‘" and behind.isupper())


def _directions(style: str, before: str, behind: str, *, last: bool) -> tuple[bool, bool]:
    """Whether a mark may open and whether it may close."""
    ends, begins = not before.isspace(), not behind.isspace()
    in_word = before.isalnum() and behind.isalnum()
    if style in OPENING:
        return (begins or not ends) and not last, (ends and not in_word) or last
    if style in CLOSING:
        return style in CLOSED_BY and begins and (not ends or before in "([{"), True
    if not ends and not begins:
        return True, True
    glued = behind.isalnum() and not before.isalnum()
    return begins and (not ends or before in BEFORE_OPENING or glued), ends


def _ends_word(text: str, at: int, goes_on: bool) -> bool:
    """Whether a single mark may end a word: a possessive plural before another word, or a dropped g."""
    return (goes_on and text.endswith(tuple("sSxXzZ"), 0, at)) or text[max(at - 2, 0) : at].lower() == "in"


def _without_doubtful(marks: list[_Mark]) -> list[_Mark]:
    """Drops each doubtful mark after which, before another one opens, a sure one comes that can close in its stead."""
    closer_follows = {True: False, False: False}
    kept = []
    for mark in reversed(marks):
        if not (mark.doubtful and closer_follows[mark.single]):
            kept.append(mark)
        if not mark.doubtful:
            closer_follows[mark.single] = mark.closes
    kept.reverse()
    return kept


def _leading(line: Span, marks: list[_Mark]) -> list[_Mark]:
    """The marks with which a paragraph opens, one right after the other."""
    leading: list[_Mark] = []
    for mark in marks[:DEEPEST]:
        if mark.start != (leading[-1].end if leading else line.start):
            break
        leading.append(mark)
    return leading


class _Reader:
    """Pairs the marks of one paragraph after the other on a stack of open runs."""

    def __init__(self, text: str) -> None:
        self.text = text
        self.found: list[Quotation] = []
        self.stack: list[_Open] = []

    def read(self, line: Span, marks: list[_Mark], following: list[_Mark]) -> None:
        """One paragraph; `following` are the marks with which the next one opens."""
        reopened = {opened.mark.start for opened in self.stack}
        for mark in marks:
            if mark.start not in reopened:
                self.take(mark)
        self.carry(line, following)

    def take(self, mark: _Mark) -> None:
        """One mark: it closes what is open, opens something new, or stands alone."""
        place = self.partner(mark)
        if place is not None:
            self.close(place, mark)
        elif mark.style == "’’":  # two that close one after the other
            for start in (mark.start, mark.start + 1):
                self.take(replace(mark, style="’", start=start, end=start + 1, single=True))
        elif mark.opens:
            self.open(mark)
        elif not mark.single and not mark.measure:
            self.keep(_Open(mark, mark.style), mark.end, ("stray",))

    def partner(self, mark: _Mark) -> int | None:
        """The place on the stack of the run that a mark closes."""
        if not mark.closes:
            return None
        for place in reversed(range(len(self.stack))):
            style = self.stack[place].style
            if mark.style in CLOSED_BY[style]:
                opens_rather = mark.opens and mark.style in OPENING and mark.style != CLOSED_BY[style][0]
                return None if opens_rather else place
            if mark.single and style not in SINGLE:
                return None  # within double marks a single one closes nothing that stands around them
        return None

    def close(self, place: int, mark: _Mark) -> None:
        """Takes the run at a place off the stack; those within it were never closed."""
        while len(self.stack) - 1 > place:
            self.give_up(self.stack.pop(), mark.start)
        opened = self.stack.pop()
        self.keep(opened, mark.end, ("reopened",) if opened.pieces else ())

    def open(self, mark: _Mark) -> None:
        """Puts a mark on the stack."""
        if mark.style == "'" and self.stack and self.stack[-1].style == "'" and not self.stack[-1].pieces:
            self.stack.pop()  # singles stand within doubles, not within singles: the first was an apostrophe
        self.stack.append(_Open(mark, mark.style))
        for outer, inner in pairwise(self.stack):
            outer.repeated |= outer.style == mark.style
            if outer.inner is None and (outer.repeated or not mark.single):
                outer.inner = inner.mark.start
        if len(self.stack) > DEEPEST:
            self.give_up(self.stack.pop(0), self.stack[0].mark.start)

    def carry(self, line: Span, following: list[_Mark]) -> None:
        """Ends a paragraph: what the next one opens again goes on there, and the rest is given up."""
        carried: list[_Open] = []
        given_up: list[_Open] = []
        for opened in self.stack:
            if len(carried) < len(following) and not opened.repeated and _reopens(following[len(carried)], opened.style):
                opened.pieces.append(Span(start=opened.mark.start, end=line.end))
                carried.append(_Open(following[len(carried)], opened.style, opened.pieces))
                for outer in given_up:
                    outer.inner = opened.mark.start if outer.inner is None else outer.inner
            else:
                given_up.append(opened)
        for opened in given_up:
            self.give_up(opened, line.end)
        self.stack = carried

    def give_up(self, opened: _Open, end: int) -> None:
        """A run without a partner is kept as uncertain, unless its mark may be an apostrophe."""
        if opened.mark.single and not opened.pieces and not opened.mark.sure:
            return
        words = self.text[opened.mark.start : end if opened.inner is None else min(end, opened.inner)]
        self.keep(opened, opened.mark.start + len(words.rstrip()), ("unclosed",))

    def keep(self, opened: _Open, end: int, repairs: tuple[Repair, ...]) -> None:
        """Adds a quotation; its depth is known when all are there."""
        piece = Span(start=opened.mark.start, end=end)
        self.found.append(Quotation(pieces=(*opened.pieces, piece), style=opened.style, depth=0, repairs=repairs))


def _reopens(mark: _Mark, style: str) -> bool:
    """Whether a mark at a paragraph's start opens again what was left open: the same mark, or » where « opened."""
    return (mark.style == style and mark.opens) or (mark.style, style) == ("»", "«")


def _nested(found: list[Quotation]) -> tuple[Quotation, ...]:
    """The quotations in order, each with the number of those around it."""
    around: list[int] = []
    nested = []
    for quotation in sorted(found, key=lambda quotation: (quotation.start, -quotation.end)):
        while around and around[-1] <= quotation.start:
            around.pop()
        nested.append(replace(quotation, depth=len(around)) if around else quotation)
        around.append(quotation.end)
    return tuple(nested)
