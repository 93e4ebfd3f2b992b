"""HTML source to blocks of text that know where they stand in the source: a scanner, because no parser of pages keeps offsets.

The grammar is the tokenizer of the HTML Living Standard (13.2.5) as far as text needs it: comments, raw text elements, tags with quoted
attributes. The tree is only built of the elements that start a new block. It runs in one pass, in time proportional to the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

OPENING = re.compile(r"<(?:(?P<comment>!--)|(?P<end>/?)(?P<tag>[a-z][a-z0-9:-]*+)(?P<bare>[^>=]*+>)?|[!?/])", re.IGNORECASE)
"""What begins a comment, a tag, or a declaration. Tokens are searched end by end: Python before 3.11.5 misreads one expression for all."""
TAG_END = re.compile(r"""=\s*+(?:"[^"]*"|'[^']*')|>""")
RAW_END = {
    tag: re.compile(rf"</{tag}(?=[\s/>])[^>]*(?:>|\Z)", re.IGNORECASE)
    for tag in "script style noscript template svg math iframe textarea select object audio video title".split()
}
"""What ends each of the elements whose inside is not read as text."""
ATTRIBUTE = re.compile(r"""([^\s"'>/=]+)(?:\s*=\s*(?:"([^"]*)"|'([^']*)'|([^\s"'>]+)))?""")
INLINE = frozenset(
    "a abbr acronym b bdi bdo big cite code data del dfn em font i ins kbd label mark nobr q rp rt ruby s samp small span strike strong "
    "sub sup time tt u var wbr".split()
)
VOID = frozenset("area base br col embed hr img input link meta param source track wbr".split())
BLOCKS_WITHIN_NONE = frozenset(
    "address article aside blockquote center details div dl fieldset figcaption figure footer form h1 h2 h3 h4 h5 h6 header hr main menu "
    "nav ol p pre section table ul".split()
)
SIBLINGS = {"li": "li", "dt": "dd", "dd": "dt", "tr": "tr", "td": "th", "th": "td", "option": "option"}
DEEPEST = 500
"""How deep blocks may be nested; deeper ones count as if they stood at this depth."""


@dataclass(slots=True, eq=False)
class Element:
    """A block element: its tag, its attributes as they are written, the element it stands in, and how many stand above it."""

    tag: str
    attributes: str
    parent: "Element | None"
    depth: int

    def above(self) -> "Iterator[Element]":
        """The element itself and those around it, from the inside out."""
        element: Element | None = self
        while element is not None:
            yield element
            element = element.parent


@dataclass(slots=True, eq=False)
class Block:
    """A stretch of text with no block's edge in it, as ranges of the source; `linked` of its `letters` stand in links.

    `strong` is how many stand in bold; a range of no length is a line break.
    """

    element: Element
    ranges: list[tuple[int, int]] = field(default_factory=list)
    letters: int = 0
    linked: int = 0
    strong: int = 0


@dataclass(slots=True)
class Markup:
    """What a scan finds: the blocks in order, and the elements that tell of the page itself, each as its attributes or its text.

    `bare` is the source without scripts, styles, comments and the like: a third of most pages, for whoever parses it again.
    """

    source: str
    bare: str = ""
    blocks: list[Block] = field(default_factory=list)
    metas: list[dict[str, str]] = field(default_factory=list)
    links: list[dict[str, str]] = field(default_factory=list)
    times: list[tuple[dict[str, str], Element]] = field(default_factory=list)
    structured: list[str] = field(default_factory=list)
    html: dict[str, str] = field(default_factory=dict)
    title: str | None = None

    def words(self, block: Block) -> str:
        """The text of a block on one line."""
        return " ".join(unescape("".join(self.source[start:end] or " " for start, end in block.ranges)).split())


def attributes_of(written: str) -> dict[str, str]:
    """The attributes of a tag by their names in lower case; of two of the same name the first counts.

    >>> attributes_of(' Class="lead big" data-n=5 hidden')
    {'class': 'lead big', 'data-n': '5', 'hidden': ''}
    """
    found: dict[str, str] = {}
    for name, double, single, bare in ATTRIBUTE.findall(written):
        found.setdefault(name.lower(), unescape(double or single or bare))
    return found


@dataclass(slots=True)
class Token:
    """A stretch of a page that is no text: a tag by its name, or a comment or declaration (no name).

    `inside` is what stands in an element that is not read as text, up to its closing tag, which the token holds too.
    """

    start: int
    end: int
    tag: str = ""
    closes: bool = False
    attributes: str = ""
    inside: str | None = None


def tokens(source: str) -> Iterator[Token]:
    """The tokens of a page in order; one that nothing ends goes on to the end of the page.

    >>> [(token.tag, token.inside) for token in tokens("<!-- <p> --><p class='>'>Rain<script>x < y</script>")]
    [('', None), ('p', None), ('script', 'x < y')]
    """
    place, size = 0, len(source)
    while opening := OPENING.search(source, place):
        start, place, tag = opening.start(), opening.end(), opening["tag"]
        if tag is None:
            mark = "-->" if opening["comment"] else ">"
            found = source.find(mark, place)
            place = size if found < 0 else found + len(mark)
            yield Token(start, place)
            continue
        tag = tag.lower()
        end = place - 1 if opening["bare"] else _tag_end(source, place)
        attributes, place = source[opening.end("tag") : end], min(size, end + 1)
        if not opening["end"] and tag in RAW_END and not attributes[:1].strip():
            closing = RAW_END[tag].search(source, place)
            inside = source[place : closing.start() if closing else size]
            place = closing.end() if closing else size
            yield Token(start, place, tag, attributes=attributes, inside=inside)
        else:
            yield Token(start, place, tag, bool(opening["end"]), attributes)


def _tag_end(source: str, place: int) -> int:
    """Where the mark stands that ends a tag, outside of quoted values."""
    return next((found.start() for found in TAG_END.finditer(source, place) if found[0] == ">"), len(source))


def scan(source: str) -> Markup:
    """The blocks of a page and what its head tells.

    >>> markup = scan("<title>Rain</title><p>It <b>rained</b> &amp; hailed.<p>Then it stopped.")
    >>> markup.title, [markup.words(block) for block in markup.blocks]
    ('Rain', ['It rained & hailed.', 'Then it stopped.'])
    """
    return _Scanner(source).run()


class _Scanner:
    """The state of one pass: the open block elements, the block that is being filled, the depth of links and bold."""

    def __init__(self, source: str) -> None:
        self.markup = Markup(source)
        self.element = Element("#root", "", None, 0)
        self.block = Block(self.element)
        self.linked = self.strong = 0

    def run(self) -> Markup:
        source, last = self.markup.source, 0
        kept, opened = [], 0
        for token in tokens(source):
            if last < token.start:
                self._text(last, token.start)
            last = token.end
            if token.inside is None and token.tag:
                if token.closes:
                    self._close(token.tag)
                else:
                    self._open(token.tag, token.attributes, last)
                continue
            kept.append(source[opened : token.start])
            opened = last
            if token.inside is not None:
                self._raw(token.tag, token.attributes, token.inside)
        self._text(last, len(source))
        self._flush()
        self.markup.bare = "".join([*kept, source[opened:]])
        return self.markup

    def _text(self, start: int, end: int) -> None:
        text = self.markup.source[start:end]
        if text.isspace():
            if self.block.ranges:
                self.block.ranges.append((start, end))
            return
        letters = len(text.strip())
        self.block.ranges.append((start, end))
        self.block.letters += letters
        if self.linked:
            self.block.linked += letters
        if self.strong:
            self.block.strong += letters

    def _open(self, tag: str, attributes: str, end: int) -> None:
        if tag == "br":
            self.block.ranges.append((end, end))
        elif tag == "a":
            self.linked = 1
        elif tag in ("b", "strong"):
            self.strong += 1
        elif tag == "meta":
            self.markup.metas.append(attributes_of(attributes))
        elif tag == "link":
            self.markup.links.append(attributes_of(attributes))
        elif tag == "time":
            self.markup.times.append((attributes_of(attributes), self.element))
        elif tag == "html":
            self.markup.html = self.markup.html or attributes_of(attributes)
        elif tag not in INLINE and tag not in VOID and not attributes.endswith("/"):
            self._open_block(tag, attributes)
        elif tag == "hr" or (attributes.endswith("/") and tag not in INLINE):
            self._flush()

    def _open_block(self, tag: str, attributes: str) -> None:
        self._flush()
        parent = self.element
        if (tag in BLOCKS_WITHIN_NONE and parent.tag == "p") or parent.tag in (tag if tag in SIBLINGS else "", SIBLINGS.get(tag)):
            parent = parent.parent or parent
        if parent.depth >= DEEPEST:
            parent = parent.parent or parent
        self.element = Element(tag, attributes, parent, parent.depth + 1)
        self.linked = self.strong = 0
        self.block = Block(self.element)

    def _close(self, tag: str) -> None:
        if tag == "a":
            self.linked = 0
        elif tag in ("b", "strong"):
            self.strong = max(0, self.strong - 1)
        elif tag not in INLINE and tag not in VOID:
            self._flush()
            closed = next((element for element in self.element.above() if element.tag == tag), None)
            if closed is not None and closed.parent is not None:
                self.element = closed.parent
                self.linked = self.strong = 0
            self.block = Block(self.element)

    def _raw(self, tag: str, settings: str, inside: str) -> None:
        if tag == "script" and "ld+json" in settings:
            self.markup.structured.append(inside)
        elif tag == "title" and self.markup.title is None:
            self.markup.title = " ".join(unescape(inside).split())

    def _flush(self) -> None:
        if self.block.letters:
            self.markup.blocks.append(self.block)
        self.block = Block(self.element)
