"""Links that open the publisher's page at the words: text fragments (WICG Scroll to Text Fragment)."""

import re
from urllib.parse import quote, urlsplit

from quoth.types import Span

LONGEST = 120
"""Characters of words that a link names whole; of longer ones it names the beginning and the end."""
EDGE = 5
"""Words of the beginning and of the end."""
CONTEXT = 3
"""Words before and after a short passage, so that it is found in the right place."""
SHORT = 30
"""Characters below which a passage is told by the words around it too."""
LINE_BREAK = re.compile(r"[\n\r\x0b\x0c\x1c-\x1e\x85\u2028\u2029]")


def safe_url(url: str | None) -> str | None:
    """The address if it is one that a page may link to: http or https, with a host and without white space or control characters.

    >>> safe_url("javascript:alert(1)"), safe_url("https://example.org/a")
    (None, 'https://example.org/a')
    """
    if url is None or re.search(r"[\x00-\x20\x7f-\xa0\u2028\u2029]", url):
        return None
    try:
        parts = urlsplit(url)
        return url if parts.scheme.lower() in ("http", "https") and parts.hostname else None
    except ValueError:
        return None


def text_fragment(url: str | None, span: Span, text: str) -> str | None:
    """The address with a fragment that scrolls to the words of a span and marks them; None without an address that can be linked to.

    >>> text_fragment("https://example.org/a", Span(start=0, end=10), "It rained, they said.")
    'https://example.org/a#:~:text=It%20rained%2C,-they%20said.'
    """
    address = safe_url(url)
    words = span.slice(text).split()
    if address is None or not words:
        return None
    first, *rest = _named(span.slice(text).strip(), words)
    directive = ",".join((_escaped(first), *map(_escaped, rest)))
    if len(span.slice(text)) < SHORT:
        before = LINE_BREAK.split(text[: span.start])[-1].split()[-CONTEXT:]
        behind = LINE_BREAK.split(text[span.end :])[0].split()[:CONTEXT]
        directive = (
            (f"{_escaped(' '.join(before))}-," if before else "") + directive + (f",-{_escaped(' '.join(behind))}" if behind else "")
        )
    return f"{address}{'' if '#' in address else '#'}:~:text={directive}"


def _named(passage: str, words: list[str]) -> tuple[str, ...]:
    """The passage whole, or its first and last words: a passage that is long, or runs over several paragraphs."""
    if len(passage) <= LONGEST and not LINE_BREAK.search(passage):
        return (" ".join(words),)
    lines = [line.split() for line in LINE_BREAK.split(passage) if line.strip()]
    if len(lines) == 1 and len(words) < 2:
        return (passage,)
    half = max(1, len(words) // 2)
    return " ".join(lines[0][: min(EDGE, half)]), " ".join(lines[-1][-min(EDGE, half) :])


def _escaped(words: str) -> str:
    """Percent-encoded, with the signs that part a directive: comma, ampersand, hyphen."""
    return quote(words, safe="").replace("-", "%2D")
