"""HTML source to blocks of text that know where they stand in the source: a scanner, because no parser of pages keeps offsets.

The grammar is the tokenizer of the HTML Living Standard (13.2.5) as far as text needs it: comments, raw text elements, tags with quoted
attributes. The tree is only built of the elements that start a new block. It runs in one pass, in time proportional to the page.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from html import unescape

TOKEN = re.compile(
    r"""<!--[^-]*+(?:-(?!->)[^-]*+)*+(?:-->|\Z)
      | <(?P<raw>script|style|noscript|template|svg|math|iframe|textarea|select|object|audio|video|title)
            (?P<settings>(?:\s(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|))*+)?)(?:>|\Z)
            (?P<inside>[^<]*+(?:<(?!/(?P=raw)[\s/>])[^<]*+)*+)(?:</(?P=raw)[^>]*+>|\Z)
      | <(?P<end>/?)(?P<tag>[a-z][a-z0-9:-]*+)(?P<attributes>(?:[^>=]++|=\s*+(?:"[^"]*+"|'[^']*+'|))*+)(?:>|\Z)
      | <[!?/][^>]*+(?:>|\Z)""",
    re.VERBOSE | re.DOTALL | re.IGNORECASE,
)
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
        for token in TOKEN.finditer(source):
            start = token.start()
            if last < start:
                self._text(last, start)
            last = token.end()
            if tag := token["tag"]:
                tag = tag.lower()
                if token["end"]:
                    self._close(tag)
                else:
                    self._open(tag, token["attributes"], last)
                continue
            kept.append(source[opened:start])
            opened = last
            if raw := token["raw"]:
                self._raw(raw.lower(), token["settings"], token["inside"])
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
