"""Text that is shown and never obeyed: control characters and marks that turn the direction of writing become escapes."""

import re

UNSAFE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\u061c\u200e\u200f\u2028\u2029\u202a-\u202e\u2066-\u2069\ud800-\udfff]")
LINE_ENDS = re.compile("\r\n?|\u2028|\u2029|\x85")


def visible(text: str) -> str:
    r"""The text with every line end a newline, and control characters and direction marks written as escapes.

    >>> print(visible("a\x1b[31mb\r\nc\u202e"))
    a\x1b[31mb
    c\u202e
    """
    return UNSAFE.sub(lambda found: _escape(ord(found[0])), LINE_ENDS.sub("\n", text))


def one_line(text: str) -> str:
    r"""The visible text on one line.

    >>> one_line("a\n  b\x07")
    'a b\\x07'
    """
    return " ".join(visible(text).split())


def _escape(code: int) -> str:
    return f"\\x{code:02x}" if code < 0x100 else f"\\u{code:04x}"
