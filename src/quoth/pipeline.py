"""The whole flow on one screen: an article in, its statements out."""

from quoth.acts import act
from quoth.anchors import describe
from quoth.attributions import attributions
from quoth.dates import said_on
from quoth.marks import quotations
from quoth.nested import candidates_within
from quoth.polarity import denies, polarity
from quoth.speakers import speakers
from quoth.tagger import Tagger, load
from quoth.types import Article, Statement, statement_id


def extractor_name() -> str:
    """Name and hash of the shipped model, as every statement tells them; raises ModelError."""
    return load().name


def extract_article(article: Article, *, tagger: Tagger | None = None) -> tuple[Statement, ...]:
    """The statements of an article in the order of the text, by the shipped model or the one given; raises ModelError."""
    tagger = load() if tagger is None else tagger
    text = article.text
    marks, candidates = quotations(text), tagger(text)
    found = attributions(text, candidates, marks)
    within = candidates_within(text, found, marks, tagger)
    if within:
        found = attributions(text, (*candidates, *within), marks)
    named = speakers(text, found)
    dated = said_on(text, found, article.published, speakers=named)
    ids = [statement_id(article, attribution.content) for attribution in found]
    return tuple(
        Statement(
            id=ids[index],
            article=article,
            attribution=attribution,
            anchors=tuple(describe(piece, text) for piece in attribution.content),
            speaker=named[index],
            said_on=dated[index],
            act=act(text, attribution),
            polarity=polarity(text, attribution, found),
            denies=denies(text, attribution),
            nested_in=None if attribution.parent is None else ids[attribution.parent],
            extractor=tagger.name,
        )
        for index, attribution in enumerate(found)
    )
