"""What a page tells of itself: title, author, publisher, language, address, date. JSON-LD first, then the head, then what is shown.

The vocabularies are schema.org's Article, the Open Graph protocol and Dublin Core, as far as news pages use them.
"""

import json
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from html import unescape
from typing import Any
from urllib.parse import urljoin, urlsplit

from quoth.reading.known import Known
from quoth.reading.markup import Markup
from quoth.reading.published import date_in, published_as
from quoth.types import DateBasis, Published

DATES = (
    "article:published_time", "og:article:published_time", "article:published", "og:published_time", "datepublished", "date.available",
    "publishdate", "publish-date", "publish_date", "published_time", "pubdate", "cxenseparse:publishtime", "sailthru.date",
    "parsely-pub-date",
    "dc.date.issued", "dcterms.issued", "dcterms.created", "dc.date", "dcterms.date", "date.created", "datecreated", "date",
)  # fmt: skip
"""The names of metas that tell when a page appeared, the surest first."""
TITLES = ("og:title", "twitter:title", "dc.title")
AUTHORS = ("author", "article:author", "parsely-author", "sailthru.author", "dc.creator", "byl")
PUBLISHERS = ("og:site_name", "application-name", "publisher", "dc.publisher")
LANGUAGES = ("content-language", "og:locale", "dc.language", "inlanguage")
REPORTS = re.compile(r"(?:Article|BlogPosting|Report|Review)$")
OTHER_THINGS = re.compile(r"(?:Object|Organization|Person|Place|Event|Product|ListItem|Comment)$")
TITLE_PARTS = re.compile(r"\s+[|–—-]\s+|\s+[|»]\s*")
BYLINE = re.compile(r"^(?:written\s+)?by:?\s+", re.IGNORECASE)
PUBLISHED_CLASS = re.compile(r"pub|date|post|time", re.IGNORECASE)
UPDATED_CLASS = re.compile(r"mod|updat|duration|relat|sidebar|comment", re.IGNORECASE)
DEEPEST, MOST = 12, 2_000
"""How deep, and among how many nodes, JSON-LD is searched."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Metadata:
    """What a page tells of itself."""

    title: str | None
    author: str | None
    publisher: str | None
    language: str | None
    canonical_url: str | None
    published: Published | None


def metadata_of(markup: Markup, known: Known) -> Metadata:
    """What a page tells of itself and, where it is silent, what is known of it; the guess of a date is left to `guessed_date`."""
    metas = _metas(markup)
    report = _report(markup)
    canonical = _address(markup, metas, known.url)
    return Metadata(
        title=_title(markup, metas, report) or known.title,
        author=_author(metas, report) or known.author,
        publisher=_line(_name(report.get("publisher"))) or _first(metas, PUBLISHERS) or known.publisher,
        language=_language(markup, metas) or _code(known.language),
        canonical_url=canonical,
        published=_published(markup, metas, report) or known.published or date_in(canonical or known.url or ""),
    )


def guessed_date(source: str) -> Published | None:
    """The day that htmldate finds in a page; it nearly always finds one, so it is a guess and marked as one."""
    from htmldate import find_date

    try:
        guess: str | None = find_date(source, original_date=True)
    except (ArithmeticError, AttributeError, LookupError, TypeError, ValueError):  # what no date could be found in for being broken
        return None
    return published_as(guess, "guess") if guess else None


def _metas(markup: Markup) -> dict[str, list[str]]:
    """What the metas of a page say, by their names in lower case."""
    metas: dict[str, list[str]] = {}
    for meta in markup.metas:
        name = meta.get("property") or meta.get("name") or meta.get("itemprop") or meta.get("http-equiv") or ""
        if content := _line(meta.get("content")):
            metas.setdefault(name.lower(), []).append(content)
    return metas


def _first(metas: dict[str, list[str]], names: Iterable[str]) -> str | None:
    return next((metas[name][0] for name in names if name in metas), None)


def _line(written: object) -> str | None:
    """A string on one line, without references that were escaped twice; None for anything else."""
    return " ".join(unescape(written).split()) or None if isinstance(written, str) else None


# JSON-LD


def _report(markup: Markup) -> dict[str, Any]:
    """The node of JSON-LD that is the page's report: the first article, else the first other thing that has a date; empty if none."""
    nodes = [node for written in markup.structured for node in _nodes(_structured(written))]
    named = {node["@id"]: node for node in nodes if isinstance(node.get("@id"), str) and "name" in node}
    reports = [node for node in nodes if any(REPORTS.search(kind) for kind in _kinds(node)) and _said(node)]
    others = [node for node in nodes if "datePublished" in node and not any(OTHER_THINGS.search(kind) for kind in _kinds(node))]
    report = next(iter([*reports, *others]), {})
    return {name: _resolved(told, named) for name, told in report.items()}


def _said(node: dict[str, Any]) -> bool:
    return "datePublished" in node or "headline" in node


def _resolved(told: Any, named: dict[str, dict[str, Any]]) -> Any:
    """A value, or the node that it only names."""
    if isinstance(told, list):
        return [_resolved(one, named) for one in told[:50]]
    if isinstance(told, dict) and "name" not in told and isinstance(told.get("@id"), str):
        return named.get(told["@id"], told)
    return told


def _structured(written: str) -> Any:
    """The value of a JSON-LD script; None if it is broken."""
    try:
        return json.loads(written.strip().removeprefix("<!--").removesuffix("-->").rstrip(";\n\t "), strict=False)
    except (ValueError, RecursionError):
        return None


def _nodes(root: Any) -> Iterator[dict[str, Any]]:
    """The objects of a JSON value, from the outside in, as far as they are not too deep or too many."""
    level, seen = [root], 0
    for _ in range(DEEPEST):
        following: list[Any] = []
        for value in level:
            if isinstance(value, dict):
                yield value
            following += value.values() if isinstance(value, dict) else value if isinstance(value, list) else ()
        seen += len(level)
        if not following or seen > MOST:
            return
        level = following


def _kinds(node: dict[str, Any]) -> list[str]:
    kinds = node.get("@type")
    return [kind for kind in (kinds if isinstance(kinds, list) else [kinds]) if isinstance(kind, str)]


def _name(told: Any) -> str | None:
    """The name of a thing that is told as a string, an object or a list of them."""
    for one in told if isinstance(told, list) else [told]:
        name = one.get("name") if isinstance(one, dict) else one
        if isinstance(name, str) and name:
            return name
    return None


# What is told


def _title(markup: Markup, metas: dict[str, list[str]], report: dict[str, Any]) -> str | None:
    """The headline made for sharing, unless it says something else than what two of the other titles agree on."""
    heading = next((markup.words(block) for block in markup.blocks if block.element.tag == "h1"), None)
    others = [title for title in (heading, _line(report.get("headline")), _bare(markup.title, heading, metas)) if title]
    shared = _bare(_first(metas, TITLES), heading, metas)
    agreed = next((title for number, title in enumerate(others) if _folded(title) in map(_folded, others[number + 1 :])), None)
    if shared is None or (agreed is not None and not _same_words(shared, agreed) and _folded(shared) != _folded(heading or "")):
        return agreed or shared or next(iter(others), None)
    return shared


def _same_words(title: str, other: str) -> bool:
    words = re.findall(r"\w+", title.casefold())
    others = set(re.findall(r"\w+", other.casefold()))
    return sum(word in others for word in words) >= 0.8 * len(words)


def _folded(title: str) -> str:
    return " ".join(re.findall(r"\w+", title.casefold()))


def _bare(title: str | None, heading: str | None, metas: dict[str, list[str]]) -> str | None:
    """A title without the names of the outlet and its sections, which follow the headline behind bars or dashes."""
    parts = TITLE_PARTS.split(title or "")
    if title is None or len(parts) < 2:
        return title
    if heading and title.startswith(heading):
        return heading
    sites = {_folded(name) for name in (*metas.get("og:site_name", ()), *metas.get("application-name", ()))}
    ends = list(TITLE_PARTS.finditer(title))
    for count, found in enumerate(ends, start=1):
        rest = parts[count]
        if _folded(rest) in sites or "|" in found[0] or (count == len(ends) and len(rest) <= 30 and not sites):
            return title[: found.start()]
    return title


def _author(metas: dict[str, list[str]], report: dict[str, Any]) -> str | None:
    """The names of the authors, joined by commas."""
    told = report.get("author")
    names = [_line(_name(one)) for one in (told if isinstance(told, list) else [told])]
    names += next((metas[name] for name in AUTHORS if name in metas), []) if not any(names) else []
    bare = [BYLINE.sub("", name) for name in names if name and "://" not in name]
    return ", ".join(dict.fromkeys(bare)) or None


def _language(markup: Markup, metas: dict[str, list[str]]) -> str | None:
    return _code(markup.html.get("lang") or markup.html.get("xml:lang") or _first(metas, LANGUAGES))


def _code(written: str | None) -> str | None:
    """The ISO 639 code that a language tag (RFC 5646) opens with.

    >>> _code("en_GB"), _code("x-default")
    ('en', None)
    """
    found = re.match(r"([A-Za-z]{2,3})(?:[-_,; ]|$)", written or "")
    return found[1].lower() if found else None


def _address(markup: Markup, metas: dict[str, list[str]], base: str | None) -> str | None:
    """The canonical address of a page, absolute and of the web."""
    links = [link.get("href") for link in markup.links if "canonical" in link.get("rel", "").lower().split()]
    for written in (*links, *metas.get("og:url", ())):
        try:
            address: str = urljoin(base or "", (written or "").strip())
            if urlsplit(address).scheme in ("http", "https") and urlsplit(address).hostname:
                return address
        except ValueError:
            continue
    return None


def _published(markup: Markup, metas: dict[str, list[str]], report: dict[str, Any]) -> Published | None:
    """The date that a page tells, from the surest place on."""
    told: list[tuple[DateBasis, object]] = [("json-ld", _first_of(report.get("datePublished")))]
    told += [("meta", content) for name in DATES for content in metas.get(name, ())]
    told += [("time", written) for written in _times(markup)]
    return next((date for basis, written in told if isinstance(written, str) and (date := published_as(written, basis))), None)


def _first_of(told: object) -> object:
    return told[0] if isinstance(told, list) and told else told


def _times(markup: Markup) -> list[str]:
    """The dates of `<time>` elements, those marked as the date of publication first, without those of other reports."""
    times = [
        (attributes, attributes["datetime"])
        for attributes, element in markup.times
        if attributes.get("datetime") and not any(above.tag in ("aside", "footer", "nav", "li") for above in element.above())
    ]
    sure = [when for told, when in times if "pubdate" in told or told.get("itemprop", "").lower() == "datepublished"]
    named = [when for told, when in times if PUBLISHED_CLASS.search(name := told.get("class", "")) and not UPDATED_CLASS.search(name)]
    plain = [when for told, when in times if not UPDATED_CLASS.search(told.get("class", "") + told.get("itemprop", ""))]
    return [*sure, *named, *plain]
