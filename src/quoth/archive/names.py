"""Names in plain letters, so that they are found however they are written."""

import re
from functools import lru_cache

from quoth.people.matching import ascii_of


@lru_cache(maxsize=65536)
def plain_name(name: str) -> str:
    """A name in small letters without accents, marks or double spaces.

    >>> plain_name("  Noé  BRASSARD-Lind ")
    'noe brassard lind'
    """
    plain = " ".join(re.findall(r"\w+", ascii_of(name).lower()))
    return plain or name.strip().lower()
