"""Feeds of saved searches as files, for a web server or a reader on the same machine."""

import os
import uuid
from contextlib import suppress
from pathlib import Path

from quoth.alerts.feeds import Entry, SearchFeed, atom, entry_id, json_feed
from quoth.alerts.receipts import receipt_of
from quoth.alerts.searches import SavedSearch, checked_name
from quoth.archive import Archive
from quoth.errors import QuothError
from quoth.exports.files import text_aside

LATEST = 100
"""Statements of a feed."""


def feed_of(archive: Archive, search: SavedSearch, *, most: int = LATEST) -> SearchFeed:
    """What a saved search has found, as far as it still is shown, the latest first. Raises ArchiveError."""
    with archive.snapshot():
        rows = archive.rows(
            """SELECT s.id, h.at, r.identity FROM search_hits AS h CROSS JOIN statements AS s ON s.id = h.statement
            JOIN reports AS r ON r.id = s.report WHERE h.search = ? AND s.shown ORDER BY h.at DESC, s.id DESC LIMIT ?""",
            (search.row, most),
        )
        entries: dict[str, Entry] = {}
        for row, at, identity in rows:
            found = archive.statement(row)
            if found is not None:
                receipt = receipt_of(archive, found)
                id = entry_id(identity, receipt)
                entries.setdefault(id, Entry(id=id, found=at, receipt=receipt))
    return SearchFeed(
        id=f"urn:uuid:{uuid.uuid5(uuid.NAMESPACE_URL, f'quoth {search.created} {search.name}')}",
        title=f"quoth: {search.name}",
        updated=max((entry.found for entry in entries.values()), default=search.created),
        entries=tuple(entries.values()),
    )


def write_feeds(archive: Archive, search: SavedSearch, folder: str | os.PathLike[str]) -> tuple[Path, Path]:
    """Writes NAME.atom and NAME.json into a folder, which is made if there is none, and gives their paths.

    Each is written aside and renamed, so that readers see a whole file; one that would be the same is left alone. Raises QuothError.
    """
    name, feed = checked_name(search.name), feed_of(archive, search)
    atom_path, json_path = Path(folder) / f"{name}.atom", Path(folder) / f"{name}.json"
    try:
        Path(folder).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise QuothError(f"cannot be made: {error.strerror}", concerns=str(folder)) from error
    for path, written in ((atom_path, atom(feed)), (json_path, json_feed(feed))):
        if _read(path) != written:
            with text_aside(path) as stream:
                stream.write(written)
    return atom_path, json_path


def _read(path: Path) -> str | None:
    with suppress(OSError, ValueError):
        return path.read_text("utf-8")
    return None
