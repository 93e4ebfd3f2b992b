"""A component for spaCy: `nlp.add_pipe("quoth")` gives each Doc its statements.

What the component finds is kept in `doc.user_data["quoth"]` as plain JSON, so that it goes wherever the Doc goes: to other processes
(`nlp.pipe(..., n_process=2)`), to bytes and back, into a DocBin. `doc._.statements` makes values of it.
"""

import datetime
import importlib.util
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from quoth import extract
from quoth.formats import statement_json
from quoth.types import Act, Kind, Polarity, Precision

if TYPE_CHECKING:
    from spacy.language import Language
    from spacy.tokens import Doc
    from spacy.tokens import Span as DocSpan

KEY = "quoth"
"""The name of the component, and of its place in a Doc's user_data."""


@dataclass(frozen=True, slots=True, kw_only=True)
class DocStatement:
    """A statement of a Doc. `words` are the very words of the content; the spans are whole tokens, so they may hold a mark more.

    `speaker` is the name to which the source resolves, `mention` where it is read; `said_on` the first day of a day, week, month or year,
    `evidence` the words that tell it. `nested_in` is the `id` of the statement within whose content this one stands.
    """

    id: str
    words: str
    content: tuple["DocSpan", ...]
    cue: "DocSpan | None"
    source: "DocSpan | None"
    speaker: str | None
    mention: "DocSpan | None"
    said_on: datetime.date | None
    precision: Precision | None
    evidence: "DocSpan | None"
    kind: Kind
    act: Act | None
    polarity: Polarity | None
    denies: bool
    nested_in: str | None
    confidence: float


class Component:
    """What `nlp.add_pipe("quoth")` makes: a function from a Doc to the same Doc, its statements known.

    The day of a report is read from `doc._.published` (a date or its ISO form), which is set before: `nlp.make_doc(text)` gives a Doc to
    set it on. Raises what `quoth.extract` raises, but for a Doc of white space, which has no statements.
    """

    def __call__(self, doc: "Doc") -> "Doc":
        """Finds the statements of a Doc."""
        found = extract(doc.text, published=doc._.published) if doc.text.strip() else ()
        doc.user_data[KEY] = [statement_json(statement) for statement in found]
        return doc


def statements(doc: "Doc") -> tuple[DocStatement, ...]:
    """The statements that the component found in a Doc, in the order of the text; none if it was not run."""
    return tuple(_statement(doc, written) for written in doc.user_data.get(KEY, ()))


def register() -> None:
    """Makes the component and the extensions `doc._.statements` and `doc._.published` known to spaCy; again changes nothing."""
    from spacy.language import Language
    from spacy.tokens import Doc

    Language.factory(KEY, assigns=["doc._.statements"], func=make_component)
    Doc.set_extension("statements", getter=statements, force=True)
    if not Doc.has_extension("published"):  # whoever has one already sets the same on it
        Doc.set_extension("published", default=None)


def make_component(nlp: "Language", name: str) -> Component:
    """The component, as spaCy asks for it by the entry point `spacy_factories`."""
    return Component()


def _statement(doc: "Doc", written: dict[str, Any]) -> DocStatement:
    speaker, said_on = written["speaker"] or {}, written["said_on"] or {}
    return DocStatement(
        id=written["id"],
        words=" […] ".join(piece["text"] for piece in written["content"]),
        content=tuple(span for piece in written["content"] if (span := _span(doc, piece)) is not None),
        cue=_span(doc, written["cue"]),
        source=_span(doc, written["source"]),
        speaker=speaker.get("name"),
        mention=_span(doc, speaker.get("mention")),
        said_on=datetime.date.fromisoformat(said_on["date"]) if said_on else None,
        precision=said_on.get("precision"),
        evidence=_span(doc, said_on.get("evidence")),
        kind=written["kind"],
        act=written["act"],
        polarity=written["polarity"],
        denies=written["denies"],
        nested_in=written["nested_in"],
        confidence=written["confidence"]["content"],
    )


def _span(doc: "Doc", written: dict[str, Any] | None) -> "DocSpan | None":
    """The tokens that hold the characters of a span."""
    return None if written is None else doc.char_span(written["start"], written["end"], alignment_mode="expand")


if importlib.util.find_spec("spacy") is not None:  # spaCy finds the component when this module is imported: by hand, or by its entry point
    register()
