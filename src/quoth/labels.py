"""Attributions told by layout alone: the turns of an interview ("Q:", "Name:") and signatures ("— Name, title")."""

import re
from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from quoth.marks import paragraphs
from quoth.types import Span

LABEL = re.compile(
    r"[\"“‘«]?(?P<label>(?:Q|A|[A-Z][\w.’'-]*(?: [A-Z][\w.’'-]*| (?:de|van|von|der|al|bin|of|the)){0,4}))(?P<cue>\s?[:.])[ \t\xa0]+(?=\S)"
)
"""A turn: one to five capitalised words and a colon (or, for Q and A, a full stop) at the start of a paragraph, perhaps within marks."""
GENRE = re.compile(
    r"(?:(?:exclusive|live|video|full|an?) )?(?:interview|analysis|opinion|commentary|video|watch|exclusive|breaking|updated?|explainer"
    r"|profile|review|live|q&a|transcript|podcast|photos?|gallery|recipe|obituary|fact[- ]check|infographic|timeline|preview|recap|quiz"
    r"|listen|read more|related|correction|editor[’']s note)",
    re.IGNORECASE,
)
"""What a page calls that which follows the colon: nobody says it. None of PolNeAR's 167 colons has one of these for its source."""
SIGNATURE = re.compile(r"(?P<cue>[—–―]|--|-(?= ))\s?(?P<name>[A-Z][^\n\"“”]{2,120}?)\.?\s*$")
"""A dash and a name that end a paragraph, or are all of it."""
HEADLINE = re.compile(r"(?P<left>[^:\n]+)(?P<cue>:)\s+(?P<right>[^:\n]*[^:\n.\s])\s*$")
"""A short paragraph without a full stop, with one colon: who says it stands on one side."""
LEAST_TURNS = 2
HEADLINE_WORDS = 16
LABEL_WORDS = 3
WORD = re.compile(r"\w+")


@dataclass(frozen=True, slots=True, kw_only=True)
class Turn:
    """What a label gives to whom: the content in pieces, one a paragraph, the mark that is the cue, and the label."""

    pieces: tuple[Span, ...]
    cue: Span
    source: Span

    @property
    def content(self) -> Span:
        """From the first piece to the last."""
        return Span(start=self.pieces[0].start, end=self.pieces[-1].end)


def labelled(text: str, sources: Iterable[str] = ()) -> tuple[Turn, ...]:
    r"""The turns, signed quotations and headlines with a colon of a text, in order.

    A label counts as a turn where at least two paragraphs have one; one side of a headline is a source if it ends with a word of one of
    the `sources` of the text.

    >>> [turn.source.slice("Q: Why?\n\nA: Because.") for turn in labelled("Q: Why?\n\nA: Because.")]
    ['Q', 'A']
    """
    lines = paragraphs(text)
    turns = _turns(text, lines) or _headlines(text, lines, {stem(word) for source in sources for word in WORD.findall(source)})
    return tuple(sorted((*turns, *_signed(text, lines)), key=lambda turn: turn.content.start))


def stem(word: str) -> str:
    """A word without case and plural, so that "Pilots" and "pilot" agree."""
    return word.lower().removesuffix("s")


def _headlines(text: str, lines: Sequence[Span], known: set[str]) -> list[Turn]:
    """Short paragraphs like "Minister: no new cuts" and "No new cuts: minister"."""
    turns = []
    for line in lines:
        found = HEADLINE.match(text, line.start, line.end) if len(line) < 12 * HEADLINE_WORDS else None
        if found is None or len(WORD.findall(found.group())) > HEADLINE_WORDS:
            continue
        for source, content in (("left", "right"), ("right", "left")):
            words = WORD.findall(found[source])
            if 0 < len(words) <= LABEL_WORDS and len(words[-1]) > 2 and stem(words[-1]) in known:
                spans = [Span(start=found.start(side), end=found.end(side)) for side in (content, "cue", source)]
                turns.append(Turn(pieces=(spans[0],), cue=spans[1], source=spans[2]))
                break
    return turns


def _turns(text: str, lines: Sequence[Span]) -> list[Turn]:
    opened = [LABEL.match(text, line.start, line.end) for line in lines]
    written = [found["label"] for found in opened if found is not None and _is_label(found)]
    labels = Counter(_full_label(label, written) for label in written)
    if not (
        {"Q", "A"} <= labels.keys() or (len(labels) >= 2 and sum(labels.values()) > len(labels) and max(labels.values()) >= LEAST_TURNS)
    ):
        return []
    turns: list[Turn] = []
    last_label = max(number for number, found in enumerate(opened) if found is not None and _is_label(found))
    for number, (line, found) in enumerate(zip(lines, opened, strict=True)):
        if found is not None and _is_label(found):
            cue = Span(start=found.end("cue") - 1, end=found.end("cue"))
            label = Span(start=found.start("label"), end=found.end("label"))
            turns.append(Turn(pieces=(Span(start=found.end(), end=line.end),), cue=cue, source=label))
        elif turns and number < last_label:
            last = turns[-1]
            turns[-1] = Turn(pieces=(*last.pieces, line), cue=last.cue, source=last.source)
    return turns


def _full_label(label: str, written: Sequence[str]) -> str:
    """The label that initials stand for, the first one: "AO" is "Ada Osei"."""
    if not label.isupper() or not 2 <= len(label) <= 4:
        return label
    return next((other for other in written if "".join(word[0] for word in other.split()) == label), label)


def _is_label(found: re.Match[str]) -> bool:
    return found["label"] in ("Q", "A") or (found["cue"].strip() == ":" and GENRE.fullmatch(found["label"]) is None)


def _signed(text: str, lines: Sequence[Span]) -> list[Turn]:
    """Quotations whose speaker is named behind a dash, in the same paragraph or in the next."""
    turns = []
    for number, line in enumerate(lines):
        found = SIGNATURE.search(text, line.start, line.end)
        if found is None:
            continue
        before = Span(start=line.start, end=found.start()) if found.start() > line.start else None
        quoted = before if before is not None else lines[number - 1] if number else None
        if quoted is None:
            continue
        words = text[quoted.start : quoted.end].rstrip()
        if words[:1] in "\"“‘«„'" and words[-1:] in "\"”’»“'":
            content = Span(start=quoted.start, end=quoted.start + len(words))
            cue = Span(start=found.start("cue"), end=found.end("cue"))
            turns.append(Turn(pieces=(content,), cue=cue, source=Span(start=found.start("name"), end=found.end("name"))))
    return turns
