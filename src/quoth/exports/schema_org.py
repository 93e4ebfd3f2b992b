"""schema.org (JSON-LD): words that were quoted are a Quotation, words that were told a Claim; what was not said is neither."""

import os
from collections.abc import Iterator
from typing import Any

from quoth.exports.jsonld import name_of_report, name_of_statement, write_list
from quoth.exports.links import safe_url, text_fragment
from quoth.exports.rows import Reports, wikidata
from quoth.types import Article, Said, Statement


def write(reports: Reports, path: str | os.PathLike[str]) -> None:
    """Writes a graph of quotations, claims and the reports they are from. Raises QuothError."""
    write_list(path, '{"@context": "https://schema.org", "@graph": [', objects(reports), "\n]}\n")


def objects(reports: Reports) -> Iterator[dict[str, Any]]:
    """Each report with statements as a NewsArticle, and its statements after it; what is not known is left out."""
    for article, statements in reports:
        said = [statement for statement in statements if statement.polarity != "not_said"]
        if said:
            yield news_article(article)
        for statement in said:
            yield quotation(article, statement)


def news_article(article: Article) -> dict[str, Any]:
    """A report (https://schema.org/NewsArticle)."""
    return _known(
        {
            "@type": "NewsArticle",
            "@id": name_of_report(article),
            "url": safe_url(article.url),
            "headline": article.title,
            "datePublished": article.published.isoformat() if article.published else None,
            "inLanguage": article.language,
            "author": {"name": article.author} if article.author else None,
            "publisher": {"@type": "Organization", "name": article.publisher} if article.publisher else None,
        }
    )


def quotation(article: Article, statement: Statement) -> dict[str, Any]:
    """A statement: https://schema.org/Quotation if any of it stands in quotation marks, else https://schema.org/Claim."""
    speaker, known = statement.speaker, wikidata(statement)
    named = {"name": speaker.name, "sameAs": f"http://www.wikidata.org/entity/{known}" if known else None} if speaker else None
    quoted = statement.kind != "indirect"
    return _known(
        {
            "@type": "Quotation" if quoted else "Claim",
            "@id": name_of_statement(article, statement),
            "text": statement.words,
            "creator": _known(named) if named else None,
            "dateCreated": _day(statement.said_on) if statement.said_on else None,
            "inLanguage": article.language,
            "isPartOf" if quoted else "appearance": {"@id": name_of_report(article)},
            "url": text_fragment(article.url, statement.attribution.content[0], article.text),
        }
    )


def _day(said: Said) -> str | None:
    """The day, month or year in ISO 8601; a week has no date of its own there."""
    day = said.date.isoformat()
    return {"day": day, "month": day[:7], "year": day[:4]}.get(said.precision)


def _known(properties: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in properties.items() if value is not None}
