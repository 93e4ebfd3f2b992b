"""The columns of tables and the keys of JSON records: which of them is the text, the title, the date."""

import re
from collections.abc import Iterable, Mapping

from quoth.errors import ArticleError

COMMON_NAMES = {
    "text": "text body content article_text article_body articlebody full_text fulltext main_text maintext body_text content_text "
    "plain_text story article",
    "title": "title headline heading",
    "published": "published date_published datepublished published_at published_date publish_date publication_date publishdate pubdate "
    "pub_date published_on date date_publish",
    "url": "url link href article_url source_url canonical_url uri",
    "publisher": "publisher publication outlet newspaper source_name site_name media_name source source_domain domain",
    "author": "author authors byline creator",
    "language": "language lang",
    "id": "id article_id doc_id document_id _id guid uuid",
}  # fmt: skip
"""By which names the fields of a report are known, the likeliest first."""
FIELDS = tuple(COMMON_NAMES)


def checked_mapping(mapping: Mapping[str, str] | None) -> Mapping[str, str] | None:
    """The same mapping of fields to columns; raises ValueError if it names a field that reports do not have.

    >>> checked_mapping({"text": "body"})
    {'text': 'body'}
    """
    if wrong := [field for field in mapping or () if field not in FIELDS]:
        raise ValueError(f"{wrong[0]!r} is no field of a report; there are {', '.join(FIELDS)}")
    return mapping


def columns_of(columns: Iterable[str], mapping: Mapping[str, str] | None = None) -> dict[str, str]:
    """Which column holds which field: as the mapping says, else by common names. Raises ArticleError if none holds the text.

    >>> columns_of(["ID", "Headline", "Body"])
    {'text': 'Body', 'title': 'Headline', 'id': 'ID'}
    """
    names = list(columns)
    if missing := [column for column in (mapping or {}).values() if column not in names]:
        raise ArticleError(f"no column {missing[0]!r}; there are {_listed(names)}")
    plain = {_plain(name): name for name in reversed(names)}
    found = {field: next((plain[name] for name in common.split() if name in plain), None) for field, common in COMMON_NAMES.items()}
    chosen = {field: column for field, column in (found | dict(mapping or {})).items() if column is not None}
    if "text" not in chosen:
        raise ArticleError(f"no column is known to hold the text; there are {_listed(names)}; name one by text=COLUMN")
    return chosen


def text_column(columns: Iterable[str], mapping: Mapping[str, str] | None = None) -> str | None:
    """The column that holds the text, or None."""
    try:
        return columns_of(columns, mapping)["text"]
    except ArticleError:
        return None


def _plain(name: str) -> str:
    return re.sub(r"[\W]+", "_", name.strip().lower())


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name[:40]) for name in names[:12])
    return shown + (", …" if len(names) > 12 else "")
