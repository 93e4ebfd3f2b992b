"""Numbered steps forward: `0002-what-changes.sql` takes an archive of version 1 to version 2, in one transaction, with a backup before.

`schema.sql` is always the newest version, for archives that are made new; every step that changes it is also written here. Steps are
never edited once a release has them.
"""

import re
from functools import cache
from importlib.resources import files

STEP = re.compile(r"(\d{4})-[a-z0-9-]+\.sql")


@cache
def steps() -> dict[int, str]:
    """The SQL that leads to each version after the first, in order.

    >>> all(version > 1 for version in steps())
    True
    """
    found = {int(name[1]): step for step in files(__name__).iterdir() if (name := STEP.fullmatch(step.name))}
    return {version: found[version].read_text("utf-8") for version in sorted(found)}
