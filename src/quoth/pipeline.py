"""The whole flow on one screen: an article in, its statements out."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from quoth.acts import act
from quoth.anchors import describe
from quoth.attributions import attributions
from quoth.confidence import calibrated, calibrated_date, calibrated_speaker
from quoth.dates import said_on
from quoth.marks import quotations
from quoth.nested import candidates_within, told
from quoth.polarity import denies, polarity
from quoth.speakers import speakers_or_candidates
from quoth.tagger import Tagger, load
from quoth.types import Article, Speaker, Statement, statement_id

if TYPE_CHECKING:
    from quoth.people import People


def extractor_name(model: str = "fast") -> str:
    """Name and hash of a model, by default the shipped one, as every statement tells them; raises ModelError."""
    return load(model).name


def extract_article(article: Article, *, tagger: Tagger | None = None, people: "People | None" = None) -> tuple[Statement, ...]:
    """The statements of an article in the order of the text, by the shipped model or the one given; raises ModelError.

    With a table of `people`, speakers are told by their id in it, and offices by who held them on the day of the report.
    """
    tagger = load() if tagger is None else tagger
    text = article.text
    marks, candidates = quotations(text), tagger(text)
    found = attributions(text, candidates, marks)
    outer = told(text, found, marks)
    within = candidates_within(text, outer, marks, tagger.read)
    found = told(text, attributions(text, (*candidates, *within), marks), marks) if within else outer
    resolved = speakers_or_candidates(text, found)
    named = [speaker for speaker, _ in resolved]
    dated = said_on(text, found, article.published, speakers=named)
    known = named if people is None else _known(named, article, people)
    sure = tagger.calibration
    ids = [statement_id(article, attribution.content) for attribution in found]
    return tuple(
        Statement(
            id=ids[index],
            article=article,
            attribution=calibrated(attribution, sure),
            anchors=tuple(describe(piece, text) for piece in attribution.content),
            speaker=calibrated_speaker(known[index], sure),
            said_on=calibrated_date(dated[index], sure),
            act=act(text, attribution),
            polarity=polarity(text, attribution, found),
            denies=denies(text, attribution),
            candidates=resolved[index][1],
            nested_in=None if attribution.parent is None else ids[attribution.parent],
            extractor=tagger.name,
        )
        for index, attribution in enumerate(found)
    )


def _known(speakers: Sequence[Speaker | None], article: Article, people: "People") -> Sequence[Speaker | None]:
    """The speakers as the table tells them; it is loaded only where there is one, for it takes longer than a short report."""
    from quoth.people import resolve_all

    return resolve_all(speakers, article, people)
