"""Bodies that come packed by gzip, unpacked piece by piece, so that a limit holds while they grow."""

import zlib
from collections.abc import Iterable, Iterator

from quoth.errors import FetchError

CODING = "gzip"
"""What is asked for, and understood; an answer packed in any other way is refused."""
PIECE = 1 << 18
"""How many bytes are unpacked at once at most."""
GZIP_WINDOW = zlib.MAX_WBITS | 16


def unpacked(pieces: Iterable[bytes], coding: str) -> Iterator[bytes]:
    """The bytes behind a Content-Encoding, in pieces of bounded size; raises FetchError for a coding or a body that cannot be unpacked.

    >>> import gzip
    >>> b"".join(unpacked([gzip.compress(b"It rained.")], "gzip"))
    b'It rained.'
    """
    coding = coding.strip().lower()
    if coding in ("", "identity"):
        yield from pieces
    elif coding in (CODING, "x-gzip"):
        try:
            yield from _inflated(pieces)
        except zlib.error as error:
            raise FetchError("the answer is no gzip, though it says so") from error
    else:
        raise FetchError(f"the answer is packed as {coding!r}, which was not asked for")


def _inflated(pieces: Iterable[bytes]) -> Iterator[bytes]:
    """The bytes behind gzip, which may have several members, with zeros after them; zlib would stop at the first, and not miss its end."""
    inflating = None
    for piece in pieces:
        while True:
            if inflating is None or inflating.eof:
                piece = piece if inflating is None else piece.lstrip(b"\x00")
                if not piece:
                    break
                inflating = zlib.decompressobj(GZIP_WINDOW)
            inflated = inflating.decompress(piece, PIECE)
            yield inflated
            piece = inflating.unconsumed_tail or inflating.unused_data
            if not piece and len(inflated) < PIECE:
                break
    if inflating is not None and not inflating.eof:
        raise FetchError("the answer is cut off")
