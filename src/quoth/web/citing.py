"""A statement as others quote it: a line to cite, and JSON-LD by schema.org."""

import json

from markupsafe import Markup

from quoth.exports.links import safe_url
from quoth.exports.schema_org import news_article, quotation
from quoth.types import Statement
from quoth.web.rendering import day, said


def citation(statement: Statement) -> str:
    """The statement as a line to cite.

    The speaker, the words, when they were said, and where they stand.
    """
    article = statement.article
    quoted = statement.words if statement.kind != "indirect" else f"[in other words] {statement.words}"
    who = statement.speaker.name if statement.speaker else statement.source or "Unresolved speaker"
    where = ", ".join(part for part in (f"“{article.title}”" if article.title else None, article.publisher, day(article.published)) if part)
    when = f" (said on {said(statement.said_on)})" if statement.said_on else ""
    negated = " did not say" if statement.polarity == "not_said" else ""
    url = safe_url(article.url)
    stop = "" if not when and quoted.rstrip("\"'”’»").endswith((".", ",", "!", "?", "…")) else "."
    return " ".join(f"{who}{negated}: {quoted}{when}{stop} {where}.{f' {url}' if url else ''} [{statement.id}]".split())


def json_ld(statement: Statement) -> Markup:
    """The statement and its report as schema.org has them, fit to stand within a script element; nothing in it can end that element."""
    graph = [news_article(statement.article)]
    if statement.polarity != "not_said":
        graph.append(quotation(statement.article, statement))
    written = json.dumps({"@context": "https://schema.org", "@graph": graph}, ensure_ascii=True)
    return Markup(written.replace("<", "\\u003c").replace(">", "\\u003e").replace("&", "\\u0026"))
