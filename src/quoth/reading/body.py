"""Which blocks of a page are the report: trafilatura says which words, and the page's own markup says what they are."""

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any

from quoth.errors import ArticleError
from quoth.reading.markup import Block, Element, Markup, attributes_of
from quoth.types import PartKind

ATTEMPTS: tuple[Mapping[str, Any], ...] = (
    {"fast": True, "favor_precision": True},
    {"fast": True, "favor_recall": True},
    {"fast": False, "favor_precision": True},
)
"""How trafilatura is asked, in turn, until it finds enough: the last asks other extractors too and takes ten times as long."""
NEVER_READ = ("head", "nav", "footer", "button", "dialog", "menu", "picture", "source", "img", "input", "figure")
"""Elements that are taken out before the page is searched, which saves a quarter of the time."""
LEAST = 250
"""Letters below which an extraction counts as failed, and the next attempt is made."""
PROBE = 40
"""Letters by which a place in the page is found again."""
MOSTLY = 0.6
"""The share of a block's letters that must be extracted for the block to be."""
HELD_BACK = 0.3
"""The share of the report below which a box may be left out: what holds more is no box, whatever it is called."""
LONGEST_DECK = 600
"""Letters up to which what stands above the first paragraph may be a deck."""
LONGEST_NOTE = 400
"""Letters up to which a paragraph at the end may be a note about who wrote the report."""
NO_LETTERS = re.compile(r"[\W_]+")
PARAGRAPHS = frozenset({"p", "blockquote"})
HEADINGS = frozenset({"h2", "h3", "h4", "h5", "h6"})
ASIDE = frozenset({"aside", "nav", "footer", "form", "button", "figcaption", "dialog", "menu", "label", "address"})
ASIDE_WORDS = re.compile(
    r"\b(?:captions?|credits?|figcaption|gallery|slideshow|related|recommend\w*|promos?|promoted?|promotion|advert\w*|sponsor\w*|newsletters?|"
    r"sign-?up|inline-?signup|subscri\w+|paywall|whatsapp|infobox|fact-?box|most-?(?:read|popular|viewed)|trending|read-?more|read-?next|also-?read|"
    r"more-?(?:on|from|stories)|see-?also|teasers?(?!-content)|(?:story|media|article|promo)-?cards?|share|social|twitter-tweet|instagram-media|tiktok-embed|"
    r"byline|author-?(?:bio|info|box)|bio|comments?|pull-?quotes?|disclaimer|copyright|tags|topics|breadcrumbs?|cookies?|source)\b"
)
"""Names of boxes that stand in a report and are none of it, as classes and ids call them."""
DECK = re.compile(r"\b(?:decks?|dek|standfirst|sub-?(?:head(?:line)?|title)|summary|excerpt|bullets?|key-?points|intro-?list)\b")
BY_WHOM = re.compile(
    r"(?:(?:additional )?(?:reporting|writing|editing|research|graphics|video|photography) (?:by|from)\b|"
    r"(?:compiled|edited|written|produced) by\b|with (?:files|reporting|additional reporting|contributions) (?:from|by)\b|"
    r"©|copyright\b|this (?:article|story|report) (?:was|has been|is)\b|(?:follow|email|e-mail|contact|reach)\b.{0,60}(?:@|twitter|\bat\b)|"
    r"sign up\b|subscribe\b|read more\b|click here\b|download\b|(?:the )?(?:associated press|ap|reuters|afp)\b.{0,80}\bcontributed|"
    r".{0,200}\bcontributed (?:reporting )?to this (?:report|story|article)|.{3,60}\breported from\b.{3,200}$|"
    r".{0,40}\bis (?:a|an|the)\b.{0,80}\b(?:reporter|correspondent|editor|columnist|writer|producer)\b)",
    re.IGNORECASE | re.DOTALL,
)
"""How notes begin that say who wrote a report, or ask the reader to do something."""
Kinds = list[tuple[PartKind, Block]]


def letters_of(text: str) -> str:
    """The letters and digits of a text alone: what stays the same whatever is done to white space and marks.

    >>> letters_of("It rained, he said.")
    'Itrainedhesaid'
    """
    return NO_LETTERS.sub("", text)


def article_blocks(markup: Markup, *, title: str | None) -> Kinds:
    """The blocks of the report on a page, in order, each with what it is; raises ArticleError if the page cannot be parsed.

    What trafilatura takes for the article, without captions, credits, boxes, the headline and the deck above it, and with the paragraphs
    that it passed over although they stand in the same place as those it took.
    """
    chosen = extracted(markup)
    boxed = _boxes(markup, chosen)
    chosen = {place for place in chosen | _passed_over(markup, chosen) if not _within(markup.blocks[place].element, boxed)}
    headline = letters_of(title or "").lower()
    chosen -= {place for place in chosen if _is_headline(markup, place, headline)}
    chosen -= _opening(markup, chosen)
    chosen -= _notes(markup, chosen)
    return [(_kind(block), block) for place, block in enumerate(markup.blocks) if place in chosen]


def whole_blocks(markup: Markup) -> Kinds:
    """The blocks of a piece of HTML that is a report's body as a whole, without captions."""
    return [(_kind(block), block) for block in markup.blocks if not _within(block.element, ())]


def extracted(markup: Markup) -> set[int]:
    """The places, among the blocks of a page, of those that trafilatura takes for the article; none where it finds no article."""
    fragments: list[str] = []
    tree = _tree(markup.bare)
    for attempt in ATTEMPTS if tree is not None else ():
        fragments = max(fragments, _fragments(tree, attempt), key=lambda found: sum(map(len, found)))
        if sum(map(len, fragments)) >= LEAST:
            break
    return _blocks_holding(fragments, markup)


def _tree(source: str) -> Any:
    """The parsed page without what is never part of a report; None if there is nothing to parse."""
    from lxml import etree, html

    parser = html.HTMLParser(encoding="utf-8", remove_comments=True, remove_pis=True, collect_ids=False)
    try:
        tree = html.document_fromstring(source.encode("utf-8", "replace"), parser=parser)
    except (etree.LxmlError, AssertionError, ValueError):
        return None
    etree.strip_elements(tree, *NEVER_READ, with_tail=False)
    return tree


def _fragments(tree: Any, attempt: Mapping[str, Any]) -> list[str]:
    """The letters of each text node of what trafilatura extracts; raises ArticleError if it breaks down over the page."""
    from trafilatura.core import bare_extraction

    try:
        document: Any = bare_extraction(tree, include_comments=False, with_metadata=False, **attempt)
    except (ArithmeticError, AssertionError, AttributeError, LookupError, SyntaxError, TypeError, ValueError) as error:
        raise ArticleError(f"the page cannot be parsed: {type(error).__name__} in trafilatura") from None
    if document is None:
        return []
    return [letters for text in document.body.itertext() if (letters := letters_of(text))]


def _blocks_holding(fragments: list[str], markup: Markup) -> set[int]:
    """The places of the blocks of which most letters are among the fragments, which come in the order of the page."""
    blocks = [letters_of(markup.words(block)) for block in markup.blocks]
    page = "".join(blocks)
    owners = [place for place, letters in enumerate(blocks) for _ in letters]
    found: Counter[int] = Counter()
    for start, end in _places(fragments, page):
        found.update(owners[start:end])
    return {place for place, count in found.items() if count >= MOSTLY * len(blocks[place])}


def _places(fragments: list[str], page: str) -> Iterator[tuple[int, int]]:
    """Where each fragment stands in the page: right behind the one before, or at the next place that goes on as the fragments do."""
    cursor = 0
    for number, fragment in enumerate(fragments):
        place = cursor if page.startswith(fragment, cursor) else _next_place(fragments, number, page, cursor)
        if place is not None:
            cursor = place + len(fragment)
            yield place, cursor


def _next_place(fragments: list[str], number: int, page: str, cursor: int) -> int | None:
    probe = fragments[number]
    for following in fragments[number + 1 : number + 20]:
        if len(probe) >= PROBE:
            break
        probe += following
    for words in (probe, fragments[number]):
        for start in (cursor, 0):
            if (place := page.find(words, start)) >= 0 and (start == cursor or len(words) >= PROBE):
                return place
    return None


# What the markup says


@lru_cache(maxsize=10_000)
def _names(attributes: str) -> str:
    """The classes, the id and the like of an element, with what camel case and underscores join set apart by hyphens."""
    found = attributes_of(attributes)
    joined = " ".join(found.get(name, "") for name in ("class", "id", "data-component", "data-testid", "data-element", "data-qa", "role"))
    return re.sub(r"__|_", "-", re.sub(r"([a-z])([A-Z])", r"\1-\2", joined)).lower()


def _boxes(markup: Markup, chosen: set[int]) -> set[int]:
    """The identities of elements that are boxes by their names and hold little of the report."""
    letters: Counter[int] = Counter()
    elements: dict[int, Element] = {}
    for place in chosen:
        for element in markup.blocks[place].element.above():
            if ASIDE_WORDS.search(_names(element.attributes)):
                letters[id(element)] += markup.blocks[place].letters
                elements[id(element)] = element
    total = sum(markup.blocks[place].letters for place in chosen)
    return {identity for identity in elements if letters[identity] < HELD_BACK * total}


def _within(element: Element, boxed: Iterable[int]) -> bool:
    """Whether an element stands in a caption, an aside or a box."""
    return any(above.tag in ASIDE or id(above) in boxed for above in element.above())


def _signature(element: Element) -> tuple[str, ...]:
    """Where a paragraph stands, as far as it is the same for all paragraphs of a report: its tag and the elements around it."""
    around = [*element.above()][1:3]
    return (element.tag, *(f"{above.tag} {_names(above.attributes)}" for above in around))


def _passed_over(markup: Markup, chosen: set[int]) -> set[int]:
    """The places of paragraphs between the first and the last chosen that stand as most of the chosen do, and are no mere links."""
    taken: Counter[tuple[str, ...]] = Counter()
    left: dict[int, tuple[str, ...]] = {}
    for place in range(min(chosen, default=0), max(chosen, default=-1) + 1):
        block = markup.blocks[place]
        if block.element.tag in PARAGRAPHS:
            signature = _signature(block.element)
            if place in chosen:
                taken[signature] += 1
            elif block.linked < 0.95 * block.letters and not ASIDE_WORDS.search(_names(block.element.attributes)):
                left[place] = signature
    missed = Counter(left.values())
    return {place for place, signature in left.items() if taken[signature] >= 2 and taken[signature] >= missed[signature]}


def _is_headline(markup: Markup, place: int, headline: str) -> bool:
    """Whether a block is the headline: a main heading, or the title again."""
    block = markup.blocks[place]
    if any(element.tag == "h1" for element in block.element.above()):
        return True
    return bool(headline) and block.letters < 2 * len(headline) + 20 and letters_of(markup.words(block)).lower() == headline


def _opening(markup: Markup, chosen: set[int]) -> set[int]:
    """The places of what stands above the first paragraph: the deck, bullets that sum up, the section's name."""
    paragraphs = [
        place for place in chosen if markup.blocks[place].element.tag not in HEADINGS | {"li"} and not _is_deck(markup.blocks[place])
    ]
    first = min(paragraphs, default=0)
    opening = {place for place in chosen if place < first}
    letters = sum(markup.blocks[place].letters for place in opening)
    total = sum(markup.blocks[place].letters for place in chosen)
    return opening if letters <= min(LONGEST_DECK, HELD_BACK * total) else set()


def _is_deck(block: Block) -> bool:
    return any(DECK.search(_names(element.attributes)) for element in [*block.element.above()][:2])


def _notes(markup: Markup, chosen: set[int]) -> set[int]:
    """The places of notes at the end that say who wrote the report."""
    notes: set[int] = set()
    for place in sorted(chosen, reverse=True)[:6]:
        block = markup.blocks[place]
        if block.letters <= LONGEST_NOTE and BY_WHOM.match(markup.words(block).lstrip("—–-•*( ")):
            notes.add(place)
    return notes


def _kind(block: Block) -> PartKind:
    """A heading, a quote or a paragraph, by the elements around the words."""
    tags = {element.tag for element in block.element.above()}
    return "quote" if "blockquote" in tags else "heading" if tags & HEADINGS else "paragraph"
